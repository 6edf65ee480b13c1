"""Products as they stand, read whole by a few set-based queries: what drafts are made from."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import Session, col, select

from catalog.models import Maker, Photo, Product, Variant
from catalog.stock import levels

Row = TypeVar("Row", Variant, Photo)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One product with its maker, its variants and photos in order, and units to sell by SKU.

    `available` is below 0 where more was sold than there is.
    """

    product: Product
    maker: Maker
    variants: tuple[Variant, ...]
    photos: tuple[Photo, ...]
    available: dict[str, int]


def load(session: Session, product_ids: Collection[int]) -> list[Snapshot]:
    """The products of those ids, in the order of their ids; one without variants is left out.

    Five queries whatever the number; the caller keeps `product_ids` to some hundreds.
    """
    products = session.exec(
        select(Product).where(col(Product.id).in_(product_ids)).order_by(col(Product.id))
    ).all()
    # On their own, not joined: one maker has hundreds of products.
    maker_ids = {product.maker_id for product in products}
    makers = session.exec(select(Maker).where(col(Maker.id).in_(maker_ids))).all()
    maker_of = {maker.id: maker for maker in makers}
    variants = _by_product(
        session.exec(
            select(Variant)
            .where(col(Variant.product_id).in_(product_ids))
            .order_by(col(Variant.position), col(Variant.id))
        ).all()
    )
    photos = _by_product(
        session.exec(
            select(Photo)
            .where(col(Photo.product_id).in_(product_ids))
            .order_by(col(Photo.position), col(Photo.id))
        ).all()
    )
    stock = levels(session, [v.id for group in variants.values() for v in group if v.id])
    return [
        Snapshot(
            product,
            maker_of[product.maker_id],
            tuple(variants[product.id]),
            tuple(photos[product.id]),
            {v.sku: stock[v.id].available for v in variants[product.id] if v.id},
        )
        for product in products
        if variants[product.id]
    ]


def _by_product(rows: Sequence[Row]) -> dict[int | None, list[Row]]:
    groups: dict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.product_id].append(row)
    return groups
