"""What needs a person now: counted over the whole catalog, or over one maker's part of it."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_
from sqlmodel import Session, col, select

from catalog.models import Photo, Product, Variant
from catalog.translation.models import SegmentUse, TextState, Translation
from connectors.protocol import Severity
from connectors.registry import marketplace
from jobs.models import Channel, Listing, ListingIssue, PhotoCheck
from jobs.order_models import Conflict

# Nobody needs to know whether it is two thousand or three; to count millions takes seconds.
MANY = 1_000


class Need(StrEnum):
    """What a person is asked to do, the most pressing first."""

    CONFLICTS = "conflicts"  # units that were sold twice
    PAUSED = "paused"  # channels that are left alone until a person resumes them
    REFUSED = "refused"  # listings that a complaint keeps off their market
    TEXTS = "texts"  # machine-made texts that nobody has read yet
    PHOTOS = "photos"  # products with a photo smaller than a market of ours wants it


def attention(session: Session, maker_id: int | None = None) -> dict[Need, int]:
    """How much of each there is to do, in the order of the needs; counted no further than MANY.

    Of one maker only what is theirs is counted, and no channel is theirs.
    """
    queries: Mapping[Need, Select[Any]] = {
        Need.CONFLICTS: _conflicts(),
        Need.REFUSED: _refused(),
        Need.TEXTS: _texts(),
        Need.PHOTOS: _photos(wanted_side(session)),
    }
    found = {need: _count(session, query, maker_id) for need, query in queries.items()}
    found[Need.PAUSED] = 0 if maker_id is not None else _paused(session)
    return {need: found[need] for need in Need}


def wanted_side(session: Session) -> int:
    """The pixels that the most demanding of our channels' marketplaces wants of a photo's side."""
    codes = session.exec(select(Channel.marketplace).distinct()).all()
    return max((side for code in codes for side in _wanted(code)), default=0)


def _wanted(code: str) -> Iterator[int]:
    # A marketplace that is not installed any more wants nothing.
    with suppress(LookupError):
        for rule in marketplace(code).limits.photos:
            yield min(max(rule.wanted_side, rule.min_side), rule.max_side)


def _count(session: Session, query: Select[Any], maker_id: int | None) -> int:
    if maker_id is not None:
        query = query.where(col(Product.maker_id) == maker_id)
    some = query.limit(MANY).subquery()
    return int(session.execute(select(func.count()).select_from(some)).scalar_one())


def _paused(session: Session) -> int:
    paused = (
        select(func.count()).select_from(Channel).where(col(Channel.paused_reason).is_not(None))
    )
    return session.exec(paused).one()


def _conflicts() -> Select[Any]:
    return (
        select(Conflict.id)
        .join(Variant, col(Variant.id) == col(Conflict.variant_id))
        .join(Product, col(Product.id) == col(Variant.product_id))
        .where(col(Conflict.settled).is_(None))
    )


def _refused() -> Select[Any]:
    return (
        select(ListingIssue.listing_id)
        .join(Listing, col(Listing.id) == col(ListingIssue.listing_id))
        .join(Product, col(Product.id) == col(Listing.product_id))
        .where(ListingIssue.severity == Severity.ERROR)
        .distinct()
    )


def _texts() -> Select[Any]:
    return (
        select(Translation.id)
        .join(SegmentUse, col(SegmentUse.segment_id) == col(Translation.segment_id))
        .join(Product, col(Product.id) == col(SegmentUse.product_id))
        .where(Translation.state == TextState.MACHINE, _on_sale())
        .distinct()
    )


def _photos(side: int) -> Select[Any]:
    return having_small_photos(select(Product.id), side).distinct()


def having_small_photos(query: Select[Any], side: int) -> Select[Any]:
    """`query` of products, narrowed to those with a measured photo of no side as long as `side`."""
    measures: Any = col(PhotoCheck.measures)
    width, height = measures["width"].as_integer(), measures["height"].as_integer()
    small = select(PhotoCheck.sha256).where(~or_(width >= side, height >= side))
    photos = query.join(Photo, col(Photo.product_id) == col(Product.id))
    return photos.where(col(Photo.sha256).in_(small), _on_sale())


def _on_sale() -> ColumnElement[bool]:
    # In words that no index knows: nearly all are, and SQLite would begin at them.
    return col(Product.withdrawn).is_not(True)
