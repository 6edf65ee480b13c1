"""The stock ledger: levels are sums of movements, and a movement is recorded once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from catalog.columns import utc_now
from catalog.models import MovementKind, Product, StockMovement, Variant


@dataclass(frozen=True, slots=True)
class Levels:
    """The units of one variant: those free to be sold, and those sold that have not left yet.

    `available` is below 0 where more was sold than there is.
    """

    available: int = 0
    reserved: int = 0

    @property
    def on_hand(self) -> int:
        """The units that stand in the workshop."""
        return self.available + self.reserved

    def counted(self, figure: int) -> int:
        """The units to move where somebody counted `figure` pieces that stand there.

        A figure below what is reserved leaves nothing available, and no less: who counts may have
        left out what is sold, or packed it already, and no order is in doubt for that.
        """
        return max(figure - self.on_hand, -max(0, self.available))


# What an order takes and gives back before it leaves.
_SOLD = (MovementKind.SALE, MovementKind.CANCELLATION)


def levels(session: Session, variant_ids: Collection[int]) -> dict[int, Levels]:
    """The levels of each variant, none where nothing ever moved. The caller bounds the ids.

    A sale makes a unit reserved, and a shipment only turns reserved into gone. Reserved is
    counted order by order: one that gave back what it had shipped takes nothing from another.
    """
    kind, quantity = col(StockMovement.kind), col(StockMovement.quantity)
    free = func.sum(case((kind == MovementKind.SHIPMENT, 0), else_=quantity))
    held = func.sum(
        case((kind.in_(_SOLD), -quantity), (kind == MovementKind.SHIPMENT, quantity), else_=0)
    )
    each = (
        select(StockMovement.variant_id, free.label("free"), held.label("held"))
        .where(col(StockMovement.variant_id).in_(variant_ids))
        .group_by(col(StockMovement.variant_id), col(StockMovement.source))
        .subquery()
    )
    reserved = func.sum(case((each.c.held > 0, each.c.held), else_=0))
    rows = session.execute(
        select(each.c.variant_id, func.sum(each.c.free), reserved).group_by(each.c.variant_id)
    )
    found = {variant: Levels(int(free), int(held)) for variant, free, held in rows}
    return dict.fromkeys(variant_ids, Levels()) | found


@dataclass(frozen=True, slots=True)
class Movement:
    """So many units of a variant to record, once for each reference of a source."""

    variant_id: int
    quantity: int
    reference: str


def move(
    session: Session,
    variant: Variant,
    quantity: int,
    kind: MovementKind,
    *,
    source: str,
    reference: str,
) -> bool:
    """Record a movement of `quantity` units, once for each (source, reference).

    Returns whether it is new; a movement recorded before changes nothing.
    """
    movement = Movement(variant.id or 0, quantity, reference)
    return move_all(session, [movement], kind, source=source) == 1


def move_all(
    session: Session, movements: Sequence[Movement], kind: MovementKind, *, source: str
) -> int:
    """Record movements as `move` does, by statements over all of them; how many are new.

    The caller keeps them to some thousands.
    """
    if not movements:
        return 0
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    now = utc_now()
    rows = [
        {
            "variant_id": movement.variant_id,
            "quantity": movement.quantity,
            "kind": kind,
            "source": source,
            "reference": movement.reference,
            "at": now,
        }
        for movement in movements
    ]
    recorded = session.execute(
        insert(StockMovement)
        .on_conflict_do_nothing(index_elements=["source", "reference"])
        .returning(col(StockMovement.id)),
        rows,
    ).scalars()
    ids = list(recorded)
    if ids and kind is not MovementKind.SHIPMENT:
        _revise(session, ids)
    return len(ids)


def _revise(session: Session, movement_ids: Collection[int | None]) -> None:
    """Count the change, so that listings are compared again; what leaves changes none of them."""
    moved = (
        select(Variant.product_id, func.sum(StockMovement.quantity).label("units"))
        .join(StockMovement, col(StockMovement.variant_id) == col(Variant.id))
        .where(col(StockMovement.id).in_(movement_ids))
        .group_by(col(Variant.product_id))
        .subquery()
    )
    session.execute(
        update(Product)
        .where(col(Product.id) == moved.c.product_id)
        .values(
            stock_revision=Product.stock_revision + 1,
            available=Product.available + moved.c.units,
        )
        .execution_options(synchronize_session=False)
    )
