import pytest
from sp_api.api import Orders, Tokens

from connectors.sandbox.faults import Fault, FaultKind
from tests.connectors.sandbox.amazon.conftest import FRANCE, Json, Seller

SINCE = "2026-01-01T00:00:00Z"
EVERYTHING = "BUYER,RECIPIENT,PROCEEDS,CANCELLATION,FULFILLMENT,PACKAGES"


@pytest.fixture
def order_id(seller: Seller) -> str:
    """An order of two rugs of one kind and one of another."""
    seller.sell("RUG-1", "RUG-2")
    return seller.market.buy({"RUG-1": 2, "RUG-2": 1}, "DE")


def line(number: int, sku: str, quantity: int, **more: Json) -> Json:
    total = {"amount": f"{89.5 * quantity:.2f}", "currencyCode": "EUR"}
    return {
        "orderItemId": f"0000001000000{number}",
        "quantityOrdered": quantity,
        "product": {
            "asin": f"B00000000{number - 1}",
            "title": "Tapis Beni Ouaraïn",
            "sellerSku": sku,
            "condition": {"conditionType": "NEW", "conditionSubtype": "NEW"},
            "price": {"unitPrice": {"amount": "89.50", "currencyCode": "EUR"}},
        },
        "proceeds": {
            "proceedsTotal": total,
            "breakdowns": [{"type": "ITEM", "subtotal": total}],
        },
        "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": quantity},
    } | more


