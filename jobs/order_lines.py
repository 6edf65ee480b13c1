"""The lines of an order, matched by SKU, and the movements that the ledger has not heard of yet."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from catalog.models import MovementKind, StockMovement, Variant
from catalog.money import minor_units
from catalog.stock import Movement, move_all
from connectors.protocol import OrderStatus, RemoteOrderLine
from jobs.ledger import Figures, figures_moved, figures_of, missing
from jobs.models import Channel, Order, OrderLine
from jobs.order_life import open_units

# As wide as the column is: Shopify's SKUs may be longer.
LONGEST_SKU = 100


@dataclass(frozen=True, slots=True)
class SettledLines:
    """An order's lines after a telling, and whether one changed."""

    rows: tuple[OrderLine, ...]
    changed: bool


@dataclass(slots=True)
class _Heard:
    """What the ledger has heard of an order, line by line.

    `moved` counts all units that ever moved of each kind, in either direction.
    """

    figures: defaultdict[str, Figures] = field(default_factory=lambda: defaultdict(Figures))
    moved: Counter[tuple[str, MovementKind]] = field(default_factory=Counter)


def lines_of(session: Session, order: Order) -> Sequence[OrderLine]:
    """The lines of an order, in the order they came."""
    wanted = select(OrderLine).where(OrderLine.order_id == order.id)
    return session.exec(wanted.order_by(col(OrderLine.id))).all()


def settle_lines(
    session: Session, channel: Channel, order: Order, lines: Sequence[RemoteOrderLine]
) -> SettledLines:
    """Bring the lines and the ledger up to date with what the marketplace tells now.

    A movement is what a line says and the ledger has not heard of, so that it counts once however
    often it is told, and in whatever steps.
    """
    known = {row.remote_id: row for row in lines_of(session, order)}
    variants = _variants(session, known.values(), lines)
    changed = False
    for line in lines:
        row = known.setdefault(line.id, _new_line(order, line))
        variant = variants.get(row.variant_id) or variants.get(line.sku)
        _copy(line, order.status, row)
        row.variant_id = variant.id if variant else None
        changed |= session.is_modified(row)
        session.add(row)
    session.flush()
    settle_ledger(session, channel, order, [known[line.id] for line in lines])
    return SettledLines(tuple(known.values()), changed)


def settle_ledger(
    session: Session, channel: Channel, order: Order, rows: Iterable[OrderLine]
) -> None:
    """Make the ledger say what those lines of `order` say. The caller commits."""
    source = f"order:{channel.code}:{order.remote_id}"
    heard = _heard(session, source)
    for row in rows:
        if row.variant_id:
            _move(session, row.variant_id, source, row.remote_id, figures_of(row), heard)


def _new_line(order: Order, line: RemoteOrderLine) -> OrderLine:
    price = minor_units(line.unit_price)
    return OrderLine(order_id=order.id or 0, remote_id=line.id, quantity=0, unit_price_minor=price)


def _copy(line: RemoteOrderLine, status: OrderStatus | None, row: OrderLine) -> None:
    # One that is longer than any of ours is somebody else's, and named by its beginning.
    row.sku, row.title = line.sku and line.sku[:LONGEST_SKU], line.title
    row.unit_price_minor = minor_units(line.unit_price)
    row.quantity, row.cancelled, row.returned = line.quantity, line.cancelled, line.returned
    # Of an order that is shipped, all that was not cancelled has left.
    kept = line.quantity - line.cancelled
    row.shipped = max(kept, line.shipped) if status is OrderStatus.SHIPPED else line.shipped
    # What its marketplace accounts for itself by now was given back, or sent, only once.
    row.released = min(row.released, open_units(row))


def _variants(
    session: Session, rows: Iterable[OrderLine], lines: Sequence[RemoteOrderLine]
) -> dict[int | str | None, Variant]:
    """The variants of an order, by id where a line was matched before, and by SKU."""
    matched = [row.variant_id for row in rows if row.variant_id]
    skus = [line.sku for line in lines if line.sku]
    wanted = col(Variant.id).in_(matched) | col(Variant.sku).in_(skus)
    found = session.exec(select(Variant).where(wanted)).all()
    return {variant.sku: variant for variant in found} | {v.id: v for v in found}


def _heard(session: Session, source: str) -> _Heard:
    heard = _Heard()
    for movement in session.exec(select(StockMovement).where(StockMovement.source == source)):
        line, *_ = movement.reference.rsplit(":", 2)
        heard.figures[line] += figures_moved(movement.kind, movement.quantity)
        heard.moved[line, movement.kind] += abs(movement.quantity)
    return heard


def _move(
    session: Session, variant_id: int, source: str, line: str, figures: Figures, heard: _Heard
) -> None:
    """Make the ledger say of a line what `figures` say.

    A reference ends with all units of its kind that ever moved: that only grows, and whoever
    hears the same of the same ledger writes the same movement, once.
    """
    for kind, units in missing(figures, heard.figures[line]).items():
        total = heard.moved[line, kind] + abs(units)
        movement = Movement(variant_id, units, f"{line}:{kind}:{total}")
        move_all(session, [movement], kind, source=source)
