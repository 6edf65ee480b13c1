"""Prices that read well: in each currency they end as its buyers are used to, .99 or 980.

The file beside this module says which endings a currency has, and from which amount on. An ending
is written as its digits: 0.99 ends every unit, 9 every ten, 980 every thousand. The reasons beside
them are common knowledge of the trade, not a study: a channel's policy may have others.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from types import MappingProxyType

from babel.numbers import get_currency_precision

from catalog.refusals import Refused, because


@dataclass(frozen=True, slots=True)
class Level:
    """The endings of prices from `start` up to `stop`, in minor units; no `stop` at the top.

    Each ending is (digits, unit): a price has it where price modulo unit is digits.
    """

    start: int
    stop: int | None
    endings: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Charm:
    """The prices that read well in one currency, and why. Without levels every price does."""

    levels: tuple[Level, ...] = ()
    endings: tuple[str, ...] = ()
    why: str = ""

    def at_least(self, minor: int) -> int:
        """The lowest such price that is `minor` units or more."""
        found = [
            price
            for level in self.levels
            for digits, unit in level.endings
            if (price := _up(max(minor, level.start), digits, unit)) < (level.stop or price + 1)
        ]
        return min(found, default=minor)

    def below(self, minor: int) -> int:
        """The highest such price under `minor` units; 0 where there is none."""
        if not self.levels:
            return max(0, minor - 1)
        found = [
            price
            for level in self.levels
            for digits, unit in level.endings
            if (price := _down(min(minor, level.stop or minor) - 1, digits, unit)) >= level.start
        ]
        return max(found, default=0)


PLAIN = Charm()


def charm_of(currency: str) -> Charm:
    """The charm of `currency` in the shipped file; every price is well where it has none."""
    return CHARMS.get(currency, PLAIN)


def charm_with(endings: Sequence[str], currency: str) -> Charm:
    """Prices in `currency` with one of those endings, such as ["0.99"].

    Raises:
        ValueError: an ending is no amount of the currency; the message names it.
    """
    level = Level(0, None, tuple(_ending(text, currency) for text in endings))
    return Charm((level,), tuple(endings), "as this channel's policy says")


def _ending(text: str, currency: str) -> tuple[int, int]:
    precision = get_currency_precision(currency)
    try:
        digits = Decimal(text).scaleb(precision)
    except InvalidOperation:
        digits = Decimal(-1)
    if not digits.is_finite() or digits < 0 or digits != int(digits):
        raise Refused(
            because(
                "charm_unfit",
                "charm: '%(ending)s' is not how a price in %(currency)s can end",
                ending=text,
                currency=currency,
            )
        )
    whole = text.partition(".")[0].lstrip("+")
    unit = 10 ** (precision + (len(whole) if whole.strip("0") or len(whole) > 1 else 0))
    return int(digits), unit


def _up(minor: int, digits: int, unit: int) -> int:
    return minor + (digits - minor) % unit


def _down(minor: int, digits: int, unit: int) -> int:
    return minor - (minor - digits) % unit


def parse_charms(lines: Iterable[str]) -> Mapping[str, Charm]:
    """The charms of CSV `lines` (currency, from, endings, why), levels in rising order."""
    rows: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(lines):
        rows.setdefault(row["currency"], []).append(row)
    return MappingProxyType({code: _charm(code, levels) for code, levels in rows.items()})


def _charm(currency: str, rows: Sequence[Mapping[str, str]]) -> Charm:
    precision = get_currency_precision(currency)
    starts = [int(Decimal(row["from"]).scaleb(precision)) for row in rows]
    levels = (
        Level(start, stop, tuple(_ending(text, currency) for text in row["endings"].split("|")))
        for start, stop, row in zip(starts, [*starts[1:], None], rows, strict=True)
    )
    endings = [text for row in rows for text in row["endings"].split("|")]
    return Charm(tuple(levels), tuple(dict.fromkeys(endings)), rows[0]["why"])


CHARMS = parse_charms((files("catalog.pricing") / "charm.csv").read_text("utf-8").splitlines())
