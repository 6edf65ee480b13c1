from collections.abc import Callable
from dataclasses import replace
from typing import Any

from moneyed import Money

from connectors.protocol import (
    ALL_FACETS,
    Draft,
    Facet,
    Remote,
    RemoteListing,
    RemoteOffer,
    Text,
)
from connectors.shopify.mapper import (
    Parts,
    Sending,
    description_html,
    listed_parts,
    listing_of,
    parts_of,
    photos_of,
    price_updates,
    product_input,
    quantity_updates,
    remote_of,
    text_in,
)
from tests.connectors.shopify.conftest import BLUE, RED

LOCATION = "gid://shopify/Location/1"
Judge = Callable[[str, Any], list[str]]


def test_a_new_rug_is_sent_whole(rug: Draft, faults_of: Judge) -> None:
    sources = {RED.sha256: "https://m.example/a.jpg", BLUE.sha256: "https://m.example/b.jpg"}
    product = product_input(rug, Sending(ALL_FACETS, LOCATION, sources=sources, new=True))
    assert product == {
        "title": "Tapis Beni Ouraïn <écru> 'A & B'",
        "descriptionHtml": (
            "<p>Laine filée à la main.<br>Nouée à Khénifra.</p><p>200 × 300 cm</p>"
            "<ul><li>Laine</li><li>Pièce unique</li></ul>"
        ),
        "vendor": "Coopérative Tifawin",
        "productType": "rug beni ourain",
        "tags": ["tapis", "berbère"],
        "status": "ACTIVE",
        "metafields": [{"namespace": "$app", "key": "draft", "type": "id", "value": "TIF-1"}],
        "productOptions": [{"name": "Title", "position": 1, "values": [{"name": "Default Title"}]}],
        "variants": [
            {
                "optionValues": [{"optionName": "Title", "name": "Default Title"}],
                "sku": "TIF-1",
                "barcode": "6111234567898",
                "price": "1249.90",
                "inventoryPolicy": "DENY",
                "inventoryItem": {
                    "tracked": True,
                    "requiresShipping": True,
                    "countryCodeOfOrigin": "MA",
                    "harmonizedSystemCode": "570110",
                    "measurement": {"weight": {"value": 14500.0, "unit": "GRAMS"}},
                },
                "inventoryQuantities": [
                    {"locationId": LOCATION, "name": "available", "quantity": 1}
                ],
            }
        ],
        "files": [
            {
                "originalSource": "https://m.example/a.jpg",
                "contentType": "IMAGE",
                "alt": "Tapis rouge",
            },
            {
                "originalSource": "https://m.example/b.jpg",
                "contentType": "IMAGE",
                "alt": "Tapis bleu",
            },
        ],
    }
    assert faults_of("ProductSetInput", product) == []


def test_new_photos_are_sent_with_every_variant_and_the_ids_of_those_already_there(
    slippers: Draft, faults_of: Judge
) -> None:
    parts = Parts(variants={"BAB-38": "gid://V/38"}, files={RED.sha256: "gid://M/1"})
    sending = Sending(
        frozenset({Facet.MEDIA}), LOCATION, parts=parts, sources={BLUE.sha256: "https://b"}
    )
    product = product_input(slippers, sending)
    assert product == {
        "productOptions": [
            {"name": "Size", "position": 1, "values": [{"name": "38"}, {"name": "39"}]},
            {"name": "Colour", "position": 2, "values": [{"name": "red"}, {"name": "blue"}]},
        ],
        "variants": [
            {
                "id": "gid://V/38",
                "sku": "BAB-38",
                "optionValues": [
                    {"optionName": "Size", "name": "38"},
                    {"optionName": "Colour", "name": "red"},
                ],
            },
            {
                "sku": "BAB-39",
                "optionValues": [
                    {"optionName": "Size", "name": "39"},
                    {"optionName": "Colour", "name": "blue"},
                ],
                "file": {
                    "originalSource": "https://b",
                    "contentType": "IMAGE",
                    "alt": "Tapis bleu",
                },
            },
        ],
        "files": [
            {"id": "gid://M/1", "alt": "Tapis rouge"},
            {"originalSource": "https://b", "contentType": "IMAGE", "alt": "Tapis bleu"},
        ],
    }
    assert faults_of("ProductSetInput", product) == []


def test_content_alone_says_nothing_of_price_stock_presence_and_photos(rug: Draft) -> None:
    product = product_input(rug, Sending(frozenset({Facet.CONTENT}), LOCATION))
    variant = product["variants"][0]
    assert not {"status", "files", "metafields"} & set(product)
    assert not {"price", "inventoryQuantities", "file"} & set(variant)


