"""Draft to Shopify input, Shopify answer to our values: pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from moneyed import Money

from connectors.protocol import (
    Change,
    Draft,
    Facet,
    Offer,
    Photo,
    Remote,
    RemoteListing,
    RemoteOffer,
    Text,
)
from connectors.shopify.documents import KEY, KEY_NAMESPACE
from connectors.shopify.limits import ALT_LENGTH
from connectors.told import plain_text

Json = Mapping[str, Any]

# Shopify's own words for the one option of a product that has none.
NO_OPTION = (("Title", "Default Title"),)


@dataclass(frozen=True, slots=True)
class Parts:
    """Ids of a product's parts: variants and inventory items by SKU, files by photo.

    `words` are digests of what was last said in each of the shop's locales, so that a language
    whose words stand is not sent again.
    """

    variants: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def know(self, draft: Draft) -> bool:
        """Whether every SKU of `draft` has its ids here."""
        return all(o.sku in self.variants and o.sku in self.items for o in draft.offers)


def remote_of(product_id: str, parts: Parts) -> Remote:
    """A product's place, with the ids of its parts."""
    named = {
        "variant": parts.variants,
        "item": parts.items,
        "file": parts.files,
        "words": parts.words,
    }
    return Remote(
        product_id, {f"{kind}:{name}": i for kind, ids in named.items() for name, i in ids.items()}
    )


def parts_of(remote: Remote) -> Parts:
    """The ids that `remote_of` has kept."""
    kinds: dict[str, dict[str, str]] = {"variant": {}, "item": {}, "file": {}, "words": {}}
    for part, part_id in remote.parts.items():
        kind, _, name = part.partition(":")
        kinds[kind][name] = part_id
    return Parts(kinds["variant"], kinds["item"], kinds["file"], kinds["words"])


def photos_of(draft: Draft) -> list[Photo]:
    """Every photo of a draft once, the product's own first, in the order they are shown."""
    found: dict[str, Photo] = {}
    for photo in (*draft.photos, *(offer.photo for offer in draft.offers if offer.photo)):
        found.setdefault(photo.sha256, photo)
    return list(found.values())


def text_in(draft: Draft, locale: str) -> Text:
    """The text in the language of `locale`; the first one where none is."""
    language = locale.partition("-")[0]
    same = (text for text in draft.texts if text.locale.partition("-")[0] == language)
    return next(same, draft.texts[0])


def skus_of(draft: Draft) -> tuple[str, ...]:
    """The SKUs of a draft, in the order in which its variants are sent."""
    return tuple(offer.sku for offer in draft.offers)


def missing_photos(change: Change, parts: Parts) -> list[Photo]:
    """The photos of a change that Shopify has not got yet."""
    if Facet.MEDIA not in change.facets:
        return []
    return [photo for photo in photos_of(change.draft) if photo.sha256 not in parts.files]


def sent_photos(change: Change, parts: Parts) -> tuple[str, ...]:
    """The photos that a product has after a change, in order, by SHA-256."""
    if Facet.MEDIA not in change.facets:
        return tuple(parts.files)
    return tuple(photo.sha256 for photo in photos_of(change.draft))


def key_identifier(draft: Draft) -> dict[str, Any]:
    """Finds or creates the product of a draft by our key, whatever became of title and handle."""
    return {"customId": {"namespace": KEY_NAMESPACE, "key": KEY, "value": draft.key}}


def key_metafield(draft: Draft) -> dict[str, str]:
    """The metafield that `key_identifier` looks for."""
    return {"namespace": KEY_NAMESPACE, "key": KEY, "type": "id", "value": draft.key}


KEY_DEFINITION = {
    "name": "Trade.ma key",
    "namespace": KEY_NAMESPACE,
    "key": KEY,
    "ownerType": "PRODUCT",
    "type": "id",
}


@dataclass(frozen=True, slots=True)
class Sending:
    """What a productSet is made of beside the draft.

    `facets` are those to send, `locale` the shop's own, `parts` the ids known so far, `sources`
    the addresses of photos that Shopify has not got yet, by photo.
    """

    facets: frozenset[Facet]
    location: str
    locale: str = ""
    parts: Parts = field(default_factory=Parts)
    sources: Mapping[str, str] = field(default_factory=dict)
    new: bool = False


