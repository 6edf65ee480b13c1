"""A shipment as Shopify's fulfilment: pure."""

from collections.abc import Mapping
from typing import Any

from connectors.errors import Refused
from connectors.protocol import Issue, Shipment

Json = Mapping[str, Any]

# The states of a fulfilment order that still has units to ship.
_OPEN = {"OPEN", "IN_PROGRESS"}


# Of a fulfilment's states, those that sent nothing.
_VOID = {"CANCELLED", "ERROR", "FAILURE"}


def is_told(shipment: Shipment, order: Json) -> bool:
    """Whether a fulfilment of the order has that tracking number already."""
    return any(
        tracking["number"] == shipment.tracking_number
        for fulfillment in order["fulfillments"]
        if fulfillment["status"] not in _VOID
        for tracking in fulfillment["trackingInfo"]
    )


def fulfillment_of(shipment: Shipment, order: Json | None) -> dict[str, Any]:
    """The FulfillmentInput that ships those units from the order's open fulfilment orders.

    Raises:
        Refused: there is no such order, or fewer units of a line are left to ship.
    """
    if order is None:
        raise Refused([Issue("no_order", f"The shop has no order {shipment.order_id}")])
    left = dict(shipment.lines)
    parcels = [
        {"fulfillmentOrderId": ready["id"], "fulfillmentOrderLineItems": items}
        for ready in order["fulfillmentOrders"]["nodes"]
        if ready["status"] in _OPEN and (items := _take(ready, left))
    ]
    if missing := {line: units for line, units in left.items() if units}:
        told = ", ".join(f"{units} of line {line}" for line, units in missing.items())
        raise Refused([Issue("nothing_to_ship", f"Not there to be shipped: {told}")])
    return {
        "lineItemsByFulfillmentOrder": parcels,
        "trackingInfo": {"company": shipment.carrier, "number": shipment.tracking_number},
        "notifyCustomer": True,
    }


def _take(fulfillment_order: Json, left: dict[str, int]) -> list[dict[str, Any]]:
    """Items of a fulfilment order for the units that are `left` to place, taken off them."""
    items = []
    for item in fulfillment_order["lineItems"]["nodes"]:
        line = item["lineItem"]["id"]
        units = min(left.get(line, 0), item["remainingQuantity"])
        if units:
            left[line] -= units
            items.append({"id": item["id"], "quantity": units})
    return items
