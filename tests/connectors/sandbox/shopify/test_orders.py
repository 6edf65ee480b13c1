from typing import Any

import pytest

from connectors.sandbox.faults import Fault, FaultKind
from tests.connectors.sandbox.shopify.conftest import Practice

ORDERS = """
query orders($first: Int!, $after: String, $query: String) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes { name }
    pageInfo { hasNextPage endCursor }
  }
}
"""
ORDER = """
query order($id: ID!) {
  order(id: $id) {
    name
    cancelledAt
    cancelReason
    displayFinancialStatus
    displayFulfillmentStatus
    totalPriceSet { shopMoney { amount currencyCode } }
    currentTotalPriceSet { shopMoney { amount } }
    shippingAddress { countryCodeV2 }
    lineItems(first: 5) { nodes { sku name quantity currentQuantity } }
    refunds(first: 5) {
      refundLineItems(first: 5) { nodes { quantity restockType restocked } }
    }
    fulfillmentOrders(first: 5) {
      nodes { id status lineItems(first: 5) { nodes { id remainingQuantity } } }
    }
    fulfillments(first: 5) { status trackingInfo(first: 1) { company number } }
  }
}
"""
FULFILL = """
mutation fulfillmentCreate($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) {
    fulfillment { name status totalQuantity }
    userErrors { field message }
  }
}
"""


@pytest.fixture
def selling(shop: Practice) -> Practice:
    """The shop with slippers for sale, four in each size."""
    shop.list_product()
    return shop


def order(shop: Practice, **units: int) -> str:
    """An order of slippers by size; its id."""
    return shop.market.buy({f"BAB-{size[1:]}": n for size, n in units.items()}, "FR")


def available(shop: Practice) -> list[int]:
    return [offer.available for listing in shop.market.shown() for offer in listing.offers]


def test_an_order_is_told_whole(selling: Practice) -> None:
    told = selling.ask(ORDER, id=order(selling, s38=2, s39=1))
    fulfillment_orders = told.pop("fulfillmentOrders")["nodes"]
    assert [fulfillment_order["status"] for fulfillment_order in fulfillment_orders] == ["OPEN"]
    assert told == {
        "name": "#1001",
        "cancelledAt": None,
        "cancelReason": None,
        "displayFinancialStatus": "PAID",
        "displayFulfillmentStatus": "UNFULFILLED",
        "totalPriceSet": {"shopMoney": {"amount": "105.0", "currencyCode": "USD"}},
        "currentTotalPriceSet": {"shopMoney": {"amount": "105.0"}},
        "shippingAddress": {"countryCodeV2": "FR"},
        "lineItems": {
            "nodes": [
                {
                    "sku": f"BAB-{size}",
                    "name": f"Babouches de Fès - {size}",
                    "quantity": quantity,
                    "currentQuantity": quantity,
                }
                for size, quantity in ((38, 2), (39, 1))
            ]
        },
        "refunds": [],
        "fulfillments": [],
    }
    assert available(selling) == [2, 3]


def test_nobody_buys_what_is_not_there(selling: Practice) -> None:
    with pytest.raises(ValueError, match="4 of BAB-38 are left"):
        order(selling, s38=5)
    with pytest.raises(LookupError, match="BAB-44 is not for sale"):
        order(selling, s44=1)
    assert available(selling) == [4, 4]


def test_orders_come_by_their_last_change_page_by_page(selling: Practice) -> None:
    ids = []
    for _ in range(3):
        ids.append(order(selling, s38=1))
        selling.clock.sleep(60)
    selling.market.cancel(ids[0], None, restock=True)
    assert names_by_page(selling, 1) == [["#1002"], ["#1003"], ["#1001"]]


def names_by_page(selling: Practice, size: int) -> list[list[str]]:
    """The orders of each page, by their last change."""
    pages, after = [], None
    while True:
        told = selling.ask(ORDERS, first=size, after=after)
        pages.append([node["name"] for node in told["nodes"]])
        after = told["pageInfo"]["endCursor"]
        if not told["pageInfo"]["hasNextPage"]:
            return pages


def test_a_page_may_leave_an_order_out(selling: Practice) -> None:
    for _ in range(3):
        order(selling, s38=1)
    selling.market.faults.arm(Fault(kind=FaultKind.MISSED_ITEM))
    assert names_by_page(selling, 2) == [["#1001"], ["#1003"]]
    assert names_by_page(selling, 2) == [["#1001", "#1002"], ["#1003"]]


def test_an_order_may_change_once_its_page_was_told(selling: Practice) -> None:
    for _ in range(3):
        order(selling, s38=1)
        selling.clock.sleep(60)
    selling.market.faults.arm(Fault(kind=FaultKind.MOVED_ITEM))
    assert names_by_page(selling, 2) == [["#1001", "#1002"], ["#1003", "#1001"]]


