"""Etsy's receipts as orders. Pure."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from moneyed import CurrencyDoesNotExist, Money

from connectors.etsy.inventory import Document
from connectors.etsy.mapper import money
from connectors.protocol import (
    Address,
    OrderStatus,
    RemoteOrder,
    RemoteOrderLine,
    Shipment,
    UnreadableOrder,
)

_BAD = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, CurrencyDoesNotExist)
# Contract, ShopReceipt, status. A partial refund tells an amount and no units: it changes nothing
# that stock or shipping care about, and the money alone tells it.
_STATUS = {
    "open": OrderStatus.PENDING,
    "payment processing": OrderStatus.PENDING,
    "paid": OrderStatus.PAID,
    "completed": OrderStatus.SHIPPED,
    "canceled": OrderStatus.CANCELLED,
    "fully refunded": OrderStatus.REFUNDED,
    "partially refunded": OrderStatus.PAID,
}

# Contract, ShopRefund: "the status indication string", of which it says no more.
_FAILED = {"failed", "canceled"}


def order_of(receipt: Mapping[str, Any]) -> RemoteOrder | UnreadableOrder:
    """The order that a receipt of getShopReceipts tells, or the receipt as it is, and why."""
    try:
        return _order(receipt)
    except _BAD as error:
        # A value may be the buyer's; the name of what is missing is not.
        missing = f" {error}" if isinstance(error, KeyError) else ""
        reason = f"Etsy's receipt is not as expected: {type(error).__name__}{missing}"
        return UnreadableOrder(
            str(receipt.get("receipt_id")), changed_at(receipt), reason, json.dumps(receipt)
        )


def reread(raw: str) -> RemoteOrder | UnreadableOrder:
    """The order that a receipt kept raw tells."""
    try:
        return order_of(json.loads(raw))
    except (ValueError, AttributeError):
        return UnreadableOrder("unknown", _moment(0), "no receipt of Etsy's was kept", raw)


def changed_at(receipt: Mapping[str, Any]) -> datetime:
    """When the receipt last changed; its making, or the beginning of time, where it does not say.

    An unreadable receipt must not move the watermark past what was not read.
    """
    told = receipt.get("updated_timestamp") or receipt.get("created_timestamp")
    return _moment(told if isinstance(told, int) else 0)


def _order(receipt: Mapping[str, Any]) -> RemoteOrder:
    status, total = _STATUS[receipt["status"]], money(receipt["grandtotal"])
    if receipt["is_shipped"] and status is OrderStatus.PAID:
        status = OrderStatus.SHIPPED
    return RemoteOrder(
        id=str(receipt["receipt_id"]),
        number=str(receipt["receipt_id"]),
        status=status,
        placed_at=_moment(receipt["created_timestamp"]),
        updated_at=_moment(receipt["updated_timestamp"]),
        total=total,
        lines=tuple(
            _line(transaction, status, shipped=receipt["is_shipped"])
            for transaction in receipt["transactions"]
        ),
        ship_to=_address(receipt),
        refunded=sum(_given_back(receipt), Money(0, total.currency)),
    )


def _given_back(receipt: Mapping[str, Any]) -> Iterator[Money]:
    """The refunds of a receipt; one that failed gave nothing back."""
    for refund in receipt.get("refunds") or ():
        if refund.get("status") not in _FAILED:
            yield money(refund["amount"])


def _line(transaction: Mapping[str, Any], status: OrderStatus, *, shipped: bool) -> RemoteOrderLine:
    """A line; its units are back where they never left us. `shipped` tells of the whole receipt.

    A parcel sent back is counted by hand: Etsy tells of money returned, and not of goods.
    """
    quantity = int(transaction["quantity"])
    shipped = shipped or bool(transaction.get("shipped_timestamp"))
    cancelled = status is OrderStatus.CANCELLED and not shipped
    refunded = status is OrderStatus.REFUNDED and not shipped
    return RemoteOrderLine(
        id=str(transaction["transaction_id"]),
        sku=transaction["sku"] or None,
        title=_titled(transaction),
        quantity=quantity,
        unit_price=money(transaction["price"]),
        cancelled=quantity if cancelled else 0,
        returned=quantity if refunded else 0,
        shipped=quantity if shipped else 0,
    )


def _titled(transaction: Mapping[str, Any]) -> str:
    chosen = [
        f"{variation['formatted_name']}: {variation['formatted_value']}"
        for variation in transaction.get("variations") or ()
    ]
    title = transaction["title"] or ""
    return f"{title} ({', '.join(chosen)})" if chosen else title


def _address(receipt: Mapping[str, Any]) -> Address | None:
    """Where the parcel goes; None where Etsy keeps it from apps without a partnership."""
    country = receipt.get("country_iso")
    if not country:
        return None
    return Address(
        name=receipt.get("name") or "",
        lines=tuple(filter(None, (receipt.get("first_line"), receipt.get("second_line")))),
        city=receipt.get("city") or "",
        postal_code=receipt.get("zip") or "",
        country=country,
        region=receipt.get("state") or None,
        email=receipt.get("buyer_email") or None,
    )


def _moment(timestamp: int) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)


def tracking(shipment: Shipment) -> Document:
    """The document of createReceiptShipment."""
    return {
        "tracking_code": shipment.tracking_number,
        "carrier_name": shipment.carrier,
        "ship_date": shipment.shipped_at.date().isoformat(),
    }


def is_tracked(receipt: Mapping[str, Any], shipment: Shipment) -> bool:
    """Whether the receipt of getShopReceipt already tells of that parcel."""
    codes = {sent.get("tracking_code") for sent in receipt.get("shipments") or ()}
    return shipment.tracking_number in codes
