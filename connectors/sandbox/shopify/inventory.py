"""Stock: inventory items and their levels at locations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.sandbox.shopify.pages import Connection, page
from connectors.sandbox.shopify.shop import Location
from connectors.sandbox.shopify.store import Call, Store, number

if TYPE_CHECKING:
    from connectors.sandbox.shopify.products import ProductVariant


@dataclass(eq=False, kw_only=True)
class InventoryLevel:
    """How many units of an item are at one location."""

    id: str
    item: "InventoryItem"
    location: Location
    created_at: datetime
    updated_at: datetime
    available: int = 0
    committed: int = 0
    is_active: bool = True

    def set(self, name: str, quantity: int, now: datetime) -> int:
        """Make the quantity of that name what is said; by how much it changed."""
        available = quantity - self.committed if name == "on_hand" else quantity
        delta, self.available, self.updated_at = available - self.available, available, now
        return delta

    def changed(self, store: Store) -> None:
        """Note that there are more or fewer units now."""
        store.happened(
            "INVENTORY_LEVELS_UPDATE",
            self,
            inventory_item_id=number(self.item.id),
            location_id=number(self.location.id),
            available=self.available,
        )

    def quantity(self, name: str) -> int:
        """The quantity of that name; 0 for one that is not kept here."""
        named = {
            "available": self.available,
            "committed": self.committed,
            "on_hand": self.available + self.committed,
        }
        return named.get(name, 0)

    def quantities(self, _call: Call, args: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The quantities of the names asked for."""
        return [
            {
                "id": f"gid://shopify/InventoryQuantity/{number(self.id)}?name={name}",
                "name": name,
                "quantity": self.quantity(name),
                "updated_at": self.updated_at,
            }
            for name in args["names"]
        ]


@dataclass(eq=False, kw_only=True)
class InventoryItem:
    """What of a variant is stocked and shipped."""

    id: str
    variant: "ProductVariant"
    created_at: datetime
    updated_at: datetime
    sku: str | None = None
    tracked: bool = False
    requires_shipping: bool = True
    harmonized_system_code: str | None = None
    country_code_of_origin: str | None = None
    weight: Mapping[str, Any] = field(default_factory=lambda: {"value": 0, "unit": "KILOGRAMS"})
    levels: dict[str, InventoryLevel] = field(default_factory=dict)

    @property
    def legacy_resource_id(self) -> int:
        """The number in its id."""
        return number(self.id)

    @property
    def measurement(self) -> dict[str, Any]:
        """Its weight."""
        number_ = number(self.id)
        return {"id": f"gid://shopify/InventoryItemMeasurement/{number_}", "weight": self.weight}

    @property
    def available(self) -> int:
        """Units for sale at all locations."""
        return sum(level.available for level in self.levels.values())

    def inventory_level(self, _call: Call, args: Mapping[str, Any]) -> InventoryLevel | None:
        """The level at one location."""
        return self.levels.get(args["locationId"])

    def inventory_levels(self, _call: Call, args: Mapping[str, Any]) -> Connection:
        """The levels at all locations."""
        return page(list(self.levels.values()), args)

    def level(self, store: Store, location: Location) -> InventoryLevel:
        """The level at `location`, which is stocked from now on."""
        if location.id not in self.levels:
            now = store.now()
            self.levels[location.id] = store.add(
                InventoryLevel(
                    id=store.new_id("InventoryLevel"),
                    item=self,
                    location=location,
                    created_at=now,
                    updated_at=now,
                )
            )
        return self.levels[location.id]


@dataclass(eq=False, kw_only=True)
class InventoryAdjustmentGroup:
    """What one call changed."""

    id: str
    created_at: datetime
    reason: str
    reference_document_uri: str | None
    change_list: list[dict[str, Any]]

    def changes(self, _call: Call, args: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The changes, of the quantities asked for."""
        names = args.get("quantityNames")
        return [change for change in self.change_list if not names or change["name"] in names]
