"""Parcels: what of an order was handed to a carrier, and what of it may still be."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from catalog.refusals import Missing, Refused, Why, because
from jobs import order_book
from jobs.models import Channel, Order, OrderLine, OrderStage
from jobs.order_lines import lines_of
from jobs.order_models import Parcel

_NOT_NOW = {
    OrderStage.NEW: because("order_unpaid", "it is not paid yet"),
    OrderStage.PAID: because("order_waits", "its marketplace asks to wait"),
    OrderStage.CANCELLED: because("order_cancelled", "it was cancelled"),
    OrderStage.REFUNDED: because("order_refunded", "it was refunded"),
}


def pack(
    session: Session,
    channel: Channel,
    number: str,
    *,
    carrier: str,
    tracking_number: str,
    shipped_at: datetime,
    units: Mapping[str, int] | None = None,
) -> Parcel:
    """Keep a parcel of order `number` (or its remote id). The caller commits, and then tells it.

    It holds `units` by SKU, all that is open without. One of the same tracking number that was
    not told yet is replaced.

    Raises:
        LookupError: there is no such order, or no such SKU on it.
        ValueError: it must not be shipped now, not so many units are left, or none at all.
    """
    _, order = order_book.find(session, number, channel.code)
    if reason := _not_now(order):
        raise Refused(replace(reason, message=f"order {number} cannot be shipped: {reason}"))
    parcels = {parcel.tracking_number: parcel for parcel in parcels_of(session, order)}
    parcel = parcels.pop(tracking_number, None) or Parcel(
        order_id=order.id or 0,
        carrier=carrier,
        tracking_number=tracking_number,
        shipped_at=shipped_at,
    )
    if parcel.told_at:
        raise Refused(
            because(
                "parcel_told",
                "parcel %(parcel)s of order %(order)s is told already",
                parcel=tracking_number,
                order=number,
            )
        )
    left = _left(lines_of(session, order), parcels.values())
    parcel.carrier, parcel.shipped_at = carrier, shipped_at
    parcel.lines = _chosen(left, units) if units else _all_open(left)
    session.add(parcel)
    session.flush()
    return parcel


def _not_now(order: Order) -> Why | None:
    """Why nothing of an order may be shipped now; None where it may."""
    if order.unreadable:
        return Why(order.unreadable, "order_unreadable")
    return _NOT_NOW.get(order.stage) if order.stage else None


def parcels_of(session: Session, order: Order) -> Sequence[Parcel]:
    """The parcels of an order, the oldest first."""
    return session.exec(
        select(Parcel).where(Parcel.order_id == order.id).order_by(col(Parcel.id))
    ).all()


def open_units(session: Session, order: Order) -> dict[int, int]:
    """The units of each line, by its id, that can still be packed."""
    left = _left(lines_of(session, order), parcels_of(session, order))
    return {line.id or 0: max(0, units) for line, units in left}


def _left(lines: Iterable[OrderLine], parcels: Iterable[Parcel]) -> list[tuple[OrderLine, int]]:
    """The units of each line that can still be packed.

    The marketplace counts those that left; a parcel it was told of is among them, at the latest
    when orders were pulled again, and one it was not told of is not.
    """
    told, untold = Counter[str](), Counter[str]()
    for parcel in parcels:
        (told if parcel.told_at else untold).update(parcel.lines)
    return [
        (
            line,
            line.quantity
            - line.cancelled
            - max(line.shipped, line.returned, told[line.remote_id])
            - untold[line.remote_id],
        )
        for line in lines
    ]


def _all_open(left: Sequence[tuple[OrderLine, int]]) -> dict[str, int]:
    packed = {line.remote_id: units for line, units in left if units > 0}
    if not packed:
        raise Refused(because("nothing_to_ship", "nothing of this order is left to ship"))
    return packed


def _chosen(left: Sequence[tuple[OrderLine, int]], units: Mapping[str, int]) -> dict[str, int]:
    packed: dict[str, int] = {}
    for sku, wanted in units.items():
        lines = [(line, open_) for line, open_ in left if line.sku == sku]
        if not lines:
            raise Missing(because("not_on_order", "%(sku)s is not on this order", sku=sku))
        most = sum(max(0, open_) for _, open_ in lines)
        if not 0 < wanted <= most:
            raise Refused(
                because(
                    "units_many",
                    "%(most)s of %(sku)s can be shipped, not %(wanted)s",
                    most=most,
                    sku=sku,
                    wanted=wanted,
                )
            )
        missing = wanted
        for line, open_ in lines:
            if taken := min(missing, max(0, open_)):
                packed[line.remote_id] = taken
                missing -= taken
    return packed