def test_an_ended_product_is_archived(rug: Draft) -> None:
    sending = Sending(frozenset({Facet.PRESENCE}), LOCATION)
    assert product_input(replace(rug, present=False), sending)["status"] == "ARCHIVED"


def test_the_text_in_the_shops_language_is_the_one_to_show(rug: Draft) -> None:
    shown = [text_in(rug, locale).locale for locale in ("ar", "fr", "de")]
    assert shown == ["ar", "fr-MA", "fr-MA"]


def test_markup_in_a_description_is_shown_not_obeyed() -> None:
    text = Text("en", "Pot", "A <script>alert('1')</script> & more", bullets=("<b>bold</b>",))
    assert description_html(text) == (
        "<p>A &lt;script&gt;alert('1')&lt;/script&gt; &amp; more</p>"
        "<ul><li>&lt;b&gt;bold&lt;/b&gt;</li></ul>"
    )


def test_a_photo_that_product_and_variant_share_is_sent_once(slippers: Draft) -> None:
    assert photos_of(replace(slippers, photos=(BLUE, RED))) == [BLUE, RED]


def test_the_ids_of_parts_survive_being_kept_as_text(slippers: Draft) -> None:
    parts = Parts(
        {"A:1": "v1", "B": "v2"}, {"A:1": "i1", "B": "i2"}, {RED.sha256: "m1"}, {"pt-BR": "d"}
    )
    assert parts_of(remote_of("p1", parts)) == parts
    assert parts_of(Remote("p1")) == Parts()
    assert not Parts().know(slippers)


def test_an_answer_tells_the_ids_of_all_parts() -> None:
    product = {
        "id": "p",
        "variants": {"nodes": [{"id": "v", "sku": "S", "inventoryItem": {"id": "i"}}]},
        "media": {"nodes": [{"id": "m1", "status": "READY"}, {"id": "m2", "status": "READY"}]},
    }
    known = Parts(files={"old": "m0"})
    whole = Parts({"S": "v"}, {"S": "i"}, {RED.sha256: "m1", BLUE.sha256: "m2"})
    assert listed_parts(product, known, [RED.sha256, BLUE.sha256]) == whole
    assert listed_parts(product, known, [RED.sha256]).files == {}
    assert listed_parts(product, known).files == {"old": "m0"}


def test_prices_and_quantities_go_alone(slippers: Draft, faults_of: Judge) -> None:
    parts = Parts({"BAB-38": "v38", "BAB-39": "v39"}, {"BAB-38": "i38", "BAB-39": "i39"})
    prices = price_updates(slippers, parts)
    quantities = quantity_updates(slippers, parts, LOCATION)
    assert prices == [{"id": "v38", "price": "35.00"}, {"id": "v39", "price": "36.50"}]
    assert quantities == [
        {
            "inventoryItemId": "i38",
            "locationId": LOCATION,
            "quantity": 4,
            "changeFromQuantity": None,
        },
        {
            "inventoryItemId": "i39",
            "locationId": LOCATION,
            "quantity": 0,
            "changeFromQuantity": None,
        },
    ]
    faults = [faults_of("ProductVariantsBulkInput", price) for price in prices]
    faults += [faults_of("InventoryQuantityInput", quantity) for quantity in quantities]
    assert faults == [[], [], [], []]


def test_a_product_of_the_shop_becomes_a_listing() -> None:
    def variant(sku: str, level: Any) -> dict[str, Any]:
        item = {"id": f"i{sku}", "inventoryLevel": level}
        barcode = "4006381333931" if sku == "A" else ""
        told = {"id": f"v{sku}", "sku": sku, "price": "12.50", "barcode": barcode}
        return told | {"inventoryItem": item}

    product = {
        "id": "p",
        "title": "Théière",
        "descriptionHtml": "<p>Étain<br>martelé</p><ul><li>À Fès</li></ul>",
        "status": "ACTIVE",
        "publishedOnPublication": False,
        "mediaCount": {"count": 3},
        "featuredMedia": {"preview": {"image": {"url": "https://cdn.shopify.com/1.jpg"}}},
    }
    variants = [
        variant("A", {"quantities": [{"quantity": 4}]}),
        variant("B", None),
        variant("", None),
    ]
    assert listing_of(product, variants, "MAD") == RemoteListing(
        Remote("p", {"variant:A": "vA", "variant:B": "vB", "item:A": "iA", "item:B": "iB"}),
        "Théière",
        (
            RemoteOffer("A", Money("12.50", "MAD"), 4, "4006381333931"),
            RemoteOffer("B", Money("12.50", "MAD"), None),
        ),
        present=False,
        photos=3,
        description="Étain\nmartelé\n\nÀ Fès",
        photo_urls=("https://cdn.shopify.com/1.jpg",),
    )
