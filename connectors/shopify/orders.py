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


# [schema] OrderDisplayFulfillmentStatus: what is left to be sent waits for somebody, or for a day.
_ON_HOLD = {"ON_HOLD", "SCHEDULED"}
# [schema] FulfillmentStatus: those of parcels that did not leave.
_NOT_SENT = {"CANCELLED", "ERROR", "FAILURE"}


@dataclass(frozen=True, slots=True)
class Told:
    """All that Shopify told of an order, in several answers: itself, its lines and what followed.

    Without `whole`, they could not be read to their end.
    """

    order: Json
    lines: Sequence[Json] = ()
    refunds: Sequence[Json] = ()
    fulfillments: Sequence[Json] = ()
    whole: bool = True


def read_order(told: Told, since: datetime) -> RemoteOrder | UnreadableOrder:
    """An order of Shopify's, or what kept us from understanding it.

    `since` dates an order that does not say when it changed.
    """
    try:
        return order_of(told)
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
    first = datetime(1970, 1, 1, tzinfo=UTC)
    try:
        told = Told(**json.loads(raw))
    except (ValueError, TypeError):
        return UnreadableOrder("unknown", first, "no order of Shopify's was kept", raw)
    if not told.whole:
        reason = "its lines, refunds or parcels were not read to their end"
        return unreadable(told, reason, first)
    return read_order(told, first)


def order_of(told: Told) -> RemoteOrder:
    """An order in the shop's currency. One on hold or scheduled must not be sent yet.

    Raises:
        KeyError, TypeError, ValueError ...: it is not as Shopify's schema says.
    """
    node, status = told.order, _status(told.order)
    cancelled, returned = _units_back(told.refunds)
    parcels = [one for one in told.fulfillments if one["status"] not in _NOT_SENT]
    shipped = _units_sent(parcels)
    return RemoteOrder(
        id=node["id"],
        number=node["name"],
        status=status,
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
                shipped=shipped[line["id"]],
            )
            for line in told.lines
        ),
        ship_to=_address(node["shippingAddress"], node["email"]),
        refunded=_money(node["totalRefundedSet"]),
        on_hold=node["displayFulfillmentStatus"] in _ON_HOLD,
        delivered_at=_delivered_at(parcels) if status is OrderStatus.SHIPPED else None,
    )


def _units_sent(parcels: Sequence[Json]) -> Counter[str]:
    """Units that left, by line."""
    sent: Counter[str] = Counter()
    for parcel in parcels:
        for line in parcel["fulfillmentLineItems"]["nodes"]:
            sent[line["lineItem"]["id"]] += line["quantity"]
    return sent


def _delivered_at(parcels: Sequence[Json]) -> datetime | None:
    """When the last parcel arrived; None while one is on its way."""
    arrived = [parcel["deliveredAt"] for parcel in parcels]
    return max(map(datetime.fromisoformat, arrived)) if arrived and all(arrived) else None


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


def has_parcels(node: Json, lines: Sequence[Json]) -> bool:
    """Whether units of an order may have been sent, so that its fulfilments must be read."""
    left = any(line.get("unfulfilledQuantity") != line.get("currentQuantity") for line in lines)
    return left or node.get("displayFulfillmentStatus") in {"FULFILLED", "PARTIALLY_FULFILLED"}


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


def money_of(told: Json) -> Money:
    """A MoneyV2."""
    return Money(Decimal(told["amount"]), told["currencyCode"])


def _money(bag: Json) -> Money:
    return money_of(bag["shopMoney"])


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
