"""inventorySetQuantities: stock as an absolute figure, once for each idempotency key."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError

from connectors.sandbox.shopify.inventory import InventoryAdjustmentGroup, InventoryItem
from connectors.sandbox.shopify.limits import QUANTITY
from connectors.sandbox.shopify.pages import Connection, matches
from connectors.sandbox.shopify.schema import IDEMPOTENCY_KEY
from connectors.sandbox.shopify.shop import Location
from connectors.sandbox.shopify.store import Call, Store, error, number
from connectors.shopify.limits import LIST_SIZE

# Source: shopify.dev, manage inventory quantities and states, reasons of a change.
REASONS = frozenset(
    {
        "correction",
        "cycle_count_available",
        "damaged",
        "movement_canceled",
        "movement_created",
        "movement_received",
        "movement_updated",
        "other",
        "promotion",
        "quality_control",
        "received",
        "reservation_created",
        "reservation_deleted",
        "reservation_updated",
        "restock",
        "safety_stock",
        "shrinkage",
    }
)


def _set_quantities(call: Call, args: Mapping[str, Any]) -> Mapping[str, Any]:
    given, key = args["input"], args.get(IDEMPOTENCY_KEY)
    if key is None:
        message = "The @idempotent directive is required for this mutation but was not provided."
        raise GraphQLError(message, extensions={"code": "BAD_REQUEST"})
    _refuse_malformed(given["quantities"])
    asked = hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()
    before, answer = call.store.answers.get(key, (asked, None))
    if before != asked:
        message = "The same idempotency key cannot be used with different operation parameters."
        return _answer(errors=[error("IDEMPOTENCY_KEY_PARAMETER_MISMATCH", message)])
    if answer is None:
        answer = _changed(call, given)
        call.store.answers[key] = asked, answer
    return answer


def _refuse_malformed(quantities: list[Mapping[str, Any]]) -> None:
    # Both are refused before the mutation is run, so they are no user errors.
    if len(quantities) > LIST_SIZE:
        size = f"The input array size of {len(quantities)}"
        message = f"{size} is greater than the maximum allowed of {LIST_SIZE}."
        raise GraphQLError(message, extensions={"code": "MAX_INPUT_SIZE_EXCEEDED"})
    if any("changeFromQuantity" not in quantity for quantity in quantities):
        message = "InventoryQuantityInput must include the following argument: changeFromQuantity."
        raise GraphQLError(message, extensions={"code": "INVALID_FIELD_ARGUMENTS"})


def _changed(call: Call, given: Mapping[str, Any]) -> dict[str, Any]:
    if errors := _faults(call.store, given):
        return _answer(errors=errors)
    changes = [
        change for one in given["quantities"] if (change := _change(call, given["name"], one))
    ]
    if not changes:
        return _answer()
    group = InventoryAdjustmentGroup(
        id=call.store.new_id("InventoryAdjustmentGroup"),
        created_at=call.now,
        reason=given["reason"],
        reference_document_uri=given.get("referenceDocumentUri"),
        change_list=changes,
    )
    return _answer(call.store.add(group))


def _change(call: Call, name: str, given: Mapping[str, Any]) -> dict[str, Any] | None:
    item = call.store.find(InventoryItem, given["inventoryItemId"])
    location = call.store.find(Location, given["locationId"])
    if item is None or location is None:
        return None
    level = item.level(call.store, location)
    delta = level.set(name, given["quantity"], call.now)
    level.changed(call.store)
    item.variant.product.updated_at = call.now
    return {
        "name": name,
        "delta": delta,
        "quantity_after_change": given["quantity"],
        "item": item,
        "location": location,
    }


def _faults(store: Store, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    faults = []
    if given["name"] not in {"available", "on_hand"}:
        message = "The quantity name must be either 'available' or 'on_hand'."
        faults.append(error("INVALID_NAME", message, "input", "name"))
    if given["reason"] not in REASONS:
        message = "The specified reason is invalid."
        faults.append(error("INVALID_REASON", message, "input", "reason"))
    seen = set()
    for place, one in enumerate(given["quantities"]):
        path = "input", "quantities", place
        pair = one["inventoryItemId"], one["locationId"]
        if pair in seen:
            message = "The combination of inventoryItemId and locationId must be unique."
            faults.append(error("NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR", message, *path))
        seen.add(pair)
        faults += _faults_of_one(store, given["name"], one, *path)
    return faults


def _faults_of_one(
    store: Store, name: str, given: Mapping[str, Any], *path: str | int
) -> list[dict[str, Any]]:
    item = store.find(InventoryItem, given["inventoryItemId"])
    if item is None:
        message = "The specified inventory item could not be found."
        return [error("INVALID_INVENTORY_ITEM", message, *path, "inventoryItemId")]
    if store.find(Location, given["locationId"]) is None:
        message = "The specified location could not be found."
        return [error("INVALID_LOCATION", message, *path, "locationId")]
    if given["quantity"] < 0:
        message = "The quantity can't be negative."
        return [error("INVALID_QUANTITY_NEGATIVE", message, *path, "quantity")]
    if given["quantity"] > QUANTITY:
        message = f"The total quantity can't be higher than {QUANTITY:,}."
        return [error("INVALID_QUANTITY_TOO_HIGH", message, *path, "quantity")]
    level = item.levels.get(given["locationId"])
    expected, persisted = given["changeFromQuantity"], level.quantity(name) if level else 0
    if expected is not None and expected != persisted:
        message = "The changeFromQuantity value does not match persisted value."
        return [error("CHANGE_FROM_QUANTITY_STALE", message, *path, "changeFromQuantity")]
    return []


def _answer(
    group: InventoryAdjustmentGroup | None = None, errors: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    return {"inventory_adjustment_group": group, "user_errors": errors or []}


def _inventory_items(call: Call, args: Mapping[str, Any]) -> Connection:
    found = [
        item
        for item in call.store.all(InventoryItem)
        if matches(args.get("query"), {"id": number(item.id), "sku": item.sku})
    ]
    return call.root_page(found, args, lambda item: [number(item.id)])


QUERIES = {
    "inventory_item": lambda call, args: call.store.find(InventoryItem, args["id"]),
    "inventory_items": _inventory_items,
}
MUTATIONS = {"inventory_set_quantities": _set_quantities}
