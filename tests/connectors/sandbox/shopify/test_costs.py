import math

from connectors.clock import VirtualClock
from connectors.sandbox.shopify.costs import Bucket
from tests.connectors.sandbox.shopify.conftest import SET, Practice, slippers

PRODUCTS = "query products($first: Int!) { products(first: $first) { nodes { id title } } }"
DEEP = """
query products($first: Int!) {
  products(first: $first) { edges { node { variants(first: 1) { nodes { id } } } } }
}
"""
FULL = {"maximumAvailable": 2000.0, "currentlyAvailable": 2000, "restoreRate": 100.0}


def test_a_connection_costs_two_and_what_it_may_return_then_what_came(shop: Practice) -> None:
    shop.list_product()
    shop.clock.sleep(60)
    cost = shop.tell(PRODUCTS, first=50)["extensions"]["cost"]
    assert cost == {
        "requestedQueryCost": 52,
        "actualQueryCost": 3,
        "throttleStatus": FULL | {"currentlyAvailable": 1997},
    }


def test_nested_connections_multiply(shop: Practice) -> None:
    cost = shop.tell(DEEP, first=10)["extensions"]["cost"]
    assert cost["requestedQueryCost"] == 2 + 10 * (1 + 2 + 1)


def test_a_mutation_costs_ten_and_its_product_by_its_files_and_variants(shop: Practice) -> None:
    given = slippers(shop.location)
    given["files"] = [{"originalSource": "https://example.com/a.jpg"}]
    given["variants"][0]["file"] = given["files"][0]
    cost = shop.tell(SET, input=given)["extensions"]["cost"]
    variants, media = 2 + 10 * (1 + 1), 2 + 10
    came = 2 + 2 * (1 + 1) + 2 + 1
    given_cost = 1.9 + 2 * 0.2 + 0.6
    assert [cost["requestedQueryCost"], cost["actualQueryCost"]] == [
        math.ceil(10 + variants + media + given_cost),
        math.ceil(10 + came + given_cost),
    ]


def test_what_may_cost_more_than_a_query_may_is_not_run(shop: Practice) -> None:
    (error,) = shop.tell(DEEP, first=250)["errors"]
    assert error["extensions"] == {
        "code": "MAX_COST_EXCEEDED",
        "cost": 2 + 250 * 4,
        "maxCost": 1000,
    }


def test_an_empty_bucket_throttles_until_time_has_filled_it(shop: Practice) -> None:
    shop.market.bucket.take(1900)
    throttled = shop.tell(PRODUCTS, first=100)
    assert throttled == {
        "errors": [
            {
                "message": "Throttled",
                "extensions": {
                    "code": "THROTTLED",
                    "documentation": "https://shopify.dev/api/usage/rate-limits",
                },
            }
        ],
        "extensions": {
            "cost": {
                "requestedQueryCost": 102,
                "actualQueryCost": None,
                "throttleStatus": FULL | {"currentlyAvailable": 100},
            }
        },
    }
    shop.clock.sleep(0.02)
    assert shop.tell(PRODUCTS, first=100)["data"] == {"products": {"nodes": []}}


def test_points_come_back_a_hundred_a_second_up_to_two_thousand(clock: VirtualClock) -> None:
    bucket = Bucket(clock)
    emptied, refused = bucket.take(2000), bucket.take(1)
    seen = []
    for seconds in (0.5, 9.5, 3600):
        clock.sleep(seconds)
        seen.append(bucket.available())
    assert [emptied, refused, seen] == [True, False, [50.0, 1000.0, 2000.0]]
