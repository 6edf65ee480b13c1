"""What the counts of jobs.attention stand for, one by one: listings and products to mend."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from catalog.models import Product
from connectors.protocol import Severity
from jobs.attention import having_small_photos, wanted_side
from jobs.listing_desk import ListingsWanted, listings
from jobs.models import Listing, ListingIssue

# So many products with a small photo are named at once; the next ones follow those that are mended.
MOST = 24


def kept_off(session: Session, maker_id: int | None) -> tuple[SelectOfScalar[Listing], Any]:
    """The listings that a complaint keeps off their market, and the key that they are read by."""
    statement, key = listings(session, ListingsWanted(maker_id=maker_id))
    # Begun at the complaints, which are few beside the listings.
    grave = select(ListingIssue.listing_id).where(ListingIssue.severity == Severity.ERROR)
    return statement.where(col(Listing.id).in_(grave)), key


def with_small_photos(session: Session, maker_id: int | None) -> Sequence[Product]:
    """Some of the products with a photo that is smaller than a market of ours wants it."""
    small = having_small_photos(select(Product.id), wanted_side(session))
    query = select(Product).where(col(Product.id).in_(small))
    if maker_id is not None:
        query = query.where(Product.maker_id == maker_id)
    return session.exec(query.order_by(col(Product.id)).limit(MOST)).all()
