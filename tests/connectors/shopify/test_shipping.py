from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.errors import Refused
from connectors.protocol import Shipment
from connectors.shopify.shipping import fulfillment_of, is_told

Judge = Callable[[str, Any], list[str]]


def shipment(lines: Mapping[str, int]) -> Shipment:
    return Shipment("o1", lines, "Amana", "AB123", datetime(2026, 11, 23, tzinfo=UTC))


def waiting(id_: str, status: str, *items: tuple[str, int]) -> dict[str, Any]:
    nodes = [
        {"id": f"{id_}-{line}", "remainingQuantity": units, "lineItem": {"id": line}}
        for line, units in items
    ]
    return {"id": id_, "status": status, "lineItems": {"nodes": nodes}}


def order(*fulfillment_orders: dict[str, Any]) -> dict[str, Any]:
    return {"fulfillmentOrders": {"nodes": list(fulfillment_orders)}}


@pytest.mark.parametrize(
    ("status", "number", "told"),
    [("SUCCESS", "AB123", True), ("CANCELLED", "AB123", False), ("SUCCESS", "AB124", False)],
)
def test_a_parcel_is_known_by_its_number_unless_it_was_cancelled(
    status: str, number: str, told: bool
) -> None:
    sent = {"status": status, "trackingInfo": [{"number": number}]}
    assert is_told(shipment({"l1": 1}), {"fulfillments": [sent]}) is told


def test_units_are_taken_from_the_open_fulfilment_orders(faults_of: Judge) -> None:
    told = order(
        waiting("f0", "CLOSED", ("l1", 9)),
        waiting("f1", "OPEN", ("l1", 1), ("l2", 1)),
        waiting("f2", "IN_PROGRESS", ("l1", 5)),
    )
    fulfillment = fulfillment_of(shipment({"l1": 3}), told)
    assert fulfillment == {
        "lineItemsByFulfillmentOrder": [
            {
                "fulfillmentOrderId": "f1",
                "fulfillmentOrderLineItems": [{"id": "f1-l1", "quantity": 1}],
            },
            {
                "fulfillmentOrderId": "f2",
                "fulfillmentOrderLineItems": [{"id": "f2-l1", "quantity": 2}],
            },
        ],
        "trackingInfo": {"company": "Amana", "number": "AB123"},
        "notifyCustomer": True,
    }
    assert faults_of("FulfillmentInput", fulfillment) == []


def test_more_than_is_left_is_refused() -> None:
    with pytest.raises(Refused, match="1 of line l1"):
        fulfillment_of(shipment({"l1": 2}), order(waiting("f1", "OPEN", ("l1", 1))))


def test_an_order_that_the_shop_does_not_know_is_refused() -> None:
    with pytest.raises(Refused, match="no order o1"):
        fulfillment_of(shipment({"l1": 1}), None)
