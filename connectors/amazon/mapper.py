"""A draft as Amazon's attributes: whole items, and patches of some facets. Pure.

The attributes are those of Amazon's product type definitions; submissions.fit keeps what a type
knows. Source: Listings Items API use case guide; Product Type Definitions API.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal
from babel.units import format_unit

from connectors.amazon.crafts import ProductType
from connectors.amazon.limits import (
    BULLETS,
    KEYWORD_BYTES,
    MAIN_IMAGE,
    OTHER_IMAGES,
    SKU_LENGTH,
)
from connectors.amazon.sites import Market
from connectors.amazon.submissions import LISTING, PRODUCT_ONLY, Attributes, Patch, Put
from connectors.amounts import json_number
from connectors.protocol import ALL_FACETS, Draft, Facet, Measures, Offer, Photo, Text
from images.rules import ImageRule

PhotoUrl = Callable[[Photo, ImageRule], str | None]

CM_IN_AN_INCH = 2.54
GRAMS_IN_A_POUND = 453.59237


@dataclass(frozen=True, slots=True)
class Page:
    """Where a draft is to be shown: the market, and the addresses of its photos there."""

    market: Market
    url: PhotoUrl

    def entry(self, **values: Any) -> dict[str, Any]:
        """One entry of an attribute, for this market."""
        return values | {"marketplace_id": self.market.site.remote_id}

    def words(self, language_tag: str, value: str) -> dict[str, Any]:
        """One entry that is text, in its language."""
        return self.entry(value=value, language_tag=language_tag)


def is_family(draft: Draft) -> bool:
    """Whether the draft is a parent item with its offers as children, rather than one item."""
    return len(draft.offers) > 1


def main_sku(draft: Draft) -> str:
    """The SKU that stands for the whole listing: the only offer's, or the parent's.

    A parent's SKU is the draft's key; where that is an offer's SKU or too long for Amazon, its
    beginning and a digest, the same at every call.
    """
    if not is_family(draft):
        return draft.offers[0].sku
    taken = {offer.sku for offer in draft.offers}
    if len(draft.key) <= SKU_LENGTH and draft.key not in taken:
        return draft.key
    mark = hashlib.sha256(draft.key.encode()).hexdigest()[:8]
    return f"{draft.key[: SKU_LENGTH - 9]}-{mark}"


def puts(draft: Draft, kind: ProductType, page: Page) -> tuple[Put, ...]:
    """The items that show `draft`, the parent before its children."""
    return tuple(
        Put(
            sku,
            kind.name,
            _attributes(draft, offer, ALL_FACETS, kind, page),
            LISTING if offer else PRODUCT_ONLY,
        )
        for sku, offer in _items(draft)
    )


def patches(
    draft: Draft, facets: frozenset[Facet], kind: ProductType, page: Page
) -> tuple[Patch, ...]:
    """What brings those facets of every item to `draft`, and touches nothing else.

    Ending a listing is quantity 0: its ASIN, ranking and reviews stay, and it comes back by a
    quantity. deleteListingsItem would lose them.
    """
    found = []
    for sku, offer in _items(draft):
        attributes = _attributes(draft, offer, facets, kind, page)
        ours = {name for facet in facets for name in _DROPPABLE.get(facet, ())}
        dropped = tuple(sorted(ours - set(attributes)))
        if attributes or dropped:
            found.append(Patch(sku, kind.name, attributes, dropped))
    return tuple(found)


def withdrawal(sku: str, kind: ProductType) -> Patch:
    """What takes an item off the market that the draft has no offer for any more."""
    return Patch(sku, kind.name, {"fulfillment_availability": [_availability(0)]})


def _items(draft: Draft) -> Iterator[tuple[str, Offer | None]]:
    """The SKUs of a draft with their offers; a parent has none."""
    if is_family(draft):
        yield main_sku(draft), None
    for offer in draft.offers:
        yield offer.sku, offer


def _attributes(
    draft: Draft, offer: Offer | None, facets: frozenset[Facet], kind: ProductType, page: Page
) -> Attributes:
    found: Attributes = {}
    if Facet.CONTENT in facets:
        found |= _content(draft, kind, page) | _family(draft, offer, page)
        found |= _look(draft, offer, page) | _own_facts(offer, page) if offer else {}
    if Facet.MEDIA in facets:
        found |= _pictures(draft, offer, page)
    if offer and facets & {Facet.STOCK, Facet.PRESENCE}:
        quantity = offer.available if draft.present else 0
        found["fulfillment_availability"] = [_availability(quantity, draft.lead_time_days)]
    if offer and Facet.PRICE in facets:
        found |= _price(offer, page)
    return found


# The attributes that show pictures, the main one first.
PICTURES = (
    "main_product_image_locator",
    *(f"other_product_image_locator_{n}" for n in range(1, OTHER_IMAGES.count + 1)),
)
# What a draft may have had and have no more. The rest is always there, or replaced.
_DROPPABLE: Mapping[Facet, tuple[str, ...]] = {
    Facet.MEDIA: PICTURES,
    Facet.CONTENT: ("generic_keyword",),
}


def _family(draft: Draft, offer: Offer | None, page: Page) -> Attributes:
    if not is_family(draft):
        return {}
    theme = {"variation_theme": [page.entry(name=variation_theme(draft))]}
    if offer is None:
        return theme | {"parentage_level": [page.entry(value="parent")]}
    relation = page.entry(child_relationship_type="variation", parent_sku=main_sku(draft))
    child = {"parentage_level": [page.entry(value="child")]}
    return theme | child | {"child_parent_sku_relationship": [relation]}


def _content(draft: Draft, kind: ProductType, page: Page) -> Attributes:
    texts = spoken(draft, page.market)
    tag = texts[0][0]
    materials = [page.words(t, material) for t, text in texts for material in text.materials]
    attributes = {
        "item_name": [page.words(t, text.title) for t, text in texts],
        "product_description": [page.words(t, text.description) for t, text in texts],
        "bullet_point": [page.words(t, b) for t, text in texts for b in _bullets(text)],
        "generic_keyword": [page.words(t, k) for t, text in texts if (k := keywords(text.tags))],
        "brand": [page.words(tag, draft.maker.name)],
        "manufacturer": [page.words(tag, draft.maker.name)],
        "material": materials,
        "fabric_type": materials,
        "color": [page.words(t, ", ".join(text.colours)) for t, text in texts if text.colours],
        "item_type_keyword": [page.entry(value=kind.keyword)],
        "country_of_origin": [page.entry(value=draft.made_in)],
        "number_of_items": [page.entry(value=1)],
        "batteries_required": [page.entry(value=False)],
        "supplier_declared_dg_hz_regulation": [page.entry(value="not_applicable")],
    } | {name: [page.entry(value=value)] for name, value in kind.choices.items()}
    attributes |= {name: [page.words(tag, value)] for name, value in kind.words.items()}
    return {name: values for name, values in attributes.items() if values}


def spoken(draft: Draft, market: Market) -> tuple[tuple[str, Text], ...]:
    """The texts that the market's buyers read, each with Amazon's language tag, one a language.

    Where there is none, the first text under the tag of the language it is in.
    """
    told: dict[str, Text] = {}
    for text in draft.texts:
        told.setdefault(market.language_tag(text.locale), text)
    read = tuple((tag, told[tag]) for tag in market.language_tags if tag in told)
    return read or ((market.language_tag(draft.texts[0].locale), draft.texts[0]),)


def _bullets(text: Text) -> tuple[str, ...]:
    # Amazon asks for one at least.
    return text.bullets[:BULLETS] or (text.title,)


def keywords(tags: Sequence[str]) -> str:
    """Search terms: the tags parted by spaces, as many as Amazon's bytes hold."""
    words = ""
    for tag in tags:
        longer = f"{words} {tag}".strip()
        if len(longer.encode()) > KEYWORD_BYTES:
            break
        words = longer
    return words


