"""Products copied into another catalog, as they are now; copied again, they are brought up to it.

Rows keep their numbers, so that the copy's are told from nobody else's: a catalog that is copied
into has no products of its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from uuid import uuid4

from sqlmodel import Session, SQLModel, col, select

from catalog.chunks import chunks
from catalog.models import Maker, MovementKind, Photo, Product, Variant
from catalog.stock import Levels, levels, move
from catalog.translation.models import Segment, SegmentUse, Translation

CHUNK = 400


def copy_products(source: Session, target: Session, maker_id: int | None = None) -> int:
    """Copy the products of a maker, or all, with their texts and levels; how many.

    A product that is reserved for one channel is copied without: its channel is not there. The
    caller commits `target`.
    """
    wanted = select(Product).order_by(col(Product.id))
    if maker_id is not None:
        wanted = wanted.where(Product.maker_id == maker_id)
    _put(target, source.exec(select(Maker)).all())
    products = source.exec(wanted).all()
    for chunk in chunks(products, CHUNK):
        _copy(source, target, chunk)
    return len(products)


def _copy(source: Session, target: Session, products: Sequence[Product]) -> None:
    for product in products:
        _put_product(target, product)
    target.flush()
    ids = [product.id or 0 for product in products]
    variants = source.exec(select(Variant).where(col(Variant.product_id).in_(ids))).all()
    _put(target, variants)
    _put(target, source.exec(select(Photo).where(col(Photo.product_id).in_(ids))).all())
    _put(target, _words(source, ids))
    _count(source, target, [variant.id or 0 for variant in variants])


def _put_product(target: Session, product: Product) -> None:
    before = target.get(Product, product.id)
    # The copy moves stock by itself, and counts that for itself.
    own = {"exclusive_to": None, "stock_revision": before.stock_revision if before else 1}
    target.merge(Product(**product.model_dump() | own))


def _words(source: Session, ids: Sequence[int]) -> Iterator[SQLModel]:
    """Segments before what refers to them."""
    uses = source.exec(select(SegmentUse).where(col(SegmentUse.product_id).in_(ids))).all()
    for chunk in chunks(sorted({use.segment_id for use in uses}), CHUNK):
        yield from source.exec(select(Segment).where(col(Segment.id).in_(chunk)))
        yield from source.exec(select(Translation).where(col(Translation.segment_id).in_(chunk)))
    yield from uses


def _put(target: Session, rows: Iterable[SQLModel]) -> None:
    for row in rows:
        target.merge(type(row)(**row.model_dump()))
    target.flush()


def _count(source: Session, target: Session, variant_ids: Sequence[int]) -> None:
    there, here = levels(source, variant_ids), levels(target, variant_ids)
    for id_ in variant_ids:
        wanted, found = _available(there, id_), _available(here, id_)
        if wanted != found:
            move(
                target,
                target.get_one(Variant, id_),
                wanted - found,
                MovementKind.COUNT,
                source="copy",
                reference=uuid4().hex,
            )


def _available(found: dict[int, Levels], variant_id: int) -> int:
    return found[variant_id].available if variant_id in found else 0
