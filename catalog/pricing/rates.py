"""Exchange rates, from a dated file: dirhams for one unit of each currency."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from pathlib import Path

# The source of the rates that we ship, in rates.csv.
PRACTICE = "indicative figure for practice; set TRADE_MA_RATES_FILE for real sales"


@dataclass(frozen=True, slots=True)
class Rate:
    """Dirhams for one unit of `currency`, on `date`, according to `source`."""

    currency: str
    mad_per_unit: Decimal
    date: date
    source: str


def load_rates(path: Path | None = None) -> Mapping[str, Rate]:
    """The rates of a CSV file (currency, mad_per_unit, date, source), or of the one we ship.

    Raises:
        ValueError: a line is no rate; the message names it.
    """
    shipped = files("catalog.pricing") / "rates.csv"
    text = path.read_text("utf-8-sig") if path else shipped.read_text("utf-8")
    return parse_rates(text.splitlines())


def parse_rates(lines: Iterable[str]) -> Mapping[str, Rate]:
    """The rates of CSV `lines`, by currency. Raises ValueError as load_rates does."""
    rates = (_rate(number, row) for number, row in enumerate(csv.DictReader(lines), start=2))
    return {rate.currency: rate for rate in rates}


def _rate(number: int, row: Mapping[str, str]) -> Rate:
    try:
        rate = Rate(
            row["currency"].strip().upper(),
            Decimal(row["mad_per_unit"]),
            date.fromisoformat(row["date"].strip()),
            row.get("source", ""),
        )
    except (KeyError, InvalidOperation, ValueError, AttributeError) as error:
        raise ValueError(f"rates, line {number}: not a rate: {dict(row)}") from error
    if not (rate.mad_per_unit.is_finite() and rate.mad_per_unit > 0):
        raise ValueError(f"rates, line {number}: a rate is above 0, not {rate.mad_per_unit}")
    return rate
