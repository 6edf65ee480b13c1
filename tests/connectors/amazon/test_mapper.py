"""Drafts as Amazon wants them, whole."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from moneyed import Money

from connectors.amazon.crafts import ProductType, product_type
from connectors.amazon.mapper import (
    Page,
    keywords,
    main_sku,
    option_attribute,
    patches,
    puts,
    withdrawal,
)
from connectors.amazon.sites import MARKETS
from connectors.amazon.submissions import Patch, Submission, body, fit, message
from connectors.protocol import Draft, Facet, Measures, Text

US = "ATVPDKIKX0DER"
RUG = product_type("rug-beni-ourain")
SLIPPER = product_type("babouches")


def here(**values: Any) -> list[dict[str, Any]]:
    return [values | {"marketplace_id": US}]


def words(value: str) -> list[dict[str, Any]]:
    return here(value=value, language_tag="en_US")


def test_a_rug_becomes_one_whole_listing(rug: Draft, page: Page) -> None:
    [put] = puts(rug, RUG, page)
    inches = {"unit": "inches"}
    assert body(put, US) == {
        "productType": "RUG",
        "requirements": "LISTING",
        "attributes": {
            "item_name": words("Beni Ourain rug “Adfel”, black lozenges"),
            "product_description": words("Knotted by hand on an upright loom."),
            "bullet_point": words("Undyed wool") + words("150 x 250 cm"),
            "generic_keyword": words("berber rug wool carpet"),
            "brand": words("Coopérative Tifawin"),
            "manufacturer": words("Coopérative Tifawin"),
            "material": words("Wool"),
            "fabric_type": words("Wool"),
            "color": words("Ivory white"),
            "size": words("59.1 x 98.4 in (150 x 250 cm)"),
            "item_type_keyword": here(value="rug"),
            "country_of_origin": here(value="MA"),
            "condition_type": here(value="new_new"),
            "number_of_items": here(value=1),
            "batteries_required": here(value=False),
            "supplier_declared_dg_hz_regulation": here(value="not_applicable"),
            "supplier_declared_has_product_identifier_exemption": here(value=True),
            "part_number": here(value="TIF-BO-101"),
            "item_length_width": here(
                length={"value": 98.4, **inches}, width={"value": 59.1, **inches}
            ),
            "item_weight": here(value=20.94, unit="pounds"),
            "main_product_image_locator": here(
                media_location="https://media.example/aaaa-main.jpg"
            ),
            "other_product_image_locator_1": here(
                media_location="https://media.example/bbbb-gallery.jpg"
            ),
            "fulfillment_availability": [
                {"fulfillment_channel_code": "DEFAULT", "quantity": 1},
            ],
            "purchasable_offer": here(
                currency="USD",
                audience="ALL",
                our_price=[{"schedule": [{"value_with_tax": 489.0}]}],
            ),
            "list_price": here(value=489.0, currency="USD"),
        },
    }


def test_variants_become_a_parent_without_an_offer_and_its_children(
    slippers: Draft, page: Page
) -> None:
    told = {
        put.sku: {
            name: put.attributes.get(name)
            for name in (
                "parentage_level",
                "variation_theme",
                "child_parent_sku_relationship",
                "size",
                "fulfillment_availability",
                "department",
            )
        }
        | {"requirements": put.requirements, "price": "purchasable_offer" in put.attributes}
        for put in puts(slippers, SLIPPER, page)
    }
    theme = {"variation_theme": here(name="SIZE"), "department": here(value="unisex-adult")}
    relation = here(child_relationship_type="variation", parent_sku="BAB")
    child = theme | {
        "requirements": "LISTING",
        "price": True,
        "parentage_level": here(value="child"),
        "child_parent_sku_relationship": relation,
    }
    stock = {"fulfillment_channel_code": "DEFAULT"}
    assert told == {
        "BAB": theme
        | {
            "requirements": "LISTING_PRODUCT_ONLY",
            "price": False,
            "parentage_level": here(value="parent"),
            "child_parent_sku_relationship": None,
            "size": None,
            "fulfillment_availability": None,
        },
        "BAB-38": child
        | {"size": words("38"), "fulfillment_availability": [stock | {"quantity": 4}]},
        "BAB-39": child
        | {"size": words("39"), "fulfillment_availability": [stock | {"quantity": 0}]},
        "BAB-40": child
        | {"size": words("40"), "fulfillment_availability": [stock | {"quantity": 2}]},
    }


def test_stock_alone_is_a_patch_of_its_own_attribute(rug: Draft, page: Page) -> None:
    [patch] = patches(rug, frozenset({Facet.STOCK}), RUG, page)
    assert body(patch, US) == {
        "productType": "RUG",
        "patches": [
            {
                "op": "replace",
                "path": "/attributes/fulfillment_availability",
                "value": [{"fulfillment_channel_code": "DEFAULT", "quantity": 1}],
            }
        ],
    }


def test_an_ended_listing_keeps_its_place_with_a_quantity_of_nothing(
    rug: Draft, page: Page
) -> None:
    gone = replace(rug, present=False)
    assert patches(gone, frozenset({Facet.PRESENCE}), RUG, page) == (withdrawal(rug.key, RUG),)


def test_a_price_is_patched_for_every_variant_and_not_for_the_parent(
    slippers: Draft, page: Page
) -> None:
    told = patches(slippers, frozenset({Facet.PRICE}), SLIPPER, page)
    assert {patch.sku: sorted(patch.attributes) for patch in told} == {
        sku: ["list_price", "purchasable_offer"] for sku in ("BAB-38", "BAB-39", "BAB-40")
    }


def test_a_photo_that_is_gone_is_dropped_by_a_patch(rug: Draft, page: Page) -> None:
    single = replace(rug, photos=rug.photos[:1])
    [patch] = patches(single, frozenset({Facet.MEDIA}), RUG, page)
    fitted = fit(patch, {"main_product_image_locator", "other_product_image_locator_1"})
    assert body(fitted, US)["patches"] == [
        {
            "op": "replace",
            "path": "/attributes/main_product_image_locator",
            "value": here(media_location="https://media.example/aaaa-main.jpg"),
        },
        {
            "op": "delete",
            "path": "/attributes/other_product_image_locator_1",
            "value": [{"marketplace_id": US}],
        },
    ]


def test_words_alone_touch_neither_stock_nor_price_nor_photos(rug: Draft, page: Page) -> None:
    [patch] = patches(rug, frozenset({Facet.CONTENT}), RUG, page)
    touched = {name for name in patch.attributes if "image" in name} | (
        {"purchasable_offer", "list_price", "fulfillment_availability"} & set(patch.attributes)
    )
    assert (touched, "item_name" in patch.attributes) == (set(), True)


@pytest.mark.parametrize("facets", [None, frozenset({Facet.STOCK})])
def test_messages_are_those_of_the_official_feed(
    facets: frozenset[Facet] | None, slippers: Draft, page: Page, shared: Path
) -> None:
    told: tuple[Submission, ...] = (
        patches(slippers, facets, SLIPPER, page) if facets else puts(slippers, SLIPPER, page)
    )
    schema = shared / "contracts/amazon/feeds/listings-feed-message-schema-v2.json"
    judge = Draft7Validator(json.loads(schema.read_text("utf-8")))
    messages = [message(one, US, number) for number, one in enumerate(told, start=1)]
    assert [error.message for each in messages for error in judge.iter_errors(each)] == []


def test_a_bilingual_market_gets_both_texts_and_a_french_one_its_own(rug: Draft) -> None:
    def titles(site: str) -> dict[str, str]:
        page = Page(MARKETS[site], lambda _photo, _rule: None)
        [put] = puts(rug, RUG, page)
        return {e["language_tag"]: e["value"] for e in put.attributes["item_name"]}

    english, french = (text.title for text in rug.texts)
    assert {site: titles(site) for site in ("CA", "FR", "US", "JP", "IT")} == {
        "CA": {"en_CA": english, "fr_CA": french},
        "FR": {"fr_FR": french},
        "US": {"en_US": english},
        "JP": {"en_US": english},
        # Nobody wrote Italian: the first text is sent as what it is.
        "IT": {"en_US": english},
    }


def test_a_barcode_takes_the_place_of_the_exemption(rug: Draft, page: Page) -> None:
    [offer] = rug.offers
    coded = replace(rug, offers=(replace(offer, gtin="6111234567890"),))
    [put] = puts(coded, RUG, page)
    exemption = "supplier_declared_has_product_identifier_exemption"
    assert put.attributes["externally_assigned_product_identifier"] == here(
        type="ean", value="6111234567890"
    )
    assert exemption not in put.attributes


def test_a_round_piece_has_a_diameter_and_a_box_three_sides(rug: Draft, page: Page) -> None:
    def measured(measures: Measures) -> dict[str, Any]:
        [offer] = rug.offers
        [put] = puts(replace(rug, offers=(replace(offer, measures=measures),)), RUG, page)
        names = ("item_diameter", "item_dimensions", "size")
        return {name: put.attributes[name] for name in names if name in put.attributes}

    def inches(value: float) -> dict[str, Any]:
        return {"value": value, "unit": "inches"}

    assert [
        measured(Measures(diameter_cm=32.5)),
        measured(Measures(length_cm=30, width_cm=20, height_cm=12)),
        measured(Measures()),
    ] == [
        {"item_diameter": here(**inches(12.8)), "size": words("Ø 12.8 in (32.5 cm)")},
        {
            "item_dimensions": here(length=inches(11.8), width=inches(7.9), height=inches(4.7)),
            "size": words("7.9 x 11.8 in (20 x 30 cm)"),
        },
        {},
    ]


def test_outside_of_the_us_measures_are_metric_and_figures_the_languages_own(rug: Draft) -> None:
    [offer] = rug.offers
    measures = Measures(diameter_cm=32.5, weight_g=950)
    round_piece = replace(rug, offers=(replace(offer, measures=measures),))
    [put] = puts(round_piece, RUG, Page(MARKETS["DE"], lambda _photo, _rule: None))
    told = {name: put.attributes[name][0] for name in ("item_diameter", "item_weight", "size")}
    german = {"marketplace_id": "A1PA6795UKMFR9"}
    assert told == {
        "item_diameter": german | {"value": 32.5, "unit": "centimeters"},
        "item_weight": german | {"value": 950, "unit": "grams"},
        "size": german | {"value": "Ø 32.5 cm", "language_tag": "en_GB"},
    }


def test_texts_of_a_market_with_two_languages_stand_side_by_side(rug: Draft) -> None:
    locales = ("de-DE", "en-US", "fr-FR")
    texts = tuple(replace(rug.texts[0], locale=one, title=one) for one in locales)
    page = Page(MARKETS["DE"], lambda _photo, _rule: None)
    [put] = puts(replace(rug, texts=texts), RUG, page)
    names = [(one["language_tag"], one["value"]) for one in put.attributes["item_name"]]
    assert names == [("de_DE", "de-DE"), ("en_GB", "en-US")]


@pytest.mark.parametrize(
    ("site", "locales", "sizes"),
    [
        ("DE", ("de-DE", "en-GB"), {"de_DE": "150,5 x 250 cm", "en_GB": "150.5 x 250 cm"}),
        ("CA", ("en-CA", "fr-CA"), {"en_CA": "150.5 x 250 cm", "fr_CA": "150,5 x 250 cm"}),
        ("AE", ("ar", "en"), {"en_AE": "150.5 x 250 cm", "ar_AE": "150.5 x 250 سم"}),
        (
            "US",
            ("en-US", "es-US"),
            {
                "en_US": "59.3 x 98.4 in (150.5 x 250 cm)",
                "es_US": "59.3 x 98.4 in (150.5 x 250 cm)",
            },
        ),
    ],
)
def test_a_size_is_written_in_every_language_of_the_listing(
    rug: Draft, site: str, locales: tuple[str, ...], sizes: dict[str, str]
) -> None:
    [offer] = rug.offers
    draft = replace(
        rug,
        texts=tuple(replace(rug.texts[0], locale=locale) for locale in locales),
        offers=(replace(offer, measures=Measures(length_cm=250, width_cm=150.5)),),
    )
    [put] = puts(draft, RUG, Page(MARKETS[site], lambda _photo, _rule: None))
    assert {one["language_tag"]: one["value"] for one in put.attributes["size"]} == sizes


def test_yen_are_whole_numbers(rug: Draft) -> None:
    [offer] = rug.offers
    yen = replace(rug, offers=(replace(offer, price=Money(12050, "JPY")),))
    page = Page(MARKETS["JP"], lambda _photo, _rule: None)
    [patch] = patches(yen, frozenset({Facet.PRICE}), RUG, page)
    assert json.dumps(patch.attributes["list_price"][0]["value"]) == "12050"
    assert set(patch.attributes) == {"purchasable_offer", "list_price"}


def test_a_parents_sku_is_the_products_key_unless_an_offer_has_it(slippers: Draft) -> None:
    first = replace(slippers.offers[0], sku="BAB")
    long = replace(slippers, key="A product of a very long name, in many sizes")
    told = [
        main_sku(slippers),
        main_sku(replace(slippers, offers=(first, *slippers.offers[1:]))),
        main_sku(long),
    ]
    assert told == ["BAB", "BAB-5a421865", "A product of a very long name, -ac88c15f"]
    assert len(told[2]) == 40


def test_search_terms_stop_before_the_byte_that_is_one_too_many() -> None:
    # 249 bytes: two for each é, and one for the space.
    assert [keywords(["é" * 120, "w" * 8]), keywords(["é" * 120, "w" * 9, "x"])] == [
        "é" * 120 + " wwwwwwww",
        "é" * 120,
    ]


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("Size", "size"),
        ("Taille ", "size"),
        ("المقاس", "size"),
        ("Couleur", "color"),
        ("اللون", "color"),
        ("Motif", "style"),
    ],
)
def test_options_are_told_by_size_colour_or_style(name: str, attribute: str) -> None:
    assert option_attribute(name) == attribute


def test_a_type_that_does_not_know_an_attribute_is_not_given_it(rug: Draft, page: Page) -> None:
    [put] = puts(rug, RUG, page)
    assert set(fit(put, {"item_name", "color"}).attributes) == {"item_name", "color"}


def test_a_text_without_bullets_says_its_title_there(rug: Draft, page: Page) -> None:
    plain = replace(rug, texts=(Text("en", "A rug", "Of wool."),))
    [put] = puts(plain, RUG, page)
    assert put.attributes["bullet_point"] == words("A rug")


def test_a_made_to_order_piece_says_how_long_it_takes(rug: Draft, page: Page) -> None:
    ordered = replace(rug, made_to_order=True, lead_time_days=21)
    [patch] = patches(ordered, frozenset({Facet.STOCK}), ProductType("RUG", "rug"), page)
    assert patch == Patch(
        "TIF-BO-101",
        "RUG",
        {
            "fulfillment_availability": [
                {
                    "fulfillment_channel_code": "DEFAULT",
                    "quantity": 1,
                    "lead_time_to_ship_max_days": 21,
                }
            ]
        },
    )
