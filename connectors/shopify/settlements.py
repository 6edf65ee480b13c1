"""Shopify's books: the transactions of orders, with the fees that Shopify Payments tells."""

from collections.abc import Iterator
from datetime import datetime

from moneyed import Money

from connectors.bookings import readable
from connectors.protocol import Settlement, SettlementKind
from connectors.shopify.client import Client
from connectors.shopify.documents import ORDER_TRANSACTIONS, TRANSACTIONS
from connectors.shopify.limits import PAGE_OF_PAID_ORDERS, TRANSACTIONS_OF_ONE_ORDER
from connectors.shopify.limits import TRANSACTIONS as MOST_TRANSACTIONS
from connectors.shopify.mapper import Json
from connectors.shopify.order_reading import changed_since
from connectors.shopify.orders import money_of

# [schema] OrderTransactionKind: those by which money changes hands. An authorization only holds it.
_KINDS = {
    "SALE": SettlementKind.SALE,
    "CAPTURE": SettlementKind.SALE,
    "REFUND": SettlementKind.REFUND,
}


def read(client: Client, since: datetime) -> Iterator[Settlement]:
    """Bookings posted at or after `since`: a transaction changes its order.

    Raises:
        Refused: at the end, where some could not be understood.
    """
    found = readable(_paid_orders(client, since), settlements)
    return (booking for booking in found if booking.posted_at >= since.replace(microsecond=0))


def _paid_orders(client: Client, since: datetime) -> Iterator[Json]:
    after = None
    while True:
        page = client.call(
            TRANSACTIONS,
            first=PAGE_OF_PAID_ORDERS,
            after=after,
            query=changed_since(since),
            transactions=MOST_TRANSACTIONS,
        )["orders"]
        for order in page["nodes"]:
            cut = len(order["transactions"]) == MOST_TRANSACTIONS
            yield {**order, "transactions": _all(client, order["id"])} if cut else order
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def _all(client: Client, order_id: str) -> list[Json]:
    answer = client.call(ORDER_TRANSACTIONS, id=order_id, transactions=TRANSACTIONS_OF_ONE_ORDER)
    transactions: list[Json] = answer["order"]["transactions"]
    return transactions


def settlements(order: Json) -> Iterator[Settlement]:
    """The bookings of an order's transactions, those that succeeded.

    Raises:
        KeyError, TypeError, ValueError ...: one is not as Shopify's schema says, or was charged for
            in another currency than its own.
    """
    for told in order["transactions"]:
        kind = _KINDS.get(told["kind"])
        if kind is None or told["status"] != "SUCCESS":
            continue
        amount = money_of(told["amountSet"]["shopMoney"])
        yield Settlement(
            told["id"],
            order["id"],
            kind,
            datetime.fromisoformat(told["processedAt"] or told["createdAt"]),
            -amount if kind is SettlementKind.REFUND else amount,
            _fees(told, amount),
        )


def _fees(told: Json, amount: Money) -> Money:
    parts = (fee[part] for fee in told["fees"] for part in ("amount", "taxAmount"))
    return sum(map(money_of, parts), Money(0, amount.currency))
