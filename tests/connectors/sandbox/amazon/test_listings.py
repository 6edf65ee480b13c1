from typing import Any

import pytest
from sp_api.api import ListingsItems, ListingsRestrictions
from sp_api.base.exceptions import SellingApiException

from connectors.sandbox.control import ShownListing, ShownOffer
from tests.connectors.sandbox.amazon.conftest import (
    FRANCE,
    Seller,
    entry,
    image,
    patched,
    price,
    rug,
    stock,
    words,
)

Json = dict[str, Any]


def complaints(issues: list[Json]) -> list[tuple[str, list[str]]]:
    return [(issue["code"], issue.get("attributeNames", [])) for issue in issues]


def test_an_accepted_listing_is_on_sale_once_it_was_judged(seller: Seller) -> None:
    answer = seller.put("RUG/1 é", rug())
    before = seller.item("RUG/1 é")["summaries"][0]["status"]
    seller.wait_for_judgement()
    after = seller.item("RUG/1 é")

    assert (answer["status"], answer["issues"], before) == ("ACCEPTED", [], [])
    assert after == {
        "sku": "RUG/1 é",
        "summaries": [
            {
                "marketplaceId": FRANCE,
                "asin": after["summaries"][0]["asin"],
                "productType": "RUG",
                "status": ["BUYABLE", "DISCOVERABLE"],
                "createdDate": "2026-11-23T12:00:00.000Z",
                "lastUpdatedDate": "2026-11-23T12:00:00.000Z",
                "conditionType": "new_new",
                "itemName": "Tapis Beni Ouaraïn",
                "mainImage": {
                    "link": "https://photos.example/rug.jpg",
                    "height": 1000,
                    "width": 1000,
                },
            }
        ],
        "issues": [],
        "fulfillmentAvailability": [{"fulfillmentChannelCode": "DEFAULT", "quantity": 3}],
    }


def test_a_buyer_sees_what_was_listed(seller: Seller) -> None:
    seller.sell("RUG-1")

    assert seller.market.shown() == [
        ShownListing(
            remote_id="RUG-1",
            title="Tapis Beni Ouaraïn",
            description="Noué à la main.",
            offers=[ShownOffer(sku="RUG-1", price="89.50", currency="EUR", available=3)],
            present=True,
            photos=["https://photos.example/rug.jpg"],
            texts={"fr_FR": "Tapis Beni Ouaraïn"},
        )
    ]


@pytest.mark.parametrize(
    ("changes", "code", "attribute"),
    [
        ({"material": None}, "90220", "material"),
        (
            {"supplier_declared_has_product_identifier_exemption": None},
            "90220",
            "externally_assigned_product_identifier",
        ),
        ({"purchasable_offer": None}, "90220", "purchasable_offer"),
        ({"thread_count": entry(300)}, "90000900", "thread_count"),
        ({"item_name": words("T" * 201)}, "4000001", "item_name"),
        ({"generic_keyword": words("é" * 126)}, "4000001", "generic_keyword"),
        ({"bullet_point": words("a") * 11}, "4000001", "bullet_point"),
        ({"country_of_origin": entry("Maroc")}, "4000001", "country_of_origin"),
        ({"color": entry("Blanc")}, "99022", "color"),
        ({"color": []}, "99022", "color"),
        ({"color": "Blanc"}, "90000900", "color"),
    ],
)
def test_a_submission_is_refused_at_once_for_its_attributes(
    seller: Seller, changes: Json, code: str, attribute: str
) -> None:
    answer = seller.put("RUG-1", rug(**changes))

    assert (answer["status"], complaints(answer["issues"])) == ("INVALID", [(code, [attribute])])
    assert seller.market.shown() == []


def test_a_preview_tells_what_is_wrong_and_keeps_nothing(seller: Seller) -> None:
    good = seller.put("RUG-1", rug(), mode="VALIDATION_PREVIEW", includedData="issues,identifiers")
    seller.clock.sleep(1)
    bad = seller.put("RUG-1", rug(brand=None), mode="VALIDATION_PREVIEW")

    assert (good["status"], good["identifiers"]) == ("VALID", [])
    assert (bad["status"], complaints(bad["issues"])) == ("INVALID", [("90220", ["brand"])])
    assert seller.market.shown() == []


