"""Orders read, by the API of 2026-01-01 or by v0; shipments confirmed."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zlib import crc32

from sp_api.base import ApiResponse

from connectors.amazon.client import OldOrders, Orders, RestrictedData, SellerApi, iso
from connectors.amazon.limits import ORDERS_PAGE
from connectors.amazon.order_payloads import TO_SHIP, old_order, order
from connectors.protocol import RemoteOrder, Shipment, UnreadableOrder

Read = RemoteOrder | UnreadableOrder


def read(api: SellerApi, since: datetime) -> Iterator[Read]:
    """Orders changed at or after `since`, page by page, each page by the moment of change.

    The setting `orders_api` "v0" reads by the old API, which Amazon ends on 2027-03-27. The
    setting `addresses` "yes" asks for the addresses that parcels go to.
    """
    old = api.account.settings.get("orders_api") == "v0"
    pages = _old_pages(api, since) if old else _pages(api, since)
    for page in pages:
        yield from sorted(page, key=lambda order: order.updated_at)


def _wants_addresses(api: SellerApi) -> bool:
    return api.account.settings.get("addresses") == "yes"


def _pages(api: SellerApi, since: datetime) -> Iterator[list[Read]]:
    included = ["PROCEEDS", "CANCELLATION", "FULFILLMENT", "PACKAGES"]
    included += ["RECIPIENT"] if _wants_addresses(api) else []
    query = {
        "lastUpdatedAfter": iso(since),
        "marketplaceIds": api.market.site.remote_id,
        "includedData": ",".join(included),
        "maxResultsPerPage": ORDERS_PAGE,
    }
    token: str | None = ""
    while token is not None:
        answer = _page(api, query | ({"paginationToken": token} if token else {}))
        yield [order(told, api.account.currency) for told in answer.payload["orders"]]
        token = (answer.pagination or {}).get("nextToken")


def _page(api: SellerApi, query: Mapping[str, Any]) -> ApiResponse:
    return api.call("searchOrders", Orders, lambda client: client.search_orders(**query))


def _old_pages(api: SellerApi, since: datetime) -> Iterator[list[Read]]:
    query = {
        "LastUpdatedAfter": iso(since),
        "MarketplaceIds": api.market.site.remote_id,
        "MaxResultsPerPage": ORDERS_PAGE,
    }
    token: str | None = ""
    while token is not None:
        answer = _old_page(api, query | ({"NextToken": token} if token else {}))
        yield [_old_read(api, told) for told in answer.payload["Orders"]]
        token = answer.payload.get("NextToken") or None


def _old_page(api: SellerApi, query: Mapping[str, Any]) -> ApiResponse:
    return api.call("getOrders", OldOrders, lambda client: client.get_orders(**query))


def _old_read(api: SellerApi, told: Mapping[str, Any]) -> Read:
    # Without its id it is poison, and is kept as such.
    order_id = told.get("AmazonOrderId")
    items = list(_items(api, order_id)) if order_id else []
    seen = old_order(told, items, None, api.account.currency)
    wanted = isinstance(seen, RemoteOrder) and seen.status in TO_SHIP and _wants_addresses(api)
    if not wanted:
        return seen
    return old_order(told, items, _address(api, seen.id), api.account.currency)


def _items(api: SellerApi, order_id: str) -> Iterator[Mapping[str, Any]]:
    token: str | None = ""
    while token is not None:
        answer = _items_page(api, order_id, {"NextToken": token} if token else {})
        yield from answer.payload["OrderItems"]
        token = answer.payload.get("NextToken") or None


def _items_page(api: SellerApi, order_id: str, query: Mapping[str, str]) -> ApiResponse:
    return api.call(
        "getOrderItems", OldOrders, lambda client: client.get_order_items(order_id, **query)
    )


def _address(api: SellerApi, order_id: str) -> Mapping[str, Any] | None:
    """The address of one order, by a token that opens that alone."""
    resource = {"method": "GET", "path": f"/orders/v0/orders/{order_id}/address"}
    told = api.call(
        "createRestrictedDataToken",
        RestrictedData,
        lambda client: client.create_restricted_data_token(restrictedResources=[resource]),
    )
    answer = api.call(
        "getOrderAddress",
        OldOrders,
        lambda client: client.get_order_address(order_id),
        restricted_token=told.payload["restrictedDataToken"],
    )
    address: Mapping[str, Any] | None = answer.payload.get("ShippingAddress")
    return address


def confirm(api: SellerApi, shipment: Shipment) -> None:
    """Tell Amazon and the buyer that a parcel left: confirmShipment of v0, which stays.

    A package's number is made of its tracking number, so that telling twice tells one package.

    Raises:
        Refused: Amazon does not know the order, its lines, or the carrier.
    """
    items = [{"orderItemId": line, "quantity": units} for line, units in shipment.lines.items()]
    package = {
        "packageReferenceId": str(crc32(shipment.tracking_number.encode()) or 1),
        "carrierCode": "Other",
        "carrierName": shipment.carrier,
        "trackingNumber": shipment.tracking_number,
        "shipDate": iso(shipment.shipped_at),
        "orderItems": items,
    }
    api.call(
        "confirmShipment",
        OldOrders,
        lambda client: client.confirm_shipment(
            shipment.order_id,
            marketplaceId=api.market.site.remote_id,
            packageDetail=package,
        ),
    )