def _own_facts(offer: Offer, page: Page) -> Attributes:
    if offer.gtin:
        identifier = page.entry(type=_gtin_type(offer.gtin), value=offer.gtin)
        identity = {"externally_assigned_product_identifier": [identifier]}
    else:
        # Handmade goods carry no barcode: the account's GTIN exemption is claimed item by item.
        exemption = "supplier_declared_has_product_identifier_exemption"
        identity = {exemption: [page.entry(value=True)]}
    facts = {
        "condition_type": [page.entry(value="new_new")],
        "part_number": [page.entry(value=offer.sku)],
    }
    return identity | facts | _measures(offer.measures, page)


def _gtin_type(gtin: str) -> str:
    return {12: "upc", 13: "ean"}.get(len(gtin), "gtin")


def _measures(measures: Measures, page: Page) -> Attributes:
    found: Attributes = {}
    sides = {
        "length": measures.length_cm,
        "width": measures.width_cm,
        "height": measures.height_cm,
    }
    told = {name: _side(side, page.market) for name, side in sides.items() if side}
    if {"length", "width"} <= told.keys():
        flat = page.entry(length=told["length"], width=told["width"])
        found["item_length_width"] = [flat]
    if len(told) == len(sides):
        found["item_dimensions"] = [page.entry(**told)]
    if measures.diameter_cm:
        found["item_diameter"] = [page.entry(**_side(measures.diameter_cm, page.market))]
    if measures.weight_g:
        found["item_weight"] = [page.entry(**_weight(measures.weight_g, page.market))]
    return found


