"""Stock as a person sees and counts it: levels and movements of a SKU, and a count by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlmodel import Session, col, select

from catalog.models import MovementKind, StockMovement, Variant
from catalog.stock import Levels, levels, move
from jobs import conflicts


def variant_of(session: Session, sku: str) -> Variant:
    """The variant of that SKU. Raises LookupError where there is none."""
    variant = session.exec(select(Variant).where(Variant.sku == sku)).first()
    if variant is None:
        raise LookupError(f"there is no SKU {sku!r}")
    return variant


def levels_of(session: Session, sku: str) -> Levels:
    """The levels of a SKU. Raises LookupError where there is none."""
    variant_id = variant_of(session, sku).id or 0
    return levels(session, [variant_id])[variant_id]


def history(session: Session, sku: str, limit: int) -> Sequence[StockMovement]:
    """The last movements of a SKU, the newest first. Raises LookupError where there is none."""
    variant_id = variant_of(session, sku).id
    newest = col(StockMovement.id).desc()
    return session.exec(
        select(StockMovement)
        .where(StockMovement.variant_id == variant_id)
        .order_by(newest)
        .limit(limit)
    ).all()


@dataclass(frozen=True, slots=True)
class Counted:
    """A stock-taking of one SKU: the levels before it, and after."""

    before: Levels
    after: Levels


def count(session: Session, sku: str, pieces: int, now: datetime) -> Counted:
    """Record that somebody counted so many `pieces` that stand there; see Levels.counted.

    The caller commits.

    Raises:
        LookupError: there is no such SKU.
    """
    variant = variant_of(session, sku)
    before = levels_of(session, sku)
    if moved := before.counted(pieces):
        # Each count is an event of its own, though it may bring the same figure as another.
        reference = f"{sku}:{uuid4().hex}"
        move(session, variant, moved, MovementKind.COUNT, source="count", reference=reference)
    conflicts.look(session, [variant.id or 0], now)
    return Counted(before, levels_of(session, sku))
