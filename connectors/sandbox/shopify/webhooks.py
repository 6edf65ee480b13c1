"""Webhooks: who wants to be told of what, and the telling, signed as Shopify signs."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from connectors.sandbox.shopify.limits import ANSWER_WITHIN
from connectors.sandbox.shopify.pages import Connection
from connectors.sandbox.shopify.shop import DOMAIN
from connectors.sandbox.shopify.store import Call, Store, error, number
from connectors.shopify.documents import API_VERSION

Args = Mapping[str, Any]


@dataclass(eq=False, kw_only=True)
class WebhookSubscription:
    """A topic, and the address that is told of it."""

    id: str
    topic: str
    uri: str
    created_at: datetime
    format: str = "JSON"
    filter: str | None = None
    include_fields: list[str] = field(default_factory=list)

    @property
    def legacy_resource_id(self) -> int:
        """The number in its id."""
        return number(self.id)

    @property
    def updated_at(self) -> datetime:
        """It does not change."""
        return self.created_at


@dataclass(frozen=True, slots=True)
class Notification:
    """A POST to a subscriber."""

    uri: str
    headers: Mapping[str, str]
    body: bytes


def notifications(store: Store, secret: str) -> list[Notification]:
    """What subscribers are to be told of all that happened; it is then forgotten.

    Source of the headers and the signature: shopify.dev/docs/apps/build/webhooks.
    """
    events, store.events = store.events, []
    subscriptions = list(store.all(WebhookSubscription))
    return [
        _notification(store, subscription, payload, secret)
        for topic, payload in events
        for subscription in subscriptions
        if subscription.topic == topic and _is_here(subscription.uri)
    ]


def send(told: list[Notification]) -> None:
    """Tell subscribers, each once: this market does not try again."""
    with httpx.Client(timeout=ANSWER_WITHIN) as client:
        for one in told:
            with suppress(httpx.HTTPError):
                client.post(one.uri, content=one.body, headers=dict(one.headers))


def _notification(
    store: Store, subscription: WebhookSubscription, payload: Args, secret: str
) -> Notification:
    body = json.dumps(payload).encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    thing, _, event = subscription.topic.lower().rpartition("_")
    headers = {
        "content-type": "application/json",
        "x-shopify-topic": f"{thing}/{event}",
        "x-shopify-hmac-sha256": base64.b64encode(signature).decode(),
        "x-shopify-shop-domain": DOMAIN,
        "x-shopify-api-version": API_VERSION,
        "x-shopify-webhook-id": store.new_id("Webhook").rpartition("/")[2],
        "x-shopify-triggered-at": store.now().isoformat(),
    }
    return Notification(subscription.uri, headers, body)


def _is_here(uri: str) -> bool:
    # This market has no other world than this machine.
    return urlsplit(uri).hostname in {"127.0.0.1", "localhost"}


def _create(call: Call, args: Args) -> dict[str, Any]:
    topic, given = args["topic"], args["webhookSubscription"]
    uri = given.get("uri") or ""
    if fault := _fault(call, topic, uri):
        return {"webhook_subscription": None, "user_errors": [fault]}
    subscription = WebhookSubscription(
        id=call.store.new_id("WebhookSubscription"),
        topic=topic,
        uri=uri,
        created_at=call.now,
        format=given.get("format") or "JSON",
        filter=given.get("filter"),
        include_fields=given.get("includeFields") or [],
    )
    return {"webhook_subscription": call.store.add(subscription), "user_errors": []}


def _fault(call: Call, topic: str, uri: str) -> dict[str, Any] | None:
    parts = urlsplit(uri)
    # Shopify asks for https; this market also tells those on its own machine, who have none.
    loopback = parts.scheme == "http" and _is_here(uri)
    if not (parts.scheme == "https" or loopback):
        message = "Address protocol http:// is not supported"
        return error(None, message, "webhookSubscription", "callbackUrl")
    taken = (topic, uri) in {(s.topic, s.uri) for s in call.store.all(WebhookSubscription)}
    message = "Address for this topic has already been taken"
    return error(None, message, "webhookSubscription", "callbackUrl") if taken else None


def _delete(call: Call, args: Args) -> dict[str, Any]:
    subscription = call.store.find(WebhookSubscription, args["id"])
    if subscription is None:
        fault = error(None, "Webhook subscription does not exist", "id")
        return {"deleted_webhook_subscription_id": None, "user_errors": [fault]}
    call.store.remove(subscription)
    return {"deleted_webhook_subscription_id": subscription.id, "user_errors": []}


def _subscriptions(call: Call, args: Args) -> Connection:
    topics, uri = args.get("topics"), args.get("uri")
    found = [
        one
        for one in call.store.all(WebhookSubscription)
        if (not topics or one.topic in topics) and uri in {None, one.uri}
    ]
    return call.root_page(found, args, lambda one: [number(one.id)])


QUERIES = {
    "webhook_subscription": lambda call, args: call.store.find(WebhookSubscription, args["id"]),
    "webhook_subscriptions": _subscriptions,
}
MUTATIONS = {"webhook_subscription_create": _create, "webhook_subscription_delete": _delete}
