"""Orders come back: each told once, its lines matched by SKU, its units moved once."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session, select

from catalog.columns import utc_now
from catalog.money import minor_units
from connectors.protocol import Connector, RemoteOrder, UnreadableOrder
from jobs import buyers, conflicts, listings, order_money, releasing, unread_orders
from jobs.models import Channel, Order
from jobs.order_figures import Booked, booked, work_out
from jobs.order_lines import settle_lines
from jobs.push import Desk
from jobs.sealing import Seal

# A marketplace may show an order a while after the moment it says it changed.
OVERLAP = timedelta(minutes=10)


def pull(
    desk: Desk, connector: Connector, channel: Channel, sealer: Seal, *, keep: bool = True
) -> None:
    """Bring in all orders of `channel` that changed since the last pull, with some overlap.

    Each order is one transaction. The watermark moves only when all pages were read, so that an
    order on a page that was not reached is asked for again, as it is after an interruption. Then
    what was kept because nobody could read it is read again. Without `keep` orders are counted,
    and nothing is stored.

    Raises:
        ConnectorError: trouble with the channel; what came before it is kept.
    """
    began = desk.clock.now()
    latest = channel.orders_seen_until
    # A clock that was ahead when the watermark was set must not hide orders now.
    since = min(latest or channel.created_at, began) - OVERLAP
    for order in connector.orders(since):
        now = desk.clock.now()
        with desk.sessions() as session:
            desk.tally.update(bring_in(session, channel, order, sealer, now=now))
            session.commit() if keep else session.rollback()
        latest = max(latest or order.updated_at, order.updated_at)
        if desk.interrupted():
            return
    read_again(desk, connector, channel, sealer, keep=keep)
    if keep:
        _pulled(desk, channel, latest)


def read_again(
    desk: Desk,
    connector: Connector,
    channel: Channel,
    sealer: Seal,
    *,
    limit: int | None = unread_orders.READ_AGAIN,
    keep: bool = True,
) -> None:
    """Read again what was kept of `channel` because nobody could read it; all without a limit."""

    def bring(session: Session, order: RemoteOrder) -> Counter[str]:
        return bring_in(session, channel, order, sealer)

    unread_orders.read_again(desk, connector, channel, sealer, bring, limit=limit, keep=keep)


def _pulled(desk: Desk, channel: Channel, latest: datetime | None) -> None:
    """Write down that a whole pull went through."""
    now = desk.clock.now()
    with desk.sessions() as session:
        row = session.get_one(Channel, channel.id)
        # An order from a marketplace's future must not hide those of its present.
        row.orders_seen_until = min(latest, now) if latest else None
        row.orders_pulled_at = now
        order_money.fill_in(session, row)
        session.commit()


def bring_in(
    session: Session,
    channel: Channel,
    order: RemoteOrder | UnreadableOrder,
    sealer: Seal,
    *,
    now: datetime | None = None,
) -> Counter[str]:
    """Bring an order and the ledger up to what is told of it; what it counts for in a run.

    However often it is told, and in whatever order, the newest telling holds. A moment of change
    after `now`, where it is given, is taken for `now`: else no later telling would ever count.
    The caller commits.
    """
    if now:
        order = replace(order, updated_at=min(order.updated_at, now))
    row = _known(session, channel, order.id)
    if row and order.updated_at < row.updated_at:
        # A page told late what a newer one has overtaken.
        return Counter()
    new = row is None
    row = row or Order(channel_id=channel.id or 0, remote_id=order.id, updated_at=order.updated_at)
    if isinstance(order, UnreadableOrder):
        return unread_orders.keep(session, row, order, sealer)
    # Not told by the moment of change: an order may change twice within a second.
    before = row.model_dump(exclude={"updated_at"})
    _copy(order, row)
    buyers.keep(row, order.ship_to, sealer)
    session.add(row)
    session.flush()
    lines = settle_lines(session, channel, row, order.lines)
    refunded = minor_units(order.refunded) if order.refunded else 0
    books = booked(session, [row]).get(row.id or 0, Booked())
    work_out(session, row, lines.rows, books, refunded=refunded, on_hold=order.on_hold)
    releasing.hold_again(session, channel, row, lines.rows)
    session.flush()
    sold = {line.variant_id for line in lines.rows if line.variant_id}
    if new or lines.changed:
        # The market took or put back units by itself.
        listings.doubt_stock(session, channel, sold)
    flagged = Counter(conflicts=conflicts.look(session, sold, now or utc_now()))
    if new:
        return +(flagged + Counter(orders_new=1))
    changed = lines.changed or before != row.model_dump(exclude={"updated_at"})
    return +(flagged + Counter(orders_changed=int(changed)))


def _known(session: Session, channel: Channel, remote_id: str) -> Order | None:
    # Locked, so that two tellings at once do not both move what the ledger has not heard of.
    return session.exec(
        select(Order)
        .where(Order.channel_id == channel.id, Order.remote_id == remote_id)
        .with_for_update()
    ).first()


def _copy(order: RemoteOrder, row: Order) -> None:
    row.number, row.status = order.number, order.status
    row.currency, row.total_minor = order.total.currency.code, minor_units(order.total)
    row.ship_to_country = order.ship_to.country if order.ship_to else row.ship_to_country
    row.placed_at, row.updated_at = order.placed_at, order.updated_at
    row.delivered_at = order.delivered_at or row.delivered_at
    row.unreadable, row.sealed_raw = None, None
