"""Drafts as Etsy's forms and documents: whole payloads, which Etsy's contract accepts."""

from dataclasses import replace

import pytest
from moneyed import Money

from connectors.etsy.inventory import inventory
from connectors.etsy.mapper import (
    Profiles,
    ShopDefaults,
    content_form,
    draft_form,
    shown_listing,
    translations,
    when_made,
)
from connectors.protocol import Draft, Measures, Remote, RemoteListing, RemoteOffer, Text
from tests.connectors.etsy.conftest import Contract

SHOP = ShopDefaults(language="en", taxonomy_id=101)
PROFILES = Profiles(102, 103, 104, 105)
CONTENT = {
    "title": "Beni Ourain rug, 300 x 200 cm",
    "description": "• Undyed wool\n• Knotted by hand\n\nA pile rug of undyed wool.",
    "who_made": "collective",
    "when_made": "2020_2026",
    "is_supply": "false",
    "taxonomy_id": "101",
    "tags": "rug,wool rug,Berber rug",
    "materials": "wool,cotton warp",
    "should_auto_renew": "false",
    "item_length": "300",
    "item_width": "200",
    "item_dimensions_unit": "cm",
    "item_weight": "14500",
    "item_weight_unit": "g",
}


def test_a_rug_becomes_a_form_for_a_new_listing(contract: Contract, rug: Draft) -> None:
    form = draft_form(rug, SHOP, PROFILES)
    assert form == CONTENT | {
        "description": f"{CONTENT['description']}\n\nRef. BO-001",
        "price": "1250.00",
        "quantity": "1",
        "type": "physical",
        "shipping_profile_id": "102",
        "return_policy_id": "103",
        "readiness_state_id": "104",
        "shop_section_id": "105",
    }
    assert contract.faults("POST /shops/1/listings", form) == []


def test_its_content_alone_says_nothing_of_price_stock_and_shop(
    contract: Contract, rug: Draft
) -> None:
    form = content_form(rug, SHOP)
    assert form == CONTENT
    assert contract.faults("PATCH /shops/1/listings/2", form) == []


def test_more_units_than_etsy_takes_are_shown_as_what_it_takes(
    contract: Contract, rug: Draft
) -> None:
    many = replace(rug, offers=(replace(rug.offers[0], available=5000),))
    assert draft_form(many, SHOP, PROFILES)["quantity"] == "999"
    [product] = inventory(many, [], {}, 104)["products"]
    assert product["offerings"][0]["quantity"] == 999
    assert contract.faults("POST /shops/1/listings", draft_form(many, SHOP, PROFILES)) == []


def test_each_language_that_etsy_knows_is_a_translation(contract: Contract, rug: Draft) -> None:
    french = {
        "title": "Tapis Beni Ourain, 300 x 200 cm",
        "description": "Un tapis de laine.",
        "tags": "tapis",
    }
    assert translations(rug, "en") == {"fr": french}
    assert contract.faults("POST /shops/1/listings/2/translations/fr", french) == []


def test_a_shop_of_another_language_is_written_in_its_own(rug: Draft) -> None:
    form = content_form(rug, replace(SHOP, language="fr"))
    assert (form["title"], list(translations(rug, "fr"))) == (
        "Tapis Beni Ourain, 300 x 200 cm",
        ["en"],
    )


def test_a_language_has_one_translation_the_first_of_its_locales(rug: Draft) -> None:
    british, american = Text("fr-FR", "Le premier", "."), Text("fr-CA", "Le second", ".")
    twice = replace(rug, texts=(rug.texts[0], british, american))
    assert [form["title"] for form in translations(twice, "en").values()] == ["Le premier"]


@pytest.mark.parametrize(
    ("year", "period"),
    [
        (None, "2020_2026"),
        (2031, "2020_2026"),
        (2020, "2020_2026"),
        (2019, "2010_2019"),
        (2008, "2007_2009"),
        (2006, "2000_2006"),
        (1999, "1990s"),
        (1900, "1900s"),
        (1899, "1800s"),
        (1700, "1700s"),
        (1650, "before_1700"),
    ],
)
def test_a_year_is_one_of_etsys_periods(
    contract: Contract, rug: Draft, year: int | None, period: str
) -> None:
    dated = replace(rug, made_in_year=year)
    assert when_made(dated) == period
    assert contract.faults("PATCH /shops/1/listings/2", content_form(dated, SHOP)) == []


def test_a_round_piece_is_as_long_as_it_is_wide_and_variants_of_other_sizes_have_no_measure(
    rug: Draft, babouches: Draft
) -> None:
    round_one = replace(rug.offers[0], measures=Measures(diameter_cm=62.5))
    form = content_form(replace(rug, offers=(round_one,)), SHOP)
    sides = {name: value for name, value in form.items() if name.startswith("item_")}
    assert sides == {"item_length": "62.5", "item_width": "62.5", "item_dimensions_unit": "cm"}
    first, *others = babouches.offers
    mixed = replace(babouches, offers=(replace(first, measures=Measures(weight_g=5)), *others))
    assert not [name for name in content_form(mixed, SHOP) if name.startswith("item_")]


def test_a_listing_off_sale_has_nothing_to_sell_whatever_its_inventory_keeps() -> None:
    listing = {
        "listing_id": 2,
        "state": "inactive",
        "title": "A rug, maker&#39;s own",
        "description": "Wool &amp; silk",
        "images": [{"url_fullxfull": "https://i.etsystatic.com/1.jpg"}],
        "inventory": {
            "products": [
                {
                    "sku": "BO-001",
                    "offerings": [
                        {
                            "quantity": 1,
                            "price": {"amount": 8950, "divisor": 100, "currency_code": "USD"},
                        }
                    ],
                }
            ]
        },
    }
    assert shown_listing(listing) == RemoteListing(
        Remote("2", {"state": "inactive", "price:BO-001": "89.5"}),
        "A rug, maker's own",
        (RemoteOffer("BO-001", Money("89.50", "USD"), 0),),
        present=False,
        photos=1,
        description="Wool & silk",
        photo_urls=("https://i.etsystatic.com/1.jpg",),
    )
