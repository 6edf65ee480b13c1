"""A booking that cannot be understood hides no other, and is not passed over unseen."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from moneyed import Money

from connectors.bookings import Payload, readable
from connectors.errors import Refused
from connectors.protocol import Settlement, SettlementKind


def sale(told: Payload) -> Iterator[Settlement]:
    gross = Money(told["gross"], told["currency"])
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    yield Settlement(told["id"], None, SettlementKind.SALE, moment, gross, gross * 0)


def test_what_can_be_understood_comes_and_the_rest_is_complained_of_at_the_end() -> None:
    told = [
        {"id": "1", "gross": "5", "currency": "USD"},
        {"id": "2", "gross": "5", "currency": "USDC"},
        {"id": "3"},
        {"id": "4", "gross": "7", "currency": "USD"},
    ]
    found = readable(told, sale)
    assert [next(found).id, next(found).id] == ["1", "4"]
    with pytest.raises(Refused, match="2 bookings are not as expected"):
        next(found)
