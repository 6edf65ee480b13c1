"""Orders of both versions of Amazon's API, as ours."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from moneyed import Money

from connectors.amazon.order_payloads import old_order, order, reread
from connectors.protocol import (
    Address,
    OrderStatus,
    RemoteOrder,
    RemoteOrderLine,
    UnreadableOrder,
)

PLACED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
CHANGED = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currencyCode": "USD"}


def payload(**parts: Any) -> dict[str, Any]:
    """An order of two slippers and a rug, as Amazon tells it in 2026."""
    return {
        "orderId": "111-1111111-1111111",
        "createdTime": "2026-11-20T09:30:00Z",
        "lastUpdatedTime": "2026-11-21T09:00:00+01:00",
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": "ATVPDKIKX0DER"},
        "fulfillment": {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT"},
        "proceeds": {"grandTotal": usd("578.80")},
        "recipient": {
            "deliveryAddress": {
                "name": "A. Buyer",
                "companyName": "",
                "addressLine1": "1 Street",
                "addressLine2": "Flat 2",
                "city": "Town",
                "postalCode": "00000",
                "stateOrRegion": "WA",
                "countryCode": "US",
                "phone": "+1 555 0100",
            }
        },
        "orderItems": [
            {
                "orderItemId": "1",
                "quantityOrdered": 2,
                "product": {
                    "sellerSku": "BAB-38",
                    "title": "Leather slippers",
                    "price": {"unitPrice": usd("39.90")},
                },
                "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": 2},
            },
            {
                "orderItemId": "2",
                "quantityOrdered": 1,
                "product": {"title": "Rug", "price": {"unitPrice": usd("489.00")}},
            },
        ],
    } | parts


def test_an_order_is_told_whole() -> None:
    assert order(payload(), "USD") == RemoteOrder(
        id="111-1111111-1111111",
        number="111-1111111-1111111",
        status=OrderStatus.PAID,
        placed_at=PLACED,
        updated_at=CHANGED,
        total=Money("578.80", "USD"),
        lines=(
            RemoteOrderLine("1", "BAB-38", "Leather slippers", 2, Money("39.90", "USD")),
            RemoteOrderLine("2", None, "Rug", 1, Money("489.00", "USD")),
        ),
        ship_to=Address(
            "A. Buyer", ("1 Street", "Flat 2"), "Town", "00000", "US", "WA", "+1 555 0100"
        ),
    )


def test_an_address_that_no_parcel_needs_any_more_is_not_kept() -> None:
    shipped = order(payload(fulfillment={"fulfillmentStatus": "SHIPPED"}), "USD")
    assert isinstance(shipped, RemoteOrder)
    assert (shipped.status, shipped.ship_to) == (OrderStatus.SHIPPED, None)


def test_a_pending_order_without_prices_takes_its_units_all_the_same() -> None:
    item = {"orderItemId": "1", "quantityOrdered": 2, "product": {"sellerSku": "BAB-38"}}
    bare = payload(fulfillment={"fulfillmentStatus": "PENDING"}, orderItems=[item], proceeds={})
    told = order(bare, "USD")
    assert isinstance(told, RemoteOrder)
    assert (told.status, told.total, told.lines) == (
        OrderStatus.PENDING,
        Money(0, "USD"),
        (RemoteOrderLine("1", "BAB-38", "", 2, Money(0, "USD")),),
    )


EXECUTED = {"cancellationExecution": {"cancelledBy": "BUYER"}}


@pytest.mark.parametrize(
    ("status", "item", "cancelled"),
    [
        ("UNSHIPPED", {"fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": 3}}, 0),
        ("UNSHIPPED", {}, 0),
        ("UNSHIPPED", {"fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": 2}}, 1),
        (
            "UNSHIPPED",
            {
                "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": 2},
                "cancellation": EXECUTED,
            },
            1,
        ),
        (
            "PARTIALLY_SHIPPED",
            {"fulfillment": {"quantityFulfilled": 1, "quantityUnfulfilled": 0}},
            2,
        ),
        (
            "PARTIALLY_SHIPPED",
            {
                "fulfillment": {"quantityFulfilled": 1, "quantityUnfulfilled": 2},
                "cancellation": EXECUTED,
            },
            2,
        ),
        ("UNSHIPPED", {"cancellation": EXECUTED}, 3),
        ("UNSHIPPED", {"cancellation": {"cancellationRequest": {"requester": "BUYER"}}}, 0),
        ("CANCELLED", {}, 3),
        ("CANCELLED", {"fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": 0}}, 3),
        ("UNFULFILLABLE", {}, 3),
    ],
)
def test_units_that_will_not_be_shipped_are_cancelled(
    status: str, item: dict[str, Any], cancelled: int
) -> None:
    line = {"orderItemId": "1", "quantityOrdered": 3, "product": {"sellerSku": "A"}} | item
    told = order(payload(fulfillment={"fulfillmentStatus": status}, orderItems=[line]), "USD")
    assert isinstance(told, RemoteOrder)
    assert [li.cancelled for li in told.lines] == [cancelled]


@pytest.mark.parametrize(
    ("broken", "updated"),
    [
        ({"fulfillment": {"fulfillmentStatus": "TELEPORTED"}}, CHANGED),
        ({"orderItems": [{"orderItemId": "1"}]}, CHANGED),
        ({"proceeds": {"grandTotal": usd("a lot")}}, CHANGED),
        ({"lastUpdatedTime": "yesterday"}, datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_an_order_that_cannot_be_understood_is_kept_raw(
    broken: dict[str, Any], updated: datetime
) -> None:
    raw = payload(**broken)
    told = order(raw, "USD")
    assert isinstance(told, UnreadableOrder)
    assert (told.id, told.updated_at) == (raw["orderId"], updated)
    assert json.loads(told.raw) == {"api": "2026-01-01", "order": raw}
    assert "A. Buyer" not in repr(told)


@pytest.mark.parametrize(
    ("status", "packages", "delivered"),
    [
        ("SHIPPED", ["DELIVERED", "DELIVERED", "CANCELLED"], CHANGED),
        ("SHIPPED", ["DELIVERED", "IN_TRANSIT"], None),
        ("SHIPPED", [], None),
        ("PARTIALLY_SHIPPED", ["DELIVERED"], None),
    ],
)
def test_an_order_is_delivered_when_its_last_package_is(
    status: str, packages: list[str], delivered: datetime | None
) -> None:
    told = order(
        payload(
            fulfillment={"fulfillmentStatus": status},
            packages=[{"packageStatus": {"status": state}} for state in packages],
        ),
        "USD",
    )
    assert isinstance(told, RemoteOrder)
    assert told.delivered_at == delivered


def old(amount: str) -> dict[str, str]:
    return {"Amount": amount, "CurrencyCode": "USD"}


def test_an_order_of_the_old_api_is_told_whole() -> None:
    head = {
        "AmazonOrderId": "111-1111111-1111111",
        "PurchaseDate": "2026-11-20T09:30:00Z",
        "LastUpdateDate": "2026-11-21T08:00:00Z",
        "OrderStatus": "PartiallyShipped",
        "OrderTotal": old("79.80"),
    }
    item = {
        "OrderItemId": "1",
        "SellerSKU": "BAB-38",
        "Title": "Slippers",
        "QuantityOrdered": 2,
        "QuantityShipped": 1,
        "ItemPrice": old("79.80"),
    }
    address = {"Name": "A. Buyer", "AddressLine1": "1 Street", "City": "Town"} | {
        "PostalCode": "00000",
        "CountryCode": "US",
    }
    assert old_order(head, [item], address, "USD") == RemoteOrder(
        id="111-1111111-1111111",
        number="111-1111111-1111111",
        status=OrderStatus.PARTLY_SHIPPED,
        placed_at=PLACED,
        updated_at=CHANGED,
        total=Money("79.80", "USD"),
        lines=(
            RemoteOrderLine(
                "1", "BAB-38", "Slippers", 2, Money(Decimal("39.90"), "USD"), shipped=1
            ),
        ),
        ship_to=Address("A. Buyer", ("1 Street",), "Town", "00000", "US"),
    )


def test_an_old_order_that_cannot_be_understood_is_kept_with_its_items() -> None:
    told = old_order({"AmazonOrderId": "1"}, [{"ASIN": "B0"}], None, "USD")
    assert isinstance(told, UnreadableOrder)
    assert json.loads(told.raw) == {
        "api": "v0",
        "order": {"AmazonOrderId": "1"},
        "items": [{"ASIN": "B0"}],
        "address": None,
    }


def test_what_was_kept_is_read_again_by_the_api_that_told_it() -> None:
    broken = order(payload(fulfillment={"fulfillmentStatus": "TELEPORTED"}), "USD")
    assert isinstance(broken, UnreadableOrder)
    assert reread(broken.raw.replace("TELEPORTED", "UNSHIPPED"), "USD") == order(payload(), "USD")
    head = {"AmazonOrderId": "1", "PurchaseDate": "2026-11-20T09:30:00Z"} | {
        "LastUpdateDate": "2026-11-21T08:00:00Z"
    }
    address = {"Name": "A. Buyer", "CountryCode": "US"}
    kept = old_order(head | {"OrderStatus": "Teleported"}, [], address, "USD")
    assert isinstance(kept, UnreadableOrder)
    told = old_order(head | {"OrderStatus": "Unshipped"}, [], address, "USD")
    assert reread(kept.raw.replace("Teleported", "Unshipped"), "USD") == told


@pytest.mark.parametrize("text", ['{"name": "A. Buyer"}', "[]", "A. Buyer"])
def test_a_text_that_is_no_order_stays_unreadable(text: str) -> None:
    told = reread(text, "USD")
    assert isinstance(told, UnreadableOrder)
    assert told.raw == text
