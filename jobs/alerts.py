"""What an operator is woken for: the conditions that stand now, read from the database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import func
from sqlmodel import Session, col, select

from jobs.alert_models import AlertKind
from jobs.drift_models import Difference, DifferenceKind, ReconcileReport
from jobs.models import Channel, Listing, ListingFacet
from jobs.proposals import proposals

# Names in one message; the verbs list them all.
NAMED = 5


@dataclass(frozen=True, slots=True)
class AlertLimits:
    """From where on a state is worth waking somebody: minutes without orders, percent refused."""

    orders_minutes: int = 15
    refused_percent: int = 20


@dataclass(frozen=True, slots=True)
class Condition:
    """A state that needs a person, as it stands now; `message` says what and what to do."""

    kind: AlertKind
    subject: str
    message: str


def conditions(session: Session, limits: AlertLimits, now: datetime) -> list[Condition]:
    """All that needs a person now. Reads, and writes nothing."""
    channels = session.exec(select(Channel).order_by(Channel.code)).all()
    return [
        *_paused(channels),
        *_orders_late(channels, limits, now),
        *_refusals(session, channels, limits),
        *_conflicts(session),
        *_gaps(session, channels),
    ]


def _paused(channels: Sequence[Channel]) -> Iterator[Condition]:
    for channel in channels:
        if channel.paused_reason:
            message = (
                f"{channel.code} is paused: {channel.paused_reason}. Nothing is sold or changed "
                f"there by us; once it is put right: trade-ma channels resume {channel.code}"
            )
            yield Condition(AlertKind.CHANNEL_PAUSED, channel.code, message)


def _orders_late(
    channels: Sequence[Channel], limits: AlertLimits, now: datetime
) -> Iterator[Condition]:
    for channel in channels:
        last = channel.orders_pulled_at or channel.created_at
        # A paused channel pulls none, and is told of already.
        if not channel.paused_reason and now - last > timedelta(minutes=limits.orders_minutes):
            message = (
                f"No orders came from {channel.code} since {last:%Y-%m-%d %H:%M} UTC: "
                f"{channel.trouble or 'is the daemon running? See trade-ma status'}"
            )
            yield Condition(AlertKind.ORDERS_LATE, channel.code, message)


def _refusals(
    session: Session, channels: Sequence[Channel], limits: AlertLimits
) -> Iterator[Condition]:
    shares = _refused_of(session)
    for channel in channels:
        refused, judged = shares.get(channel.id or 0, (0, 0))
        if refused * 100 > judged * limits.refused_percent:
            message = (
                f"{channel.code} refuses {refused} of {judged} listings: "
                f"see trade-ma status --channel {channel.code}"
            )
            yield Condition(AlertKind.REFUSALS, channel.code, message)


def _refused_of(session: Session) -> Mapping[int, tuple[int, int]]:
    """Of each channel, the listings with a facet that is refused, and all that were judged."""
    listing = func.distinct(ListingFacet.listing_id)
    refused = func.count(listing).filter(col(ListingFacet.refused_digest).is_not(None))
    rows = session.exec(
        select(Listing.channel_id, refused, func.count(listing))
        .join(ListingFacet, col(ListingFacet.listing_id) == col(Listing.id))
        .group_by(col(Listing.channel_id))
    )
    return {channel: (bad, all_) for channel, bad, all_ in rows}


def _conflicts(session: Session) -> Iterator[Condition]:
    by_order = sorted(proposals(session), key=lambda one: (one.channel, one.order, one.id))
    for (channel, order), lines in groupby(by_order, lambda one: (one.channel, one.order)):
        message = "\n".join(one.answer for one in lines)
        yield Condition(AlertKind.CONFLICT, f"{channel} {order}", message)


def _gaps(session: Session, channels: Sequence[Channel]) -> Iterator[Condition]:
    """Orders that the last finished comparison of a channel had to find by itself."""
    last = (
        select(func.max(ReconcileReport.id))
        .where(col(ReconcileReport.finished_at).is_not(None))
        .group_by(col(ReconcileReport.channel_id))
    )
    missing: dict[int, list[str]] = {}
    for channel_id, number in session.exec(
        select(ReconcileReport.channel_id, Difference.subject)
        .join(Difference, col(Difference.report_id) == col(ReconcileReport.id))
        .where(col(ReconcileReport.id).in_(last), Difference.kind == DifferenceKind.MISSING_ORDER)
        .order_by(col(Difference.id))
    ):
        missing.setdefault(channel_id, []).append(number)
    for channel in channels:
        if numbers := missing.get(channel.id or 0):
            more = f" and {len(numbers) - NAMED} more" if len(numbers) > NAMED else ""
            message = (
                f"{channel.code} has orders that no pull had brought in: "
                f"{', '.join(numbers[:NAMED])}{more}. See trade-ma orders list"
            )
            yield Condition(AlertKind.GAP, channel.code, message)
