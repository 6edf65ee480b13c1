"""Calls on orders: reading them by their last change, and saying that a parcel was sent."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from connectors.sandbox.faults import FaultKind
from connectors.sandbox.shopify.fulfillment import Fulfillment, FulfillmentOrder
from connectors.sandbox.shopify.orders import LineItem, Order
from connectors.sandbox.shopify.pages import Connection, matches
from connectors.sandbox.shopify.store import Call, error, number

Args = Mapping[str, Any]
Units = list[tuple[LineItem, int]]


class _Unfulfillable(Exception):
    """A parcel that cannot be, for `fault`."""

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.fault = error(None, message, "fulfillment", *path)


def _fulfillment_create(call: Call, args: Args) -> dict[str, Any]:
    given = args["fulfillment"]
    try:
        order, units = _parcel(call, given["lineItemsByFulfillmentOrder"])
    except _Unfulfillable as unfulfillable:
        return {"fulfillment": None, "user_errors": [unfulfillable.fault]}
    sent = _sent(call, order, units, given.get("trackingInfo") or {})
    return {"fulfillment": sent, "user_errors": []}


def _parcel(call: Call, groups: list[Args]) -> tuple[Order, Units]:
    if not groups:
        raise _Unfulfillable("Nothing to fulfill was given.", "lineItemsByFulfillmentOrder")
    units: Units = []
    for place, group in enumerate(groups):
        to_send = call.store.find(FulfillmentOrder, group["fulfillmentOrderId"])
        if to_send is None:
            path = "lineItemsByFulfillmentOrder", place, "fulfillmentOrderId"
            raise _Unfulfillable("Fulfillment order does not exist.", *path)
        if not to_send.supported_actions:
            message = f"Fulfillment order {to_send.id} has an unfulfillable status= closed."
            raise _Unfulfillable(message)
        units += _picked(to_send, group.get("fulfillmentOrderLineItems"))
        order = to_send.order
    return order, units


def _picked(to_send: FulfillmentOrder, given: list[Args] | None) -> Units:
    if not given:
        return [(line.line_item, line.remaining_quantity) for line in to_send.lines]
    lines = {line.id: line.line_item for line in to_send.lines}
    for one in given:
        line = lines.get(one["id"])
        if line is None or not 0 < one["quantity"] <= line.unfulfilled_quantity:
            raise _Unfulfillable("Invalid fulfillment order line item quantity requested.")
    return [(lines[one["id"]], one["quantity"]) for one in given]


def _sent(call: Call, order: Order, units: Units, told: Args) -> Fulfillment:
    location = order.fulfillment_order_list[0].location
    for line, quantity in units:
        line.fulfilled += quantity
        if line.variant:
            level = line.variant.inventory_item.level(call.store, location)
            level.committed = max(0, level.committed - quantity)
    numbers, urls = told.get("numbers") or [None], told.get("urls") or [None]
    fulfillment = call.store.add(
        Fulfillment(
            id=call.store.new_id("Fulfillment"),
            name=f"{order.name}-F{len(order.fulfillment_list) + 1}",
            order=order,
            created_at=call.now,
            units=[(call.store.new_id("FulfillmentLineItem"), *unit) for unit in units],
            tracking={
                "company": told.get("company"),
                "number": told.get("number") or numbers[0],
                "url": told.get("url") or urls[0],
            },
        )
    )
    order.fulfillment_list.append(fulfillment)
    order.updated_at = call.now
    call.store.happened("FULFILLMENTS_CREATE", fulfillment, order_id=order.legacy_resource_id)
    call.store.happened("ORDERS_UPDATED", order)
    return fulfillment


def _orders(call: Call, args: Args) -> Connection:
    found = _found(call, args.get("query"))
    told = call.root_page(found, args, _KEYS.get(args["sortKey"], lambda o: [number(o.id)]))
    more = told.page_info["has_next_page"]
    if more and call.faults.strike(call.operation, FaultKind.MOVED_ITEM):
        moved = told.nodes[0]
        told.nodes[0] = copy(moved)
        moved.updated_at = call.now
    return told


_KEYS = {
    "UPDATED_AT": lambda order: (order.updated_at.timestamp(), number(order.id)),
    "CREATED_AT": lambda order: (order.created_at.timestamp(), number(order.id)),
    "PROCESSED_AT": lambda order: (order.created_at.timestamp(), number(order.id)),
}


def _found(call: Call, query: str | None) -> list[Order]:
    return [
        order
        for order in call.store.all(Order)
        if matches(
            query,
            {
                "id": number(order.id),
                "name": order.name,
                "created_at": order.created_at,
                "processed_at": order.created_at,
                "updated_at": order.updated_at,
                "sku": [line.sku for line in order.lines],
                "status": "cancelled" if order.cancelled_at else "open",
                "financial_status": order.display_financial_status,
                "fulfillment_status": order.display_fulfillment_status,
            },
        )
    ]


QUERIES = {
    "order": lambda call, args: call.store.find(Order, args["id"]),
    "orders": _orders,
    "orders_count": lambda call, args: {
        "count": len(_found(call, args.get("query"))),
        "precision": "EXACT",
    },
    "fulfillment_order": lambda call, args: call.store.find(FulfillmentOrder, args["id"]),
}
MUTATIONS = {"fulfillment_create": _fulfillment_create}