def test_a_paid_order_is_told_with_all_that_is_asked_for(seller: Seller, order_id: str) -> None:
    told = seller.orders(includedData=EVERYTHING)

    assert told == {
        "orders": [
            {
                "orderId": order_id,
                "createdTime": "2026-11-23T12:00:10.000Z",
                "lastUpdatedTime": "2026-11-23T12:00:10.000Z",
                "salesChannel": {
                    "channelName": "AMAZON",
                    "marketplaceId": FRANCE,
                    "marketplaceName": "Amazon.fr",
                },
                "orderItems": [line(1, "RUG-1", 2), line(2, "RUG-2", 1)],
                "buyer": {"buyerName": "Ada Sample", "buyerEmail": "buyer@example.com"},
                "recipient": {
                    "deliveryAddress": {
                        "name": "Ada Sample",
                        "addressLine1": "1 Example Street",
                        "city": "Exampleton",
                        "stateOrRegion": "EX",
                        "postalCode": "00001",
                        "countryCode": "DE",
                        "phone": "+0 000 000 0000",
                        "addressType": "RESIDENTIAL",
                    }
                },
                "proceeds": {"grandTotal": {"amount": "268.50", "currencyCode": "EUR"}},
                "fulfillment": {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT"},
                "packages": [],
            }
        ],
        "lastUpdatedBefore": "2026-11-23T12:00:10.000Z",
    }


def test_personal_data_is_told_only_where_it_is_asked_for(seller: Seller, order_id: str) -> None:
    order = seller.orders()["orders"][0]

    assert (order["orderId"], order.keys() & {"buyer", "recipient"}) == (order_id, set())


def test_what_is_bought_is_off_the_market(seller: Seller, order_id: str) -> None:
    del order_id
    left = {each.offers[0].sku: each.offers[0].available for each in seller.market.shown()}

    assert left == {"RUG-1": 1, "RUG-2": 2}


def fulfilment(seller: Seller) -> list[tuple[int, int, int, bool]]:
    """Of each line: ordered, shipped, to be shipped, and whether it was cancelled in part."""
    order = seller.orders(includedData=EVERYTHING)["orders"][0]
    return [
        (
            each["quantityOrdered"],
            each["fulfillment"]["quantityFulfilled"],
            each["fulfillment"]["quantityUnfulfilled"],
            "cancellation" in each,
        )
        for each in order["orderItems"]
    ]


def status(seller: Seller) -> str:
    order = seller.orders(includedData="FULFILLMENT")["orders"][0]
    return str(order["fulfillment"]["fulfillmentStatus"])


def test_cancelled_units_are_neither_shipped_nor_to_be_shipped(
    seller: Seller, order_id: str
) -> None:
    seller.market.cancel(order_id, {"RUG-1": 1}, restock=True)

    assert fulfilment(seller) == [(2, 0, 1, True), (1, 0, 1, False)]
    assert (status(seller), seller.market.shown()[0].offers[0].available) == ("UNSHIPPED", 2)


def test_an_order_without_units_is_cancelled(seller: Seller, order_id: str) -> None:
    seller.market.cancel(order_id, None, restock=False)

    assert (status(seller), seller.market.shown()[0].offers[0].available) == ("CANCELLED", 1)


def confirm(seller: Seller, order_id: str, quantities: dict[str, int], package: str = "1") -> int:
    return seller.http.post(
        f"/orders/v0/orders/{order_id}/shipmentConfirmation",
        headers={"x-amz-access-token": seller.token()},
        json={
            "marketplaceId": FRANCE,
            "packageDetail": {
                "packageReferenceId": package,
                "carrierCode": "DHL",
                "trackingNumber": "JD0001",
                "shipDate": "2026-11-23T13:00:00Z",
                "orderItems": [
                    {"orderItemId": item, "quantity": quantity}
                    for item, quantity in quantities.items()
                ],
            },
        },
    ).status_code


def test_shipped_units_are_told(seller: Seller, order_id: str) -> None:
    first = confirm(seller, order_id, {"00000010000001": 2})
    partly = status(seller)
    second = confirm(seller, order_id, {"00000010000002": 1}, "2")

    assert (first, partly, second, status(seller)) == (204, "PARTIALLY_SHIPPED", 204, "SHIPPED")
    assert fulfilment(seller) == [(2, 2, 0, False), (1, 1, 0, False)]
    packages = seller.orders(includedData="PACKAGES")["orders"][0]["packages"]
    assert packages[0] == {
        "packageReferenceId": "1",
        "packageStatus": {"status": "SHIPPED"},
        "carrier": "DHL",
        "shipTime": "2026-11-23T13:00:00Z",
        "trackingNumber": "JD0001",
        "packageItems": [{"orderItemId": "00000010000001", "quantity": 2}],
    }


def test_a_package_that_is_told_again_is_one_package(seller: Seller, order_id: str) -> None:
    told = [confirm(seller, order_id, {"00000010000001": units}) for units in (2, 2, 1)]

    assert (told, fulfilment(seller)) == ([204] * 3, [(2, 1, 1, False), (1, 0, 1, False)])


@pytest.mark.parametrize("quantities", [{"00000010000001": 3}, {"unknown": 1}])
def test_more_than_was_ordered_cannot_be_shipped(
    seller: Seller, order_id: str, quantities: dict[str, int]
) -> None:
    assert confirm(seller, order_id, quantities) == 400
    assert status(seller) == "UNSHIPPED"


def test_refunds_are_told_by_the_finances_api(seller: Seller, order_id: str) -> None:
    seller.clock.sleep(60)
    seller.market.refund(order_id, {"RUG-1": 1}, restock=True)

    path = "/finances/2024-06-19/transactions"
    asked = {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": order_id}
    told = seller.get(path, **asked).json()["payload"]["transactions"]

    assert [(each["transactionType"], each["totalAmount"]) for each in told] == [
        # A fifth of the referral fee of 15 % is not given back.
        ("Refund", {"currencyAmount": -78.76, "currencyCode": "EUR"})
    ]
    assert told[0]["items"][0]["contexts"] == [
        {
            "contextType": "ProductContext",
            "asin": "B000000000",
            "sku": "RUG-1",
            "quantityShipped": 1,
            "fulfillmentNetwork": "MFN",
        }
    ]
    assert seller.orders()["orders"][0]["lastUpdatedTime"] == "2026-11-23T12:01:10.000Z"


def test_the_books_are_told_by_pages_and_only_what_is_two_minutes_old(
    seller: Seller, order_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.sandbox.amazon.finances.PAGE", 1)
    path, began = "/finances/2024-06-19/transactions", "2026-11-23T12:00:00Z"
    for _ in range(2):
        seller.market.refund(order_id, {"RUG-1": 1}, restock=True)
    seller.clock.sleep(119)
    assert seller.get(path, postedAfter=began).json() == {"payload": {"transactions": []}}
    seller.clock.sleep(10)
    first = seller.get(path, postedAfter=began).json()["payload"]
    last = seller.get(path, postedAfter=began, nextToken=first["nextToken"]).json()["payload"]
    ids = [told["transactionId"] for page in (first, last) for told in page["transactions"]]
    assert (len(set(ids)), "nextToken" in last) == (2, False)


@pytest.mark.parametrize(
    ("after", "before", "status"),
    [
        ("2026-11-23T12:00:00Z", None, 400),
        ("2026-11-22T12:00:00Z", "2026-11-23T12:00:00Z", 400),
        ("2026-11-22T12:00:00Z", "2026-11-21T12:00:00Z", 400),
        ("2026-03-22T12:00:00Z", None, 200),
    ],
)
def test_the_books_are_told_of_a_time_that_is_over_and_not_too_long(
    seller: Seller, order_id: str, after: str, before: str | None, status: int
) -> None:
    seller.market.refund(order_id, None, restock=True)
    asked = {"postedAfter": after} | ({"postedBefore": before} if before else {})
    answer = seller.get("/finances/2024-06-19/transactions", **asked)
    assert answer.status_code == status
    assert answer.json().get("payload", {}).get("transactions", []) == []


@pytest.fixture
def ten_orders(seller: Seller) -> list[str]:
    """Ten orders, a minute after each other."""
    seller.sell("RUG-1", quantity=10)
    placed = []
    for _ in range(10):
        seller.clock.sleep(60)
        placed.append(seller.market.buy({"RUG-1": 1}, "FR"))
    return placed


def pages(seller: Seller, **query: str) -> list[list[str]]:
    """The ids of the orders on each page."""
    found: list[list[str]] = []
    token: dict[str, str] = {}
    orders = seller.client(Orders, version="2026-01-01")
    while True:
        asked = {"createdAfter": SINCE, "maxResultsPerPage": "4"} | query | token
        page = orders.search_orders(**asked, marketplaceIds=FRANCE)
        found.append([order["orderId"] for order in page.payload["orders"]])
        if not page.pagination:
            return found
        token = {"paginationToken": page.pagination["nextToken"]}


def test_orders_come_in_pages_oldest_first(seller: Seller, ten_orders: list[str]) -> None:
    assert pages(seller) == [ten_orders[:4], ten_orders[4:8], ten_orders[8:]]


def test_orders_are_found_by_the_time_of_their_last_change(
    seller: Seller, ten_orders: list[str]
) -> None:
    since = "2026-11-23T12:10:10Z"
    seller.market.cancel(ten_orders[2], None, restock=True)

    told = seller.orders(lastUpdatedAfter=since)["orders"]

    assert [order["orderId"] for order in told] == [ten_orders[2], ten_orders[9]]


def test_a_page_may_come_twice(seller: Seller, ten_orders: list[str]) -> None:
    seller.market.faults.arm(Fault(kind=FaultKind.DUPLICATE_PAGE, operation="searchOrders"))

    assert pages(seller) == [ten_orders[:4], ten_orders[:4], ten_orders[4:8], ten_orders[8:]]


def test_pages_that_come_twice_all_the_time_still_end(
    seller: Seller, ten_orders: list[str]
) -> None:
    seller.market.faults.arm(Fault(kind=FaultKind.DUPLICATE_PAGE, times=None))

    found = [order_id for page in pages(seller) for order_id in page]

    assert (set(found), len(found) > len(ten_orders)) == (set(ten_orders), True)


def test_a_page_may_be_shuffled(seller: Seller, ten_orders: list[str]) -> None:
    seller.market.faults.arm(Fault(kind=FaultKind.SHUFFLED, times=None))

    found = pages(seller, maxResultsPerPage="10")[0]

    assert (set(found), found == ten_orders) == (set(ten_orders), False)


def test_a_page_may_leave_an_order_out(seller: Seller, ten_orders: list[str]) -> None:
    seller.market.faults.arm(Fault(kind=FaultKind.MISSED_ITEM))

    assert pages(seller) == [
        [*ten_orders[:2], ten_orders[3]],
        ten_orders[4:8],
        ten_orders[8:],
    ]
    assert pages(seller)[0] == ten_orders[:4]


def test_an_order_may_change_once_its_page_was_told(seller: Seller, ten_orders: list[str]) -> None:
    seller.market.faults.arm(Fault(kind=FaultKind.MOVED_ITEM))
    since = {"lastUpdatedAfter": "2026-11-23T12:00:00Z", "maxResultsPerPage": "4"}

    told = seller.orders(**since)["orders"]

    assert told[0]["lastUpdatedTime"] < told[1]["lastUpdatedTime"]
    now = [order["orderId"] for order in seller.orders(lastUpdatedAfter=SINCE)["orders"]]
    assert now == [*ten_orders[1:9], *sorted([ten_orders[0], ten_orders[9]])]


def test_packages_arrive(seller: Seller, order_id: str) -> None:
    with pytest.raises(LookupError, match="nothing of order"):
        seller.market.deliver(order_id)
    confirm(seller, order_id, {"00000010000001": 2})
    seller.market.deliver(order_id)

    [told] = seller.orders(includedData="PACKAGES")["orders"]

    assert [one["packageStatus"] for one in told["packages"]] == [{"status": "DELIVERED"}]


def test_a_poisoned_order_is_told_in_a_currency_that_nobody_counts(
    seller: Seller, order_id: str
) -> None:
    def currency() -> str:
        [told] = seller.orders(includedData="PROCEEDS")["orders"]
        return str(told["proceeds"]["grandTotal"]["currencyCode"])

    seller.market.poison(order_id)
    assert currency() == "USDC"
    seller.market.heal(order_id)
    assert currency() == "EUR"


def test_a_sale_is_booked_when_its_units_leave(seller: Seller, order_id: str) -> None:
    for units in (1, 2):  # the same package, told again with one more
        confirm(seller, order_id, {"00000010000001": units})
    asked = {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": order_id}
    told = seller.get("/finances/2024-06-19/transactions", **asked).json()["payload"]

    assert [
        (
            one["transactionType"],
            one["totalAmount"]["currencyAmount"],
            one["items"][0]["contexts"][0]["quantityShipped"],
        )
        for one in told["transactions"]
    ] == [("Shipment", 76.08, 1), ("Shipment", 76.08, 1)]


@pytest.mark.usefixtures("ten_orders")
def test_a_page_token_ends_after_a_day(seller: Seller) -> None:
    token = seller.orders(maxResultsPerPage="4")  # the SDK hides the token in `pagination`
    path, query = "/orders/2026-01-01/orders", {"createdAfter": SINCE, "maxResultsPerPage": "4"}
    first = seller.get(path, **query).json()["pagination"]["nextToken"]
    seller.clock.sleep(24 * 3600)

    late = seller.get(path, **query, paginationToken=first)

    assert (len(token["orders"]), late.status_code) == (4, 400)


@pytest.mark.usefixtures("ten_orders")
def test_a_page_token_belongs_to_its_search(seller: Seller) -> None:
    path, query = "/orders/2026-01-01/orders", {"createdAfter": SINCE, "maxResultsPerPage": "4"}
    token = seller.get(path, **query).json()["pagination"]["nextToken"]

    other = seller.get(path, **query | {"createdAfter": "2026-02-01"}, paginationToken=token)
    wider = seller.get(path, **query | {"maxResultsPerPage": "9"}, paginationToken=token)

    assert (other.status_code, wider.status_code) == (400, 200)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"createdAfter": SINCE, "lastUpdatedAfter": SINCE},
        {"createdAfter": SINCE, "lastUpdatedBefore": SINCE},
        {"createdAfter": SINCE, "createdBefore": "2026-11-23T11:58:01Z"},
        {"createdAfter": "yesterday"},
        {"createdAfter": SINCE, "maxResultsPerPage": "101"},
        {"createdAfter": SINCE, "paginationToken": "invented"},
    ],
)
def test_a_search_outside_the_rules_is_refused(seller: Seller, query: dict[str, str]) -> None:
    answer = seller.get("/orders/2026-01-01/orders", **query)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")


def test_one_order_is_told_alone(seller: Seller, order_id: str) -> None:
    found = seller.client(Orders, version="2026-01-01").get_order(order_id).payload["order"]

    assert [found] == seller.orders()["orders"]
    assert seller.get("/orders/2026-01-01/orders/900-0-0").status_code == 404


def test_the_older_api_tells_the_same_order_in_its_own_words(seller: Seller, order_id: str) -> None:
    seller.market.cancel(order_id, {"RUG-1": 1}, restock=True)
    orders = seller.client(Orders)

    found = orders.get_orders(LastUpdatedAfter=SINCE, MarketplaceIds=FRANCE).payload["Orders"]
    items = orders.get_order_items(order_id).payload["OrderItems"]

    assert found == [
        {
            "AmazonOrderId": order_id,
            "PurchaseDate": "2026-11-23T12:00:10.000Z",
            "LastUpdateDate": "2026-11-23T12:00:10.000Z",
            "OrderStatus": "Unshipped",
            "FulfillmentChannel": "MFN",
            "SalesChannel": "Amazon.fr",
            "OrderTotal": {"CurrencyCode": "EUR", "Amount": "179.00"},
            "NumberOfItemsShipped": 0,
            "NumberOfItemsUnshipped": 2,
            "MarketplaceId": FRANCE,
        }
    ]
    assert orders.get_order(order_id).payload == found[0]
    assert items[0] == {
        "ASIN": "B000000000",
        "SellerSKU": "RUG-1",
        "OrderItemId": "00000010000001",
        "Title": "Tapis Beni Ouaraïn",
        "QuantityOrdered": 1,
        "QuantityShipped": 0,
        "ItemPrice": {"CurrencyCode": "EUR", "Amount": "89.50"},
    }


def test_the_older_api_tells_personal_data_to_a_restricted_data_token(
    seller: Seller, order_id: str
) -> None:
    resource = {
        "method": "GET",
        "path": "/orders/v0/orders",
        "dataElements": ["buyerInfo", "shippingAddress"],
    }
    granted = seller.client(Tokens).create_restricted_data_token(restrictedResources=[resource])
    orders = seller.client(Orders, restricted_data_token=granted.payload["restrictedDataToken"])

    [order] = orders.get_orders(LastUpdatedAfter=SINCE, MarketplaceIds=FRANCE).payload["Orders"]

    assert (order["AmazonOrderId"], order["BuyerInfo"]["BuyerName"]) == (order_id, "Ada Sample")
    assert order["ShippingAddress"]["City"] == "Exampleton"


def test_the_older_api_pages_by_its_token_alone(seller: Seller, ten_orders: list[str]) -> None:
    orders = seller.client(Orders)

    first = orders.get_orders(CreatedAfter=SINCE, MarketplaceIds=FRANCE, MaxResultsPerPage=6)
    second = orders.get_orders(NextToken=first.next_token, MarketplaceIds=FRANCE)

    found = [*first.payload["Orders"], *second.payload["Orders"]]
    assert [order["AmazonOrderId"] for order in found] == ten_orders
