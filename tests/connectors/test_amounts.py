"""An amount becomes a JSON number and comes back digit for digit."""

import json
from decimal import Decimal

import pytest
from babel.numbers import get_currency_precision
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from connectors.amounts import json_number


@given(st.integers(0, 10**12), st.sampled_from(["JPY", "USD", "MXN", "EUR", "KWD"]))
def test_every_amount_is_written_exactly(minor: int, currency: str) -> None:
    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    written = json.dumps(json_number(Money(amount, currency)))
    assert json.loads(written, parse_float=Decimal) == amount


def test_yen_are_whole() -> None:
    assert json.dumps(json_number(Money("12050", "JPY"))) == "12050"


@pytest.mark.parametrize("amount", [("12.5", "JPY"), ("12345678901234567.89", "USD")])
def test_what_cannot_be_written_exactly_is_refused(amount: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="cannot be written exactly"):
        json_number(Money(*amount))