@pytest.mark.parametrize(
    ("changes", "code", "attributes"),
    [
        ({"item_name": words("Coffret en ivoire")}, "18742", []),
        ({"item_type_keyword": entry("teapot")}, "8015", ["item_type_keyword"]),
        ({"main_product_image_locator": image("gone")}, "20000", ["main_product_image_locator"]),
        ({"main_product_image_locator": image("broken")}, "20000", ["main_product_image_locator"]),
        (
            {"other_product_image_locator_1": image("small")},
            "20000",
            ["other_product_image_locator_1"],
        ),
    ],
)
def test_some_refusals_come_after_the_submission_was_accepted(
    seller: Seller, changes: Json, code: str, attributes: list[str]
) -> None:
    accepted = seller.put("RUG-1", rug(**changes))["status"]
    early = seller.item("RUG-1")["issues"]
    seller.wait_for_judgement()
    late = seller.item("RUG-1")

    assert (accepted, early) == ("ACCEPTED", [])
    assert complaints(late["issues"]) == [(code, attributes)]
    assert late["summaries"][0]["status"] == []


def test_a_corrected_listing_comes_on_sale(seller: Seller) -> None:
    seller.put("RUG-1", rug(main_product_image_locator=image("gone")))
    seller.wait_for_judgement()

    seller.patch("RUG-1", patched("main_product_image_locator", image()))
    seller.wait_for_judgement()

    item = seller.item("RUG-1")
    assert (item["issues"], item["summaries"][0]["status"]) == ([], ["BUYABLE", "DISCOVERABLE"])


def test_patches_replace_merge_and_delete(seller: Seller) -> None:
    seller.sell("RUG-1")

    answer = seller.patch(
        "RUG-1",
        patched("fulfillment_availability", [{**stock(9)[0], "lead_time_to_ship_max_days": 5}]),
        patched("fulfillment_availability", stock(8), "merge"),
        patched("purchasable_offer", price(99)),
        patched("generic_keyword", words("laine")),
        patched("generic_keyword", [{"marketplace_id": FRANCE}], "delete"),
    )

    assert answer["status"] == "ACCEPTED"
    assert seller.item("RUG-1", "attributes,offers") == {
        "sku": "RUG-1",
        "attributes": rug(
            purchasable_offer=price(99),
            fulfillment_availability=[{**stock(8)[0], "lead_time_to_ship_max_days": 5}],
        ),
        "offers": [
            {
                "marketplaceId": FRANCE,
                "offerType": "B2C",
                "price": {"currencyCode": "EUR", "amount": "99.00"},
                "audience": {"value": "ALL", "displayName": "Sell on Amazon"},
            }
        ],
    }


def test_a_listing_without_units_is_found_and_cannot_be_bought(seller: Seller) -> None:
    seller.sell("RUG-1")
    seller.patch("RUG-1", patched("fulfillment_availability", stock(0)))

    assert seller.item("RUG-1")["summaries"][0]["status"] == ["DISCOVERABLE"]
    assert [listing.present for listing in seller.market.shown()] == [False]


@pytest.mark.parametrize(
    ("patch", "code"),
    [
        (patched("brand", None, "delete") | {"value": []}, "90220"),
        (patched("thread_count", entry(300)), "90000900"),
        (patched("fulfillment_availability", [{"quantity": -1}]), "4000001"),
    ],
)
def test_a_bad_patch_changes_nothing(seller: Seller, patch: Json, code: str) -> None:
    seller.sell("RUG-1")

    answer = seller.patch("RUG-1", patched("color", words("Bleu")), patch)

    assert answer["status"] == "INVALID"
    assert code in {issue["code"] for issue in answer["issues"]}
    assert seller.item("RUG-1", "attributes")["attributes"] == rug()


def test_a_patch_of_an_unknown_sku_lacks_everything_that_is_required(seller: Seller) -> None:
    answer = seller.patch("RUG-1", patched("fulfillment_availability", stock(1)))

    assert answer["status"] == "INVALID"
    assert ("90220", ["item_name"]) in complaints(answer["issues"])


def test_a_deleted_listing_is_gone(seller: Seller) -> None:
    seller.sell("RUG-1")

    seller.client(ListingsItems, version="2021-08-01").delete_listings_item(seller.id, "RUG-1")

    with pytest.raises(SellingApiException, match="not found"):
        seller.item("RUG-1")


