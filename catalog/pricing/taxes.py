"""The tax that a price must include, by the country of its buyers.

The file beside this module has each country's standard rate, whether the law wants a price shown
to consumers to include it, and where the figure comes from. `checked` says how sure it is: no
line was read from the authority's own table of this year, so all are `second-hand` (other pages
that cite it, named) or `memory`. A seller's adviser has the last word: a channel's policy can
replace both the rule and the rate.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Tax:
    """A country's standard tax on sales: percent of the price before tax.

    `included` says whether prices shown to consumers contain it; `date` is since when, or when it
    was looked up.
    """

    country: str
    percent: Decimal
    included: bool
    date: date
    checked: str
    source: str


def parse_taxes(lines: Iterable[str]) -> Mapping[str, Tax]:
    """The taxes of CSV `lines`, by country (ISO 3166)."""
    return MappingProxyType({row["country"]: _tax(row) for row in csv.DictReader(lines)})


def _tax(row: Mapping[str, str]) -> Tax:
    return Tax(
        row["country"],
        Decimal(row["percent"]),
        row["included"] == "yes",
        date.fromisoformat(row["date"]),
        row["checked"],
        row["source"],
    )


TAXES = parse_taxes((files("catalog.pricing") / "taxes.csv").read_text("utf-8").splitlines())
