"""From a product to what a channel should show of it now: pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from catalog.models import Photo, Product, Variant
from catalog.pricing.convert import convert
from catalog.pricing.rates import Rate
from catalog.snapshots import Snapshot
from catalog.vocabulary.crafts import CRAFTS
from connectors import protocol
from connectors.protocol import Draft, Issue, Measures, Offer, Text, digest

# Grows when this module makes another draft from the same inputs, so that every channel is
# compared again after an upgrade.
VERSION = 1


@dataclass(frozen=True, slots=True)
class Terms:
    """What a channel decides about every draft: currency, locales, and the units it holds back."""

    currency: str
    locales: tuple[str, ...]
    rates: Mapping[str, Rate]
    buffer: int = 0

    def digest(self) -> str:
        """Names all that a draft depends on beside its product."""
        rate = self.rates.get(self.currency)
        return digest(
            {
                "version": VERSION,
                "currency": self.currency,
                "locales": list(self.locales),
                "rate": str(rate.mad_per_unit) if rate else None,
                "buffer": self.buffer,
            }
        )


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft, what a person should know of it, and when it is due again though nothing changes."""

    draft: Draft
    remarks: tuple[Issue, ...] = ()
    again: datetime | None = None


def draft(snapshot: Snapshot, terms: Terms) -> Drafted:
    """What a channel with `terms` should show of the product now.

    Raises:
        LookupError: there is no exchange rate for the product's or the channel's currency.
    """
    product, maker = snapshot.product, snapshot.maker
    craft = CRAFTS.get(product.craft) if product.craft else None
    shown = Draft(
        key=product.code,
        craft=product.craft,
        maker=protocol.Maker(maker.name, maker.is_cooperative, product.region or maker.region),
        texts=(_source_text(product),),
        offers=tuple(_offer(variant, snapshot, terms) for variant in snapshot.variants),
        photos=tuple(_photo(p, product) for p in snapshot.photos if p.sha256),
        made_in_year=product.made_in_year,
        made_to_order=product.made_to_order,
        lead_time_days=product.lead_time_days,
        hs_code=craft.hs if craft else None,
        present=not product.withdrawn,
    )
    return Drafted(shown)


def _source_text(product: Product) -> Text:
    return Text(
        locale=product.language,
        title=product.title,
        description=product.description or product.title,
        tags=tuple(product.tags),
        materials=tuple(product.materials),
        colours=tuple(product.colours),
    )


def _offer(variant: Variant, snapshot: Snapshot, terms: Terms) -> Offer:
    photos = (p for p in snapshot.photos if p.variant_id == variant.id and p.sha256)
    own_photo = next(photos, None)
    return Offer(
        sku=variant.sku,
        price=convert(variant.price, terms.currency, terms.rates),
        available=max(0, snapshot.on_hand[variant.sku] - terms.buffer),
        options=tuple((name, value) for name, value in variant.options),
        measures=Measures(
            length_cm=variant.length_cm,
            width_cm=variant.width_cm,
            height_cm=variant.height_cm,
            diameter_cm=variant.diameter_cm,
            weight_g=variant.weight_g,
        ),
        gtin=variant.gtin,
        photo=_photo(own_photo, snapshot.product) if own_photo else None,
    )


def _photo(photo: Photo, product: Product) -> protocol.Photo:
    return protocol.Photo(photo.sha256 or "", photo.alt or product.title)
