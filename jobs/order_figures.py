"""What follows of an order from all that is known of it: stage, money, and when it left."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func
from sqlmodel import Session, col, select

from connectors.protocol import SettlementKind
from jobs.models import Order, OrderLine, OrderStage
from jobs.order_life import has_left, stage_of
from jobs.order_models import Parcel, SettlementEntry
from jobs.order_money import value


@dataclass(frozen=True, slots=True)
class Booked:
    """What a marketplace's books say of one order, in minor units of its currency.

    `fees` is None where they say nothing of the order yet.
    """

    refunded: int = 0
    fees: int | None = None


def booked(session: Session, orders: Collection[Order]) -> Mapping[int, Booked]:
    """What is booked for each of `orders`, by their ids. The caller bounds them.

    Always summed up anew. Bookings in another currency than the order's are no part of its sums.
    """
    refund = case((col(SettlementEntry.kind) == SettlementKind.REFUND, SettlementEntry.gross_minor))
    of_order = (
        (col(SettlementEntry.channel_id) == Order.channel_id)
        & (col(SettlementEntry.order_remote_id) == Order.remote_id)
        & (col(SettlementEntry.currency) == Order.currency)
    )
    sums = (
        select(
            Order.id,
            func.coalesce(func.sum(refund), 0),
            func.sum(SettlementEntry.fees_minor),
        )
        .join(SettlementEntry, of_order)
        .where(col(Order.id).in_([order.id for order in orders]))
        .group_by(col(Order.id))
    )
    return {
        order_id: Booked(max(0, -int(refunded)), int(fees))
        for order_id, refunded, fees in session.exec(sums)
        if order_id is not None
    }


def work_out(
    session: Session,
    order: Order,
    lines: Sequence[OrderLine],
    books: Booked,
    *,
    refunded: int,
    on_hold: bool,
) -> None:
    """Write down what follows for `order`. `refunded` is what its marketplace told of the order.

    Money given back is told by the order or by the books, and either may lag behind the other.
    """
    if order.status is None:
        return
    order.refunded_minor, order.fees_minor = max(refunded, books.refunded), books.fees
    total = order.total_minor or 0
    order.stage = stage_of(
        order.status, lines, total=total, refunded=order.refunded_minor, on_hold=on_hold
    )
    if order.shipped_at is None and has_left(order.status, lines):
        order.shipped_at = _last_parcel(session, order) or order.updated_at
    value(session, order)


def work_out_again(
    session: Session, order: Order, lines: Sequence[OrderLine], books: Booked
) -> None:
    """The same from what is stored, where the order itself was not told anew."""
    on_hold = order.stage is OrderStage.PAID
    work_out(session, order, lines, books, refunded=order.refunded_minor, on_hold=on_hold)


def _last_parcel(session: Session, order: Order) -> datetime | None:
    shipped = select(func.max(Parcel.shipped_at)).where(Parcel.order_id == order.id)
    return session.exec(shipped).one()
