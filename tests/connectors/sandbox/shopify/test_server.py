import json
from typing import Any

import httpx
import pytest
import shopify as sdk

from connectors.sandbox.faults import Fault, FaultKind
from tests.connectors.sandbox.shopify.conftest import Practice

SHOP = "query shop { shop { name currencyCode } }"
PRODUCTS = """
query products($first: Int!, $after: String) {
  products(first: $first, after: $after) {
    nodes { title }
    pageInfo { hasNextPage endCursor }
  }
}
"""
STRANGER = {
    "errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"
}


def test_the_sdk_as_it_is_speaks_to_it(shop: Practice) -> None:
    sdk.ShopifyResource.set_site(f"{shop.base_url}/admin/api/2026-10")
    sdk.ShopifyResource.set_headers({"X-Shopify-Access-Token": "shpat_practice"})
    try:
        told = json.loads(sdk.GraphQL().execute(SHOP))
    finally:
        sdk.ShopifyResource.clear_session()
    assert told["data"] == {"shop": {"name": "The practice souk", "currencyCode": "USD"}}


@pytest.mark.parametrize("token", ["", "shpat_other"])
def test_a_stranger_is_not_let_in(shop: Practice, token: str) -> None:
    answer = shop.post(SHOP, {}, token)
    assert (answer.status_code, answer.json()) == (401, STRANGER)


def _token(shop: Practice, **changed: str) -> httpx.Response:
    given = {**shop.market.credentials, "grant_type": "client_credentials", **changed}
    return shop.http.post(f"{shop.base_url}/admin/oauth/access_token", data=given)


def test_a_token_of_the_client_credentials_lasts_a_day(shop: Practice) -> None:
    issued = _token(shop).json()
    seen = []
    for hours in (0, 23, 1):
        shop.clock.sleep(hours * 3600)
        seen.append(shop.post(SHOP, {}, issued["access_token"]).status_code)
    assert (issued["expires_in"], seen) == (86399, [200, 200, 401])


def test_a_wrong_secret_gets_no_token(shop: Practice) -> None:
    assert _token(shop, client_secret="shpss_other").status_code == 401


def test_an_expired_token_is_refused_until_it_is_renewed(shop: Practice) -> None:
    token = _token(shop).json()["access_token"]
    shop.market.faults.arm(Fault(kind=FaultKind.EXPIRED_TOKEN, operation="shop"))
    seen = [shop.post(SHOP, {}, token).status_code for _ in range(2)]
    seen.append(shop.post(SHOP, {}, _token(shop).json()["access_token"]).status_code)
    assert seen == [401, 401, 200]


def test_a_throttle_fault_is_told_in_shopifys_words_and_costs_nothing(shop: Practice) -> None:
    shop.market.faults.arm(Fault(kind=FaultKind.THROTTLE, operation="shop"))
    told = shop.tell(SHOP)
    assert [error["extensions"]["code"] for error in told["errors"]] == ["THROTTLED"]
    assert told["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"] == 2000


def test_a_lost_answer_is_of_a_call_that_was_carried_out(shop: Practice) -> None:
    shop.list_product()
    shop.market.faults.arm(Fault(kind=FaultKind.LOST_ANSWER, operation="productSet"))
    with pytest.raises(httpx.RemoteProtocolError):
        shop.list_product(title="Heard by nobody")
    titles = [listing.title for listing in shop.market.shown()]
    assert titles == ["Babouches de Fès", "Heard by nobody"]


def _pages(shop: Practice) -> list[list[str]]:
    pages: list[list[str]] = []
    told: dict[str, Any] = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
    while told["pageInfo"]["hasNextPage"]:
        told = shop.ask(PRODUCTS, first=2, after=told["pageInfo"]["endCursor"])
        pages.append([node["title"] for node in told["nodes"]])
    return pages


def test_a_page_may_come_twice(shop: Practice) -> None:
    for title in "abc":
        shop.list_product(title=title)
    shop.market.faults.arm(Fault(kind=FaultKind.DUPLICATE_PAGE, operation="products"))
    assert _pages(shop) == [["a", "b"], ["a", "b"], ["c"]]


def test_a_page_may_come_in_another_order_with_nothing_lost(shop: Practice) -> None:
    for title in "abcd":
        shop.list_product(title=title)
    shop.market.faults.arm(Fault(kind=FaultKind.SHUFFLED, times=None))
    assert [sorted(page) for page in _pages(shop)] == [["a", "b"], ["c", "d"]]


def test_calls_are_counted_by_the_name_of_their_operation(shop: Practice) -> None:
    shop.tell(SHOP)
    shop.tell("{ shop { name } }")
    shop.tell(PRODUCTS, first=1)
    assert shop.http.get(f"{shop.base_url}/_sandbox/calls").json() == {"shop": 2, "products": 1}


def test_a_list_must_be_asked_for_with_a_size(shop: Practice) -> None:
    told = [shop.tell("{ products { nodes { id } } }"), shop.tell(PRODUCTS, first=251)]
    assert [answer["errors"][0]["extensions"]["code"] for answer in told] == ["BAD_REQUEST"] * 2


def test_buyers_order_by_the_control_endpoints(shop: Practice) -> None:
    shop.list_product()
    basket = {"lines": {"BAB-38": 1}, "country": "DE"}
    placed = shop.http.post(f"{shop.base_url}/_sandbox/orders", json=basket).json()["order_id"]
    cancel = f"{shop.base_url}/_sandbox/orders/{placed}/cancel"
    cancelled = shop.http.post(cancel, json={}).status_code
    sold_out = shop.http.post(f"{shop.base_url}/_sandbox/orders", json={"lines": {"BAB-38": 9}})
    assert (placed.startswith("gid://shopify/Order/"), cancelled, sold_out.status_code) == (
        True,
        204,
        409,
    )
