"""Parcels: what of an order was handed to a carrier, told to its marketplace."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, select

from connectors.protocol import Shipment
from jobs.models import Channel, Order, OrderLine


def shipment(
    session: Session,
    channel: Channel,
    number: str,
    *,
    carrier: str,
    tracking_number: str,
    shipped_at: datetime,
    units: Mapping[str, int] | None = None,
) -> Shipment:
    """The parcel of order `number` (or its remote id): `units` by SKU, all that is open without.

    Raises:
        LookupError: there is no such order, or no such SKU on it.
        ValueError: more units than were ordered, or none at all.
    """
    order = session.exec(
        select(Order).where(
            Order.channel_id == channel.id, (Order.number == number) | (Order.remote_id == number)
        )
    ).first()
    if order is None:
        raise LookupError(f"{channel.code} has no order {number!r}: pull orders first")
    lines = session.exec(select(OrderLine).where(OrderLine.order_id == order.id)).all()
    return Shipment(
        order.remote_id,
        _chosen(lines, units) if units else _open(lines),
        carrier,
        tracking_number,
        shipped_at,
    )


def _open(lines: Sequence[OrderLine]) -> dict[str, int]:
    left = {line.remote_id: line.quantity - line.cancelled for line in lines}
    shipped = {line: units for line, units in left.items() if units > 0}
    if not shipped:
        raise ValueError("nothing of this order is left to ship")
    return shipped


def _chosen(lines: Sequence[OrderLine], units: Mapping[str, int]) -> dict[str, int]:
    by_sku = {line.sku: line for line in lines}
    shipped = {}
    for sku, wanted in units.items():
        if sku not in by_sku:
            raise LookupError(f"{sku} is not on this order")
        line = by_sku[sku]
        if not 0 < wanted <= line.quantity - line.cancelled:
            raise ValueError(f"{line.quantity - line.cancelled} of {sku} can be shipped")
        shipped[line.remote_id] = wanted
    return shipped
