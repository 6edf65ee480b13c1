"""How a channel stands: its listings by state, its orders, and the complaints open on it."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from catalog.models import Product
from connectors.protocol import Facet
from jobs.models import Channel, Listing, ListingFacet, ListingIssue, Order, Run


@dataclass(frozen=True, slots=True)
class OpenIssue:
    """A complaint about one listing that nobody settled yet."""

    key: str
    sku: str | None
    facet: str
    code: str
    severity: str
    field: str | None
    message: str
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """A channel at one glance."""

    code: str
    listings: dict[str, int]
    orders: int
    issues: tuple[OpenIssue, ...]
    paused: str | None
    trouble: str | None
    last_run: datetime | None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, moments in ISO 8601."""
        issues = [asdict(i) | {"raised_at": i.raised_at.isoformat()} for i in self.issues]
        last_run = self.last_run.isoformat() if self.last_run else None
        return asdict(self) | {"issues": issues, "last_run": last_run}


def status(session: Session, channel: Channel) -> ChannelStatus:
    """How `channel` stands now."""
    return ChannelStatus(
        code=channel.code,
        listings=_listings(session, channel),
        orders=session.exec(
            select(func.count()).select_from(Order).where(Order.channel_id == channel.id)
        ).one(),
        issues=tuple(_issues(session, channel)),
        paused=channel.paused_reason,
        trouble=channel.trouble,
        last_run=session.exec(
            select(func.max(Run.finished_at)).where(Run.channel_id == channel.id)
        ).one(),
    )


def _listings(session: Session, channel: Channel) -> dict[str, int]:
    """Listings by state: live, ended, being judged, refused, in flight, waiting."""
    facets: dict[int, dict[Facet, ListingFacet]] = {}
    for row in session.exec(
        select(ListingFacet)
        .join(Listing, col(Listing.id) == col(ListingFacet.listing_id))
        .where(Listing.channel_id == channel.id)
    ):
        facets.setdefault(row.listing_id, {})[row.facet] = row
    listings = session.exec(select(Listing).where(Listing.channel_id == channel.id))
    return dict(Counter(_state(one, facets.get(one.id or 0, {})) for one in listings))


def _state(listing: Listing, facets: dict[Facet, ListingFacet]) -> str:
    presence = facets.get(Facet.PRESENCE)
    if any(row.refused_digest for row in facets.values()):
        return "refused" if listing.remote_id is None else "live, a change refused"
    if any(row.pending_operation for row in facets.values()):
        return "being judged"
    if listing.remote_id is None:
        return "in flight" if listing.in_flight_since else "waiting"
    shown = presence and presence.accepted and presence.accepted.get("present")
    return "live" if shown else "ended" if presence and presence.accepted else "begun"


def _issues(session: Session, channel: Channel) -> list[OpenIssue]:
    rows = session.exec(
        select(ListingIssue, Product.code)
        .join(Listing, col(Listing.id) == col(ListingIssue.listing_id))
        .join(Product, col(Product.id) == col(Listing.product_id))
        .where(Listing.channel_id == channel.id)
        .order_by(Product.code, col(ListingIssue.id))
    )
    return [
        OpenIssue(
            code,
            issue.sku,
            issue.facet,
            issue.code,
            issue.severity,
            issue.field,
            issue.message,
            issue.raised_at,
        )
        for issue, code in rows
    ]
