"""What the catalog holds already of the products that some rows speak of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from catalog.importing.groups import ProductRows
from catalog.models import Maker, Photo, Product, Variant
from catalog.stock import Levels, levels

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """Products by code and id, variants by SKU, photos by product, levels by variant."""

    by_code: Mapping[str, Record]
    by_id: Mapping[int, Record]
    variants: Mapping[str, Record]
    photos: Mapping[int, Sequence[Record]]
    levels: Mapping[int, Levels]

    def product_of(self, rows: ProductRows) -> Record | None:
        """The product that rows speak of: that of a SKU among them, or of their code."""
        known = (self.variants.get(row.sku) for row in rows.variants)
        variant = next(filter(None, known), None)
        return self.by_id[variant["product_id"]] if variant else self.by_code.get(rows.code)


def load(session: Session, products: Sequence[ProductRows]) -> Stored:
    """What is stored of those products. Four queries; the caller keeps them to some hundreds."""
    skus = [row.sku for rows in products for row in rows.variants]
    codes = [rows.code for rows in products]
    variants = _records(session, Variant, col(Variant.sku).in_(skus))
    ids = {variant["product_id"] for variant in variants}
    found = _products(session, codes, ids)
    photos: dict[int, list[Record]] = {}
    of_products = col(Photo.product_id).in_([product["id"] for product in found])
    for photo in _records(session, Photo, of_products):
        photos.setdefault(photo["product_id"], []).append(photo)
    return Stored(
        by_code={product["code"]: product for product in found},
        by_id={product["id"]: product for product in found},
        variants={variant["sku"]: variant for variant in variants},
        photos=photos,
        levels=levels(session, [variant["id"] for variant in variants]),
    )


def _products(session: Session, codes: Collection[str], ids: Collection[int]) -> list[Record]:
    columns = [*Product.__table__.columns, col(Maker.slug).label("maker")]  # type: ignore[attr-defined]  # SQLModel does not declare __table__
    wanted = or_(col(Product.code).in_(codes), col(Product.id).in_(ids))
    query = select(*columns).join(Maker).where(wanted)
    return [dict(row) for row in session.execute(query).mappings()]


def _records(
    session: Session, table: type[Variant | Photo], wanted: ColumnElement[bool]
) -> list[Record]:
    query = select(*table.__table__.columns).where(wanted).order_by(col(table.id))  # type: ignore[union-attr]
    return [dict(row) for row in session.execute(query).mappings()]
