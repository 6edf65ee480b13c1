"""The offers of a draft: each SKU with its price, its units and what tells it from the others."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from catalog.models import Variant
from catalog.pricing.price import Hold, Priced, Shown, price
from catalog.pricing.terms import PriceTerms
from catalog.snapshots import Snapshot
from catalog.translation.options import localized
from connectors import protocol
from connectors.protocol import Issue, Measures, Offer, Severity
from jobs.pricing import cost_of


def prices(
    snapshot: Snapshot, terms: PriceTerms, shown: Mapping[str, Shown], now: datetime
) -> dict[str, Priced]:
    """The price of each SKU, given what the market shows.

    Raises:
        LookupError: a rate is missing, or too old to make a first price with.
    """
    return {
        variant.sku: price(cost_of(variant), terms, shown.get(variant.sku), now)
        for variant in snapshot.variants
    }


def offer(variant: Variant, snapshot: Snapshot, priced: Priced, locale: str, buffer: int) -> Offer:
    """`variant` as it is offered, its options in the language of `locale`, `buffer` units kept."""
    photos = (p for p in snapshot.photos if p.variant_id == variant.id and p.sha256)
    own_photo = next(photos, None)
    return Offer(
        sku=variant.sku,
        price=priced.price,
        available=max(0, snapshot.on_hand[variant.sku] - buffer),
        options=localized([(name, value) for name, value in variant.options], locale),
        measures=Measures(
            length_cm=variant.length_cm,
            width_cm=variant.width_cm,
            height_cm=variant.height_cm,
            diameter_cm=variant.diameter_cm,
            weight_g=variant.weight_g,
        ),
        gtin=variant.gtin,
        photo=protocol.Photo(own_photo.sha256 or "", own_photo.alt) if own_photo else None,
    )


def remarks(priced: Mapping[str, Priced]) -> Iterator[Issue]:
    """What a person should know of these prices, by SKU."""
    for sku, one in priced.items():
        if one.held is Hold.STALE_RATES:
            message = f"The rates are too old: {sku} stays at {one.price} until new ones come"
            yield Issue("rates_stale", message, Severity.WARNING, "price", sku)
            if one.price.amount < one.floor.amount:
                message = f"{sku} is shown at {one.price}, under its floor of {one.floor}"
                yield Issue("price_under_floor", message, Severity.WARNING, "price", sku)
        elif one.raised:
            message = f"The policy asks less for {sku} than its floor: it is shown at {one.price}"
            yield Issue("price_raised", message, Severity.WARNING, "price", sku)
