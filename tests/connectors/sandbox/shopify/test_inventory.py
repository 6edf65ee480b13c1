from typing import Any

import pytest

from tests.connectors.sandbox.shopify.conftest import Practice

SET_STOCK = """
mutation inventorySetQuantities($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { reason changes { name delta quantityAfterChange } }
    userErrors { code field message }
  }
}
"""
WITHOUT_KEY = """
mutation inventorySetQuantities($input: InventorySetQuantitiesInput!) {
  inventorySetQuantities(input: $input) { userErrors { message } }
}
"""


@pytest.fixture
def items(shop: Practice) -> list[str]:
    """The inventory items of slippers in two sizes, four of each."""
    return [node["inventoryItem"]["id"] for node in shop.list_product()["variants"]["nodes"]]


def stock(shop: Practice, item: str, quantity: int, **compared: int | None) -> dict[str, Any]:
    """Input that sets one item's stock."""
    one = {"inventoryItemId": item, "locationId": shop.location, "quantity": quantity}
    return {"name": "available", "reason": "correction", "quantities": [one | compared]}


def available(shop: Practice) -> list[int]:
    """What a buyer sees."""
    return [offer.available for listing in shop.market.shown() for offer in listing.offers]


def test_stock_is_set_where_it_is_as_expected(shop: Practice, items: list[str]) -> None:
    told = shop.ask(SET_STOCK, input=stock(shop, items[0], 7, changeFromQuantity=4), key="a")
    assert told == {
        "inventoryAdjustmentGroup": {
            "reason": "correction",
            "changes": [{"name": "available", "delta": 3, "quantityAfterChange": 7}],
        },
        "userErrors": [],
    }
    assert available(shop) == [7, 4]


def test_stock_that_changed_meanwhile_is_left_alone(shop: Practice, items: list[str]) -> None:
    shop.market.buy({"BAB-38": 1}, "US")
    told = shop.ask(SET_STOCK, input=stock(shop, items[0], 7, changeFromQuantity=4), key="a")
    assert told["userErrors"] == [
        {
            "code": "CHANGE_FROM_QUANTITY_STALE",
            "field": ["input", "quantities", "0", "changeFromQuantity"],
            "message": "The changeFromQuantity value does not match persisted value.",
        }
    ]
    assert available(shop) == [3, 4]


def test_one_bad_figure_keeps_all_others_back(shop: Practice, items: list[str]) -> None:
    given = stock(shop, items[0], 7, changeFromQuantity=None)
    given["quantities"] += stock(shop, items[1], -1, changeFromQuantity=None)["quantities"]
    told = shop.ask(SET_STOCK, input=given, key="a")
    assert [error["code"] for error in told["userErrors"]] == ["INVALID_QUANTITY_NEGATIVE"]
    assert available(shop) == [4, 4]


def test_the_same_key_is_answered_again_and_not_done_again(
    shop: Practice, items: list[str]
) -> None:
    given = stock(shop, items[0], 7, changeFromQuantity=4)
    told = [shop.ask(SET_STOCK, input=given, key="a") for _ in range(2)]
    given["quantities"][0]["quantity"] = 8
    other = shop.ask(SET_STOCK, input=given, key="a")
    assert told[0] == told[1]
    assert [error["code"] for error in other["userErrors"]] == [
        "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"
    ]
    assert available(shop) == [7, 4]


def test_what_the_documentation_demands_is_demanded(shop: Practice, items: list[str]) -> None:
    good = stock(shop, items[0], 7, changeFromQuantity=None)
    many = good | {"quantities": good["quantities"] * 251}
    answers = [
        shop.tell(WITHOUT_KEY, input=good),
        shop.tell(SET_STOCK, input=stock(shop, items[0], 7), key="a"),
        shop.tell(SET_STOCK, input=many, key="b"),
    ]
    assert [answer["errors"][0]["extensions"]["code"] for answer in answers] == [
        "BAD_REQUEST",
        "INVALID_FIELD_ARGUMENTS",
        "MAX_INPUT_SIZE_EXCEEDED",
    ]


def test_an_item_or_place_that_is_not_there_is_named(shop: Practice, items: list[str]) -> None:
    nowhere = stock(shop, items[0], 7, changeFromQuantity=None)
    nowhere["quantities"][0]["locationId"] = "gid://shopify/Location/1"
    nothing = stock(shop, "gid://shopify/InventoryItem/1", 7, changeFromQuantity=None)
    told = [shop.ask(SET_STOCK, input=given, key=str(given)) for given in (nowhere, nothing)]
    assert [answer["userErrors"][0]["code"] for answer in told] == [
        "INVALID_LOCATION",
        "INVALID_INVENTORY_ITEM",
    ]
