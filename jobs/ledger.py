"""The ledger against the order lines it was written from: what differs, and making up for it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    union_all,
    update,
)
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from catalog.models import MovementKind, Product, StockMovement, Variant
from catalog.stock import Movement, move_all
from connectors.protocol import OrderStatus
from jobs.models import Channel, Listing, Order, OrderLine


@dataclass(frozen=True, slots=True)
class Figures:
    """The units of an order line: sold and not cancelled, gone, and come back."""

    sold: int = 0
    shipped: int = 0
    returned: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        """Both together."""
        return Figures(
            self.sold + other.sold, self.shipped + other.shipped, self.returned + other.returned
        )

    def __str__(self) -> str:
        """In words, what is none left out."""
        words = (f"{units} {name}" for name, units in asdict(self).items() if units)
        return ", ".join(words) or "nothing"


@dataclass(frozen=True, slots=True)
class LineKey:
    """An order line as movements name it: their source, and the head of their references."""

    source: str
    line: str
    variant_id: int


@dataclass(frozen=True, slots=True)
class LineDifference:
    """An order line says one thing, and the movements made for it another.

    `last_movement` is the youngest of those movements, 0 without any: what makes up for it is
    written once for each state of the ledger.
    """

    key: LineKey
    sku: str
    line: Figures
    moved: Figures
    last_movement: int = 0

    def __str__(self) -> str:
        """In words: which line, what it says, and what was moved."""
        where = f"{self.sku}, {self.key.source} line {self.key.line}"
        return f"{where}: the order says {self.line}, and the ledger {self.moved}"


@dataclass(frozen=True, slots=True)
class RevisionDifference:
    """A product's count of stock changes lies behind what is known to have happened.

    A change of its stock could pass unseen by its listings.
    """

    product_id: int
    code: str
    revision: int
    least: int

    def __str__(self) -> str:
        """In words: which product, and what should be."""
        return f"{self.code}: stock revision {self.revision}, and it must be {self.least} or more"


LedgerDifference = LineDifference | RevisionDifference


def differences(session: Session) -> list[LedgerDifference]:
    """Everything that movements and order lines do not agree on; nothing, where all is well.

    Levels are not looked at: they are sums of movements each time, and stored nowhere.
    """
    sides = _both_sides(session)
    found = list(compare(sides.ordered, sides.moved))
    skus: dict[int | None, str] = {}
    if found:
        skus |= dict(session.exec(select(Variant.id, Variant.sku)).all())
    return [
        *(
            LineDifference(key, skus[key.variant_id], line, moved, sides.last.get(key, 0))
            for key, line, moved in found
        ),
        *_revisions(session),
    ]


def compare(
    ordered: Mapping[LineKey, Figures], moved: Mapping[LineKey, Figures]
) -> Iterator[tuple[LineKey, Figures, Figures]]:
    """Where order lines and movements differ: the line, what it says, and what was moved. Pure."""
    for key in dict.fromkeys([*ordered, *moved]):
        line, ledger = ordered.get(key, Figures()), moved.get(key, Figures())
        if line != ledger:
            yield key, line, ledger


def figures_of(line: OrderLine) -> Figures:
    """What `line` says. `_line_figures` says the same in SQL.

    Units that are back without having left are given back as cancelled ones are, and so are those
    that a person released: nothing of them is reserved.
    """
    unsent = max(0, line.returned - line.shipped)
    sold = line.quantity - line.cancelled - line.released - unsent
    return Figures(sold, line.shipped, line.returned - unsent)


def figures_moved(kind: MovementKind, units: int) -> Figures:
    """What a movement of so many units says of its line."""
    match kind:
        case MovementKind.SALE | MovementKind.CANCELLATION:
            return Figures(sold=-units)
        case MovementKind.SHIPMENT:
            return Figures(shipped=-units)
        case MovementKind.RETURN:
            return Figures(returned=units)
        case _:
            return Figures()


def missing(line: Figures, moved: Figures) -> dict[MovementKind, int]:
    """The units to move until `moved` says what `line` says. Pure.

    Units that the ledger holds sold too many of are given back, and what else it has too high is
    taken back by a movement the other way round.
    """
    more = line.sold - moved.sold
    units = {
        MovementKind.SALE: -max(0, more),
        MovementKind.CANCELLATION: max(0, -more),
        MovementKind.SHIPMENT: moved.shipped - line.shipped,
        MovementKind.RETURN: line.returned - moved.returned,
    }
    return {kind: moving for kind, moving in units.items() if moving}


@dataclass(frozen=True, slots=True)
class _Sides:
    ordered: dict[LineKey, Figures] = field(default_factory=dict)
    moved: dict[LineKey, Figures] = field(default_factory=dict)
    last: dict[LineKey, int] = field(default_factory=dict)


def _both_sides(session: Session) -> _Sides:
    """Figures of order lines and of movements.

    One statement reads both, so that an order that comes in meanwhile is on both sides or none.
    """
    sides = _Sides()
    both = union_all(_line_figures(), _movements())
    for movement_id, kind, source, name, variant_id, *units in session.execute(both):
        if movement_id is None:
            sides.ordered[LineKey(source, name, variant_id)] = Figures(*units)
            continue
        # A movement's reference is its line, what it is, and a key of its own.
        key = LineKey(source, name.rsplit(":", 2)[0], variant_id)
        figures = figures_moved(MovementKind(kind), units[0])
        sides.moved[key] = sides.moved.get(key, Figures()) + figures
        sides.last[key] = max(sides.last.get(key, 0), movement_id)
    return sides


def _line_figures() -> Select[Any]:
    line, order = OrderLine, Order
    kept = col(line.quantity) - col(line.cancelled)
    # Orders that were through before shipments were counted are not told anew: all of it left.
    through = or_(
        col(order.status) == OrderStatus.SHIPPED,
        and_(col(order.status) == OrderStatus.REFUNDED, col(order.stage).is_(None)),
    )
    names: list[Any] = [
        cast(literal(None), Integer),
        cast(literal(None), String),
        literal("order:") + col(Channel.code) + ":" + col(order.remote_id),
        col(line.remote_id),
        col(line.variant_id),
    ]
    told, back = col(line.shipped), col(line.returned)
    shipped = case((and_(through, kept > told), kept), else_=told)
    unsent = case((back > shipped, back - shipped), else_=0)
    units: list[Any] = [kept - col(line.released) - unsent, shipped, back - unsent]
    return (
        columns(*names, *units)
        .select_from(line)
        .join(order, col(order.id) == col(line.order_id))
        .join(Channel, col(Channel.id) == col(order.channel_id))
        .where(col(line.variant_id).is_not(None))
    )


def _movements() -> Select[Any]:
    of = StockMovement
    names: list[Any] = [
        col(of.id),
        cast(col(of.kind), String),
        col(of.source),
        col(of.reference),
        col(of.variant_id),
    ]
    # As wide as a line's figures, for the union.
    units: list[Any] = [col(of.quantity), literal(0), literal(0)]
    return columns(*names, *units).where(col(of.source).startswith("order:", autoescape=True))


def _revisions(session: Session) -> Iterator[RevisionDifference]:
    """Products whose stock moved and whose revision did not, or whose listings are ahead of it."""
    moved = (
        columns(col(Variant.product_id))
        .join(StockMovement, col(StockMovement.variant_id) == col(Variant.id))
        .where(col(StockMovement.kind) != MovementKind.SHIPMENT)
        .distinct()
        .subquery()
    )
    seen = (
        columns(col(Listing.product_id), func.max(Listing.seen_stock).label("seen"))
        .group_by(col(Listing.product_id))
        .subquery()
    )
    revision = col(Product.stock_revision)
    # A product begins at 1, and its first movement makes that 2.
    first = case((moved.c.product_id.is_not(None), 2), else_=1)
    rows = session.execute(
        columns(col(Product.id), col(Product.code), revision, first, seen.c.seen)
        .join(moved, moved.c.product_id == Product.id, isouter=True)
        .join(seen, seen.c.product_id == Product.id, isouter=True)
        .where(or_(revision < first, revision < seen.c.seen))
        .order_by(col(Product.code))
    )
    for product_id, code, stands, least, ahead in rows:
        # One past what a listing has seen, so that it is compared again.
        yield RevisionDifference(product_id, code, stands, max(least, (ahead or 0) + 1))


def repair(session: Session, found: Iterable[LedgerDifference]) -> None:
    """Write the movements that make up for what was `found`, and lift revisions.

    The caller commits. History stands as it is. Each movement is written once for each state of
    the ledger that it repairs, so two who repair at once do it once.
    """
    for difference in found:
        match difference:
            case LineDifference():
                _make_up(session, difference)
            case RevisionDifference(product_id=product_id, least=least):
                session.execute(
                    update(Product)
                    .where(col(Product.id) == product_id, col(Product.stock_revision) < least)
                    .values(stock_revision=least)
                )


def _make_up(session: Session, found: LineDifference) -> None:
    for kind, units in missing(found.line, found.moved).items():
        reference = f"{found.key.line}:repaired {kind}:after {found.last_movement}"
        movement = Movement(found.key.variant_id, units, reference)
        move_all(session, [movement], kind, source=found.key.source)
