import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from connectors.clock import VirtualClock
from connectors.errors import NotAuthentic
from connectors.protocol import Account, Notice, NoticeKind
from connectors.shopify.notices import notice
from tests.connectors.shopify.conftest import account_at

SHOP, SECRET = "tifawin.myshopify.com", "invented"


@pytest.fixture
def account(clock: VirtualClock) -> Account:
    return account_at("http://unused", clock, {"shop": SHOP, "client_secret": SECRET})


def headers(topic: str, body: bytes, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return {
        "x-shopify-topic": topic,
        "x-shopify-hmac-sha256": base64.b64encode(digest).decode(),
        "x-shopify-webhook-id": "b54557e4",
        "x-shopify-shop-domain": SHOP,
    }


@pytest.mark.parametrize(
    ("topic", "payload", "kind", "references"),
    [
        (
            "orders/updated",
            {"admin_graphql_api_id": "gid://shopify/Order/1"},
            NoticeKind.ORDERS,
            ("gid://shopify/Order/1",),
        ),
        (
            "refunds/create",
            {"order_id": 7, "admin_graphql_api_id": "gid://shopify/Refund/2"},
            NoticeKind.ORDERS,
            ("gid://shopify/Order/7",),
        ),
        (
            "products/update",
            {"admin_graphql_api_id": "gid://shopify/Product/3"},
            NoticeKind.LISTINGS,
            ("gid://shopify/Product/3",),
        ),
        (
            "inventory_levels/update",
            {"inventory_item_id": 4, "available": 1},
            NoticeKind.STOCK,
            ("gid://shopify/InventoryItem/4",),
        ),
        (
            "bulk_operations/finish",
            {"admin_graphql_api_id": "gid://shopify/BulkOperation/5"},
            NoticeKind.OPERATION,
            ("gid://shopify/BulkOperation/5",),
        ),
        (
            "customers/data_request",
            {"orders_requested": [1, 2]},
            NoticeKind.PRIVACY,
            ("gid://shopify/Order/1", "gid://shopify/Order/2"),
        ),
        (
            "customers/redact",
            {"orders_to_redact": [3]},
            NoticeKind.ERASURE,
            ("gid://shopify/Order/3",),
        ),
        (
            "customers/redact",
            {"customer": {"id": 9}, "orders_to_redact": []},
            NoticeKind.ERASURE,
            ("gid://shopify/Customer/9",),
        ),
        ("shop/redact", {"shop_id": 1}, NoticeKind.ERASURE, ()),
        ("app/uninstalled", {"admin_graphql_api_id": "gid://shopify/Shop/1"}, NoticeKind.GONE, ()),
        ("shop/update", {}, NoticeKind.LISTINGS, ()),
    ],
)
def test_a_signed_webhook_becomes_a_notice(
    account: Account,
    topic: str,
    payload: dict[str, Any],
    kind: NoticeKind,
    references: tuple[str, ...],
) -> None:
    body = json.dumps(payload).encode()
    told = notice(account, headers(topic, body), body)
    assert told == Notice("b54557e4", kind, topic, references)


def test_the_raw_body_is_what_was_signed(account: Account) -> None:
    body = b'{"admin_graphql_api_id": "gid://shopify/Order/1"}'
    signed = headers("orders/create", body)
    with pytest.raises(NotAuthentic):
        notice(account, signed, body.replace(b": ", b":"))


@pytest.mark.parametrize("signature", ["", "bm8=", "é"])
def test_what_shopify_did_not_sign_is_not_authentic(account: Account, signature: str) -> None:
    forged = headers("orders/create", b"{}") | {"x-shopify-hmac-sha256": signature}
    with pytest.raises(NotAuthentic):
        notice(account, forged, b"{}")


def test_another_shop_of_the_same_app_is_not_ours(account: Account) -> None:
    other = headers("orders/create", b"{}") | {"x-shopify-shop-domain": "other.myshopify.com"}
    with pytest.raises(NotAuthentic):
        notice(account, other, b"{}")
