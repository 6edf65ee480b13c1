"""From a draft to the forms and documents of Etsy's listings, and back. Pure.

Names of operations are those of Etsy Open API v3. Lengths and counts come from limits.py; a draft
that breaks them is refused by rules.py before it gets here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from moneyed import Money

from connectors.etsy.limits import (
    HIGHEST_QUANTITY,
    LANGUAGES,
    OPTION_NAMES,
    OPTION_PROPERTIES,
    PERIODS,
    PRESENT_PERIOD,
    PROCESSING_TIME,
)
from connectors.etsy.rules import clean_materials, clean_tags, language_of, shown_texts
from connectors.protocol import (
    Draft,
    Measures,
    Offer,
    Remote,
    RemoteListing,
    RemoteOffer,
    Text,
    digest,
)

Form = dict[str, str]
Document = dict[str, Any]

# Days: what a ready piece needs to be packed, and a piece to order to be made, where the draft
# does not say.
_READY = (1, 3)
_TO_ORDER = 10
_WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class ShopDefaults:
    """What the shop says of every listing, and of this one by its craft. Ids are Etsy's."""

    language: str
    taxonomy_id: int
    shipping_profile_id: int
    return_policy_id: int
    readiness_state_id: int
    section_id: int | None = None
    renew: bool = False


@dataclass(frozen=True, slots=True)
class Variation:
    """The property of Etsy's that tells variants apart by one option, and its ids of values."""

    property_id: int
    name: str
    value_ids: Mapping[str, int] = field(default_factory=dict)


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


def draft_form(draft: Draft, shop: ShopDefaults) -> Form:
    """Fields of createDraftListing for a new listing.

    The SKU has no place in it, and the description ends in a mark instead, so that the listing
    can be found should the answer be lost. What publishes it takes the mark away.
    """
    form = content_form(draft, shop) | {
        "price": str(min(offer.price.amount for offer in draft.offers)),
        "quantity": str(min(sum(map(quantity, draft.offers)), HIGHEST_QUANTITY)),
        "type": "physical",
        "shipping_profile_id": str(shop.shipping_profile_id),
        "return_policy_id": str(shop.return_policy_id),
        "readiness_state_id": str(shop.readiness_state_id),
    }
    if shop.section_id:
        form["shop_section_id"] = str(shop.section_id)
    form["description"] = f"{form['description']}\n\n{mark(draft.key)}"
    return {name: value for name, value in form.items() if value}


def content_form(draft: Draft, shop: ShopDefaults) -> Form:
    """Fields of updateListing that say what the draft says of its content, and nothing else."""
    text = main_text(draft, shop.language)
    return {
        "title": text.title,
        "description": description(text),
        "who_made": "collective" if draft.maker.is_cooperative else "i_did",
        "when_made": when_made(draft),
        "is_supply": "false",
        "taxonomy_id": str(shop.taxonomy_id),
        "tags": ",".join(clean_tags(text.tags)),
        "materials": ",".join(clean_materials(draft.materials)),
        "should_auto_renew": "true" if shop.renew else "false",
        **_measures(draft),
    }


def mark(key: str) -> str:
    """The line by which a draft is known that has no SKU yet."""
    return f"Ref. {key}"


def main_text(draft: Draft, language: str) -> Text:
    """The text in the shop's own language, or the first."""
    own = (text for text in draft.texts if language_of(text) == language)
    return next(own, draft.texts[0])


def translations(draft: Draft, language: str) -> dict[str, Form]:
    """Forms of createListingTranslation, by the languages that Etsy knows."""
    main = main_text(draft, language)
    return {
        language_of(text): {
            "title": text.title,
            "description": description(text),
            "tags": ",".join(clean_tags(text.tags)),
        }
        for text in reversed(shown_texts(draft))
        if language_of(text) in LANGUAGES - {language_of(main)}
    }


