"""The stock ledger: on hand is the sum of movements, and a movement is recorded once."""

from collections.abc import Collection

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
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    recorded = session.execute(
        insert(StockMovement)
        .values(
            variant_id=variant.id,
            quantity=quantity,
            kind=kind,
            source=source,
            reference=reference,
            at=utc_now(),
        )
        .on_conflict_do_nothing(index_elements=["source", "reference"])
        .returning(col(StockMovement.id))
    ).first()
    if recorded is None:
        return False
    session.execute(
        update(Product)
        .where(col(Product.id) == variant.product_id)
        .values(stock_revision=Product.stock_revision + 1)
    )
    return True
