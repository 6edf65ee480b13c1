"""The Orders API v0: orders read in its older shape, and shipments confirmed.

Personal data is told only to a restricted data token (Tokens API). A cancelled unit is no longer
ordered here: QuantityOrdered counts what the order still holds.
"""

from decimal import Decimal
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from connectors.sandbox.amazon.answers import Refusal, body_of, csv, invalid, moment, page_size
from connectors.sandbox.amazon.order_book import Line, Order
from connectors.sandbox.amazon.orders import (
    MOST_PER_PAGE,
    OrderDesk,
    Span,
    known_order,
    span_of,
)
from connectors.sandbox.amazon.tokens import Tokens

Json = dict[str, Any]

TIMES = ("CreatedAfter", "CreatedBefore", "LastUpdatedAfter", "LastUpdatedBefore")
STATUSES = {
    "UNSHIPPED": "Unshipped",
    "PARTIALLY_SHIPPED": "PartiallyShipped",
    "SHIPPED": "Shipped",
    "CANCELLED": "Canceled",
}

Body = Annotated[dict[str, Any], Depends(body_of)]


class RestrictedDesk(OrderDesk, Protocol):
    """An order desk that asks for a restricted data token."""

    tokens: Tokens


def orders_v0_router(market: RestrictedDesk) -> APIRouter:
    """The addresses of orders."""
    router = APIRouter()
    _add_orders(router, market)
    _add_parts(router, market)

    @router.post("/orders/v0/orders/{order_id}/shipmentConfirmation", status_code=204)
    def confirm_shipment(order_id: str, body: Body) -> Response:
        known_order(market.book, order_id)
        try:
            market.book.ship(order_id, _package(body), market.clock.now())
        except (KeyError, ValueError) as error:
            raise invalid(f"The shipment cannot be confirmed: {error}.") from error
        return Response(status_code=204)

    return router


def _add_orders(router: APIRouter, market: RestrictedDesk) -> None:
    @router.get("/orders/v0/orders")
    def get_orders(request: Request) -> Json:
        query = request.query_params
        size = page_size(request, "MaxResultsPerPage", MOST_PER_PAGE, MOST_PER_PAGE)
        token = query.get("NextToken")
        found, span = [], None
        if token is None:
            span = span_of(query, TIMES, market.clock.now())
            found = _found(market, span, request)
        page, following = market.pages.page("getOrders", found, "v0", token, size)
        bound = "CreatedBefore" if span and span.by_creation else "LastUpdatedBefore"
        opened = _opened(market, request) or frozenset()
        return {
            "payload": {
                "Orders": [_order(order, opened) for order in page],
                **({"NextToken": following} if following else {}),
                bound: moment(span.before if span else market.clock.now()),
            }
        }

    @router.get("/orders/v0/orders/{order_id}")
    def get_order(order_id: str, request: Request) -> Json:
        opened = _opened(market, request) or frozenset()
        return {"payload": _order(known_order(market.book, order_id), opened)}


def _add_parts(router: APIRouter, market: RestrictedDesk) -> None:
    @router.get("/orders/v0/orders/{order_id}/orderItems")
    def get_order_items(order_id: str) -> Json:
        order = known_order(market.book, order_id)
        items = [_item(order, line) for line in order.lines]
        return {"payload": {"AmazonOrderId": order.id, "OrderItems": items}}

    @router.get("/orders/v0/orders/{order_id}/address")
    def get_order_address(order_id: str, request: Request) -> Json:
        # The address of one order needs no data elements: the path alone says what is opened.
        if _opened(market, request) is None:
            details = "A restricted data token for this path is needed."
            message = "Access to requested resource is denied."
            raise Refusal(403, "Unauthorized", message, details)
        order = known_order(market.book, order_id)
        return {"payload": {"AmazonOrderId": order.id, "ShippingAddress": _address(order)}}


def _opened(market: RestrictedDesk, request: Request) -> frozenset[str] | None:
    """The personal data that the request's token opens; None for a token that opens none here."""
    token = request.headers.get("x-amz-access-token")
    return market.tokens.opened(token, request.method, request.scope["path"])


def _found(market: OrderDesk, span: Span, request: Request) -> list[Order]:
    ids, statuses = csv(request, "MarketplaceIds"), csv(request, "OrderStatuses")
    if not ids:
        raise invalid("MarketplaceIds is missing.")
    return sorted(
        (
            order
            for order in market.book.orders.values()
            if span.holds(order)
            and order.store.id in ids
            and (not statuses or STATUSES[order.status] in statuses)
        ),
        key=span.key,
    )


def _package(body: Json) -> Json:
    """A package in the shape of the API 2026-01-01."""
    detail = body["packageDetail"]
    return {
        "packageReferenceId": detail["packageReferenceId"],
        "packageStatus": {"status": "SHIPPED"},
        "carrier": detail.get("carrierName") or detail["carrierCode"],
        "shipTime": detail["shipDate"],
        "trackingNumber": detail["trackingNumber"],
        "packageItems": [
            {"orderItemId": item["orderItemId"], "quantity": item["quantity"]}
            for item in detail["orderItems"]
        ],
    }


def _order(order: Order, opened: frozenset[str]) -> Json:
    answer: Json = {
        "AmazonOrderId": order.id,
        "PurchaseDate": moment(order.placed),
        "LastUpdateDate": moment(order.updated),
        "OrderStatus": STATUSES[order.status],
        "FulfillmentChannel": "MFN",
        "SalesChannel": order.store.name,
        "OrderTotal": _money(order, order.total),
        "NumberOfItemsShipped": sum(line.shipped for line in order.lines),
        "NumberOfItemsUnshipped": sum(line.left for line in order.lines),
        "MarketplaceId": order.store.id,
    }
    if "buyerInfo" in opened:
        answer["BuyerInfo"] = {"BuyerEmail": "buyer@example.com", "BuyerName": order.buyer.name}
    if "shippingAddress" in opened:
        answer["ShippingAddress"] = _address(order)
    return answer


def _item(order: Order, line: Line) -> Json:
    return {
        "ASIN": line.asin,
        "SellerSKU": line.sku,
        "OrderItemId": line.id,
        "Title": line.title,
        "QuantityOrdered": line.quantity - line.cancelled,
        "QuantityShipped": line.shipped,
        "ItemPrice": _money(order, line.total),
    }


def _money(order: Order, amount: Decimal) -> Json:
    return {"CurrencyCode": order.currency, "Amount": f"{amount:.2f}"}


def _address(order: Order) -> Json:
    buyer = order.buyer
    return {
        "Name": buyer.name,
        "AddressLine1": buyer.street,
        "City": buyer.city,
        "StateOrRegion": buyer.region,
        "PostalCode": buyer.postal_code,
        "CountryCode": buyer.country,
        "Phone": buyer.phone,
        "AddressType": "Residential",
    }