def test_the_search_finds_what_changed_at_a_moment_or_after_it(selling: Practice) -> None:
    for _ in range(3):
        order(selling, s38=1)
        selling.clock.sleep(60)
    names = [
        [node["name"] for node in selling.ask(ORDERS, first=9, query=query)["nodes"]]
        for query in (
            "updated_at:>=2026-11-23T12:01:00Z",
            "updated_at:>'2026-11-23T12:01:00Z'",
            "updated_at:>=2026-11-23T12:00:00Z AND updated_at:<2026-11-23T12:01:00Z",
            "status:cancelled",
            "-name:#1002",
        )
    ]
    assert names == [["#1002", "#1003"], ["#1003"], ["#1001"], [], ["#1001", "#1003"]]


def test_a_cancelled_order_is_refunded_and_back_in_stock(selling: Practice) -> None:
    order_id = order(selling, s38=2)
    selling.market.cancel(order_id, None, restock=True)
    told = selling.ask(ORDER, id=order_id)
    assert {name: told[name] for name in ("cancelledAt", "cancelReason", "refunds")} == {
        "cancelledAt": "2026-11-23T12:00:00Z",
        "cancelReason": "CUSTOMER",
        "refunds": [_refunded(2, "CANCEL")],
    }
    assert [told["displayFinancialStatus"], available(selling)] == ["REFUNDED", [4, 4]]


def test_units_come_back_with_or_without_stock(selling: Practice) -> None:
    order_id = order(selling, s38=3, s39=1)
    selling.market.refund(order_id, {"BAB-38": 1}, restock=True)
    selling.market.refund(order_id, {"BAB-38": 1}, restock=False)
    told = selling.ask(ORDER, id=order_id)
    assert told["refunds"] == [_refunded(1, "RETURN"), _refunded(1, "NO_RESTOCK")]
    assert [node["currentQuantity"] for node in told["lineItems"]["nodes"]] == [1, 1]
    assert told["displayFinancialStatus"] == "PARTIALLY_REFUNDED"
    assert told["currentTotalPriceSet"] == {"shopMoney": {"amount": "70.0"}}
    assert available(selling) == [2, 3]


def _refunded(quantity: int, restock_type: str) -> dict[str, Any]:
    node = {
        "quantity": quantity,
        "restockType": restock_type,
        "restocked": restock_type != "NO_RESTOCK",
    }
    return {"refundLineItems": {"nodes": [node]}}


def test_parcels_fulfill_an_order_part_by_part(selling: Practice) -> None:
    order_id = order(selling, s38=2)
    (to_send,) = selling.ask(ORDER, id=order_id)["fulfillmentOrders"]["nodes"]
    line = {"id": to_send["lineItems"]["nodes"][0]["id"], "quantity": 1}
    parcel = {
        "lineItemsByFulfillmentOrder": [
            {"fulfillmentOrderId": to_send["id"], "fulfillmentOrderLineItems": [line]}
        ],
        "trackingInfo": {"company": "Poste Maroc", "number": "RR123456789MA"},
    }
    statuses = []
    for _ in range(2):
        assert selling.ask(FULFILL, fulfillment=parcel)["userErrors"] == []
        told = selling.ask(ORDER, id=order_id)
        (to_send,) = told["fulfillmentOrders"]["nodes"]
        statuses.append((told["displayFulfillmentStatus"], to_send["status"]))
    third = selling.ask(FULFILL, fulfillment=parcel)
    assert statuses == [("PARTIALLY_FULFILLED", "IN_PROGRESS"), ("FULFILLED", "CLOSED")]
    assert told["fulfillments"][1] == {
        "status": "SUCCESS",
        "trackingInfo": [{"company": "Poste Maroc", "number": "RR123456789MA"}],
    }
    assert third["fulfillment"] is None
    assert "unfulfillable status" in third["userErrors"][0]["message"]


def test_more_than_was_ordered_cannot_be_sent(selling: Practice) -> None:
    (to_send,) = selling.ask(ORDER, id=order(selling, s38=2))["fulfillmentOrders"]["nodes"]
    line = {"id": to_send["lineItems"]["nodes"][0]["id"], "quantity": 3}
    parcel = {"fulfillmentOrderId": to_send["id"], "fulfillmentOrderLineItems": [line]}
    told = selling.ask(FULFILL, fulfillment={"lineItemsByFulfillmentOrder": [parcel]})
    assert told["userErrors"] == [
        {
            "field": ["fulfillment"],
            "message": "Invalid fulfillment order line item quantity requested.",
        }
    ]
