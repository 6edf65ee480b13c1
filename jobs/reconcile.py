"""Compare a channel with its marketplace, and settle what differs by the channel's policy.

Orders first, because a sale explains a figure; then every listing, by the marketplace's bulk reads.
It may be killed at any time: what was settled is written with its answer, and the next comparison
finds the rest.
"""

import logging
from contextlib import closing

from connectors.errors import ConnectorError, CredentialsRejected
from jobs import ledger
from jobs.bench import Bench
from jobs.comparing_listings import compare_listings
from jobs.comparing_orders import compare_orders
from jobs.drift_models import Answer, DifferenceKind
from jobs.ledger import LineDifference, RevisionDifference
from jobs.models import Channel
from jobs.reconcile_report import Found, Reconciled, Report
from jobs.sync import Interrupted, Workshop
from jobs.unexpected import told

log = logging.getLogger(__name__)
# Days of orders that are compared where nobody says.
DAYS = 7


def reconcile(
    shop: Workshop,
    channel: Channel,
    *,
    days: int = DAYS,
    dry_run: bool = False,
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
        _compare_ledger(report)
    except Interrupted:
        report.result.trouble = "interrupted: compare again"
    except CredentialsRejected as error:
        report.result.trouble = str(error)
        with report.writing() as session:
            session.get_one(Channel, channel.id).paused_reason = str(error)
    except ConnectorError as error:
        report.result.trouble = f"{type(error).__name__}: {error}"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        # A mistake of ours, or of somebody's connector, harms its own channel and no other.
        report.result.trouble = told(log, f"channel {channel.code}", error)
    report.result.counts["differences"] = len(report.result.found)
    report.finish(shop.clock.now())
    return report.result


def _compare_ledger(report: Report) -> None:
    """Tell where the ledger and the orders that it was written from disagree."""
    kind, left = DifferenceKind.LEDGER, Answer.REPORTED
    own = f"order:{report.channel.code}:"
    with report.writing() as session:
        for one in ledger.differences(session):
            match one:
                case LineDifference(key=key) if key.source.startswith(own):
                    found = Found(kind, one.sku, str(one.line), str(one.moved), left)
                    report.tell(session, found)
                case RevisionDifference():
                    found = Found(kind, one.code, str(one.least), str(one.revision), left)
                    report.tell(session, found)
