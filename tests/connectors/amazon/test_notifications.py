"""Notifications that somebody forwards, believed by the account's own secret."""

import json
from dataclasses import replace

import pytest

from connectors.amazon.notifications import notice
from connectors.conformance.ground import MemoryVault
from connectors.errors import NotAuthentic, Refused
from connectors.protocol import Account, Notice, NoticeKind

ORDER_CHANGE = {
    "NotificationType": "ORDER_CHANGE",
    "Payload": {"OrderChangeNotification": {"AmazonOrderId": "903-1"}},
    "NotificationMetadata": {"NotificationId": "n-1"},
}
NOTICE = Notice("n-1", NoticeKind.ORDERS, "ORDER_CHANGE", ("903-1",))
GIVEN = {"x-notification-secret": "open sesame"}


@pytest.fixture
def told(account: Account) -> Account:
    """An account whose forwarder has a secret."""
    known = {**account.vault.read(), "notification_secret": "open sesame"}
    return replace(account, vault=MemoryVault(known))


@pytest.mark.parametrize(
    "body",
    [ORDER_CHANGE, {"id": "e-1", "detail-type": "ORDER_CHANGE", "detail": ORDER_CHANGE}],
    ids=["from SQS", "from EventBridge"],
)
def test_a_notification_is_understood_in_either_wrapping(
    body: dict[str, object], told: Account
) -> None:
    assert notice(told, GIVEN, json.dumps(body).encode()) == NOTICE


@pytest.mark.parametrize("headers", [{}, {"x-notification-secret": "sesame"}])
def test_whoever_does_not_know_the_secret_is_not_heard(
    headers: dict[str, str], told: Account
) -> None:
    with pytest.raises(NotAuthentic):
        notice(told, headers, json.dumps(ORDER_CHANGE).encode())


def test_an_account_without_a_secret_hears_nobody(account: Account) -> None:
    with pytest.raises(NotAuthentic):
        notice(account, {"x-notification-secret": ""}, json.dumps(ORDER_CHANGE).encode())


@pytest.mark.parametrize("body", [b"", b"[]", b'{"NotificationType": "PRICING_HEALTH"}', b"\xff"])
def test_what_is_none_of_our_notifications_is_refused(body: bytes, told: Account) -> None:
    with pytest.raises(Refused, match="no notification of Amazon's that is read here"):
        notice(told, GIVEN, body)
