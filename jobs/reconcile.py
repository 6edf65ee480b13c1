"""Compare a channel with its marketplace, and settle what differs by the channel's policy.

Orders first, because a sale explains a figure; then every listing, by the marketplace's bulk reads.
It may be killed at any time: what was settled is written with its answer, and the next comparison
finds the rest.
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass

from sqlmodel import Session

from connectors.errors import ConnectorError, CredentialsRejected
from jobs.bench import Bench
from jobs.comparing_listings import compare_listings
from jobs.comparing_orders import compare_orders
from jobs.drift_models import Answer, DifferenceKind
from jobs.models import Channel
from jobs.reconcile_report import Found, Reconciled, Report
from jobs.sync import Workshop

log = logging.getLogger(__name__)
# Days of orders that are compared where nobody says.
DAYS = 7


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A figure of ours that its movements do not bear out."""

    sku: str
    stands: str
    moved: str


# Our own figures against our movements. None where there is no second figure to compare.
LedgerCheck = Callable[[Session], Iterable[Disagreement]]


def _no_second_figure(_session: Session) -> Iterable[Disagreement]:
    return ()


def reconcile(
    shop: Workshop,
    channel: Channel,
    *,
    days: int = DAYS,
    dry_run: bool = False,
    ledger: LedgerCheck = _no_second_figure,
) -> Reconciled:
    """Compare `channel` with its marketplace, and the orders of so many days; settle what differs.

    Trouble is told in the result. A dry run changes nothing; it pulls no orders either, so that a
    sale it has not heard of shows as a missing order.
    """
    report = Report.begin(shop.sessions, channel, shop.clock.now(), rehearsal=dry_run)
    try:
        if channel.paused_reason:
            report.result.trouble = f"paused: {channel.paused_reason}"
        else:
            with closing(shop.connect(channel)) as connector:
                bench = Bench(shop, channel, connector, report)
                compare_orders(bench, days)
                compare_listings(bench)
                report.result.counts["calls"] = connector.calls.total()
        _ledger(report, ledger)
    except CredentialsRejected as error:
        report.result.trouble = str(error)
        with report.writing() as session:
            session.get_one(Channel, channel.id).paused_reason = str(error)
    except ConnectorError as error:
        report.result.trouble = f"{type(error).__name__}: {error}"
    except Exception as error:
        # A mistake of ours, or of somebody's connector, harms its own channel and no other.
        log.exception("channel %s: a mistake of this program", channel.code)
        report.result.trouble = f"a mistake of this program ({type(error).__name__}): see the log"
    report.result.counts["differences"] = len(report.result.found)
    report.finish(shop.clock.now())
    return report.result


def _ledger(report: Report, ledger: LedgerCheck) -> None:
    with report.writing() as session:
        for one in ledger(session):
            kind = DifferenceKind.LEDGER
            report.tell(session, Found(kind, one.sku, one.stands, one.moved, Answer.REPORTED))
