"""The lines of an order, matched by SKU, and the movements that the ledger has not heard of yet."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from catalog.models import MovementKind, StockMovement, Variant
from catalog.money import minor_units
from catalog.stock import move
from connectors.protocol import RemoteOrderLine
from jobs.models import Channel, Order, OrderLine

# What only grows of a line, with the sign of its movements. See catalog.stock for a shipment,
# which makes nothing available or unavailable: its units leave those that were reserved.
_TOTALS = (
    (MovementKind.CANCELLATION, 1),
    (MovementKind.RETURN, 1),
    (MovementKind.SHIPMENT, -1),
)
_FEWER = "fewer"


@dataclass(frozen=True, slots=True)
class SettledLines:
    """An order's lines after a telling: whether one changed, and whose stock moved."""

    rows: tuple[OrderLine, ...]
    changed: bool
    variant_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Movement:
    quantity: int
    kind: MovementKind
    reference: str


def lines_of(session: Session, order: Order) -> Sequence[OrderLine]:
    """The lines of an order, in the order they came."""
    wanted = select(OrderLine).where(OrderLine.order_id == order.id)
    return session.exec(wanted.order_by(col(OrderLine.id))).all()


def settle_lines(
    session: Session, channel: Channel, order: Order, lines: Sequence[RemoteOrderLine]
) -> SettledLines:
    """Bring the lines and the ledger up to date with what the marketplace tells now.

    A movement is what a running total has more than the ledger has heard of, so that a total
    counts once however often it is told, and in whatever steps.
    """
    known = {row.remote_id: row for row in lines_of(session, order)}
    variants = _variants(session, known.values(), lines)
    source = f"order:{channel.code}:{order.remote_id}"
    heard = _heard(session, source)
    changed, moved = False, set[int]()
    for line in lines:
        row = known.setdefault(line.id, _new_line(order, line))
        variant = variants.get(row.variant_id) or variants.get(line.sku)
        _copy(line, row, variant)
        changed |= session.is_modified(row)
        session.add(row)
        if variant and _move(session, variant, _movements(line, heard), source):
            moved.add(variant.id or 0)
    session.flush()
    return SettledLines(tuple(known.values()), changed, frozenset(moved))


def _new_line(order: Order, line: RemoteOrderLine) -> OrderLine:
    price = minor_units(line.unit_price)
    return OrderLine(order_id=order.id or 0, remote_id=line.id, quantity=0, unit_price_minor=price)


def _copy(line: RemoteOrderLine, row: OrderLine, variant: Variant | None) -> None:
    row.sku, row.title = line.sku, line.title
    row.unit_price_minor = minor_units(line.unit_price)
    row.variant_id = variant.id if variant else None
    row.quantity, row.cancelled = line.quantity, line.cancelled
    row.returned, row.shipped = line.returned, line.shipped


def _variants(
    session: Session, rows: Iterable[OrderLine], lines: Sequence[RemoteOrderLine]
) -> dict[int | str | None, Variant]:
    """The variants of an order, by id where a line was matched before, and by SKU."""
    matched = [row.variant_id for row in rows if row.variant_id]
    skus = [line.sku for line in lines if line.sku]
    wanted = col(Variant.id).in_(matched) | col(Variant.sku).in_(skus)
    found = session.exec(select(Variant).where(wanted)).all()
    return {variant.sku: variant for variant in found} | {v.id: v for v in found}


def _heard(session: Session, source: str) -> Counter[tuple[str, str]]:
    """The units that the ledger knows of an order, by line and by what the reference counts."""
    heard = Counter[tuple[str, str]]()
    for movement in session.exec(select(StockMovement).where(StockMovement.source == source)):
        line, counted, _ = movement.reference.rsplit(":", 2)
        heard[line, counted] += abs(movement.quantity)
    return heard


def _movements(line: RemoteOrderLine, heard: Counter[tuple[str, str]]) -> Iterator[_Movement]:
    """What the ledger has not heard of this line yet.

    A marketplace that takes cancelled units off the ordered ones instead of counting them
    (Amazon's Orders API v0) gives them back as well.
    """
    sold, fewer = heard[line.id, MovementKind.SALE], heard[line.id, _FEWER]
    if (more := line.quantity - (sold - fewer)) > 0:
        yield _Movement(-more, MovementKind.SALE, f"{line.id}:{MovementKind.SALE}:{sold + more}")
    if more < 0:
        reference = f"{line.id}:{_FEWER}:{fewer - more} in all"
        yield _Movement(-more, MovementKind.CANCELLATION, reference)
    told = (line.cancelled, line.returned, line.shipped)
    for (kind, sign), now in zip(_TOTALS, told, strict=True):
        if (units := now - heard[line.id, kind]) > 0:
            yield _Movement(sign * units, kind, f"{line.id}:{kind}:{now}")


def _move(session: Session, variant: Variant, movements: Iterable[_Movement], source: str) -> bool:
    """Whether any of them is new to the ledger."""
    news = [
        move(session, variant, one.quantity, one.kind, source=source, reference=one.reference)
        for one in movements
    ]
    return any(news)
