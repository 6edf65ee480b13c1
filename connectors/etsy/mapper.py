"""From a draft to the forms of Etsy's listings, and back. Pure.

Names of operations are those of Etsy Open API v3. Lengths and counts come from limits.py; a draft
that breaks them is refused by rules.py before it gets here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from html import unescape
from typing import Any

from moneyed import Money

from connectors.etsy.inventory import Form, quantity
from connectors.etsy.limits import HIGHEST_QUANTITY, LANGUAGES, PERIODS, PRESENT_PERIOD
from connectors.etsy.rules import clean_materials, clean_tags, language_of, shown_texts
from connectors.protocol import (
    Draft,
    Measures,
    Remote,
    RemoteListing,
    RemoteOffer,
    Text,
)


@dataclass(frozen=True, slots=True)
class ShopDefaults:
    """What the shop says of a listing's words: its language, its id of the craft's category."""

    language: str
    taxonomy_id: int
    renew: bool = False


@dataclass(frozen=True, slots=True)
class Profiles:
    """What a new listing refers to in the shop. A seller may choose others for it later."""

    shipping_profile_id: int
    return_policy_id: int
    readiness_state_id: int
    shop_section_id: int | None = None


def draft_form(draft: Draft, shop: ShopDefaults, profiles: Profiles) -> Form:
    """Fields of createDraftListing for a new listing.

    The SKU has no place in it, and the description ends in a mark instead, so that the listing
    can be found should the answer be lost. What publishes it takes the mark away.
    """
    content = content_form(draft, shop)
    referred = {name: str(id_) for name, id_ in asdict(profiles).items() if id_}
    form = content | {
        "description": f"{content['description']}\n\n{mark(draft.key)}",
        "price": str(min(offer.price.amount for offer in draft.offers)),
        "quantity": str(min(sum(map(quantity, draft.offers)), HIGHEST_QUANTITY)),
        "type": "physical",
        **referred,
    }
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
        "materials": ",".join(clean_materials(text.materials)),
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


def money(value: Mapping[str, Any]) -> Money:
    """An amount as Etsy tells it."""
    return Money(Decimal(value["amount"]) / Decimal(value["divisor"]), value["currency_code"])


def remote_of(listing: Mapping[str, Any]) -> Remote:
    """A listing's place, with what its answer tells for later: its state, and prices by SKU."""
    prices = {
        f"price:{product['sku']}": str(money(product["offerings"][0]["price"]).amount)
        for product in _products(listing)
    }
    return Remote(str(listing["listing_id"]), {"state": listing["state"], **prices})


def _products(listing: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Its variants that have a SKU, as far as the inventory was asked for."""
    inventory = listing.get("inventory") or {}
    return [product for product in inventory.get("products") or () if product.get("sku")]


def shown_listing(listing: Mapping[str, Any]) -> RemoteListing:
    """A listing of getListingsByShop, with its inventory and images, as the market shows it."""
    on_sale = listing["state"] == "active"
    images = listing.get("images") or ()
    return RemoteListing(
        remote_of(listing),
        # Signs may come as HTML writes them (&#39;).
        unescape(listing["title"]),
        tuple(_shown_offer(product, on_sale=on_sale) for product in _products(listing)),
        on_sale,
        len(images),
        unescape(listing["description"]),
        tuple(image["url_fullxfull"] for image in images if image.get("url_fullxfull")),
    )


def _shown_offer(product: Mapping[str, Any], *, on_sale: bool) -> RemoteOffer:
    offering = product["offerings"][0]
    # Etsy keeps the last quantity of a listing that is off sale; a buyer can have none of it.
    available = offering["quantity"] if on_sale else 0
    return RemoteOffer(product["sku"], money(offering["price"]), available)
