"""Orders asked for page by page, each with all of its lines, refunds and parcels."""

from collections.abc import Iterator
from datetime import UTC, datetime

from connectors.errors import Refused
from connectors.protocol import Issue, RemoteOrder, UnreadableOrder
from connectors.shopify.client import Client
from connectors.shopify.documents import FULFILLMENTS, ORDER_LINES, ORDERS, REFUNDS
from connectors.shopify.limits import FULFILLMENTS as MOST_FULFILLMENTS
from connectors.shopify.limits import (
    LINES_OF_A_FULFILLMENT,
    LINES_OF_A_REFUND,
    LINES_ON_A_PAGE,
    PAGE_OF_LINES,
    PAGE_OF_ORDERS,
)
from connectors.shopify.limits import REFUNDS as MOST_REFUNDS
from connectors.shopify.mapper import Json
from connectors.shopify.orders import Told, has_parcels, has_refunds, read_order, unreadable


def changed_since(moment: datetime) -> str:
    """The search for orders changed at or after `moment`."""
    return f"updated_at:>='{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'"


def read(client: Client, since: datetime) -> Iterator[RemoteOrder | UnreadableOrder]:
    """Orders changed at or after `since`, oldest change first.

    A cursor holds the moment of change at which its page ended: an order that changes meanwhile
    moves to the end, and none takes its place on a page that was read.
    """
    after = None
    while True:
        page = client.call(
            ORDERS,
            first=PAGE_OF_ORDERS,
            after=after,
            query=changed_since(since),
            lines=LINES_ON_A_PAGE,
        )["orders"]
        for order in page["nodes"]:
            yield _read_one(client, order, since)
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def _read_one(client: Client, order: Json, since: datetime) -> RemoteOrder | UnreadableOrder:
    try:
        lines = list(_lines(client, order))
        refunds = _refunds(client, order) if has_refunds(order, lines) else []
        parcels = _parcels(client, order) if has_parcels(order, lines) else []
    except (KeyError, TypeError, AttributeError, Refused) as error:
        told = Told(order, whole=False)
        return unreadable(told, f"{type(error).__name__}: {error}", since)
    return read_order(Told(order, lines, refunds, parcels), since)


def _lines(client: Client, order: Json) -> Iterator[Json]:
    page = order["lineItems"]
    yield from page["nodes"]
    while page["pageInfo"]["hasNextPage"]:
        page = client.call(
            ORDER_LINES, id=order["id"], lines=PAGE_OF_LINES, after=page["pageInfo"]["endCursor"]
        )["order"]["lineItems"]
        yield from page["nodes"]


def _refunds(client: Client, order: Json) -> list[Json]:
    """All refunds of an order. Raises Refused where it has more than can be read."""
    answer = client.call(REFUNDS, id=order["id"], refunds=MOST_REFUNDS, lines=LINES_OF_A_REFUND)
    refunds: list[Json] = answer["order"]["refunds"]
    cut = (refund["refundLineItems"]["pageInfo"]["hasNextPage"] for refund in refunds)
    if len(refunds) == MOST_REFUNDS or any(cut):
        message = "it has more refunds than can be read at once: give its units back by hand"
        raise Refused([Issue("too_many_refunds", message)])
    return refunds


def _parcels(client: Client, order: Json) -> list[Json]:
    """All fulfilments of an order. Raises Refused where it has more than can be read."""
    answer = client.call(
        FULFILLMENTS,
        id=order["id"],
        fulfillments=MOST_FULFILLMENTS,
        lines=LINES_OF_A_FULFILLMENT,
    )
    parcels: list[Json] = answer["order"]["fulfillments"]
    cut = (parcel["fulfillmentLineItems"]["pageInfo"]["hasNextPage"] for parcel in parcels)
    if len(parcels) == MOST_FULFILLMENTS or any(cut):
        message = "it has more parcels than can be read at once: follow it in the shop"
        raise Refused([Issue("too_many_parcels", message)])
    return parcels
