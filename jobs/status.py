"""How a channel stands: its listings by state, its orders, and the complaints open on it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from catalog.models import Product
from jobs.listings import GRAVEST_FIRST
from jobs.models import Channel, Listing, ListingIssue, Order, Run


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
    """Listings by state."""
    counted = select(Listing.state, func.count()).where(Listing.channel_id == channel.id)
    rows = session.exec(counted.group_by(col(Listing.state)))
    return {str(state): count for state, count in rows}


def _issues(session: Session, channel: Channel) -> list[OpenIssue]:
    rows = session.exec(
        select(ListingIssue, Product.code)
        .join(Listing, col(Listing.id) == col(ListingIssue.listing_id))
        .join(Product, col(Product.id) == col(Listing.product_id))
        .where(Listing.channel_id == channel.id)
        .order_by(Product.code, *GRAVEST_FIRST)
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
