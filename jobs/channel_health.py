"""How all channels stand, in as many questions as there are figures, however many channels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, case, exists, func
from sqlmodel import Session, col, select

from connectors.protocol import Facet
from jobs.models import Channel, Listing, ListingFacet, QuotaBucket, Run


class ListingState(StrEnum):
    """How a listing stands on its channel."""

    LIVE = "live"
    ENDED = "ended"
    JUDGED = "judged"  # the marketplace has not answered yet
    REFUSED = "refused"
    WAITING = "waiting"  # not sent yet, or nothing to sell


@dataclass(frozen=True, slots=True)
class Health:
    """A channel's listings by state, its last run, and the quotas that are used up for now.

    `quotas` maps operations of the account to the moment until which they are spoken for.
    """

    listings: Mapping[ListingState, int] = field(default_factory=dict)
    last_run: datetime | None = None
    quotas: Mapping[str, datetime] = field(default_factory=dict)


def healths(session: Session, channels: Sequence[Channel], now: datetime) -> dict[int, Health]:
    """How each of `channels` stands, by its id."""
    listings = _listings(session)
    finished = select(Run.channel_id, func.max(Run.finished_at)).group_by(col(Run.channel_id))
    runs = dict(session.exec(finished).all())
    quotas = _quotas(session, now)
    return {
        one.id or 0: Health(
            listings.get(one.id or 0, {}), runs.get(one.id or 0), quotas.get(one.account, {})
        )
        for one in channels
    }


def judged(session: Session) -> dict[str, int]:
    """How many listings the marketplaces still judge, by the channels that are not paused."""
    rows = session.execute(
        select(Channel.code, func.count(func.distinct(ListingFacet.listing_id)))
        .join(Listing, col(Listing.channel_id) == col(Channel.id))
        .join(ListingFacet, col(ListingFacet.listing_id) == col(Listing.id))
        .where(
            col(ListingFacet.pending_operation).is_not(None), col(Channel.paused_reason).is_(None)
        )
        .group_by(col(Channel.code))
    )
    return dict(rows.all())


def _listings(session: Session) -> dict[int, dict[ListingState, int]]:
    def has(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().where(col(ListingFacet.listing_id) == col(Listing.id), *conditions)

    shown = col(ListingFacet.accepted)["present"].as_boolean()
    state = case(
        (has(col(ListingFacet.refused_digest).is_not(None)), ListingState.REFUSED),
        (has(col(ListingFacet.pending_operation).is_not(None)), ListingState.JUDGED),
        (col(Listing.remote_id).is_(None), ListingState.WAITING),
        (has(col(ListingFacet.facet) == Facet.PRESENCE, shown.is_(False)), ListingState.ENDED),
        else_=ListingState.LIVE,
    )
    rows = session.execute(
        select(Listing.channel_id, state, func.count()).group_by(col(Listing.channel_id), state)
    )
    found: dict[int, dict[ListingState, int]] = {}
    for channel, name, count in rows:
        found.setdefault(channel, {})[ListingState(name)] = count
    return found


def _quotas(session: Session, now: datetime) -> dict[str, dict[str, datetime]]:
    found: dict[str, dict[str, datetime]] = {}
    for one in session.exec(select(QuotaBucket).where(col(QuotaBucket.arrival) > now)):
        found.setdefault(one.account, {})[one.operation] = one.arrival
    return found
