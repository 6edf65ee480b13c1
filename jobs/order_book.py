"""The orders we know, as a person asks for them."""

from collections.abc import Sequence
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
    flagged: bool | None = None,
    limit: int = 50,
) -> list[OrderSummary]:
    """The orders last placed, newest first; those that could not be read among them.

    Of one `channel`, changed `since`, at one `stage`, or `flagged`, where these are given.
    """
    query = select(Order)
    if channel:
        query = query.join(Channel).where(Channel.code == channel)
    if since:
        query = query.where(col(Order.updated_at) >= since)
    if stage:
        query = query.where(Order.stage == stage)
    if flagged is not None:
        mark = col(Order.flagged_at)
        query = query.where(mark.is_not(None) if flagged else mark.is_(None))
    newest = query.order_by(col(Order.placed_at).desc(), col(Order.id).desc()).limit(limit)
    return summaries(session, session.exec(newest).all())


def summaries(session: Session, orders: Sequence[Order]) -> list[OrderSummary]:
    """Those orders with their channels and lines, by two queries. The caller bounds them."""
    codes = dict(session.exec(select(Channel.id, Channel.code)).all())
    lines: dict[int, list[OrderLine]] = {}
    ids = [order.id for order in orders]
    wanted = select(OrderLine).where(col(OrderLine.order_id).in_(ids))
    for line in session.exec(wanted.order_by(col(OrderLine.id))):
        lines.setdefault(line.order_id, []).append(line)
    return [
        OrderSummary(codes[one.channel_id], one, tuple(lines.get(one.id or 0, ())))
        for one in orders
    ]


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
