from datetime import UTC, datetime
from typing import Any

import pytest
from moneyed import Money

from connectors.protocol import (
    Address,
    OrderStatus,
    RemoteOrder,
    RemoteOrderLine,
    UnreadableOrder,
)
from connectors.shopify.orders import Told, has_refunds, order_of, read_order, reread, unreadable

SINCE = datetime(2026, 11, 1, tzinfo=UTC)


def line(id_: str, sku: str | None, quantity: int = 1) -> dict[str, Any]:
    return {
        "id": id_,
        "sku": sku,
        "name": "Tapis – 200 × 300",
        "quantity": quantity,
        "currentQuantity": quantity,
        "unfulfilledQuantity": quantity,
        "originalUnitPriceSet": {"shopMoney": {"amount": "1249.9", "currencyCode": "EUR"}},
    }


def refund(line_id: str, quantity: int, restock: str) -> dict[str, Any]:
    node = {
        "lineItem": {"id": line_id},
        "quantity": quantity,
        "restockType": restock,
        "restocked": restock != "NO_RESTOCK",
    }
    return {"refundLineItems": {"nodes": [node], "pageInfo": {"hasNextPage": False}}}


def parcel(line_id: str, quantity: int, *, arrived: str | None, status: str = "SUCCESS") -> Any:
    return {
        "status": status,
        "deliveredAt": arrived,
        "fulfillmentLineItems": {
            "nodes": [{"lineItem": {"id": line_id}, "quantity": quantity}],
            "pageInfo": {"hasNextPage": False},
        },
    }


@pytest.fixture
def node() -> dict[str, Any]:
    return {
        "id": "gid://shopify/Order/1",
        "name": "#1001",
        "createdAt": "2026-11-20T10:00:00Z",
        "updatedAt": "2026-11-21T11:30:00Z",
        "cancelledAt": None,
        "displayFinancialStatus": "PAID",
        "displayFulfillmentStatus": "UNFULFILLED",
        "totalPriceSet": {"shopMoney": {"amount": "1269.9", "currencyCode": "EUR"}},
        "totalRefundedSet": {"shopMoney": {"amount": "0.0", "currencyCode": "EUR"}},
        "email": "yto@example.org",
        "shippingAddress": {
            "name": "Zoë Ünlü",
            "address1": "Straße 1",
            "address2": None,
            "city": "Köln",
            "zip": "50667",
            "provinceCode": None,
            "countryCodeV2": "DE",
            "phone": None,
        },
    }


def test_an_order_comes_with_all_that_shipping_needs(node: dict[str, Any]) -> None:
    assert order_of(Told(node, [line("l1", "TIF-1"), line("l2", "")])) == RemoteOrder(
        "gid://shopify/Order/1",
        "#1001",
        OrderStatus.PAID,
        datetime(2026, 11, 20, 10, tzinfo=UTC),
        datetime(2026, 11, 21, 11, 30, tzinfo=UTC),
        Money("1269.90", "EUR"),
        (
            RemoteOrderLine("l1", "TIF-1", "Tapis – 200 × 300", 1, Money("1249.90", "EUR")),
            RemoteOrderLine("l2", None, "Tapis – 200 × 300", 1, Money("1249.90", "EUR")),
        ),
        Address("Zoë Ünlü", ("Straße 1",), "Köln", "50667", "DE", email="yto@example.org"),
        refunded=Money(0, "EUR"),
    )


def test_only_restocked_units_are_back(node: dict[str, Any]) -> None:
    refunds = [
        refund("l1", 1, "CANCEL"),
        refund("l1", 2, "RETURN"),
        refund("l1", 1, "NO_RESTOCK"),
        refund("l1", 1, "CANCEL"),
    ]
    (sold,) = order_of(Told(node, [line("l1", "S", 5)], refunds)).lines
    assert (sold.quantity, sold.cancelled, sold.returned) == (5, 2, 2)


@pytest.mark.parametrize(
    ("financial", "fulfilment", "cancelled_at", "status"),
    [
        ("PENDING", "UNFULFILLED", None, OrderStatus.PENDING),
        ("AUTHORIZED", "UNFULFILLED", None, OrderStatus.PENDING),
        ("PARTIALLY_PAID", "ON_HOLD", None, OrderStatus.PENDING),
        ("PAID", "IN_PROGRESS", None, OrderStatus.PAID),
        ("PARTIALLY_REFUNDED", "UNFULFILLED", None, OrderStatus.PAID),
        ("PAID", "PARTIALLY_FULFILLED", None, OrderStatus.PARTLY_SHIPPED),
        ("PARTIALLY_REFUNDED", "FULFILLED", None, OrderStatus.SHIPPED),
        ("REFUNDED", "FULFILLED", None, OrderStatus.REFUNDED),
        ("REFUNDED", "UNFULFILLED", "2026-11-21T11:30:00Z", OrderStatus.CANCELLED),
        ("VOIDED", "UNFULFILLED", None, OrderStatus.CANCELLED),
        ("EXPIRED", "UNFULFILLED", None, OrderStatus.CANCELLED),
    ],
)
def test_states_become_ours(
    node: dict[str, Any],
    financial: str,
    fulfilment: str,
    cancelled_at: str | None,
    status: OrderStatus,
) -> None:
    node |= {
        "displayFinancialStatus": financial,
        "displayFulfillmentStatus": fulfilment,
        "cancelledAt": cancelled_at,
    }
    assert order_of(Told(node)).status is status


