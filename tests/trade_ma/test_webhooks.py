"""Notifications over HTTP: believed when signed, kept once, acted on where they must be."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlmodel import select

from connectors.sandbox.server import serve
from connectors.shopify.client import domain_of
from jobs.models import Channel, Notification, Order
from tests.trade_ma.conftest import Practice
from trade_ma.site import site
from trade_ma.webhooks import LARGEST, webhooks


@pytest.fixture
def client(practice: Practice) -> Iterator[httpx.Client]:
    with serve(webhooks(practice.app)) as address, httpx.Client(base_url=address) as client:
        yield client


def signed(practice: Practice, topic: str, body: bytes, delivery: str = "1") -> dict[str, str]:
    """The headers that Shopify sends with `body`."""
    secret = practice.market.credentials["client_secret"].encode()
    digest = base64.b64encode(hmac.digest(secret, body, hashlib.sha256)).decode()
    return {
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": digest,
        "X-Shopify-Webhook-Id": delivery,
        "X-Shopify-Shop-Domain": domain_of(practice.market.credentials["shop"]),
    }


def kept(practice: Practice) -> list[tuple[str, str]]:
    with practice.app.session() as session:
        return [(n.kind, n.topic) for n in session.exec(select(Notification))]


def test_a_signed_notification_is_kept_once(practice: Practice, client: httpx.Client) -> None:
    body = json.dumps({"id": 1, "admin_graphql_api_id": "gid://shopify/Order/1"}).encode()
    headers = signed(practice, "orders/create", body)
    answers = [
        client.post("/webhooks/shopify-us", content=body, headers=headers).status_code
        for _ in range(3)
    ]
    assert (answers, kept(practice)) == ([204] * 3, [("orders", "orders/create")])


def test_a_notification_that_comes_several_times_at_once_is_kept_once(
    practice: Practice, client: httpx.Client
) -> None:
    body = json.dumps({"id": 1, "admin_graphql_api_id": "gid://shopify/Order/1"}).encode()
    headers = signed(practice, "orders/create", body)

    def deliver(_: int) -> int:
        return client.post("/webhooks/shopify-us", content=body, headers=headers).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(deliver, range(8)))
    assert (answers, kept(practice)) == ([204] * 8, [("orders", "orders/create")])


def test_the_site_takes_notifications_beside_the_api(practice: Practice) -> None:
    body = b'{"id": 1, "admin_graphql_api_id": "gid://shopify/Order/1"}'
    headers = signed(practice, "orders/create", body)
    with serve(site(practice.app)) as address:
        taken = httpx.post(f"{address}/webhooks/shopify-us", content=body, headers=headers)
        health = httpx.get(f"{address}/api/v1/health")
    assert (taken.status_code, health.json()) == (204, {"status": "ok"})


def test_what_is_not_signed_by_the_shop_is_refused(
    practice: Practice, client: httpx.Client
) -> None:
    headers = signed(practice, "orders/create", b"{}")
    answer = client.post("/webhooks/shopify-us", content=b'{"id": 2}', headers=headers)
    assert (answer.status_code, kept(practice)) == (401, [])


def test_an_unknown_channel_and_an_endless_body_are_refused(client: httpx.Client) -> None:
    assert client.post("/webhooks/nobody", content=b"{}").status_code == 404
    assert client.post("/webhooks/shopify-us", content=b" " * (LARGEST + 1)).status_code == 413


def test_a_shop_that_removes_us_pauses_its_channel(
    practice: Practice, client: httpx.Client
) -> None:
    headers = signed(practice, "app/uninstalled", b"{}")
    client.post("/webhooks/shopify-us", content=b"{}", headers=headers)
    with practice.app.session() as session:
        assert session.exec(select(Channel)).one().paused_reason


def test_a_buyer_who_asks_to_be_forgotten_is(practice: Practice, client: httpx.Client) -> None:
    with practice.app.session() as session:
        channel = session.exec(select(Channel)).one()
        session.add(
            Order(
                channel_id=channel.id or 0,
                remote_id="gid://shopify/Order/7",
                updated_at=channel.created_at,
                unreadable="odd",
                sealed_raw=b"sealed",
            )
        )
        session.commit()
    body = json.dumps({"customer": {"id": 1}, "orders_to_redact": [7]}).encode()
    headers = signed(practice, "customers/redact", body)
    assert client.post("/webhooks/shopify-us", content=body, headers=headers).status_code == 204
    with practice.app.session() as session:
        assert session.exec(select(Order)).one().sealed_raw is None
