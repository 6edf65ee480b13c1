"""Variants as Etsy's inventory: whole documents, which Etsy's contract accepts."""

from dataclasses import replace
from typing import Any

import pytest

from connectors.etsy.inventory import (
    Processing,
    Variation,
    inventory,
    processing_of,
    variation_images,
    variations_of,
)
from connectors.protocol import Draft
from tests.connectors.etsy.conftest import Contract


def test_a_piece_with_one_variant_has_an_inventory_without_properties(
    contract: Contract, rug: Draft
) -> None:
    document = inventory(rug, [], {}, 104)
    assert document == {
        "products": [
            {
                "sku": "BO-001",
                "property_values": [],
                "offerings": [
                    {
                        "price": 1250.0,
                        "quantity": 1,
                        "is_enabled": True,
                        "readiness_state_id": 104,
                    }
                ],
            }
        ],
        "price_on_property": [],
        "quantity_on_property": [],
        "sku_on_property": [],
        "readiness_state_on_property": [],
    }
    assert contract.faults("PUT /listings/2/inventory", document) == []


def test_variants_differ_by_two_properties_of_the_shops_own(
    contract: Contract, babouches: Draft
) -> None:
    variations = variations_of(babouches, [])
    document = inventory(babouches, variations, {"BA-38-red": "44.50"}, 104)
    size, colour = (
        {"property_id": 513, "property_name": "Size EU", "value_ids": [], "values": ["38"]},
        {"property_id": 514, "property_name": "Colour", "value_ids": [], "values": ["red"]},
    )
    assert document["products"][1] == {
        "sku": "BA-38-red",
        "property_values": [size, colour],
        "offerings": [
            {"price": 44.5, "quantity": 0, "is_enabled": True, "readiness_state_id": 104}
        ],
    }
    assert document | {"products": []} == {
        "products": [],
        "price_on_property": [513, 514],
        "quantity_on_property": [513, 514],
        "sku_on_property": [513, 514],
        "readiness_state_on_property": [],
    }
    assert contract.faults("PUT /listings/2/inventory", document) == []


def choice(name: str, *values: str, **other: Any) -> dict[str, Any]:
    """A property of a category, as getPropertiesByTaxonomyId tells it."""
    possible = [{"value_id": number, "name": value} for number, value in enumerate(values, start=1)]
    known = {"property_id": 200, "display_name": name, "possible_values": possible}
    return known | {"supports_variations": True, "scales": []} | other


COLOURS = ("Blue", "Red", "Yellow")


def test_an_option_that_the_category_knows_is_told_by_the_categorys_own_property(
    contract: Contract, babouches: Draft
) -> None:
    variations = variations_of(babouches, [choice("Primary color", *COLOURS)])
    assert variations == [
        Variation(513, "Size EU"),
        Variation(200, "Primary color", {"red": 2, "yellow": 3}),
    ]
    document = inventory(babouches, variations, {}, 104)
    assert document["products"][1]["property_values"][1] == {
        "property_id": 200,
        "property_name": "Primary color",
        "value_ids": [2],
        "values": ["red"],
    }
    assert document["sku_on_property"] == [513, 200]
    assert contract.faults("PUT /listings/2/inventory", document) == []


@pytest.mark.parametrize(
    "property_",
    [
        choice("Primary color", "Blue", "Red"),
        choice("Primary color", *COLOURS, supports_variations=False),
        choice("Primary color", *COLOURS, scales=[{"scale_id": 19}]),
        choice("Pattern", *COLOURS),
    ],
)
def test_an_option_that_the_category_does_not_know_wholly_is_the_shops_own(
    babouches: Draft, property_: dict[str, Any]
) -> None:
    assert variations_of(babouches, [property_]) == [
        Variation(513, "Size EU"),
        Variation(514, "Colour"),
    ]


@pytest.mark.parametrize(
    ("days", "to_order", "processing"),
    [
        (None, False, Processing("ready_to_ship", 1, 3)),
        (5, False, Processing("ready_to_ship", 5, 5)),
        (None, True, Processing("made_to_order", 10, 10)),
        (14, True, Processing("made_to_order", 2, 2, "weeks")),
        (15, True, Processing("made_to_order", 3, 3, "weeks")),
        (365, True, Processing("made_to_order", 10, 10, "weeks")),
    ],
)
def test_the_time_a_piece_takes_is_a_processing_profile(
    contract: Contract, rug: Draft, days: int | None, *, to_order: bool, processing: Processing
) -> None:
    piece = replace(rug, lead_time_days=days, made_to_order=to_order)
    assert processing_of(piece) == processing
    place = "POST /shops/1/readiness-state-definitions"
    assert contract.faults(place, processing.form()) == []


IDS = {"38": 1, "39": 2, "yellow": 3, "red": 4}


def products(draft: Draft) -> list[dict[str, Any]]:
    """The draft's variants as getListingInventory tells them."""
    return [
        {
            "sku": offer.sku,
            "property_values": [
                {"property_id": property_id, "value_ids": [IDS[value]]}
                for property_id, (_, value) in zip((513, 200), offer.options, strict=True)
            ],
        }
        for offer in draft.offers
    ]


def test_pictures_are_tied_to_the_option_that_they_differ_by(
    contract: Contract, babouches: Draft
) -> None:
    images = {offer.sku: 7 if "yellow" in offer.sku else 8 for offer in babouches.offers}
    document = variation_images(babouches, products(babouches), images)
    assert document == {
        "variation_images": [
            {"property_id": 200, "value_id": 3, "image_id": 7},
            {"property_id": 200, "value_id": 4, "image_id": 8},
        ]
    }
    assert contract.faults("POST /shops/1/listings/2/variation-images", document) == []


def test_pictures_that_differ_by_no_single_option_are_not_tied(babouches: Draft) -> None:
    images = {offer.sku: number for number, offer in enumerate(babouches.offers, start=7)}
    assert variation_images(babouches, products(babouches), images) is None
