"""What of an order is to be sent from where, and the parcels that were sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.sandbox.shopify.orders import LineItem, Order
from connectors.sandbox.shopify.pages import Connection, page
from connectors.sandbox.shopify.shop import Location
from connectors.sandbox.shopify.store import Call, Store, number

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
    delivered_at: datetime | None = None

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