def product_set(change: Change, sending: Sending) -> dict[str, Any]:
    """The variables of the document PRODUCT_SET for a change.

    A product that we know is found by its id, a new one by our key: in both cases a second
    call changes nothing.
    """
    draft, remote = change.draft, change.remote
    return {
        "identifier": {"id": remote.id} if remote else key_identifier(draft),
        "input": product_input(draft, sending),
        "variants": len(draft.offers),
        "files": max(1, len(sent_photos(change, sending.parts))),
    }


def product_input(draft: Draft, sending: Sending) -> dict[str, Any]:
    """The ProductSetInput that brings the facets to `draft`.

    Every option and variant is there whatever the facets, and every file with MEDIA: what a list
    of productSet omits is deleted. A list that is left out stays as it is, so a merchant's own
    metafields and collections do, and our key is written only with a new product.
    Source: Admin GraphQL 2026-10, productSet.
    """
    facets = sending.facets
    product: dict[str, Any] = {
        "productOptions": _options(draft.offers),
        "variants": [_variant(draft, offer, sending) for offer in draft.offers],
    }
    if Facet.CONTENT in facets:
        product |= _content(draft, text_in(draft, sending.locale))
    if Facet.MEDIA in facets:
        product["files"] = [_file(photo, sending) for photo in photos_of(draft)]
    if Facet.PRESENCE in facets:
        product["status"] = status_of(draft)
    if sending.new:
        product["metafields"] = [key_metafield(draft)]
    return product


def status_of(draft: Draft) -> str:
    """An ended listing is archived: off every sales channel, and easily brought back."""
    return "ACTIVE" if draft.present else "ARCHIVED"


def _content(draft: Draft, text: Text) -> dict[str, Any]:
    return {
        "title": text.title,
        "descriptionHtml": description_html(text),
        "vendor": draft.maker.name,
        "productType": (draft.craft or "").replace("-", " "),
        "tags": list(text.tags),
    }


def description_html(text: Text) -> str:
    """A plain text as Shopify's HTML: a paragraph for each block of lines, then the bullets."""
    blocks = (block.strip() for block in text.description.split("\n\n"))
    paragraphs = "".join(f"<p>{_lines(block)}</p>" for block in blocks if block)
    bullets = "".join(f"<li>{escape(bullet, quote=False)}</li>" for bullet in text.bullets)
    return paragraphs + (f"<ul>{bullets}</ul>" if bullets else "")


def _lines(block: str) -> str:
    return "<br>".join(escape(line.strip(), quote=False) for line in block.splitlines())


def _options(offers: Sequence[Offer]) -> list[dict[str, Any]]:
    values: dict[str, dict[str, None]] = {}
    for offer in offers:
        for name, value in offer.options or NO_OPTION:
            values.setdefault(name, {})[value] = None
    return [
        {"name": name, "position": position, "values": [{"name": value} for value in found]}
        for position, (name, found) in enumerate(values.items(), start=1)
    ]


def _variant(draft: Draft, offer: Offer, sending: Sending) -> dict[str, Any]:
    facets = sending.facets
    options = offer.options or NO_OPTION
    variant: dict[str, Any] = {
        "optionValues": [{"optionName": name, "name": value} for name, value in options],
        "sku": offer.sku,
    }
    if offer.sku in sending.parts.variants:
        variant["id"] = sending.parts.variants[offer.sku]
    if Facet.CONTENT in facets:
        variant |= {
            "barcode": offer.gtin or "",
            "inventoryPolicy": "DENY",
            "inventoryItem": _inventory_item(draft, offer),
        }
    if Facet.PRICE in facets:
        variant["price"] = str(offer.price.amount)
    if Facet.STOCK in facets:
        variant["inventoryQuantities"] = [
            {"locationId": sending.location, "name": "available", "quantity": offer.available}
        ]
    if Facet.MEDIA in facets and offer.photo:
        variant["file"] = _file(offer.photo, sending)
    return variant


