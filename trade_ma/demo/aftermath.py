"""After the sale: parcels are told to their markets, and everything is compared once more."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime

from sqlmodel import Session, select

from jobs.models import Channel, Order, OrderStage
from jobs.order_models import Parcel
from jobs.parcels import pack
from jobs.push import Desk
from jobs.reconcile import reconcile
from jobs.shipping import tell
from jobs.sync import Workshop
from trade_ma.demo.figures import Figure

CARRIER = "DHL"


def ship_everything(shop: Workshop, channels: Sequence[Channel]) -> None:
    """Hand every order that is to be shipped to a carrier, and tell its market."""
    for channel in channels:
        with shop.sessions() as session:
            parcels = list(_packed(session, channel, shop.clock.now()))
            session.commit()
            ids = [parcel.id or 0 for parcel in parcels]
        desk = Desk(shop.sessions, shop.clock)
        with closing(shop.connect(channel)) as connector:
            for parcel_id in ids:
                tell(desk, connector, parcel_id)


def _packed(session: Session, channel: Channel, now: datetime) -> Iterator[Parcel]:
    for order in _to_ship(session, channel):
        tracking = f"JD{order.id:010}"
        yield pack(
            session,
            channel,
            order.remote_id,
            carrier=CARRIER,
            tracking_number=tracking,
            shipped_at=now,
        )


def _to_ship(session: Session, channel: Channel) -> Sequence[Order]:
    waiting = select(Order).where(Order.channel_id == channel.id, Order.stage == OrderStage.TO_SHIP)
    return session.exec(waiting).all()


def compared(shop: Workshop, channels: Sequence[Channel]) -> Iterator[Figure]:
    """What a comparison with each market finds: nothing differs, and nothing is left to ship."""
    for channel in channels:
        result = reconcile(shop, channel)
        found = result.trouble or "; ".join(
            f"{one.kind} of {one.subject}: {one.ours}, and there {one.theirs}"
            for one in result.found
        )
        yield Figure(channel.code, "what reconcile finds to differ", "nothing", found or "nothing")
        with shop.sessions() as session:
            waiting = len(_to_ship(session, channel))
        yield Figure(channel.code, "orders left to ship", str(waiting), "0")
