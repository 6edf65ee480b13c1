from typing import Any

import pytest

from tests.connectors.sandbox.etsy.seller import READY, Seller


def test_a_new_shop_has_nothing(seller: Seller) -> None:
    lists = ("sections", "shipping-profiles", "policies/return", "readiness-state-definitions")

    assert [seller.told("GET", f"{seller.shop}/{each}")["count"] for each in lists] == [0] * 4


def test_the_shop_is_found_by_its_owner(seller: Seller) -> None:
    owner = seller.told("GET", "/users/me")["user_id"]
    shop = seller.told("GET", seller.shop)

    assert seller.told("GET", f"/users/{owner}/shops") == shop
    assert (shop["currency_code"], shop["shop_location_country_iso"]) == ("USD", "MA")
    assert seller.refused("GET", "/users/1/shops")[0] == 404


def test_what_is_made_is_listed(seller: Seller) -> None:
    made = seller.defaults
    section = seller.told("POST", f"{seller.shop}/sections", data={"title": "Rugs"})

    assert seller.told("GET", f"{seller.shop}/sections")["results"] == [section]
    number = made["shipping_profile_id"]
    profile = seller.told("GET", f"{seller.shop}/shipping-profiles/{number}")
    listed = seller.told("GET", f"{seller.shop}/shipping-profiles")["results"]
    assert listed == [profile]
    policies = seller.told("GET", f"{seller.shop}/policies/return")["results"]
    assert [one["return_policy_id"] for one in policies] == [made["return_policy_id"]]


def test_a_processing_profile_is_made_once(seller: Seller) -> None:
    number = seller.defaults["readiness_state_id"]
    address = f"{seller.shop}/readiness-state-definitions"
    again = seller.asks("POST", address, data=READY)
    in_weeks = seller.told("POST", address, data=READY | {"processing_time_unit": "weeks"})

    assert (again.status_code, again.headers["content-location"]) == (
        409,
        f"/v3/application{address}/{number}",
    )
    assert (in_weeks["min_processing_days"], in_weeks["max_processing_days"]) == (5, 15)


@pytest.mark.parametrize(
    ("place", "form"),
    [
        ("policies/return", {"accepts_returns": "true", "accepts_exchanges": "false"}),
        (
            "policies/return",
            {"accepts_returns": "true", "accepts_exchanges": "false", "return_deadline": 31},
        ),
        (
            "shipping-profiles",
            {"title": "No destination", "origin_country_iso": "MA", "primary_cost": 1}
            | {"secondary_cost": 1, "min_delivery_days": 1, "max_delivery_days": 2},
        ),
        (
            "shipping-profiles",
            {"title": "No time", "origin_country_iso": "MA", "primary_cost": 1}
            | {"secondary_cost": 1, "destination_region": "eu"},
        ),
    ],
)
def test_an_incomplete_profile_is_refused(seller: Seller, place: str, form: dict[str, Any]) -> None:
    assert seller.refused("POST", f"{seller.shop}/{place}", data=form)[0] == 400


def test_categories_are_found_by_their_path(seller: Seller) -> None:
    nodes = seller.told("GET", "/seller-taxonomy/nodes")["results"]
    path = []
    for name in ("Home & Living", "Floor & Rugs", "Rugs"):
        node = next(one for one in nodes if one["name"] == name)
        path.append(node["id"])
        nodes = node["children"]

    assert (node["full_path_taxonomy_ids"], node["level"], node["parent_id"]) == (path, 2, path[1])
    properties = seller.told("GET", f"/seller-taxonomy/nodes/{node['id']}/properties")
    assert [one["name"] for one in properties["results"]] == ["Size", "Primary color", "Material"]
    assert seller.refused("GET", "/seller-taxonomy/nodes/1/properties")[0] == 404


def test_a_translation_is_created_then_updated(seller: Seller) -> None:
    listing = seller.draft()
    address = f"{seller.shop}/listings/{listing}/translations/fr"
    words = {"title": "Tapis d’Azilal", "description": "Tissé à la main.", "tags": "tapis,laine"}
    absent = seller.refused("PUT", address, data=words)
    seller.told("POST", address, data=words)
    again = seller.refused("POST", address, data=words)
    seller.told("PUT", address, data=words | {"title": "Tapis"})

    assert (absent[0], again[0]) == (404, 400)
    assert seller.told("GET", address) == {
        "listing_id": listing,
        "language": "fr",
        "title": "Tapis",
        "description": "Tissé à la main.",
        "tags": ["tapis", "laine"],
    }
    told = seller.told("GET", f"/listings/{listing}", params={"includes": "Translations"})
    assert told["translations"]["fr"]["title"] == "Tapis"


def test_etsy_speaks_no_arabic(seller: Seller) -> None:
    address = f"{seller.shop}/listings/{seller.draft()}/translations/ar"

    assert seller.refused("POST", address, data={"title": "زربية", "description": "-"})[0] == 400


def test_an_address_that_is_not_etsys_is_not_found(clumsy_seller: Seller) -> None:
    assert clumsy_seller.refused("GET", "/carpets") == (404, "Resource not found")
