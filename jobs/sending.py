"""A parcel from the packer's hands: kept first, then told to the marketplace if it answers."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field

from sqlmodel import Session

from connectors.errors import ConnectorError, Refused
from jobs import shipping
from jobs.models import Channel
from jobs.order_models import Parcel
from jobs.parcels import pack
from jobs.push import Desk
from jobs.sync import Workshop


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A parcel that was handed to a carrier: `units` by SKU, all that is open without."""

    carrier: str
    tracking_number: str
    units: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """A parcel that is kept. `later` says why its marketplace is told by the next pass only."""

    parcel_id: int
    units: Mapping[str, int]
    later: str | None = None


Noted = Callable[[Session, Parcel], None]


def send(shop: Workshop, channel: Channel, number: str, wrapped: Wrapped, noted: Noted) -> Sent:
    """Keep a parcel of order `number` (or its remote id), and tell the marketplace of it.

    `noted` writes beside the parcel, in its transaction. No transaction is open while the
    marketplace is asked. One that cannot be reached is told by the next pass.

    Raises:
        LookupError, ValueError: as `pack` does; nothing is kept.
        Refused: in the marketplace's words; the parcel is forgotten.
    """
    with shop.sessions() as session:
        parcel = _packed(session, shop, channel, number, wrapped)
        noted(session, parcel)
        kept = Sent(parcel.id or 0, dict(parcel.lines))
        session.commit()
    try:
        with closing(shop.connect(channel)) as connector:
            shipping.tell(Desk(shop.sessions, shop.clock), connector, kept.parcel_id)
    except Refused:
        with shop.sessions() as session:
            shipping.withdraw(session, kept.parcel_id)
            session.commit()
        raise
    except ConnectorError as error:
        return Sent(kept.parcel_id, kept.units, later=str(error) or type(error).__name__)
    return kept


def rehearse(shop: Workshop, channel: Channel, number: str, wrapped: Wrapped) -> Sent:
    """What `send` would keep; nothing is kept, and nobody is told. Raises as `pack` does."""
    with shop.sessions() as session:
        parcel = _packed(session, shop, channel, number, wrapped)
        told = Sent(0, dict(parcel.lines))
        session.rollback()
        return told


def _packed(
    session: Session, shop: Workshop, channel: Channel, number: str, wrapped: Wrapped
) -> Parcel:
    return pack(
        session,
        channel,
        number,
        carrier=wrapped.carrier,
        tracking_number=wrapped.tracking_number,
        shipped_at=shop.clock.now(),
        units=wrapped.units,
    )
