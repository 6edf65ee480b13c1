"""Shopify's webhooks: authenticated, and understood by what we do next.

Source: shopify.dev/docs/apps/build/webhooks; the three topics on privacy are mandatory for every
app: shopify.dev/docs/apps/build/compliance/privacy-law-compliance.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from connectors.errors import NotAuthentic
from connectors.protocol import Account, Notice, NoticeKind
from connectors.shopify.client import domain_of

# Topics that we may be sent and must not take for another kind by their first word.
_TOPICS = {
    "customers/data_request": NoticeKind.PRIVACY,
    "customers/redact": NoticeKind.ERASURE,
    "shop/redact": NoticeKind.ERASURE,
    "app/uninstalled": NoticeKind.GONE,
    "bulk_operations/finish": NoticeKind.OPERATION,
}
_KINDS = {
    "orders": NoticeKind.ORDERS,
    "refunds": NoticeKind.ORDERS,
    "fulfillments": NoticeKind.ORDERS,
    "inventory_levels": NoticeKind.STOCK,
    "inventory_items": NoticeKind.STOCK,
}


def notice(account: Account, headers: Mapping[str, str], body: bytes) -> Notice:
    """The notice in a webhook's request; any other topic asks to read back listings.

    Raises:
        NotAuthentic: the app's client secret did not sign it, or it is for another shop.
        LookupError, ValueError: it is not as Shopify describes its webhooks.
    """
    credentials = account.vault.read()
    _authenticate(credentials["client_secret"], headers.get("x-shopify-hmac-sha256", ""), body)
    # Every shop that has the app installed has its webhooks signed with the same secret.
    if headers.get("x-shopify-shop-domain") != domain_of(credentials["shop"]):
        raise NotAuthentic("This notice is for another shop")
    topic = headers["x-shopify-topic"]
    kind = _TOPICS.get(topic) or _KINDS.get(topic.partition("/")[0], NoticeKind.LISTINGS)
    return Notice(
        id=headers["x-shopify-webhook-id"],
        kind=kind,
        topic=topic,
        references=_references(json.loads(body or b"{}"), kind),
    )


def _authenticate(secret: str, told: str, body: bytes) -> None:
    signature = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    if not hmac.compare_digest(base64.b64encode(signature), told.encode()):
        raise NotAuthentic("Shopify did not sign this notice")


def _references(payload: Mapping[str, Any], kind: NoticeKind) -> tuple[str, ...]:
    """The ids that a payload speaks of, as GraphQL knows them."""
    match kind:
        case NoticeKind.PRIVACY | NoticeKind.ERASURE:
            numbers = payload.get("orders_to_redact") or payload.get("orders_requested") or ()
            if not numbers and "customer" in payload:
                # Of a customer without orders. To name nothing would mean the whole shop.
                return (f"gid://shopify/Customer/{(payload['customer'] or {}).get('id')}",)
            return tuple(f"gid://shopify/Order/{number}" for number in numbers)
        case NoticeKind.ORDERS if "order_id" in payload:
            return (f"gid://shopify/Order/{payload['order_id']}",)
        case NoticeKind.STOCK if "inventory_item_id" in payload:
            return (f"gid://shopify/InventoryItem/{payload['inventory_item_id']}",)
        case NoticeKind.GONE:
            return ()
    own = payload.get("admin_graphql_api_id")
    return (own,) if own else ()
