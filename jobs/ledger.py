"""The ledger against the order lines it was written from: what differs, and putting it right."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, or_, select, union_all
from sqlmodel import Session, col, update

from catalog.models import MovementKind, Product, StockMovement, Variant
from catalog.stock import Movement, move_all
from connectors.protocol import OrderStatus
from jobs.models import Channel, Listing, Order, OrderLine


@dataclass(frozen=True, slots=True)
class Figures:
    """Units of one order line: sold and not cancelled, handed to a carrier, and come back."""

    sold: int = 0
    shipped: int = 0
    returned: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        """Both together."""
        return Figures(
            self.sold + other.sold, self.shipped + other.shipped, self.returned + other.returned
        )


@dataclass(frozen=True, slots=True)
class LineKey:
    """An order line as movements name it: the source and the head of their references."""

    source: str
    line: str
    variant_id: int


@dataclass(frozen=True, slots=True)
class LineDifference:
    """An order line says one thing, and the movements made for it another.

    `last_movement` is the youngest of those movements, 0 without any: what repairs it is written
    once for each state of the ledger. `line_id` is None for movements that belong to no line.
    """

    key: LineKey
    sku: str
    line: Figures
    moved: Figures
    line_id: int | None = None
    last_movement: int = 0

    def __str__(self) -> str:
        """In words: which line, and what should be."""
        names = ("sold", "shipped", "returned")
        wrong = (
            f"{getattr(self.line, name)} {name}, and the ledger has {getattr(self.moved, name)}"
            for name in names
            if getattr(self.line, name) != getattr(self.moved, name)
        )
        return f"{self.sku}, {self.key.source} line {self.key.line}: {'; '.join(wrong)}"


@dataclass(frozen=True, slots=True)
class RevisionDifference:
    """A product's count of stock changes that lies behind what is known to have happened.

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
    skus = dict(session.execute(select(col(Variant.id), col(Variant.sku))).tuples().all())
    sides = _both_sides(session)
    lines = [
        LineDifference(
            key, skus[key.variant_id], ours, theirs, sides.line_ids.get(key), sides.last.get(key, 0)
        )
        for key, ours, theirs in compare(sides.ordered, sides.moved)
    ]
    return [*lines, *_revisions(session)]


def compare(
    ordered: Mapping[LineKey, Figures], moved: Mapping[LineKey, Figures]
) -> Iterator[tuple[LineKey, Figures, Figures]]:
    """Where order lines and movements differ: the line, what it says, and what was moved. Pure."""
    for key in dict.fromkeys([*ordered, *moved]):
        ours, theirs = ordered.get(key, Figures()), moved.get(key, Figures())
        if ours != theirs:
            yield key, ours, theirs


@dataclass(frozen=True, slots=True)
class _Sides:
    ordered: dict[LineKey, Figures] = field(default_factory=dict)
    moved: dict[LineKey, Figures] = field(default_factory=dict)
    line_ids: dict[LineKey, int] = field(default_factory=dict)
    last: dict[LineKey, int] = field(default_factory=dict)


def _both_sides(session: Session) -> _Sides:
    """Figures of order lines and of movements.

    One statement reads both, so that an order that comes in meanwhile is on both sides or none.
    """
    sides = _Sides()
    both = union_all(_line_figures(), _movement_figures())
    for is_line, id_, source, name, variant_id, *units in session.execute(both):
        figures = Figures(*map(int, units))
        if is_line:
            key = LineKey(source, name, variant_id)
            sides.ordered[key], sides.line_ids[key] = figures, id_
        else:
            # A movement's reference is its line, what it is, and the total that it brings.
            key = LineKey(source, name.rsplit(":", 2)[0], variant_id)
            sides.moved[key] = sides.moved.get(key, Figures()) + figures
            sides.last[key] = max(sides.last.get(key, 0), id_)
    return sides


def _line_figures() -> Select[Any]:
    kept = col(OrderLine.quantity) - col(OrderLine.cancelled)
    # Orders that were through before shipments were counted are not told anew: all of it left.
    before = and_(
        col(Order.stage).is_(None),
        col(Order.status).in_([OrderStatus.SHIPPED, OrderStatus.REFUNDED]),
    )
    return (
        select(
            literal(1),
            col(OrderLine.id),
            literal("order:") + col(Channel.code) + ":" + col(Order.remote_id),
            col(OrderLine.remote_id),
            col(OrderLine.variant_id),
            kept,
            case((before, kept), else_=col(OrderLine.shipped)),
            col(OrderLine.returned),
        )
        .select_from(OrderLine)
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .join(Channel, col(Channel.id) == col(Order.channel_id))
        .where(col(OrderLine.variant_id).is_not(None))
    )


def _movement_figures() -> Select[Any]:
    kind, quantity = col(StockMovement.kind), col(StockMovement.quantity)
    sold = kind.in_([MovementKind.SALE, MovementKind.CANCELLATION])
    return select(
        literal(0),
        col(StockMovement.id),
        col(StockMovement.source),
        col(StockMovement.reference),
        col(StockMovement.variant_id),
        case((sold, -quantity), else_=0),
        case((kind == MovementKind.SHIPMENT, -quantity), else_=0),
        case((kind == MovementKind.RETURN, quantity), else_=0),
    ).where(col(StockMovement.source).startswith("order:", autoescape=True))


def _revisions(session: Session) -> Iterator[RevisionDifference]:
    """Products whose stock moved and whose revision did not, or whose listings are ahead of it."""
    moved = (
        select(col(Variant.product_id))
        .join(StockMovement, col(StockMovement.variant_id) == col(Variant.id))
        .distinct()
        .subquery()
    )
    seen = (
        select(col(Listing.product_id), func.max(Listing.seen_stock).label("seen"))
        .group_by(col(Listing.product_id))
        .subquery()
    )
    # A product begins at 1, and its first movement makes that 2.
    first = case((moved.c.product_id.is_not(None), 2), else_=1)
    rows = session.execute(
        select(col(Product.id), col(Product.code), col(Product.stock_revision), first, seen.c.seen)
        .join(moved, moved.c.product_id == Product.id, isouter=True)
        .join(seen, seen.c.product_id == Product.id, isouter=True)
        .where(
            or_(
                col(Product.stock_revision) < first,
                col(Product.stock_revision) < seen.c.seen,
            )
        )
        .order_by(Product.code)
    )
    for product_id, code, revision, first_, seen_ in rows:
        # One past what a listing has seen, so that it is compared again.
        least = max(first_, seen_ + 1 if seen_ and seen_ > revision else 0)
        yield RevisionDifference(product_id, code, revision, least)


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
    key, line, moved = found.key, found.line, found.moved
    missing: Sequence[tuple[MovementKind, int]] = (
        # Units that the ledger holds too many of were given back, whoever forgot to say so.
        (
            MovementKind.SALE if line.sold > moved.sold else MovementKind.CANCELLATION,
            moved.sold - line.sold,
        ),
        (MovementKind.SHIPMENT, moved.shipped - line.shipped),
        (MovementKind.RETURN, line.returned - moved.returned),
    )
    for kind, units in missing:
        if units:
            reference = f"{key.line}:repair-{kind}:{found.last_movement}"
            movement = Movement(key.variant_id, units, reference)
            move_all(session, [movement], kind, source=key.source)
    # So that the next pull does not count once more what left before anybody counted.
    session.execute(
        update(OrderLine)
        .where(col(OrderLine.id) == found.line_id, col(OrderLine.shipped) < line.shipped)
        .values(shipped=line.shipped)
    )
