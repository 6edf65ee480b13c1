"""The Orders API 2026-01-01: searchOrders and getOrder."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from fastapi import APIRouter, Request

from connectors.clock import Clock
from connectors.sandbox.amazon.answers import (
    csv,
    invalid,
    moment,
    not_found,
    page_size,
    read_moment,
)
from connectors.sandbox.amazon.order_book import Line, Order, OrderBook
from connectors.sandbox.amazon.order_pages import OrderPages
from connectors.sandbox.faults import Faults

Json = dict[str, Any]

MOST_PER_PAGE = 100
# createdBefore and lastUpdatedBefore: at least two minutes before the time of the request.
YOUNGEST_BOUND = timedelta(minutes=2)
TIMES = ("createdAfter", "createdBefore", "lastUpdatedAfter", "lastUpdatedBefore")
FILTERS = (*TIMES, "marketplaceIds", "fulfillmentStatuses", "fulfilledBy")


class OrderDesk(Protocol):
    """What the addresses of orders need of their market."""

    clock: Clock
    faults: Faults
    book: OrderBook
    pages: OrderPages


@dataclass(frozen=True, slots=True)
class Span:
    """The time in which orders are asked for: by creation or by last update."""

    by_creation: bool
    after: datetime
    before: datetime

    def holds(self, order: Order) -> bool:
        """Whether `order` was created, or updated, in that time."""
        return self.after <= (order.placed if self.by_creation else order.updated) <= self.before

    def key(self, order: Order) -> tuple[datetime, str]:
        """Oldest first."""
        return (order.placed if self.by_creation else order.updated), order.id


def orders_router(market: OrderDesk) -> APIRouter:
    """The addresses of orders."""
    router = APIRouter()

    @router.get("/orders/2026-01-01/orders")
    def search_orders(request: Request) -> Json:
        query = request.query_params
        span = span_of(query, TIMES, market.clock.now())
        size = page_size(request, "maxResultsPerPage", MOST_PER_PAGE, MOST_PER_PAGE)
        asked = {name: query.get(name, "") for name in FILTERS}
        found = _found(market.book, span, request)
        token = query.get("paginationToken")
        page, following = market.pages.page("searchOrders", found, asked, token, size)
        included = set(csv(request, "includedData"))
        bound = "createdBefore" if span.by_creation else "lastUpdatedBefore"
        return {
            "orders": [order_2026(order, included) for order in page],
            **({"pagination": {"nextToken": following}} if following else {}),
            bound: moment(span.before),
        }

    @router.get("/orders/2026-01-01/orders/{order_id}")
    def get_order(order_id: str, request: Request) -> Json:
        order = known_order(market.book, order_id)
        return {"order": order_2026(order, set(csv(request, "includedData")))}

    return router


def known_order(book: OrderBook, order_id: str) -> Order:
    """The order of that id. Raises Refusal where there is none."""
    try:
        return book.order(order_id)
    except LookupError as error:
        raise not_found("The requested order does not exist.") from error


def span_of(query: Mapping[str, str], names: tuple[str, ...], now: datetime) -> Span:
    """The time that a search is about, by the API's own `names` of its bounds.

    Raises Refusal unless exactly one beginning is given, and for an end that is too young.
    """
    created, created_end, updated, updated_end = names
    if (created in query) == (updated in query):
        raise invalid(f"Exactly one of {created} and {updated} must be provided.")
    by_creation = created in query
    start, end = (created, created_end) if by_creation else (updated, updated_end)
    if (updated_end if by_creation else created_end) in query:
        raise invalid(f"{start} does not go with the other kind of time.")
    after = read_moment(query[start], start)
    if end not in query:
        return Span(by_creation, after, now)
    before = read_moment(query[end], end)
    if before < after or before > now - YOUNGEST_BOUND:
        raise invalid(f"{end} must be after {start}, and two minutes before now at the latest.")
    return Span(by_creation, after, before)


def _found(book: OrderBook, span: Span, request: Request) -> list[Order]:
    ids, statuses = csv(request, "marketplaceIds"), csv(request, "fulfillmentStatuses")
    by = csv(request, "fulfilledBy")
    return sorted(
        (
            order
            for order in book.orders.values()
            if span.holds(order)
            and (not ids or order.store.id in ids)
            and (not statuses or order.status in statuses)
            and (not by or "MERCHANT" in by)
        ),
        key=span.key,
    )


def order_2026(order: Order, included: set[str]) -> Json:
    """`order` in the shape of the API 2026-01-01, with the data sets `included`."""
    answer: Json = {
        "orderId": order.id,
        "createdTime": moment(order.placed),
        "lastUpdatedTime": moment(order.updated),
        "salesChannel": {
            "channelName": "AMAZON",
            "marketplaceId": order.store.id,
            "marketplaceName": order.store.name,
        },
        "orderItems": [_item(order, line, included) for line in order.lines],
    }
    if "BUYER" in included:
        answer["buyer"] = {"buyerName": order.buyer.name, "buyerEmail": "buyer@example.com"}
    if "RECIPIENT" in included:
        answer["recipient"] = {"deliveryAddress": _address(order)}
    if "PROCEEDS" in included:
        answer["proceeds"] = {"grandTotal": _money(order, order.total)}
    if "FULFILLMENT" in included:
        answer["fulfillment"] = {"fulfillmentStatus": order.status, "fulfilledBy": "MERCHANT"}
    if "PACKAGES" in included:
        answer["packages"] = order.packages
    return answer


def _item(order: Order, line: Line, included: set[str]) -> Json:
    answer: Json = {
        "orderItemId": line.id,
        "quantityOrdered": line.quantity,
        "product": {
            "asin": line.asin,
            "title": line.title,
            "sellerSku": line.sku,
            "condition": {"conditionType": "NEW", "conditionSubtype": "NEW"},
            "price": {"unitPrice": _money(order, line.unit_price)},
        },
    }
    if "PROCEEDS" in included:
        total = _money(order, line.total)
        breakdowns = [{"type": "ITEM", "subtotal": total}]
        answer["proceeds"] = {"proceedsTotal": total, "breakdowns": breakdowns}
    if "FULFILLMENT" in included:
        units = {"quantityFulfilled": line.shipped, "quantityUnfulfilled": line.left}
        answer["fulfillment"] = units
    if "CANCELLATION" in included and line.cancelled:
        execution = {"cancelledBy": "BUYER", "cancelReason": "No longer needed"}
        answer["cancellation"] = {"cancellationExecution": execution}
    return answer


def _money(order: Order, amount: Decimal) -> Json:
    return {"amount": f"{amount:.2f}", "currencyCode": order.currency}


def _address(order: Order) -> Json:
    buyer = order.buyer
    return {
        "name": buyer.name,
        "addressLine1": buyer.street,
        "city": buyer.city,
        "stateOrRegion": buyer.region,
        "postalCode": buyer.postal_code,
        "countryCode": buyer.country,
        "phone": buyer.phone,
        "addressType": "RESIDENTIAL",
    }
