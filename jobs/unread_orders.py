"""Orders that could not be understood: kept raw and sealed, and read again until they are.

What mends them is another reading, so what was kept is read again at every pull, without asking
the marketplace.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlmodel import Session, col, select

from connectors.protocol import Connector, RemoteOrder, UnreadableOrder
from jobs.models import Channel, Order
from jobs.push import Desk
from jobs.sealing import Seal

# Read again at each pull: some milliseconds' work. The verb `orders retry` reads all.
READ_AGAIN = 200

BringIn = Callable[[Session, RemoteOrder], Counter[str]]


def keep(session: Session, row: Order, order: UnreadableOrder, sealer: Seal) -> Counter[str]:
    """Keep the raw text of an order that cannot be read. What was erased is not kept again."""
    if (row.unreadable, row.updated_at) == (order.reason, order.updated_at):
        return Counter()
    row.updated_at, row.unreadable = order.updated_at, order.reason
    row.sealed_raw = None if row.buyer_erased_at else sealer.seal(order.raw)
    session.add(row)
    return Counter({"orders_unreadable": 1})


def read_again(
    desk: Desk,
    connector: Connector,
    channel: Channel,
    sealer: Seal,
    bring_in: BringIn,
    *,
    limit: int | None = READ_AGAIN,
    keep: bool = True,
) -> None:
    """Bring in the kept orders of `channel` that can be read by now, each in one transaction.

    The newest `limit` of them are tried. Without `keep` they are counted, and nothing is stored.
    """
    for order_id in _kept(desk, channel, limit):
        with desk.sessions() as session:
            row = session.get_one(Order, order_id)
            order = _reread(connector, sealer, row)
            if isinstance(order, UnreadableOrder):
                continue
            # The moment told with a text that could not be read may have been a guess.
            order = replace(order, updated_at=max(order.updated_at, row.updated_at))
            bring_in(session, order)
            desk.tally["orders_healed"] += 1
            session.commit() if keep else session.rollback()


def _reread(connector: Connector, sealer: Seal, row: Order) -> RemoteOrder | UnreadableOrder:
    try:
        return connector.reread(sealer.open(row.sealed_raw or b""))
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
        # Sealed with a key that is gone, or kept in a form that its connector has left behind.
        return UnreadableOrder(row.remote_id, row.updated_at, row.unreadable or "", "")


def _kept(desk: Desk, channel: Channel, limit: int | None) -> Sequence[int | None]:
    kept = (col(Order.channel_id) == channel.id) & col(Order.sealed_raw).is_not(None)
    newest = select(Order.id).where(kept).order_by(col(Order.id).desc()).limit(limit)
    with desk.sessions() as session:
        return session.exec(newest).all()
