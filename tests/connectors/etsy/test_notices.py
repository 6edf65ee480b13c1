"""Etsy's webhooks are believed only when they are signed for this shop, and now."""

import base64
import hmac
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.clock import VirtualClock
from connectors.conformance.ground import MemoryVault
from connectors.errors import NotAuthentic
from connectors.etsy import MARKETPLACE
from connectors.etsy.notices import notice
from connectors.protocol import Account, Notice, NoticeKind
from connectors.quotas import LocalBuckets

KEY = b"an invented key of this test"
BODY = json.dumps(
    {
        "event_type": "order.paid",
        "resource_url": "https://openapi.etsy.com/v3/application/shops/7/receipts/4001",
        "shop_id": 7,
    }
).encode()


@pytest.fixture
def account(clock: VirtualClock) -> Account:
    secret = f"whsec_{base64.b64encode(KEY).decode()}"
    return Account(
        "etsy",
        "world",
        "USD",
        ("en-US",),
        MemoryVault({"webhook_secret": secret}),
        LocalBuckets(clock.now),
        clock=clock,
    )


def signed(account: Account, body: bytes = BODY, key: bytes = KEY, **age: float) -> dict[str, str]:
    """The headers of a notification sent so long ago, as Standard Webhooks signs it."""
    sent_at = str(int((account.clock.now() - timedelta(**age)).timestamp()))
    digest = hmac.digest(key, b"msg_1." + sent_at.encode() + b"." + body, "sha256")
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": sent_at,
        "webhook-signature": f"v1,b2xk v1,{base64.b64encode(digest).decode()}",
    }


def test_an_order_that_was_paid_asks_for_a_pull_of_orders(account: Account) -> None:
    assert MARKETPLACE.notice is notice
    expected = Notice("msg_1", NoticeKind.ORDERS, "order.paid", ("4001",))
    assert notice(account, signed(account), BODY) == expected


def test_anything_else_is_about_listings(account: Account) -> None:
    body = b'{"event_type": "listing.expired"}'
    expected = Notice("msg_1", NoticeKind.LISTINGS, "listing.expired")
    assert notice(account, signed(account, body), body) == expected


def test_another_body_key_or_time_is_not_believed(account: Account) -> None:
    for headers, body in (
        (signed(account), BODY + b" "),
        (signed(account, key=b"another key"), BODY),
        (signed(account, minutes=6), BODY),
        (signed(account, minutes=-6), BODY),
        (signed(account) | {"webhook-timestamp": "now"}, BODY),
        ({}, BODY),
    ):
        with pytest.raises(NotAuthentic):
            notice(account, headers, body)


def test_a_channel_without_a_secret_believes_nothing(account: Account) -> None:
    mute = replace(account, vault=MemoryVault({}))
    with pytest.raises(NotAuthentic, match="no webhook_secret"):
        notice(mute, signed(account, key=b""), BODY)