@pytest.mark.parametrize(
    ("fulfilment", "held"),
    [("ON_HOLD", True), ("SCHEDULED", True), ("UNFULFILLED", False), ("FULFILLED", False)],
)
def test_what_waits_is_on_hold(node: dict[str, Any], fulfilment: str, *, held: bool) -> None:
    order = order_of(Told(node | {"displayFulfillmentStatus": fulfilment}))
    assert order.on_hold is held


def test_money_given_back_is_told_and_the_state_of_shipping_stays(node: dict[str, Any]) -> None:
    node |= {
        "displayFinancialStatus": "PARTIALLY_REFUNDED",
        "displayFulfillmentStatus": "PARTIALLY_FULFILLED",
        "totalRefundedSet": {"shopMoney": {"amount": "20.5", "currencyCode": "EUR"}},
    }
    order = order_of(Told(node))
    assert (order.refunded, order.status) == (Money("20.50", "EUR"), OrderStatus.PARTLY_SHIPPED)


def test_units_that_left_are_counted_and_a_parcel_called_back_is_not(node: dict[str, Any]) -> None:
    parcels = [
        parcel("l1", 1, arrived="2026-11-23T09:00:00Z"),
        parcel("l1", 1, arrived="2026-11-24T09:00:00Z"),
        parcel("l1", 1, arrived=None, status="CANCELLED"),
    ]
    node["displayFulfillmentStatus"] = "FULFILLED"
    order = order_of(Told(node, [line("l1", "S", 2)], fulfillments=parcels))
    assert [sold.shipped for sold in order.lines] == [2]
    assert order.delivered_at == datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fulfilment", "arrived"),
    [("FULFILLED", None), ("PARTIALLY_FULFILLED", "2026-11-24T09:00:00Z")],
)
def test_an_order_is_delivered_when_the_last_of_it_is(
    node: dict[str, Any], fulfilment: str, arrived: str | None
) -> None:
    parcels = [parcel("l1", 1, arrived="2026-11-23T09:00:00Z"), parcel("l1", 1, arrived=arrived)]
    node["displayFulfillmentStatus"] = fulfilment
    assert order_of(Told(node, [line("l1", "S", 3)], fulfillments=parcels)).delivered_at is None


def test_an_order_without_a_parcel_has_no_address(node: dict[str, Any]) -> None:
    assert order_of(Told(node | {"shippingAddress": None})).ship_to is None


def test_what_cannot_be_understood_is_kept_raw(node: dict[str, Any]) -> None:
    node["totalPriceSet"] = {"shopMoney": {"amount": "many", "currencyCode": "EUR"}}
    order = read_order(Told(node), SINCE)
    assert isinstance(order, UnreadableOrder)
    assert (order.id, order.updated_at.day) == ("gid://shopify/Order/1", 21)
    assert '"amount": "many"' in order.raw
    assert "Zoë" not in repr(order)


def test_an_order_of_unknown_currency_and_moment_is_kept_as_of_the_pull(
    node: dict[str, Any],
) -> None:
    node["totalPriceSet"] = {"shopMoney": {"amount": "1", "currencyCode": "???"}}
    node["updatedAt"] = "yesterday"
    order = read_order(Told(node), SINCE)
    assert isinstance(order, UnreadableOrder)
    assert order.updated_at == SINCE


def test_an_order_is_read_from_what_was_kept_once_that_can_be_understood(
    node: dict[str, Any],
) -> None:
    parcels = [parcel("l1", 2, arrived=None)]
    told = Told(node, [line("l1", "TIF-1", 2)], [refund("l1", 1, "RETURN")], parcels)
    assert reread(unreadable(told, "odd", SINCE).raw) == order_of(told)


def test_an_order_kept_in_part_is_not_taken_for_a_whole_one(node: dict[str, Any]) -> None:
    told = reread(unreadable(Told(node, whole=False), "too many refunds", SINCE).raw)
    assert isinstance(told, UnreadableOrder)
    assert told.reason == "its lines, refunds or parcels were not read to their end"


@pytest.mark.parametrize("text", ['{"id": "gid://shopify/Order/1"}', "[]", "A. Buyer"])
def test_a_text_that_is_no_order_stays_unreadable(text: str) -> None:
    order = reread(text)
    assert isinstance(order, UnreadableOrder)
    assert order.raw == text


def test_refunds_are_asked_for_only_where_there_are_some(node: dict[str, Any]) -> None:
    whole, cut = line("l1", "S", 2), line("l1", "S", 2) | {"currentQuantity": 1}
    cancelled = node | {"cancelledAt": "2026-11-21T11:30:00Z"}
    asked = [has_refunds(node, [whole]), has_refunds(node, [cut]), has_refunds(cancelled, [whole])]
    assert asked == [False, True, True]
