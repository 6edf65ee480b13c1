"""What of the catalog listings are matched by: read from the database."""

from collections.abc import Sequence

from sqlalchemy import or_
from sqlmodel import Session, col, select

from catalog.folding import fold
from catalog.models import Photo, Product, Variant
from connectors.protocol import RemoteListing
from images.measures import VERSION
from jobs.likeness import Wares, gtin14
from jobs.models import Channel, Listing, PhotoCheck

# A GTIN-14 of a single piece begins with zeros; catalogs write it with or without them.
_SHORTEST = 8


def wares_for(session: Session, channel: Channel, shown: Sequence[RemoteListing]) -> Wares:
    """Our products that share a SKU or a GTIN with one of those listings."""
    offers = [offer for one in shown for offer in one.offers]
    gtins = {form for offer in offers if offer.gtin for form in _forms(offer.gtin)}
    rows = session.exec(
        select(Variant).where(
            or_(
                col(Variant.sku).in_({offer.sku for offer in offers}),
                col(Variant.gtin).in_(gtins),
            )
        )
    ).all()
    ids = {row.product_id for row in rows}
    by_gtin: dict[str, set[int]] = {}
    for row in rows:
        if row.gtin:
            by_gtin.setdefault(gtin14(row.gtin), set()).add(row.product_id)
    return Wares(
        {row.sku: row.product_id for row in rows},
        # One that stands on several products of ours tells none of them.
        {gtin: next(iter(those)) for gtin, those in by_gtin.items() if len(those) == 1},
        frozenset(ids & set(free_products(session, channel, sorted(ids)))),
    )


def _forms(gtin: str) -> set[str]:
    """The ways to write a GTIN: with its leading zeros, or some or none of them."""
    whole = gtin14(gtin)
    bare = whole.lstrip("0")
    return {whole[-n:] for n in range(max(_SHORTEST, len(bare)), len(whole) + 1)}


def free_products(
    session: Session, channel: Channel, among: Sequence[int] | None = None
) -> dict[int, str]:
    """Folded titles of the products that are sold on `channel` and have no listing there."""
    listed = select(Listing.product_id).where(
        Listing.channel_id == channel.id, col(Listing.remote_id).is_not(None)
    )
    query = select(Product.id, Product.title).where(
        col(Product.withdrawn).is_(False),
        or_(col(Product.exclusive_to).is_(None), col(Product.exclusive_to) == channel.code),
        col(Product.id).not_in(listed),
    )
    if among is not None:
        query = query.where(col(Product.id).in_(among))
    return {id_: fold(title) for id_, title in session.exec(query) if id_}


def pictures(session: Session, product_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Fingerprints of those products' photos, as far as they were measured by a photo check."""
    rows = session.exec(
        select(Photo.product_id, PhotoCheck.measures)
        .join(PhotoCheck, col(PhotoCheck.sha256) == col(Photo.sha256))
        .where(PhotoCheck.version == VERSION)
    )
    wanted = set(product_ids)
    found: dict[int, tuple[int, ...]] = {}
    for product_id, measures in rows:
        if product_id in wanted:
            found[product_id] = (*found.get(product_id, ()), int(measures["fingerprint"]))
    return found
