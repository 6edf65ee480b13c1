"""The stock ledger: on hand is the sum of movements, and a movement is recorded once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from catalog.columns import utc_now
from catalog.models import MovementKind, Product, StockMovement, Variant


def on_hand(session: Session, variant_ids: Collection[int]) -> dict[int, int]:
    """Units on hand of each variant, 0 where nothing ever moved."""
    rows = session.exec(
        select(StockMovement.variant_id, func.sum(StockMovement.quantity))
        .where(col(StockMovement.variant_id).in_(variant_ids))
        .group_by(col(StockMovement.variant_id))
    )
    return dict.fromkeys(variant_ids, 0) | {variant: int(total) for variant, total in rows}


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
        .returning(col(StockMovement.variant_id)),
        rows,
    ).scalars()
    variant_ids = list(recorded)
    moved = select(Variant.product_id).where(col(Variant.id).in_(variant_ids))
    session.execute(
        update(Product)
        .where(col(Product.id).in_(moved))
        .values(stock_revision=Product.stock_revision + 1)
        .execution_options(synchronize_session=False)
    )
    return len(variant_ids)
