"""The Finances API 2024-06-19: what was paid for units that left, and what was given back.

A sale is booked when its units are shipped. What Amazon keeps is its published referral fee; of
that, a refund gives all back but a fifth, its refund administration fee.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from babel.numbers import get_currency_precision
from fastapi import APIRouter, Request

from connectors.amazon.fees import referral_fee
from connectors.clock import Clock
from connectors.sandbox.amazon.answers import invalid, moment, page_start, read_moment
from connectors.sandbox.amazon.order_book import Booking, Line, Order, OrderBook

Json = dict[str, Any]

# Amazon publishes no page size, and has no parameter for it.
PAGE = 100
# postedAfter and postedBefore: more than two minutes before the request; at most 180 days apart,
# or nothing is told.
YOUNGEST = timedelta(minutes=2)
WIDEST = timedelta(days=180)
KEPT_OF_A_REFUND = Decimal("0.2")


class Books(Protocol):
    """What these addresses need of their market."""

    clock: Clock
    book: OrderBook
    credentials: Mapping[str, str]


def finances_router(market: Books) -> APIRouter:
    """The addresses of the books."""
    router = APIRouter()

    @router.get("/finances/2024-06-19/transactions")
    def list_transactions(request: Request) -> Json:
        found = _found(market.book, request, market.clock.now())
        start = page_start(request.query_params.get("nextToken"))
        page, rest = found[start : start + PAGE], found[start + PAGE :]
        seller_id = market.credentials["seller_id"]
        told = [_transaction(booking, market.book, seller_id) for booking in page]
        token = {"nextToken": str(start + PAGE)} if rest else {}
        return {"payload": {"transactions": told, **token}}

    return router


def _found(book: OrderBook, request: Request, now: datetime) -> list[Booking]:
    query = request.query_params
    if query.get("relatedIdentifierName") == "ORDER_ID":
        asked = query.get("relatedIdentifierValue")
        return [booking for booking in book.bookings if booking.order_id == asked]
    after, before = _span(query, now)
    if before - after > WIDEST:
        return []
    return [
        booking
        for booking in book.bookings
        if after <= booking.posted < before
        and query.get("marketplaceId") in {None, book.order(booking.order_id).store.id}
    ]


def _span(query: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    if "postedAfter" not in query:
        raise invalid("postedAfter, or a related identifier, must be provided.")
    after, before = read_moment(query["postedAfter"], "postedAfter"), now - YOUNGEST
    if "postedBefore" in query:
        before = read_moment(query["postedBefore"], "postedBefore")
    if after > now - YOUNGEST or before > now - YOUNGEST or before < after:
        raise invalid("postedAfter and postedBefore must be two minutes before now, in that order.")
    return after, before


def _transaction(booking: Booking, book: OrderBook, seller_id: str) -> Json:
    """A booking as the API tells it: what a refund takes is below zero."""
    order = book.order(booking.order_id)
    store = order.store
    lines = [(line, booking.lines.get(line.sku, 0)) for line in order.lines]
    parts = [_Part(booking, order, line, units) for line, units in lines if units]
    return {
        "sellingPartnerMetadata": {
            "sellingPartnerId": seller_id,
            "accountType": "PAYABLE",
            "marketplaceId": store.id,
        },
        "relatedIdentifiers": [
            {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": order.id},
            _related(booking),
        ],
        "transactionType": booking.kind,
        "transactionId": booking.id,
        "transactionStatus": "RELEASED",
        "description": "Refund Order" if booking.is_refund else "Order Payment",
        "postedDate": moment(booking.posted),
        "totalAmount": _currency(sum((part.net for part in parts), Decimal(0)), order),
        "marketplaceDetails": {"marketplaceId": store.id, "marketplaceName": store.name},
        "items": [part.told() for part in parts],
        "breakdowns": _breakdowns(parts, order),
    }


def _related(booking: Booking) -> Json:
    name = "REFUND_ID" if booking.is_refund else "SHIPMENT_ID"
    return {"relatedIdentifierName": name, "relatedIdentifierValue": booking.id}


class _Part:
    """One line's part of a booking: its goods and its fees, signed."""

    def __init__(self, booking: Booking, order: Order, line: Line, units: int) -> None:
        self._order, self._line, self._units = order, line, units
        goods = line.unit_price * units
        fee = referral_fee(order.store.currency)
        least = Decimal(fee.minimum.amount) if fee.minimum else Decimal(0)
        kept = max(goods * fee.percent / 100, least)
        back = kept * (1 - KEPT_OF_A_REFUND)
        digits = get_currency_precision(order.store.currency)
        self.goods = -goods if booking.is_refund else goods
        self.fee = round(back if booking.is_refund else -kept, digits)

    @property
    def net(self) -> Decimal:
        """What the seller gets."""
        return self.goods + self.fee

    def told(self) -> Json:
        """An item of a transaction."""
        return {
            "description": self._line.title,
            "totalAmount": _currency(self.net, self._order),
            "breakdowns": _breakdowns([self], self._order),
            "contexts": [
                {
                    "contextType": "ProductContext",
                    "asin": self._line.asin,
                    "sku": self._line.sku,
                    "quantityShipped": self._units,
                    "fulfillmentNetwork": "MFN",
                }
            ],
        }


def _breakdowns(parts: Sequence[_Part], order: Order) -> list[Json]:
    """What comes in and what goes out; a refund's goods go out, and its fees come in.

    As sellers have shown it: issue 4274 of amzn/selling-partner-api-models.
    """
    goods = sum((part.goods for part in parts), Decimal(0))
    fees = sum((part.fee for part in parts), Decimal(0))
    commission = _breakdown("Commission", fees, order)
    kinds = [
        _breakdown("ProductCharges", goods, order),
        _breakdown("AmazonFees", fees, order, commission),
    ]
    if goods < 0:
        kinds.reverse()
    came, went = kinds
    return [
        _breakdown("Sales", max(goods, fees), order, came),
        _breakdown("Expenses", min(goods, fees), order, went),
    ]


def _breakdown(name: str, amount: Decimal, order: Order, *inner: Json) -> Json:
    return {
        "breakdownType": name,
        "breakdownAmount": _currency(amount, order),
        "breakdowns": list(inner),
    }


def _currency(amount: Decimal, order: Order) -> Json:
    return {"currencyAmount": float(amount), "currencyCode": order.store.currency}
