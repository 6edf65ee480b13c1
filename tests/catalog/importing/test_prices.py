from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.importing.prices import parse_price
from catalog.importing.problems import Misread


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("8 500,00", "8500.00", None),
        ("14.000,00", "14000.00", None),
        ("12050,00 DH", "12050.00", "MAD"),
        ("MAD 1,380.00", "1380.00", "MAD"),
        ("٢٦٥٠٫٥٠ درهم", "2650.50", "MAD"),
        ("1250 د.م.", "1250.00", "MAD"),
        ("48 €", "48.00", "EUR"),
        ("$1,200", "1200.00", "USD"),
    ],
)
def test_prices_are_read_with_their_currency(text: str, amount: str, currency: str | None) -> None:
    price = parse_price(text)
    assert (f"{price.amount:.2f}", price.currency) == (amount, currency)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("sur demande", "bad_price.not_a_price"),
        ("200-300", "bad_price.not_a_price"),
        ("3OO", "bad_price.not_a_price"),
        ("12,5055", "bad_price.not_a_price"),
        ("0", "bad_price.out_of_range"),
        ("-50", "bad_price.out_of_range"),
        ("6111234567890", "bad_price.out_of_range"),
        ("115 DRH", "unknown_currency.it"),
        ("10 XXX", "unknown_currency.it"),
    ],
)
def test_what_is_no_price_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(Misread) as refused:
        parse_price(text)
    assert refused.value.reason == reason


@given(st.text())
def test_any_text_is_a_price_above_zero_or_refused(text: str) -> None:
    with suppress(Misread):
        assert parse_price(text).amount > 0