def _side(cm: float, market: Market) -> dict[str, Any]:
    if market.is_imperial:
        return {"value": _inches(cm), "unit": "inches"}
    return {"value": cm, "unit": "centimeters"}


def _weight(grams: int, market: Market) -> dict[str, Any]:
    if market.is_imperial:
        return {"value": round(grams / GRAMS_IN_A_POUND, 2), "unit": "pounds"}
    return {"value": grams, "unit": "grams"}


def _inches(cm: float) -> float:
    return round(cm / CM_IN_AN_INCH, 1)


def _look(draft: Draft, offer: Offer, page: Page) -> Attributes:
    """What tells this offer from its siblings, and its size in each language."""
    tags = [tag for tag, _ in spoken(draft, page.market)]
    sizes = {tag: _size(offer.measures, page.market, tag) for tag in tags}
    look = {"size": [page.words(tag, size) for tag, size in sizes.items() if size]}
    look |= {option_attribute(n): [page.words(tags[0], v)] for n, v in offer.options if v}
    return {name: entries for name, entries in look.items() if entries}


def _size(measures: Measures, market: Market, language_tag: str) -> str:
    """The size in the market's units; where those are inches, the centimetres beside them."""
    sides = (measures.width_cm, measures.length_cm)
    known = [measures.diameter_cm] if measures.diameter_cm else [side for side in sides if side]
    if not (measures.diameter_cm or all(sides)):
        return ""
    size = _figures(known, "length-centimeter", language_tag)
    if market.is_imperial:
        size = f"{_figures(map(_inches, known), 'length-inch', language_tag)} ({size})"
    return f"Ø {size}" if measures.diameter_cm else size


def _figures(sides: Iterable[float], unit: str, language_tag: str) -> str:
    """Sides as in 150 x 250 cm, with the language's own signs for the unit and the decimal."""
    *others, last = sides
    locale = _locale(language_tag)
    figures = [format_decimal(side, format="0.##", locale=locale) for side in others]
    figures.append(format_unit(last, unit, "short", format="0.##", locale=locale))
    # French parts the unit by a narrow space, which a buyer who searches does not type.
    return " x ".join(figures).replace("\u202f", " ").replace("\xa0", " ")


def _locale(language_tag: str) -> Locale:
    """How figures are written in a language; as in English where Unicode's CLDR does not know."""
    try:
        return Locale.parse(language_tag)
    except (UnknownLocaleError, ValueError):
        return Locale("en")


_SIZE_WORDS = {"size", "taille", "pointure", "dimensions", "format", "größe", "talla", "taglia"}
_COLOUR_WORDS = {"color", "colour", "couleur", "coloris", "farbe", "colore"}


def option_attribute(name: str) -> str:
    """The attribute that tells variants of an option apart: size, color, or else style."""
    word = name.strip().lower()
    if word in _SIZE_WORDS or word == "المقاس":
        return "size"
    return "color" if word in _COLOUR_WORDS or word == "اللون" else "style"


def variation_theme(draft: Draft) -> str:
    """Amazon's name for what tells the draft's offers apart, such as SIZE/COLOR."""
    names = dict.fromkeys(option_attribute(name) for name, _ in draft.offers[0].options)
    order = ("size", "color", "style")
    return "/".join(name.upper() for name in order if name in names) or "STYLE"


def _pictures(draft: Draft, offer: Offer | None, page: Page) -> Attributes:
    """Addresses of the photos: Amazon takes no uploads here. An offer's own photo leads."""
    own = (offer.photo,) if offer and offer.photo else ()
    photos = dict.fromkeys((*own, *draft.photos))
    found: Attributes = {}
    for name, photo in zip(PICTURES, photos, strict=False):
        rule = MAIN_IMAGE if name == PICTURES[0] else OTHER_IMAGES
        if address := page.url(photo, rule):
            found[name] = [page.entry(media_location=address)]
    return found


def _availability(quantity: int, lead_time_days: int | None = None) -> dict[str, Any]:
    told: dict[str, Any] = {"fulfillment_channel_code": "DEFAULT", "quantity": quantity}
    return told | ({"lead_time_to_ship_max_days": lead_time_days} if lead_time_days else {})


def _price(offer: Offer, page: Page) -> Attributes:
    amount, currency = json_number(offer.price), offer.price.currency.code
    ours = [{"schedule": [{"value_with_tax": amount}]}]
    return {
        "purchasable_offer": [page.entry(currency=currency, audience="ALL", our_price=ours)],
        # Some types demand it. It follows the price: a higher one would show as a false discount.
        "list_price": [page.entry(value=amount, currency=currency)],
    }