def family(seller: Seller) -> None:
    """A parent with a small and a large child."""
    theme = [{"name": "SIZE", "marketplace_id": FRANCE}]
    relation = {"child_relationship_type": "variation", "parent_sku": "RUGS"}
    parent = {"parentage_level": entry("parent"), "variation_theme": theme}
    sale = dict.fromkeys(
        (
            *("condition_type", "purchasable_offer", "fulfillment_availability", "material"),
            "supplier_declared_has_product_identifier_exemption",
        )
    )
    seller.put("RUGS", rug(**sale, **parent))
    for sku, size in (("RUG-S", "S"), ("RUG-L", "L")):
        child = {
            "parentage_level": entry("child"),
            "variation_theme": theme,
            "child_parent_sku_relationship": [{**relation, "marketplace_id": FRANCE}],
            "size": words(size),
        }
        seller.put(sku, rug(**child))
    seller.wait_for_judgement()


def test_variations_are_shown_as_one_listing(seller: Seller) -> None:
    family(seller)

    shown = seller.market.shown()

    assert [(each.remote_id, each.present) for each in shown] == [("RUGS", True)]
    assert [(each.sku, each.options) for each in shown[0].offers] == [
        ("RUG-S", {"size": "S"}),
        ("RUG-L", {"size": "L"}),
    ]


def test_a_family_tells_its_relationships(seller: Seller) -> None:
    family(seller)
    theme = {"attributes": ["size"], "theme": "SIZE"}

    told = [seller.item(sku, "relationships")["relationships"] for sku in ("RUGS", "RUG-S")]

    assert [each[0]["relationships"][0] for each in told] == [
        {"type": "VARIATION", "childSkus": ["RUG-L", "RUG-S"], "variationTheme": theme},
        {"type": "VARIATION", "parentSkus": ["RUGS"], "variationTheme": theme},
    ]


def search(seller: Seller, **query: str) -> Json:
    listings = seller.client(ListingsItems, version="2021-08-01")
    response = listings.search_listings_items(seller.id, marketplaceIds=FRANCE, **query)
    answer: Json = response.payload
    return answer | {"pagination": response.pagination}


def test_a_search_comes_in_pages(seller: Seller) -> None:
    skus = [f"RUG-{number:02d}" for number in range(23)]
    seller.sell(*skus)
    order = {"sortBy": "sku", "sortOrder": "ASC", "pageSize": "20"}

    first = search(seller, **order)
    second = search(seller, **order, pageToken=first["pagination"]["nextToken"])

    assert (first["numberOfResults"], "nextToken" in second["pagination"]) == (23, False)
    assert [item["sku"] for item in first["items"] + second["items"]] == skus


def test_a_search_finds_by_sku_and_by_status(seller: Seller) -> None:
    seller.sell("RUG-1", "RUG-2", "RUG-3")
    seller.patch("RUG-2", patched("fulfillment_availability", stock(0)))

    by_sku = search(seller, identifiers="RUG-1,RUG-2,RUG-9", identifiersType="SKU", sortBy="sku")
    not_buyable = search(seller, withoutStatus="BUYABLE")

    assert [item["sku"] for item in by_sku["items"]] == ["RUG-2", "RUG-1"]
    assert [item["sku"] for item in not_buyable["items"]] == ["RUG-2"]


@pytest.mark.parametrize(
    "query", [{"pageSize": "21"}, {"identifiers": "RUG-1"}, {"includedData": "everything"}]
)
def test_a_search_outside_the_rules_is_refused(seller: Seller, query: dict[str, str]) -> None:
    path = f"/listings/2021-08-01/items/{seller.id}"

    answer = seller.get(path, marketplaceIds=FRANCE, **query)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")


def test_another_sellers_listings_are_closed(seller: Seller) -> None:
    answer = seller.get("/listings/2021-08-01/items/A0OTHER", marketplaceIds=FRANCE)

    assert answer.status_code == 403


def test_restricted_goods_may_not_be_listed(seller: Seller) -> None:
    seller.put("BOX-1", rug(item_name=words("Coffret en ivoire")))
    seller.put("RUG-1", rug())
    restrictions = seller.client(ListingsRestrictions)

    def told(sku: str) -> list[Json]:
        asin = seller.item(sku)["summaries"][0]["asin"]
        answer: list[Json] = restrictions.get_listings_restrictions(
            asin=asin, sellerId=seller.id, marketplaceIds=FRANCE
        ).payload["restrictions"]
        return answer

    assert [each["reasons"][0]["reasonCode"] for each in told("BOX-1")] == ["NOT_ELIGIBLE"]
    assert told("RUG-1") == []
