"""Many products changed at once, told product by product: what changes for whom."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from catalog.models import Product, Variant
from catalog.refusals import Refused, Why, first_why
from jobs.editing import BulkEdit, edit_one, revise_all, variants_of
from jobs.pricing import money_text

# Products changed at once: bounds what a query names, and what a person can look over.
MOST = 400


@dataclass(frozen=True, slots=True)
class Altered:
    """One value of a product, `field` its column or the SKU whose price it is."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Effect:
    """What an edit does to one product, or why it cannot."""

    product: Product
    altered: tuple[Altered, ...] = ()
    refused: Why | None = None


def bulk_edit(
    session: Session, ids: Collection[int], maker_id: int | None, edit: BulkEdit
) -> list[Effect]:
    """Carry `edit` out on those products, of one maker's alone where a maker is given.

    A rehearsal is the same, rolled back. The caller commits, and only where nothing is refused.
    """
    query = select(Product).where(col(Product.id).in_(list(ids)[:MOST]))
    if maker_id is not None:
        query = query.where(Product.maker_id == maker_id)
    found = session.exec(query.order_by(col(Product.id))).all()
    variants = variants_of(session, [product.id or 0 for product in found])
    effects = [_effect(session, one, variants[one.id or 0], edit) for one in found]
    revise_all(session, [one.product.id or 0 for one in effects if one.altered])
    return effects


def _effect(
    session: Session, product: Product, variants: Sequence[Variant], edit: BulkEdit
) -> Effect:
    before = dict(_values(product, variants))
    try:
        edit_one(session, product, variants, edit)
    except Refused as refused:
        return Effect(product, refused=first_why(refused))
    after = dict(_values(product, variants))
    altered = (Altered(name, before[name], after[name]) for name in after)
    return Effect(product, tuple(one for one in altered if one.before != one.after))


def _values(product: Product, variants: Sequence[Variant]) -> Iterator[tuple[str, Any]]:
    yield "craft", product.craft
    yield "tags", list(product.tags)
    yield "withdrawn", product.withdrawn
    yield "exclusive_to", product.exclusive_to
    for variant in variants:
        yield variant.sku, money_text(variant.price)
