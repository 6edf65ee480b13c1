"""Etsy's webhooks: authenticated, and understood.

Etsy's contract says nothing of them. That the headers and the signature are those of Standard
Webhooks (standardwebhooks.com) is third-party knowledge.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from connectors.errors import NotAuthentic
from connectors.etsy.limits import NOTICE_TOLERANCE
from connectors.protocol import Account, Notice, NoticeKind

# The credential that Etsy shows where a webhook is set up.
SECRET = "webhook_secret"  # noqa: S105 - a credential's name, no secret
_SECRET_PREFIX = "whsec_"  # noqa: S105 - what every such secret begins with


def notice(account: Account, headers: Mapping[str, str], body: bytes) -> Notice:
    """The notification in `body`.

    Raises:
        NotAuthentic: it is not signed with the account's secret, or its time is not ours.
    """
    message_id, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    signed = b".".join((message_id.encode(), sent_at.encode(), body))
    expected = _signature(account.vault.read().get(SECRET, ""), signed)
    given = headers.get("webhook-signature", "").split()
    if not any(hmac.compare_digest(f"v1,{expected}", signature) for signature in given):
        raise NotAuthentic("the signature is not that of this shop's webhook secret")
    if not sent_at.isdigit() or not _is_recent(account, int(sent_at)):
        raise NotAuthentic("the notification is too old, or from the future")
    return _understood(message_id, json.loads(body))


def _signature(secret: str, signed: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not key:
        raise NotAuthentic(f"this channel has no {SECRET}: give it the one that Etsy shows")
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def _is_recent(account: Account, sent_at: int) -> bool:
    sent = datetime.fromtimestamp(sent_at, UTC)
    return abs(account.clock.now() - sent) <= NOTICE_TOLERANCE


def _understood(message_id: str, message: Mapping[str, str]) -> Notice:
    topic = message["event_type"]
    kind = NoticeKind.ORDERS if topic.startswith("order.") else NoticeKind.LISTINGS
    reference = message.get("resource_url", "").rstrip("/").rpartition("/")[2]
    return Notice(message_id, kind, topic, (reference,) if reference else ())
