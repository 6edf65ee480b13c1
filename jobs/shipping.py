"""Shipping: a parcel is kept first, and then told to its marketplace.

One that could not be told, or whose telling nobody heard the end of, is told again by the next
pass: connectors tell a tracking number once.
"""

from datetime import timedelta

from sqlmodel import Session, col, select

from connectors.errors import Refused
from connectors.protocol import Connector, Shipment
from jobs.models import Channel, Order
from jobs.order_models import Parcel
from jobs.push import Desk

# Whoever stores a parcel tells it at once; one so old was left behind.
LEFT_BEHIND = timedelta(minutes=5)
# A parcel refused for so long waits for a person: see `orders show`.
TOLD_AGAIN_FOR = timedelta(days=3)


def tell(desk: Desk, connector: Connector, parcel_id: int) -> None:
    """Tell the marketplace of a parcel that is kept.

    Raises:
        Refused: in the marketplace's words; the parcel is kept untold.
        ConnectorError: trouble with the channel; the next pass tells it again.
    """
    with desk.sessions() as session:
        shipment = shipment_of(session, session.get_one(Parcel, parcel_id))
    connector.ship(shipment)
    _mark_told(desk, parcel_id)


def shipment_of(session: Session, parcel: Parcel) -> Shipment:
    """The parcel as its marketplace is told of it."""
    order = session.get_one(Order, parcel.order_id)
    return Shipment(
        order.remote_id,
        parcel.lines,
        parcel.carrier,
        parcel.tracking_number,
        parcel.shipped_at,
    )


def withdraw(session: Session, parcel_id: int) -> None:
    """Forget a parcel that its marketplace refused. The caller commits."""
    session.delete(session.get_one(Parcel, parcel_id))


def tell_parcels(desk: Desk, connector: Connector, channel: Channel) -> list[str]:
    """Tell of the parcels of `channel` that were left behind; its refusals, in words.

    Raises:
        ConnectorError: trouble with the channel.
    """
    refused = []
    for parcel_id, name in _left_behind(desk, channel):
        if desk.interrupted():
            break
        try:
            tell(desk, connector, parcel_id)
        except Refused as error:
            desk.tally["parcels_refused"] += 1
            refused.append(f"{name} is refused: {error}")
        else:
            desk.tally["parcels_told"] += 1
    return refused


def _left_behind(desk: Desk, channel: Channel) -> list[tuple[int, str]]:
    now = desk.clock.now()
    wanted = (
        select(Parcel, Order.number)
        .join(Order)
        .where(
            Order.channel_id == channel.id,
            col(Parcel.told_at).is_(None),
            col(Parcel.shipped_at) <= now - LEFT_BEHIND,
            col(Parcel.shipped_at) > now - TOLD_AGAIN_FOR,
        )
        .order_by(col(Parcel.id))
    )
    with desk.sessions() as session:
        return [
            (parcel.id or 0, f"parcel {parcel.tracking_number} of order {number}")
            for parcel, number in session.exec(wanted)
        ]


def _mark_told(desk: Desk, parcel_id: int) -> None:
    with desk.sessions() as session:
        session.get_one(Parcel, parcel_id).told_at = desk.clock.now()
        session.commit()
