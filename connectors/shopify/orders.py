"""Shopify's orders as ours: pure."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal, DecimalException
from typing import Any

from moneyed import CurrencyDoesNotExist, Money

from connectors.protocol import (
    Address,
    OrderStatus,
    RemoteOrder,
    RemoteOrderLine,
    UnreadableOrder,
)

Json = Mapping[str, Any]
_BAD = (KeyError, TypeError, ValueError, AttributeError, DecimalException, CurrencyDoesNotExist)


@dataclass(frozen=True, slots=True)
class Told:
    """All that Shopify told of an order, in several answers: itself, its lines, its refunds.

    Without `whole`, its lines and refunds could not be read to their end.
    """

    order: Json
    lines: Sequence[Json] = ()
    refunds: Sequence[Json] = ()
    whole: bool = True


def read_order(told: Told, since: datetime) -> RemoteOrder | UnreadableOrder:
    """An order of Shopify's, or what kept us from understanding it.

    `since` dates an order that does not say when it changed.
    """
    try:
        return order_of(told.order, told.lines, told.refunds)
    except _BAD as error:
        return unreadable(told, f"{type(error).__name__}: {error}", since)


def unreadable(told: Told, reason: str, since: datetime) -> UnreadableOrder:
    """An order to keep raw, for `reason`."""
    try:
        updated_at = datetime.fromisoformat(told.order["updatedAt"])
    except _BAD:
        updated_at = since
    raw = json.dumps(asdict(told), ensure_ascii=False)
    return UnreadableOrder(str(told.order.get("id", "")), updated_at, reason, raw)


def reread(raw: str) -> RemoteOrder | UnreadableOrder:
    """An order from the text that `unreadable` kept of it."""
    told, first = Told(**json.loads(raw)), datetime(1970, 1, 1, tzinfo=UTC)
    if not told.whole:
        return unreadable(told, "its lines and refunds were not read to their end", first)
    return read_order(told, first)


def order_of(node: Json, lines: Sequence[Json], refunds: Sequence[Json]) -> RemoteOrder:
    """An order in the shop's currency; `lines` and `refunds` are all of its own.

    Raises:
        KeyError, TypeError, ValueError ...: it is not as Shopify's schema says.
    """
    cancelled, returned = _units_back(refunds)
    return RemoteOrder(
        id=node["id"],
        number=node["name"],
        status=_status(node),
        placed_at=datetime.fromisoformat(node["createdAt"]),
        updated_at=datetime.fromisoformat(node["updatedAt"]),
        total=_money(node["totalPriceSet"]),
        lines=tuple(
            RemoteOrderLine(
                id=line["id"],
                sku=line["sku"] or None,
                title=line["name"],
                quantity=line["quantity"],
                unit_price=_money(line["originalUnitPriceSet"]),
                cancelled=cancelled[line["id"]],
                returned=returned[line["id"]],
            )
            for line in lines
        ),
        ship_to=_address(node["shippingAddress"], node["email"]),
    )


def _units_back(refunds: Sequence[Json]) -> tuple[Counter[str], Counter[str]]:
    """Units restocked before and after shipping, by line. A refund alone gives no unit back."""
    cancelled: Counter[str] = Counter()
    returned: Counter[str] = Counter()
    for refund in refunds:
        for line in refund["refundLineItems"]["nodes"]:
            if line["restocked"]:
                back = cancelled if line["restockType"] == "CANCEL" else returned
                back[line["lineItem"]["id"]] += line["quantity"]
    return cancelled, returned


def has_refunds(node: Json, lines: Sequence[Json]) -> bool:
    """Whether units of an order were refunded or removed, so that its refunds must be read."""
    changed = any(line.get("currentQuantity") != line.get("quantity") for line in lines)
    return changed or bool(node.get("cancelledAt"))


def _status(node: Json) -> OrderStatus:
    financial, fulfilment = node["displayFinancialStatus"], node["displayFulfillmentStatus"]
    if node["cancelledAt"] or financial in {"VOIDED", "EXPIRED"}:
        return OrderStatus.CANCELLED
    if financial == "REFUNDED":
        return OrderStatus.REFUNDED
    if fulfilment == "FULFILLED":
        return OrderStatus.SHIPPED
    if fulfilment == "PARTIALLY_FULFILLED":
        return OrderStatus.PARTLY_SHIPPED
    paid = financial in {"PAID", "PARTIALLY_REFUNDED"}
    return OrderStatus.PAID if paid else OrderStatus.PENDING


def _money(bag: Json) -> Money:
    shop = bag["shopMoney"]
    return Money(Decimal(shop["amount"]), shop["currencyCode"])


def _address(address: Json | None, email: str | None) -> Address | None:
    if address is None:
        return None
    lines = (address["address1"], address["address2"])
    return Address(
        name=address["name"] or "",
        lines=tuple(line for line in lines if line),
        city=address["city"] or "",
        postal_code=address["zip"] or "",
        country=address["countryCodeV2"] or "",
        region=address["provinceCode"],
        phone=address["phone"],
        email=email,
    )
