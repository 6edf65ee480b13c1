from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.importing.numbers import parse_number

AMOUNTS = st.decimals(0, 10**7, places=2)
MARKS = st.sampled_from([(" ", ","), ("\u00a0", ","), ("\u202f", ","), (".", ","), (",", ".")])
MORE_MARKS = st.sampled_from([("'", "."), ("’", "."), ("", ","), ("", "."), ("٬", "٫")])
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@given(AMOUNTS, MARKS | MORE_MARKS, st.booleans())
def test_every_way_to_write_an_amount_is_read_back(
    amount: Decimal, marks: tuple[str, str], arabic: bool
) -> None:
    thousands, decimals = marks
    text = f"{amount:,.2f}".replace(",", "T").replace(".", decimals).replace("T", thousands)
    assert parse_number(text.translate(ARABIC) if arabic else text) == amount


@given(st.text())
def test_any_text_is_a_number_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert parse_number(text).is_finite()


@pytest.mark.parametrize(
    "text", ["1e9", "12,50,00", "3OO", "1.2.3", "1,234,56", "1 23", "", "--5", "NaN", "1.234.56"]
)
def test_what_no_person_writes_for_a_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        parse_number(text)


def test_a_lone_mark_before_three_digits_parts_thousands_but_not_kilograms() -> None:
    assert parse_number("1.350") == 1350
    assert parse_number("1,250", small=True) == Decimal("1.25")
    assert parse_number("0,500") == Decimal("0.5")
