"""The offers of a draft: each SKU with its price, its units and what tells it from the others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog.models import Variant
from catalog.pricing.price import Hold, Priced, Shown, price
from catalog.pricing.terms import PriceTerms
from catalog.snapshots import Snapshot
from catalog.translation.options import localized
from connectors import protocol
from connectors.protocol import Issue, Measures, Offer, Severity
from jobs.policies import LastUnit
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


Options = tuple[tuple[str, str], ...]


def choices(variants: Sequence[Variant], locale: str) -> dict[str, Options]:
    """What tells each SKU from the others, in the language of `locale`.

    In their own words where two would become one choice, such as 'écru' and 'cru'.
    """
    own: dict[str, Options] = {
        variant.sku: tuple((name, value) for name, value in variant.options) for variant in variants
    }
    named = {sku: localized(options, locale) for sku, options in own.items()}
    return named if len(set(named.values())) == len(set(own.values())) else own


@dataclass(frozen=True, slots=True)
class UnitTerms:
    """Which of the available units a channel shows: `buffer` of them are held back."""

    buffer: int = 0
    last_unit: LastUnit = LastUnit.SHOW


def shown_units(available: int, terms: UnitTerms) -> int:
    """The units to show of so many available ones; never below 0, however many were oversold."""
    if terms.last_unit is LastUnit.HIDE and available <= 1:
        return 0
    return max(0, available - terms.buffer)


def offer(
    variant: Variant, snapshot: Snapshot, priced: Priced, options: Options, terms: UnitTerms
) -> Offer:
    """`variant` as it is offered under the channel's `terms`."""
    photos = (p for p in snapshot.photos if p.variant_id == variant.id and p.sha256)
    own_photo = next(photos, None)
    return Offer(
        sku=variant.sku,
        price=priced.price,
        available=shown_units(snapshot.available[variant.sku], terms),
        options=options,
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
            if one.below_floor:
                message = f"{sku} is shown at {one.price}, under its floor of {one.floor}"
                yield Issue("price_under_floor", message, Severity.WARNING, "price", sku)
        elif one.raised:
            message = f"The policy asks less for {sku} than its floor: it is shown at {one.price}"
            yield Issue("price_raised", message, Severity.WARNING, "price", sku)
