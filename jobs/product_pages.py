"""One product whole: all that its page shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from catalog.completeness import Completeness
from catalog.models import Maker, Photo, Product, Variant
from catalog.stock import Levels, levels
from jobs.editing import variants_of
from jobs.listings import GRAVEST_FIRST
from jobs.models import Channel, Listing, ListingIssue
from jobs.scoring import judged


@dataclass(frozen=True, slots=True)
class Listed:
    """A product's listing on a channel, with what is complained of it."""

    channel: Channel
    listing: Listing
    issues: tuple[ListingIssue, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A product with its maker, its variants and their stock, its photos and its listings."""

    product: Product
    maker: Maker
    variants: tuple[Variant, ...]
    levels: Mapping[int, Levels]
    photos: tuple[Photo, ...]
    listings: tuple[Listed, ...]
    completeness: Completeness


def product_page(session: Session, product: Product) -> ProductPage:
    """All that is known of a product, by a dozen queries."""
    product_id = product.id or 0
    variants = variants_of(session, [product_id])[product_id]
    photos = select(Photo).where(Photo.product_id == product_id)
    return ProductPage(
        product,
        session.get_one(Maker, product.maker_id),
        tuple(variants),
        levels(session, [variant.id or 0 for variant in variants]),
        tuple(session.exec(photos.order_by(col(Photo.position), col(Photo.id)))),
        _listings(session, product_id),
        judged(session, [product_id]).get(product_id, Completeness(0)),
    )


def _listings(session: Session, product_id: int) -> tuple[Listed, ...]:
    issues: dict[int, list[ListingIssue]] = {}
    of_product = (
        select(ListingIssue)
        .join(Listing, col(Listing.id) == col(ListingIssue.listing_id))
        .where(Listing.product_id == product_id)
        .order_by(*GRAVEST_FIRST)
    )
    for issue in session.exec(of_product):
        issues.setdefault(issue.listing_id, []).append(issue)
    rows = session.exec(
        select(Channel, Listing)
        .join(Listing, col(Listing.channel_id) == col(Channel.id))
        .where(Listing.product_id == product_id)
        .order_by(Channel.code)
    )
    return tuple(
        Listed(channel, listing, tuple(issues.get(listing.id or 0, ())))
        for channel, listing in rows
    )