def _inventory_item(draft: Draft, offer: Offer) -> dict[str, Any]:
    item: dict[str, Any] = {
        "tracked": True,
        "requiresShipping": True,
        "countryCodeOfOrigin": draft.made_in,
    }
    if draft.hs_code:
        item["harmonizedSystemCode"] = hs_digits(draft.hs_code)
    if offer.measures.weight_g:
        item["measurement"] = {"weight": {"value": float(offer.measures.weight_g), "unit": "GRAMS"}}
    return item


def hs_digits(code: str) -> str:
    """A customs code without the dots and spaces that people write it with."""
    return "".join(c for c in code if c.isdigit())


def _file(photo: Photo, sending: Sending) -> dict[str, Any]:
    alt = photo.alt[:ALT_LENGTH]
    if known := sending.parts.files.get(photo.sha256):
        return {"id": known, "alt": alt}
    return {
        "originalSource": sending.sources[photo.sha256],
        "contentType": "IMAGE",
        "alt": alt,
    }


def price_updates(draft: Draft, parts: Parts) -> list[dict[str, str]]:
    """The variants of productVariantsBulkUpdate, with nothing but their prices."""
    return [
        {"id": parts.variants[offer.sku], "price": str(offer.price.amount)}
        for offer in draft.offers
    ]


def quantity_updates(draft: Draft, parts: Parts, location: str) -> list[dict[str, Any]]:
    """The quantities of inventorySetQuantities: absolute, whatever was there before."""
    return [
        {
            "inventoryItemId": parts.items[offer.sku],
            "locationId": location,
            "quantity": offer.available,
            "changeFromQuantity": None,
        }
        for offer in draft.offers
    ]


def listed_parts(product: Json, known: Parts, sent: Sequence[str] | None = None) -> Parts:
    """The ids in an answer with the fragment Listed, or Varied where there are no photos to tell.

    `sent` are the photos that the product has now, in order: Shopify keeps it. Without them, files
    stay as they are `known`.
    """
    variants = [node for node in product["variants"]["nodes"] if node["sku"]]
    files = dict(known.files)
    if sent is not None:
        media = product["media"]["nodes"]
        # Where their counts differ we cannot tell which is which: the next change sends them anew.
        matched = zip(sent, media, strict=True) if len(sent) == len(media) else ()
        files = {sha256: node["id"] for sha256, node in matched}
    return replace(
        known,
        variants={node["sku"]: node["id"] for node in variants},
        items={node["sku"]: node["inventoryItem"]["id"] for node in variants},
        files=files,
    )


def listing_of(product: Json, variants: Iterable[Json], currency: str) -> RemoteListing:
    """What the shop shows of one product. `variants` are all of them, those of later pages too."""
    # One without a SKU may still be known by its barcode.
    sold = [node for node in variants if node["sku"] or node["barcode"]]
    named = [node for node in sold if node["sku"]]
    parts = Parts(
        variants={node["sku"]: node["id"] for node in named},
        items={node["sku"]: node["inventoryItem"]["id"] for node in named},
    )
    return RemoteListing(
        remote=remote_of(product["id"], parts),
        title=product["title"],
        offers=tuple(_offers(sold, currency)),
        present=product["status"] == "ACTIVE" and product["publishedOnPublication"],
        photos=product["mediaCount"]["count"],
        description=plain_text(product["descriptionHtml"]),
        photo_urls=tuple(_main_photo(product)),
    )


def _main_photo(product: Json) -> Iterator[str]:
    """Where the first picture is, once Shopify has it ready."""
    media = product["featuredMedia"]
    image = media["preview"]["image"] if media and media["preview"] else None
    if image:
        yield image["url"]


def _offers(variants: Iterable[Json], currency: str) -> Iterator[RemoteOffer]:
    for node in variants:
        level = node["inventoryItem"]["inventoryLevel"]
        available = level["quantities"][0]["quantity"] if level else None
        gtin = node["barcode"] or None
        yield RemoteOffer(node["sku"] or "", Money(node["price"], currency), available, gtin)
