"""Amazon's orders as ours, from both versions of its API: pure."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from moneyed import CurrencyDoesNotExist, Money

from connectors.protocol import (
    Address,
    OrderStatus,
    RemoteOrder,
    RemoteOrderLine,
    UnreadableOrder,
)

Payload = Mapping[str, Any]
# The version that told an order, kept with one that could not be understood.
NEW_API, OLD_API = "2026-01-01", "v0"
_BAD = (KeyError, TypeError, ValueError, AttributeError, InvalidOperation, CurrencyDoesNotExist)
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)

# UNFULFILLABLE: what Amazon gave up delivering for us will not leave any more.
_STATUS = {
    "PENDING_AVAILABILITY": OrderStatus.PENDING,
    "PENDING": OrderStatus.PENDING,
    "UNSHIPPED": OrderStatus.PAID,
    "PARTIALLY_SHIPPED": OrderStatus.PARTLY_SHIPPED,
    "SHIPPED": OrderStatus.SHIPPED,
    "CANCELLED": OrderStatus.CANCELLED,
    "UNFULFILLABLE": OrderStatus.CANCELLED,
}
_OLD_STATUS = {
    "PendingAvailability": OrderStatus.PENDING,
    "Pending": OrderStatus.PENDING,
    "Unshipped": OrderStatus.PAID,
    "PartiallyShipped": OrderStatus.PARTLY_SHIPPED,
    "Shipped": OrderStatus.SHIPPED,
    "InvoiceUnconfirmed": OrderStatus.SHIPPED,
    "Canceled": OrderStatus.CANCELLED,
    "Unfulfillable": OrderStatus.CANCELLED,
}
# A parcel has still to leave: only then is the buyer's address needed.
TO_SHIP = frozenset({OrderStatus.PAID, OrderStatus.PARTLY_SHIPPED})


def order(payload: Payload, currency: str) -> RemoteOrder | UnreadableOrder:
    """An order of the Orders API 2026-01-01; one that cannot be understood is kept raw.

    `currency` is the market's: a pending order has no prices yet.
    """
    raw = {"api": NEW_API, "order": payload}
    return _read(lambda: _order(payload, currency), raw, payload.get("orderId"), "lastUpdatedTime")


def old_order(
    payload: Payload, items: Sequence[Payload], address: Payload | None, currency: str
) -> RemoteOrder | UnreadableOrder:
    """An order of the Orders API v0, with its items and, where asked for, its address."""
    raw = {"api": OLD_API, "order": payload, "items": list(items), "address": address}
    return _read(
        lambda: _old_order(payload, items, address, currency),
        raw,
        payload.get("AmazonOrderId"),
        "LastUpdateDate",
    )


def reread(text: str, currency: str) -> RemoteOrder | UnreadableOrder:
    """An order from the text that was kept of it, by the API that told it."""
    match _kept(text):
        case {"api": "2026-01-01", "order": dict() as payload}:
            return order(payload, currency)
        case {"api": "v0", "order": dict() as payload, "items": items, "address": address}:
            return old_order(payload, items, address, currency)
        case _:
            return UnreadableOrder("unknown", _FIRST, "no order of Amazon's was kept", text)


def _kept(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _read(
    read: Callable[[], RemoteOrder], raw: Payload, order_id: str | None, updated: str
) -> RemoteOrder | UnreadableOrder:
    try:
        return read()
    except _BAD as error:
        reason = f"{type(error).__name__}: {error}"
        text = json.dumps(raw, ensure_ascii=False)
        return UnreadableOrder(order_id or "unknown", _moment_or_first(raw, updated), reason, text)


def _moment_or_first(raw: Payload, name: str) -> datetime:
    """The moment of an unreadable order; the first of all where even that cannot be read."""
    try:
        return _moment(raw["order"][name])
    except (KeyError, TypeError, ValueError):
        return _FIRST


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _order(payload: Payload, currency: str) -> RemoteOrder:
    status = _STATUS[payload.get("fulfillment", {}).get("fulfillmentStatus", "PENDING")]
    cancelled = status is OrderStatus.CANCELLED
    lines = tuple(_line(item, currency, cancelled=cancelled) for item in payload["orderItems"])
    address = payload.get("recipient", {}).get("deliveryAddress")
    total = payload.get("proceeds", {}).get("grandTotal")
    return RemoteOrder(
        id=payload["orderId"],
        number=payload["orderId"],
        status=status,
        placed_at=_moment(payload["createdTime"]),
        updated_at=_moment(payload["lastUpdatedTime"]),
        total=_money(total) if total else _sum(lines, currency),
        lines=lines,
        ship_to=_address(address) if address and status in TO_SHIP else None,
        delivered_at=_delivered_at(payload) if status is OrderStatus.SHIPPED else None,
    )


def _delivered_at(payload: Payload) -> datetime | None:
    """By when all packages had arrived: Amazon tells that they did, and no moment but the order's.

    A later change of the order makes it later: whoever keeps it keeps the first one told.
    """
    packages = payload.get("packages") or ()
    states = {package.get("packageStatus", {}).get("status") for package in packages}
    return _moment(payload["lastUpdatedTime"]) if states - {"CANCELLED"} == {"DELIVERED"} else None


def _line(item: Payload, currency: str, *, cancelled: bool) -> RemoteOrderLine:
    product, price = item["product"], item["product"].get("price", {}).get("unitPrice")
    return RemoteOrderLine(
        id=item["orderItemId"],
        sku=product.get("sellerSku"),
        title=product.get("title", ""),
        quantity=int(item["quantityOrdered"]),
        unit_price=_money(price) if price else Money(0, currency),
        cancelled=_cancelled(item, order_cancelled=cancelled),
        shipped=int(item.get("fulfillment", {}).get("quantityFulfilled", 0)),
    )


def _cancelled(item: Payload, *, order_cancelled: bool) -> int:
    """Units that will not be shipped: ordered, and neither shipped nor still to be.

    Where all are still counted as to be shipped, the cancellation's own word decides.
    """
    ordered, told = int(item["quantityOrdered"]), item.get("fulfillment", {})
    shipped = int(told.get("quantityFulfilled", 0))
    gone = ordered - shipped - int(told.get("quantityUnfulfilled", ordered - shipped))
    executed = bool(item.get("cancellation", {}).get("cancellationExecution"))
    return ordered - shipped if gone <= 0 and (executed or order_cancelled) else max(0, gone)


def _address(told: Payload) -> Address:
    lines = (told.get(f"addressLine{n}") for n in (1, 2, 3))
    return Address(
        name=told.get("name", ""),
        lines=tuple(filter(None, (told.get("companyName"), *lines))),
        city=told.get("city") or told.get("municipality") or "",
        postal_code=told.get("postalCode", ""),
        country=told["countryCode"],
        region=told.get("stateOrRegion") or None,
        phone=told.get("phone"),
    )


def _old_order(
    payload: Payload, items: Sequence[Payload], address: Payload | None, currency: str
) -> RemoteOrder:
    status = _OLD_STATUS[payload["OrderStatus"]]
    lines = tuple(
        _old_line(item, currency, cancelled=status is OrderStatus.CANCELLED) for item in items
    )
    total = payload.get("OrderTotal")
    return RemoteOrder(
        id=payload["AmazonOrderId"],
        number=payload["AmazonOrderId"],
        status=status,
        placed_at=_moment(payload["PurchaseDate"]),
        updated_at=_moment(payload["LastUpdateDate"]),
        total=_old_money(total) if total else _sum(lines, currency),
        lines=lines,
        ship_to=_old_address(address) if address else None,
    )


def _old_line(item: Payload, currency: str, *, cancelled: bool) -> RemoteOrderLine:
    """A line of v0. Its price is that of all units; a cancelled unit is not counted any more."""
    ordered, price = int(item["QuantityOrdered"]), item.get("ItemPrice")
    whole = _old_money(price) if price else Money(0, currency)
    shipped = int(item.get("QuantityShipped", 0))
    return RemoteOrderLine(
        id=item["OrderItemId"],
        sku=item.get("SellerSKU"),
        title=item.get("Title", ""),
        quantity=ordered,
        unit_price=Money(whole.amount / (ordered or 1), whole.currency),
        cancelled=ordered - shipped if cancelled else 0,
        shipped=shipped,
    )


def _old_address(told: Payload) -> Address:
    lines = (told.get(f"AddressLine{n}") for n in (1, 2, 3))
    return Address(
        name=told.get("Name", ""),
        lines=tuple(filter(None, (told.get("CompanyName"), *lines))),
        city=told.get("City") or told.get("Municipality") or "",
        postal_code=told.get("PostalCode", ""),
        country=told["CountryCode"],
        region=told.get("StateOrRegion") or None,
        phone=told.get("Phone"),
    )


def _money(told: Payload) -> Money:
    return Money(Decimal(told["amount"]), told["currencyCode"])


def _old_money(told: Payload) -> Money:
    return Money(Decimal(told["Amount"]), told["CurrencyCode"])


def _sum(lines: Sequence[RemoteOrderLine], currency: str) -> Money:
    return sum((line.unit_price * line.quantity for line in lines), Money(0, currency))
