"""Rates from a file that somebody keeps."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.pricing.rates import Rate
from catalog.pricing.sources import SourceUnavailable
from catalog.pricing.sources.file import RatesFile

HEADER = "currency,mad_per_unit,date,source\n"


def test_a_file_tells_its_own_dates_and_sources(tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    path.write_text(HEADER + "usd,9.25,2026-11-20,our bank\n")
    assert RatesFile(path).fetch() == [Rate("USD", Decimal("9.25"), date(2026, 11, 20), "our bank")]


@pytest.mark.parametrize(
    ("text", "told"),
    [(HEADER, "holds no rate"), (HEADER + "USD,much,2026-11-20,us\n", "line 2"), (None, "No such")],
)
def test_a_file_without_rates_is_told(tmp_path: Path, text: str | None, told: str) -> None:
    path = tmp_path / "rates.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SourceUnavailable, match=told):
        RatesFile(path).fetch()
