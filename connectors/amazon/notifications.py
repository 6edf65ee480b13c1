"""Amazon's notifications, brought to us by the account's own forwarder.

Amazon delivers to the seller's SQS queue or EventBridge and signs nothing. Whatever forwards to
us (an EventBridge API destination with a key, or a function on the queue) sends the account's
`notification_secret` in the header `x-notification-secret`.
Source: developer-docs.amazon.com/sp-api, "Notifications API use case guide"; the schemas of the
payloads in github.com/amzn/selling-partner-api-models.
"""

import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

from connectors.errors import NotAuthentic, Refused
from connectors.protocol import Account, Issue, Notice, NoticeKind

SECRET_HEADER = "x-notification-secret"  # noqa: S105 - a header's name

Payload = Mapping[str, Any]


def notice(account: Account, headers: Mapping[str, str], body: bytes) -> Notice:
    """A notification, from SQS as Amazon wrote it or in EventBridge's envelope.

    Raises:
        NotAuthentic: it does not carry the account's secret, or the account has none.
        Refused: it is none of the notifications that we read.
    """
    secret = account.vault.read().get("notification_secret", "")
    given = headers.get(SECRET_HEADER, "")
    if not secret or not hmac.compare_digest(secret.encode(), given.encode()):
        raise NotAuthentic("the notification does not carry this account's secret")
    return read_notification(body)


def read_notification(body: bytes) -> Notice:
    """What a notification says. Raises Refused for one that we do not read."""
    try:
        told = _lower(json.loads(body))
        told = told.get("detail", told)
        topic, payload = told["notificationType"], told["payload"]
        kind, references = _READERS[topic]
        notice_id = told["notificationMetadata"]["notificationId"]
        return Notice(notice_id, kind, topic, references(payload))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        words = "This is no notification of Amazon's that is read here"
        raise Refused([Issue("unknown_notification", words)]) from error


def _lower(value: Any) -> Any:
    """The same with lower first letters in names: older notifications write them with capitals."""
    match value:
        case dict():
            return {name[:1].lower() + name[1:]: _lower(part) for name, part in value.items()}
        case list():
            return [_lower(part) for part in value]
        case _:
            return value


def _sku(payload: Payload) -> tuple[str, ...]:
    return (payload["sku"],)


def _order(payload: Payload) -> tuple[str, ...]:
    return (payload["orderChangeNotification"]["amazonOrderId"],)


def _feed(payload: Payload) -> tuple[str, ...]:
    return (payload["feedProcessingFinishedNotification"]["feedId"],)


_READERS: Mapping[str, tuple[NoticeKind, Callable[[Payload], tuple[str, ...]]]] = {
    "ORDER_CHANGE": (NoticeKind.ORDERS, _order),
    "LISTINGS_ITEM_ISSUES_CHANGE": (NoticeKind.LISTINGS, _sku),
    # The schema's list and its example spell this one differently.
    "LISTINGS_ITEM_STATUS_CHANGE": (NoticeKind.LISTINGS, _sku),
    "LISTINGS_ITEM_STATUS_CHANGED": (NoticeKind.LISTINGS, _sku),
    "LISTINGS_ITEM_MFN_QUANTITY_CHANGE": (NoticeKind.STOCK, _sku),
    "FEED_PROCESSING_FINISHED": (NoticeKind.OPERATION, _feed),
}
