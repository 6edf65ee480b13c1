"""Buyers' data: sealed, opened in one place, and erased when its time is over.

What is kept of a buyer is the address a parcel goes to, and what the reason of a flag may say of
them. The figures of an order (country, money, lines) are no personal data and stay.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, or_, select

from connectors.protocol import Address
from jobs.models import Channel, Order, OrderStage
from jobs.sealing import Seal

# No longer than 30 days after delivery. Source: Amazon's Data Protection Policy, on the retention
# of personal data. Buyers of every marketplace are treated so.
KEPT = timedelta(days=30)
# These are over though nothing may ever have been sent.
_OVER = (OrderStage.CANCELLED, OrderStage.REFUNDED, OrderStage.RETURNED)


def keep(order: Order, address: Address | None, sealer: Seal) -> None:
    """Seal the address of an order, where it is another than before.

    A marketplace that tells none any more takes nothing away, and what was erased stays erased.
    """
    if address is None or order.buyer_erased_at or _opened(order, sealer) == address:
        return
    order.sealed_buyer = sealer.seal(json.dumps(asdict(address), ensure_ascii=False))


def buyer(session: Session, order: Order, sealer: Seal) -> Address | None:
    """Who an order goes to; None where nobody told, or it was erased.

    The one way to a buyer's data: whoever calls it has asked whether its reader may see it.

    Raises:
        ValueError: it was sealed with another key.
    """
    # Read anew: it may have been erased since `order` was read.
    session.refresh(order)
    return _read(order.sealed_buyer, sealer)


def _opened(order: Order, sealer: Seal) -> Address | None:
    try:
        return _read(order.sealed_buyer, sealer)
    except ValueError:
        # Sealed with a key that is gone: sealed again with the one in use.
        return None


def _read(sealed: bytes | None, sealer: Seal) -> Address | None:
    if sealed is None:
        return None
    told = json.loads(sealer.open(sealed))
    return Address(**told | {"lines": tuple(told["lines"])})


def due(session: Session, now: datetime) -> Sequence[Order]:
    """The orders whose buyer's time is over.

    30 days after delivery; after shipping where nobody told of delivery; after the last change
    of an order that came to nothing. Raw text that could not be read may hold a buyer's data as
    well, and goes 30 days after it was told.
    """
    gone = func.coalesce(col(Order.delivered_at), col(Order.shipped_at))
    # One without a stage was never read.
    over = col(Order.stage).in_(_OVER) | col(Order.stage).is_(None)
    came_to_nothing = gone.is_(None) & over
    stale = col(Order.updated_at) <= now - KEPT
    buyer_over = (gone <= now - KEPT) | (came_to_nothing & stale)
    held = _is_known() & buyer_over
    raw = col(Order.sealed_raw).is_not(None) & stale
    return _orders(session, or_(held, raw))


def asked_for(session: Session, channel: Channel, remote_ids: Sequence[str]) -> Sequence[Order]:
    """The orders of `channel` that a request for erasure names; all of them where it names none."""
    wanted = col(Order.channel_id) == channel.id
    if remote_ids:
        wanted &= col(Order.remote_id).in_(remote_ids)
    # A flag may have told of a buyer after they were erased.
    left = col(Order.buyer_erased_at).is_(None) | col(Order.flag).is_not(None)
    return _orders(session, wanted & left)


def _is_known() -> ColumnElement[bool]:
    return col(Order.sealed_buyer).is_not(None) | col(Order.flag).is_not(None)


def _orders(session: Session, wanted: ColumnElement[bool]) -> Sequence[Order]:
    return session.exec(select(Order).where(wanted).order_by(col(Order.id))).all()


def erase(session: Session, orders: Sequence[Order], now: datetime) -> None:
    """Erase what is kept of the buyers of `orders`, for good. The caller commits.

    No later telling brings it back. An order that is flagged stays so, without the reason.
    """
    for order in orders:
        order.sealed_buyer = order.sealed_raw = order.flag = None
        order.buyer_erased_at = now
        session.add(order)
    session.flush()


def erase_due(sessions: Callable[[], Session], now: datetime) -> int:
    """Erase the buyers whose time is over, as is to be done each day; how many."""
    with sessions() as session:
        over = due(session, now)
        erase(session, over, now)
        session.commit()
        return len(over)
