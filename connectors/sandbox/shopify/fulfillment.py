"""What of an order is to be sent from where, and fulfillmentCreate, which says it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.sandbox.shopify.orders import LineItem, Order
from connectors.sandbox.shopify.pages import Connection, matches, page
from connectors.sandbox.shopify.shop import Location
from connectors.sandbox.shopify.store import Call, Store, error, number

Args = Mapping[str, Any]


@dataclass(eq=False, kw_only=True)
class FulfillmentOrderLineItem:
    """Units of a line to be sent."""

    id: str
    line_item: LineItem

    @property
    def sku(self) -> str | None:
        """The line's."""
        return self.line_item.sku

    @property
    def product_title(self) -> str:
        """The line's."""
        return self.line_item.title

    @property
    def variant_title(self) -> str | None:
        """The line's."""
        return self.line_item.variant_title

    @property
    def total_quantity(self) -> int:
        """Units to be sent in all."""
        return self.line_item.current_quantity

    @property
    def remaining_quantity(self) -> int:
        """Units still to be sent."""
        return self.line_item.unfulfilled_quantity

    @property
    def requires_shipping(self) -> bool:
        """Everything here does."""
        return self.line_item.requires_shipping

    @property
    def inventory_item_id(self) -> str | None:
        """The stocked item's id."""
        return self.line_item.variant.inventory_item.id if self.line_item.variant else None


@dataclass(eq=False, kw_only=True)
class FulfillmentOrder:
    """Lines of an order that one location sends."""

    id: str
    order: Order
    location: Location
    lines: list[FulfillmentOrderLineItem]
    request_status: str = "UNSUBMITTED"

    @property
    def status(self) -> str:
        """Open until everything was sent or taken back."""
        if any(line.remaining_quantity for line in self.lines):
            sent = any(line.line_item.fulfilled for line in self.lines)
            return "IN_PROGRESS" if sent else "OPEN"
        return "CANCELLED" if self.order.cancelled_at else "CLOSED"

    @property
    def created_at(self) -> datetime:
        """The order's."""
        return self.order.created_at

    @property
    def updated_at(self) -> datetime:
        """The order's."""
        return self.order.updated_at

    @property
    def order_id(self) -> str:
        """The order's."""
        return self.order.id

    @property
    def order_name(self) -> str:
        """The order's."""
        return self.order.name

    @property
    def assigned_location(self) -> dict[str, Any]:
        """Where it is sent from."""
        place = self.location
        return {"name": place.name, "location": place, "country_code": "MA"}

    @property
    def supported_actions(self) -> list[dict[str, Any]]:
        """What can be done with it."""
        open_ = self.status in {"OPEN", "IN_PROGRESS"}
        return [{"action": "CREATE_FULFILLMENT", "external_url": None}] if open_ else []

    def line_items(self, _call: Call, args: Args) -> Connection:
        """Its lines."""
        return page(self.lines, args)

    def fulfillments(self, _call: Call, args: Args) -> Connection:
        """What was sent of it."""
        return page(self.order.fulfillment_list, args)


@dataclass(eq=False, kw_only=True)
class Fulfillment:
    """A parcel on its way."""

    id: str
    name: str
    order: Order
    created_at: datetime
    units: list[tuple[str, LineItem, int]]
    tracking: dict[str, Any]
    status: str = "SUCCESS"
    display_status: str = "FULFILLED"

    @property
    def legacy_resource_id(self) -> int:
        """The number in its id."""
        return number(self.id)

    @property
    def updated_at(self) -> datetime:
        """It does not change."""
        return self.created_at

    @property
    def total_quantity(self) -> int:
        """Units in it."""
        return sum(quantity for _, _, quantity in self.units)

    def tracking_info(self, _call: Call, _args: Args) -> list[dict[str, Any]]:
        """The carrier and its number."""
        return [self.tracking] if self.tracking["number"] else []

    def fulfillment_line_items(self, _call: Call, args: Args) -> Connection:
        """The units in it."""
        lines = [{"id": i, "line_item": line, "quantity": n} for i, line, n in self.units]
        return page(lines, args)


def to_be_sent(store: Store, order: Order, location: Location) -> FulfillmentOrder:
    """The fulfillment order of a new order."""
    lines = [
        store.add(
            FulfillmentOrderLineItem(id=store.new_id("FulfillmentOrderLineItem"), line_item=line)
        )
        for line in order.lines
    ]
    return store.add(
        FulfillmentOrder(
            id=store.new_id("FulfillmentOrder"), order=order, location=location, lines=lines
        )
    )


def _fulfillment_create(call: Call, args: Args) -> dict[str, Any]:
    given = args["fulfillment"]
    units: list[tuple[LineItem, int]] = []
    order: Order | None = None
    for place, group in enumerate(given["lineItemsByFulfillmentOrder"]):
        path = "fulfillment", "lineItemsByFulfillmentOrder", place
        found = call.store.find(FulfillmentOrder, group["fulfillmentOrderId"])
        if found is None:
            message = "Fulfillment order does not exist."
            return _refused(error(None, message, *path, "fulfillmentOrderId"))
        if found.status not in {"OPEN", "IN_PROGRESS"}:
            message = f"Fulfillment order {found.id} has an unfulfillable status= closed."
            return _refused(error(None, message, "fulfillment"))
        picked = _picked(found, group.get("fulfillmentOrderLineItems"))
        if any(not 0 < quantity <= line.unfulfilled_quantity for line, quantity in picked):
            message = "Invalid fulfillment order line item quantity requested."
            return _refused(error(None, message, "fulfillment"))
        units, order = units + picked, found.order
    if order is None or not units:
        return _refused(error(None, "Nothing to fulfill was given.", "fulfillment"))
    sent = _sent(call, order, units, given.get("trackingInfo") or {})
    return {"fulfillment": sent, "user_errors": []}


def _picked(order: FulfillmentOrder, given: list[Args] | None) -> list[tuple[LineItem, int]]:
    if not given:
        return [(one.line_item, one.remaining_quantity) for one in order.lines]
    lines = {one.id: one.line_item for one in order.lines}
    nothing = LineItem(
        id="",
        variant=None,
        sku=None,
        title="",
        variant_title=None,
        vendor="",
        quantity=0,
        unit_price=order.order.total,
        currency=order.order.currency_code,
    )
    return [(lines.get(one["id"], nothing), one["quantity"]) for one in given]


def _sent(call: Call, order: Order, units: list[tuple[LineItem, int]], told: Args) -> Fulfillment:
    for line, quantity in units:
        line.fulfilled += quantity
        if line.variant:
            item = line.variant.inventory_item
            level = item.level(call.store, order.fulfillment_order_list[0].location)
            level.committed = max(0, level.committed - quantity)
    order.updated_at = call.now
    numbers = told.get("numbers") or [None]
    urls = told.get("urls") or [None]
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
    return fulfillment


def _refused(fault: dict[str, Any]) -> dict[str, Any]:
    return {"fulfillment": None, "user_errors": [fault]}


def _orders(call: Call, args: Args) -> Connection:
    found = _found(call, args.get("query"))
    return call.root_page(found, args, _KEYS.get(args["sortKey"], lambda o: [number(o.id)]))


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
