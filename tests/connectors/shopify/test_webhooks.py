from collections import Counter

import pytest

from connectors.errors import Refused
from connectors.sandbox.shopify.webhooks import WebhookSubscription
from connectors.shopify.webhooks import TOPICS
from tests.connectors.shopify.conftest import PracticeShop

ADDRESS = "https://souk.example/webhooks/boutique"


def test_check_gives_shopify_our_address_once(shop: PracticeShop) -> None:
    connector = shop.connector(webhooks=ADDRESS)
    connector.check()
    connector.check()
    subscriptions = list(shop.market.store.all(WebhookSubscription))
    assert Counter((one.topic, one.uri) for one in subscriptions) == Counter(
        (topic, ADDRESS) for topic in TOPICS
    )


def test_an_address_that_shopify_does_not_take_is_told(shop: PracticeShop) -> None:
    with pytest.raises(Refused, match="not supported"):
        shop.connector(webhooks="http://souk.example/webhooks/boutique").check()
