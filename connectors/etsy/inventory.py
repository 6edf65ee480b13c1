"""A listing's variants as Etsy's inventory: their properties, prices, stock and readiness. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from moneyed import Money

from connectors.amounts import json_number
from connectors.etsy.limits import (
    HIGHEST_QUANTITY,
    OPTION_NAMES,
    OPTION_PROPERTIES,
    PROCESSING_TIME,
)
from connectors.protocol import Draft, Offer, digest

Form = dict[str, str]
Document = dict[str, Any]

# Days: what a ready piece needs to be packed, and a piece to order to be made, where the draft
# does not say.
_READY = (1, 3)
_TO_ORDER = 10
_WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class Processing:
    """How long a piece takes until it is sent: a processing profile, or "readiness state"."""

    state: str
    shortest: int
    longest: int
    unit: str = "days"

    def form(self) -> Form:
        """Fields of createShopReadinessStateDefinition."""
        return {
            "readiness_state": self.state,
            "min_processing_time": str(self.shortest),
            "max_processing_time": str(self.longest),
            "processing_time_unit": self.unit,
        }

    def matches(self, profile: Mapping[str, Any]) -> bool:
        """Whether `profile`, of getShopReadinessStateDefinitions, says the same."""
        days = _WORKING_DAYS if self.unit == "weeks" else 1
        told = ("readiness_state", "min_processing_days", "max_processing_days")
        wanted = (self.state, self.shortest * days, self.longest * days)
        return tuple(profile[name] for name in told) == wanted


def processing_of(draft: Draft) -> Processing:
    """How long the draft's piece takes. Etsy counts to ten days, and then in weeks."""
    state = "made_to_order" if draft.made_to_order else "ready_to_ship"
    days = draft.lead_time_days or (_TO_ORDER if draft.made_to_order else 0)
    if not days:
        return Processing(state, *_READY)
    if days <= PROCESSING_TIME:
        return Processing(state, days, days)
    weeks = min(-(-days // 7), PROCESSING_TIME)
    return Processing(state, weeks, weeks, "weeks")


@dataclass(frozen=True, slots=True)
class Variation:
    """The property of Etsy's that tells variants apart by one option, and its ids of values."""

    property_id: int
    name: str
    value_ids: Mapping[str, int] = field(default_factory=dict)


def quantity(offer: Offer) -> int:
    """The units to show: Etsy takes no more than so many."""
    return min(offer.available, HIGHEST_QUANTITY)


def variations_of(draft: Draft, properties: Iterable[Mapping[str, Any]]) -> list[Variation]:
    """The Etsy property for each option of the draft.

    `properties` are the category's, by getPropertiesByTaxonomyId. One of them is taken where it
    knows all the option's values, so that buyers can search by it; else one of the shop's own.
    """
    spare = iter(OPTION_PROPERTIES)
    known = {one["display_name"].casefold(): one for one in properties if _is_plain_choice(one)}
    found = []
    for place, (name, _) in enumerate(draft.offers[0].options):
        named = OPTION_NAMES.get(name.casefold(), name.casefold())
        values = {offer.options[place][1] for offer in draft.offers}
        choice = _chosen(known.pop(named, None), values)
        found.append(choice or Variation(next(spare), _plain(name)))
    return found


def _is_plain_choice(one: Mapping[str, Any]) -> bool:
    # A property with scales, such as shoe sizes, wants to know which; no draft says that.
    return bool(one["supports_variations"]) and not one["scales"]


def _chosen(choice: Mapping[str, Any] | None, values: Iterable[str]) -> Variation | None:
    if choice is None:
        return None
    possible = {one["name"].casefold(): one for one in choice["possible_values"]}
    if any(value.casefold() not in possible for value in values):
        return None
    ids = {value: possible[value.casefold()]["value_id"] for value in values}
    return Variation(choice["property_id"], choice["display_name"], ids)


def inventory(
    draft: Draft,
    variations: Sequence[Variation],
    prices: Mapping[str, str],
    readiness_state_id: int,
) -> Document:
    """The document of updateListingInventory: all variants, each with its price and stock.

    `prices` are amounts by SKU, and stand for the draft's own where they are given.
    """
    property_ids = [variation.property_id for variation in variations]
    products: list[Document] = [
        {
            "sku": offer.sku,
            "property_values": [
                _property_value(variation, value)
                for variation, (_, value) in zip(variations, offer.options, strict=True)
            ],
            "offerings": [_offering(offer, prices, readiness_state_id)],
        }
        for offer in draft.offers
    ]
    amounts = {product["offerings"][0]["price"] for product in products}
    return {
        "products": products,
        "price_on_property": property_ids if len(amounts) > 1 else [],
        "quantity_on_property": property_ids,
        "sku_on_property": property_ids,
        "readiness_state_on_property": [],
    }


def _offering(offer: Offer, prices: Mapping[str, str], readiness_state_id: int) -> Document:
    currency = offer.price.currency
    return {
        "price": json_number(Money(prices.get(offer.sku, offer.price.amount), currency)),
        "quantity": quantity(offer),
        "is_enabled": True,
        "readiness_state_id": readiness_state_id,
    }


def _property_value(variation: Variation, value: str) -> Document:
    value_id = variation.value_ids.get(value)
    return {
        "property_id": variation.property_id,
        "property_name": variation.name,
        "value_ids": [value_id] if value_id else [],
        "values": [_plain(value)],
    }


def _plain(words: str) -> str:
    # Contract, property_values: "parenthesis characters (`(` and `)`) are not allowed".
    return words.replace("(", "").replace(")", "").strip()


def variants_digest(draft: Draft) -> str:
    """Names what updateListingInventory says beside prices and stock."""
    processing = processing_of(draft)
    return digest(
        {
            "variants": {
                offer.sku: [list(pair) for pair in offer.options] for offer in draft.offers
            },
            "processing": [processing.state, processing.shortest, processing.longest],
        }
    )


def variation_images(
    draft: Draft, products: Iterable[Mapping[str, Any]], image_ids: Mapping[str, int]
) -> Document | None:
    """The document of updateVariationImages: which picture shows which value of an option.

    `products` are those of the listing's inventory, which tells the ids of values; `image_ids`
    are by SKU. Etsy takes one option: the first whose values have one picture each.
    """
    pictured = [product for product in products if product["sku"] in image_ids]
    for place in range(len(draft.offers[0].options)):
        pairs = {
            (value["property_id"], value["value_ids"][0], image_ids[product["sku"]])
            for product in pictured
            for value in [product["property_values"][place]]
        }
        if pairs and len({value_id for _, value_id, _ in pairs}) == len(pairs):
            names = ("property_id", "value_id", "image_id")
            told = [dict(zip(names, pair, strict=True)) for pair in sorted(pairs)]
            return {"variation_images": told}
    return None
