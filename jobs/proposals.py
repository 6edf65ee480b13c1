"""What a person is told of units sold twice, and the answer that a person may give."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from catalog.models import Variant
from connectors.registry import marketplace
from jobs.models import Channel, Order, OrderLine
from jobs.order_models import Conflict, Settled


@dataclass(frozen=True, slots=True)
class Proposal:
    """An order that cannot be delivered whole, and which of its units to cancel.

    `market` is the marketplace's own name; `placed_at` its own time.
    """

    id: int
    sku: str
    units: int
    channel: str
    market: str
    order: str
    placed_at: datetime | None
    found_at: datetime
    settled: Settled | None = None
    settled_by: str | None = None
    order_id: int = 0

    @property
    def answer(self) -> str:
        """What to do about it, in words."""
        placed = f", placed on {self.placed_at:%Y-%m-%d at %H:%M} UTC" if self.placed_at else ""
        return (
            f"{self.sku} was sold more often than there are pieces, and order {self.order}"
            f"{placed}, is the latest. Open it in {self.market} (channel {self.channel}), cancel "
            f"{self.units} x {self.sku} there and write to the buyer; the next pull of orders "
            f"then closes this. If a piece can be delivered all the same: "
            f"trade-ma conflicts keep {self.id}"
        )


def proposals(
    session: Session, *, settled: bool = False, order_id: int | None = None
) -> list[Proposal]:
    """The conflicts that wait for a person, the oldest first; with `settled` the others as well.

    Of one order, where it is given.
    """
    query = (
        select(Conflict, Variant.sku, Order, Channel)
        .join(Variant, col(Variant.id) == col(Conflict.variant_id))
        .join(OrderLine, col(OrderLine.id) == col(Conflict.order_line_id))
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .join(Channel, col(Channel.id) == col(Order.channel_id))
        .order_by(col(Conflict.found_at), col(Conflict.id))
    )
    if not settled:
        query = query.where(col(Conflict.settled).is_(None))
    if order_id is not None:
        query = query.where(Order.id == order_id)
    return [
        Proposal(
            order_id=order.id or 0,
            id=conflict.id or 0,
            sku=sku,
            units=conflict.units,
            channel=channel.code,
            market=_name(channel.marketplace),
            order=order.number or order.remote_id,
            placed_at=order.placed_at,
            found_at=conflict.found_at,
            settled=conflict.settled,
            settled_by=conflict.settled_by,
        )
        for conflict, sku, order, channel in session.exec(query)
    ]


def count_open(session: Session) -> int:
    """How many conflicts wait for a person."""
    waiting = select(func.count()).select_from(Conflict).where(col(Conflict.settled).is_(None))
    return session.exec(waiting).one()


def _name(code: str) -> str:
    try:
        return marketplace(code).name
    except LookupError:
        # Its connector is not installed any more; its orders are still ours.
        return code


def keep(session: Session, conflict_id: int, by: str, now: datetime) -> None:
    """Record that a person delivers the order all the same; it is not proposed again.

    The caller commits.

    Raises:
        LookupError: there is no such conflict.
        ValueError: it is settled already.
    """
    conflict = session.get(Conflict, conflict_id)
    if conflict is None:
        raise LookupError(f"there is no conflict {conflict_id}: see trade-ma conflicts list")
    if conflict.settled is not None:
        raise ValueError(f"conflict {conflict_id} is settled already: {conflict.settled}")
    conflict.settled, conflict.settled_at, conflict.settled_by = Settled.KEPT, now, by
