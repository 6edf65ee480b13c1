"""The orders we know, as a person asks for them."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from jobs.models import Channel, Order, OrderLine, OrderStage


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """An order as a list shows it."""

    channel: str
    order: Order
    lines: tuple[OrderLine, ...]


def recent(
    session: Session,
    *,
    channel: str | None = None,
    since: datetime | None = None,
    stage: OrderStage | None = None,
    limit: int = 50,
) -> list[OrderSummary]:
    """The orders last placed, newest first; those that could not be read among them.

    Of one `channel`, changed `since`, or at one `stage`, where these are given.
    """
    query = select(Order, Channel.code).join(Channel)
    if channel:
        query = query.where(Channel.code == channel)
    if since:
        query = query.where(col(Order.updated_at) >= since)
    if stage:
        query = query.where(Order.stage == stage)
    newest = query.order_by(col(Order.placed_at).desc(), col(Order.id).desc()).limit(limit)
    rows = session.exec(newest).all()
    lines: dict[int, list[OrderLine]] = {}
    ids = [order.id for order, _ in rows]
    for line in session.exec(
        select(OrderLine).where(col(OrderLine.order_id).in_(ids)).order_by(col(OrderLine.id))
    ):
        lines.setdefault(line.order_id, []).append(line)
    return [OrderSummary(code, o, tuple(lines.get(o.id or 0, ()))) for o, code in rows]


def find(session: Session, number: str, channel: str | None = None) -> tuple[Channel, Order]:
    """The order of that number, or remote id, and the channel it was sold on.

    Raises:
        LookupError: there is none, or channels have one each and none of them was named.
    """
    query = (
        select(Channel, Order)
        .join(Order)
        .where((Order.number == number) | (Order.remote_id == number))
    )
    if channel:
        query = query.where(Channel.code == channel)
    found = session.exec(query).all()
    if not found:
        where = f"{channel} has" if channel else "there is"
        raise LookupError(f"{where} no order {number!r}: pull orders first")
    if len(found) > 1:
        codes = ", ".join(sorted({one.code for one, _ in found}))
        raise LookupError(f"more than one order is {number!r}, on {codes}: name its channel")
    [(sold_on, order)] = found
    return sold_on, order
