"""A product has changed: the one place where its revision moves on, with all that follows it."""

from collections.abc import Collection

from sqlmodel import Session, col, func, select, update

from catalog import search
from catalog.columns import utc_now
from catalog.models import Photo, Product


def revise(session: Session, product_ids: Collection[int]) -> None:
    """Count a change of these products, so that their listings are compared again.

    Whoever changes words, price, photos or variants calls it, after the change is flushed. The
    caller keeps them to some hundreds.
    """
    session.flush()
    session.execute(
        update(Product)
        .where(col(Product.id).in_(product_ids))
        .values(revision=Product.revision + 1, updated_at=utc_now())
        .execution_options(synchronize_session=False)
    )
    refresh(session, product_ids)


def refresh(session: Session, product_ids: Collection[int]) -> None:
    """Keep what lists are filtered and searched by as these products are now."""
    if not product_ids:
        return
    session.flush()
    photos = (
        select(func.count(col(Photo.id)))
        .where(col(Photo.product_id) == col(Product.id), col(Photo.sha256).is_not(None))
        .scalar_subquery()
    )
    session.execute(
        update(Product)
        .where(col(Product.id).in_(product_ids))
        .values(photo_count=photos)
        .execution_options(synchronize_session=False)
    )
    search.index(session, product_ids)
    wanted = set(product_ids)
    for row in session.identity_map.values():
        if isinstance(row, Product) and row.id in wanted:
            session.expire(row)