def description(text: Text) -> str:
    """The description with its bullets, which Etsy has no place of their own for."""
    return "\n\n".join(
        filter(None, ("\n".join(f"• {bullet}" for bullet in text.bullets), text.description))
    )


def when_made(draft: Draft) -> str:
    """Etsy's name for when the piece was made; the present where nobody said."""
    if draft.made_to_order:
        return "made_to_order"
    year = draft.made_in_year
    known = (name for last, name in PERIODS if year is not None and year <= last)
    return next(known, PRESENT_PERIOD)


def _measures(draft: Draft) -> Form:
    """The listing's own measures, where all variants share them."""
    first = draft.offers[0].measures
    if any(offer.measures != first for offer in draft.offers):
        return {}
    form = {name: f"{value:g}" for name, value in _sides(first) if value}
    if form:
        form["item_dimensions_unit"] = "cm"
    if first.weight_g:
        form |= {"item_weight": str(first.weight_g), "item_weight_unit": "g"}
    return form


def _sides(measures: Measures) -> Iterator[tuple[str, float | None]]:
    yield "item_length", measures.length_cm or measures.diameter_cm
    yield "item_width", measures.width_cm or measures.diameter_cm
    yield "item_height", measures.height_cm


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
    products = [
        {
            "sku": offer.sku,
            "property_values": [
                _property_value(variation, value)
                for variation, (_, value) in zip(variations, offer.options, strict=True)
            ],
            "offerings": [
                {
                    "price": float(prices.get(offer.sku, offer.price.amount)),
                    "quantity": quantity(offer),
                    "is_enabled": True,
                    "readiness_state_id": readiness_state_id,
                }
            ],
        }
        for offer in draft.offers
    ]
    amounts = {prices.get(offer.sku, str(offer.price.amount)) for offer in draft.offers}
    return {
        "products": products,
        "price_on_property": property_ids if len(amounts) > 1 else [],
        "quantity_on_property": property_ids,
        "sku_on_property": property_ids,
        "readiness_state_on_property": [],
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
    """The document of updateVariationImages: which picture shows which value of the first option.

    `products` are those of the listing's inventory, which tells the ids of values; `image_ids`
    are by SKU. Of several variants with one value the first decides.
    """
    order = [offer.sku for offer in draft.offers]
    shown: dict[int, Document] = {}
    for product in sorted(products, key=lambda one: order.index(one["sku"])):
        first = product["property_values"][0]
        if product["sku"] in image_ids and first["value_ids"]:
            pair = {"property_id": first["property_id"], "value_id": first["value_ids"][0]}
            image = {"image_id": image_ids[product["sku"]]}
            shown.setdefault(pair["value_id"], pair | image)
    return {"variation_images": list(shown.values())} if shown else None


def money(value: Mapping[str, Any]) -> Money:
    """An amount as Etsy tells it."""
    return Money(Decimal(value["amount"]) / Decimal(value["divisor"]), value["currency_code"])


def remote_of(listing: Mapping[str, Any]) -> Remote:
    """A listing's place, with what its answer tells for later."""
    return Remote(str(listing["listing_id"]), {"state": listing["state"]})


def shown_listing(listing: Mapping[str, Any]) -> RemoteListing:
    """A listing of getListingsByShop, with its inventory and images, as the market shows it."""
    on_sale = listing["state"] == "active"
    products = (listing.get("inventory") or {}).get("products") or []
    return RemoteListing(
        remote_of(listing),
        listing["title"],
        tuple(_shown_offer(p, on_sale=on_sale) for p in products if p.get("sku")),
        on_sale,
        len(listing.get("images") or ()),
    )


def _shown_offer(product: Mapping[str, Any], *, on_sale: bool) -> RemoteOffer:
    offering = product["offerings"][0]
    # Etsy keeps the last quantity of a listing that is off sale; a buyer can have none of it.
    available = offering["quantity"] if on_sale else 0
    return RemoteOffer(product["sku"], money(offering["price"]), available)
