import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from queue import SimpleQueue

import pytest
from fastapi import FastAPI, Request

from connectors.sandbox.server import serve
from tests.connectors.sandbox.shopify.conftest import Practice

SUBSCRIBE = """
mutation webhookSubscriptionCreate(
  $topic: WebhookSubscriptionTopic!
  $subscription: WebhookSubscriptionInput!
) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $subscription) {
    webhookSubscription { topic uri format }
    userErrors { field message }
  }
}
"""
Told = tuple[dict[str, str], bytes]


class Subscriber:
    """A server that is told."""

    def __init__(self) -> None:
        self.told: SimpleQueue[Told] = SimpleQueue()
        self.app = FastAPI()

        @self.app.post("/webhooks")
        async def hear(request: Request) -> None:
            self.told.put((dict(request.headers), await request.body()))


@pytest.fixture
def subscriber(shop: Practice) -> Iterator[Subscriber]:
    subscriber = Subscriber()
    with serve(subscriber.app) as address:
        subscription = {"uri": f"{address}/webhooks"}
        for topic in ("ORDERS_CREATE", "REFUNDS_CREATE", "INVENTORY_LEVELS_UPDATE"):
            told = shop.ask(SUBSCRIBE, topic=topic, subscription=subscription)
            assert told["userErrors"] == []
        yield subscriber


def test_an_address_is_told_of_a_topic_once(shop: Practice) -> None:
    subscription = {"uri": "https://example.com/webhooks", "format": "JSON"}
    told = [shop.ask(SUBSCRIBE, topic="ORDERS_CREATE", subscription=subscription) for _ in "ab"]
    assert told[0]["webhookSubscription"] == {"topic": "ORDERS_CREATE", **subscription}
    assert [error["message"] for error in told[1]["userErrors"]] == [
        "Address for this topic has already been taken"
    ]


def test_subscribers_are_told_what_happened_under_a_signature(
    shop: Practice, subscriber: Subscriber
) -> None:
    shop.list_product()
    order_id = shop.market.buy({"BAB-38": 1}, "US")
    shop.market.refund(order_id, None, restock=True)
    told = [subscriber.told.get(timeout=30) for _ in range(4)]
    assert sorted(headers["x-shopify-topic"] for headers, _ in told) == [
        "inventory_levels/update",
        "inventory_levels/update",
        "orders/create",
        "refunds/create",
    ]
    assert len({headers["x-shopify-webhook-id"] for headers, _ in told}) == 4
    (placed,) = [told_ for told_ in told if told_[0]["x-shopify-topic"] == "orders/create"]
    headers, body = placed
    signature = hmac.new(b"shpss_practice", body, hashlib.sha256).digest()
    assert headers["x-shopify-hmac-sha256"] == base64.b64encode(signature).decode()
    assert headers["x-shopify-shop-domain"] == "practice-souk.myshopify.com"
    assert json.loads(body)["admin_graphql_api_id"] == order_id
