"""Orders come back: each told once, its lines matched by SKU, its units moved once."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlmodel import Session, col, select

from catalog.models import MovementKind, Variant
from catalog.money import minor_units
from catalog.stock import move
from connectors.protocol import (
    Connector,
    RemoteOrder,
    RemoteOrderLine,
    UnreadableOrder,
)
from jobs.models import Channel, Order, OrderLine
from jobs.push import Desk

# A marketplace may show an order a while after the moment it says it changed.
OVERLAP = timedelta(minutes=10)


class Seal(Protocol):
    """Makes text unreadable at rest."""

    def seal(self, text: str) -> bytes:
        """`text`, readable only with the installation's key."""
        ...


def pull(
    desk: Desk, connector: Connector, channel: Channel, sealer: Seal, *, keep: bool = True
) -> None:
    """Bring in all orders of `channel` that changed since the last pull, with some overlap.

    Each order is one transaction. The watermark moves only when all pages were read, so that an
    order on a page that was not reached is asked for again. Without `keep` orders are counted,
    and nothing is stored.

    Raises:
        ConnectorError: trouble with the channel; what came before it is kept.
    """
    since = (channel.orders_seen_until or channel.created_at) - OVERLAP
    latest = channel.orders_seen_until
    for order in connector.orders(since):
        with desk.sessions() as session:
            desk.tally.update(bring_in(session, channel, order, sealer))
            session.commit() if keep else session.rollback()
        latest = max(latest or order.updated_at, order.updated_at)
    if keep and latest != channel.orders_seen_until:
        with desk.sessions() as session:
            session.get_one(Channel, channel.id).orders_seen_until = latest
            session.commit()


def bring_in(
    session: Session, channel: Channel, order: RemoteOrder | UnreadableOrder, sealer: Seal
) -> Counter[str]:
    """Bring in one order as the marketplace tells it now; counts of what is new or changed."""
    row = session.exec(
        select(Order).where(Order.channel_id == channel.id, Order.remote_id == order.id)
    ).first()
    if isinstance(order, UnreadableOrder):
        return _keep_unreadable(session, channel, row, order, sealer)
    if row and row.unreadable is None and order.updated_at < row.updated_at:
        # A page told late what a newer one has overtaken.
        return Counter()
    new = row is None
    row = row or Order(channel_id=channel.id or 0, remote_id=order.id, updated_at=order.updated_at)
    _copy(order, row)
    # Not told by the moment of change alone: an order may change twice within a second.
    changed = session.is_modified(row)
    session.add(row)
    session.flush()
    changed |= _settle_lines(session, channel, row, order.lines)
    if new:
        return Counter({"orders_new": 1})
    return Counter({"orders_changed": 1} if changed else {})


def _keep_unreadable(
    session: Session, channel: Channel, row: Order | None, order: UnreadableOrder, sealer: Seal
) -> Counter[str]:
    row = row or Order(channel_id=channel.id or 0, remote_id=order.id, updated_at=order.updated_at)
    row.updated_at, row.unreadable = order.updated_at, order.reason
    row.sealed_raw = sealer.seal(order.raw)
    session.add(row)
    return Counter({"orders_unreadable": 1})


def _copy(order: RemoteOrder, row: Order) -> None:
    row.number, row.status = order.number, order.status
    row.currency, row.total_minor = order.total.currency.code, minor_units(order.total)
    row.ship_to_country = order.ship_to.country if order.ship_to else None
    row.placed_at, row.updated_at = order.placed_at, order.updated_at
    row.unreadable, row.sealed_raw = None, None


def _settle_lines(
    session: Session, channel: Channel, order: Order, lines: Sequence[RemoteOrderLine]
) -> bool:
    """Bring the lines and the ledger up to date; whether anything changed."""
    changed = False
    known = {
        line.remote_id: line
        for line in session.exec(select(OrderLine).where(OrderLine.order_id == order.id))
    }
    skus = [line.sku for line in lines if line.sku]
    variants = {v.sku: v for v in session.exec(select(Variant).where(col(Variant.sku).in_(skus)))}
    for line in lines:
        variant = variants.get(line.sku or "")
        row = known.get(line.id) or _new_line(order, line)
        if variant:
            if row.variant_id is None:
                # Nothing moved while the SKU was not ours.
                row.quantity = row.cancelled = row.returned = 0
                row.variant_id = variant.id
            source = f"order:{channel.code}:{order.remote_id}"
            for movement in _movements(row, line):
                move(
                    session,
                    variant,
                    movement.quantity,
                    movement.kind,
                    source=source,
                    reference=movement.reference,
                )
        row.quantity, row.cancelled, row.returned = line.quantity, line.cancelled, line.returned
        changed |= session.is_modified(row)
        session.add(row)
    return changed


def _new_line(order: Order, line: RemoteOrderLine) -> OrderLine:
    return OrderLine(
        order_id=order.id or 0,
        remote_id=line.id,
        sku=line.sku,
        title=line.title,
        quantity=0,
        unit_price_minor=minor_units(line.unit_price),
    )


@dataclass(frozen=True, slots=True)
class _Movement:
    quantity: int
    kind: MovementKind
    reference: str


def _movements(row: OrderLine, line: RemoteOrderLine) -> Iterator[_Movement]:
    """What the ledger has not heard of this line yet.

    The reference carries the running total, so that a total counts once however often it is told;
    totals only grow. A marketplace that takes cancelled units off the ordered ones instead of
    counting them (Amazon's Orders API v0) gives them back as well.
    """
    if line.quantity < row.quantity:
        fewer = row.quantity - line.quantity
        yield _Movement(fewer, MovementKind.CANCELLATION, f"{line.id}:fewer:{line.quantity}")
    totals = (
        (MovementKind.SALE, -1, row.quantity, line.quantity),
        (MovementKind.CANCELLATION, 1, row.cancelled, line.cancelled),
        (MovementKind.RETURN, 1, row.returned, line.returned),
    )
    for kind, sign, before, now in totals:
        if now > before:
            yield _Movement(sign * (now - before), kind, f"{line.id}:{kind}:{now}")


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """An order as a list shows it."""

    channel: str
    order: Order
    lines: tuple[OrderLine, ...]


def recent(
    session: Session, *, channel: str | None = None, since: datetime | None = None, limit: int = 50
) -> list[OrderSummary]:
    """The orders last placed, newest first; those that could not be read among them."""
    query = select(Order, Channel.code).join(Channel)
    if channel:
        query = query.where(Channel.code == channel)
    if since:
        query = query.where(col(Order.updated_at) >= since)
    newest = query.order_by(col(Order.placed_at).desc(), col(Order.id).desc()).limit(limit)
    rows = session.exec(newest).all()
    lines: dict[int, list[OrderLine]] = {}
    ids = [order.id for order, _ in rows]
    for line in session.exec(
        select(OrderLine).where(col(OrderLine.order_id).in_(ids)).order_by(col(OrderLine.id))
    ):
        lines.setdefault(line.order_id, []).append(line)
    return [OrderSummary(code, o, tuple(lines.get(o.id or 0, ()))) for o, code in rows]
