"""Sizes, weights and times as a locale writes them, by Babel. Lengths are cm, weights g.

Numbers and units have plain spaces between them: buyers search with those, and marketplaces
count a no-break space as another sign. Feet and inches are said as 'ft' and 'in', never as ' and ",
which some marketplaces refuse or escape.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_timedelta
from babel.numbers import format_decimal
from babel.units import format_unit

from catalog.translation.facts import Span

_COUNTRY = re.compile("[A-Z]{2}")
# Of the markets we sell to, only the United States measure in feet and pounds.
_IMPERIAL = frozenset({"US"})
_CM_PER_INCH = 2.54
_CM_PER_FOOT = 30.48
_G_PER_POUND = 453.59237
_G_PER_OUNCE = 28.349523125
_G_PER_KG = 1000
# A piece whose shortest side has two feet is measured in feet, as rugs are; less is in inches.
_FEET_FROM_CM = 2 * _CM_PER_FOOT
_ONE_DECIMAL = "#,##0.#"
_TWO_DECIMALS = "#,##0.##"


@lru_cache(maxsize=256)
def conventions(locale: str, language: str) -> str:
    """Babel's name for how `language` writes numbers in the country of `locale`.

    A country that Babel does not know with that language leaves the language alone to decide.
    """
    country = _country(locale)
    try:
        return str(Locale.parse(f"{language}_{country}" if country else language))
    except UnknownLocaleError:
        return language


@lru_cache(maxsize=256)
def _country(locale: str) -> str:
    return next(filter(_COUNTRY.fullmatch, locale.split("-")[1:]), "")


@lru_cache(maxsize=256)
def is_imperial(locale: str) -> bool:
    """Whether buyers of `locale` measure in feet and pounds."""
    return _country(locale) in _IMPERIAL


@lru_cache(maxsize=16384)
def size(sides: tuple[Span, ...], locale: str, language: str, times: str = " x ") -> str:
    """Sides as one size, in US feet or inches with the centimetres beside: '200 x 300 cm'."""
    written = conventions(locale, language)
    metric = _measured(sides, 1, "length-centimeter", written, times)
    if not is_imperial(locale):
        return metric
    feet = min(side.low for side in sides) >= _FEET_FROM_CM
    per, unit = (_CM_PER_FOOT, "length-foot") if feet else (_CM_PER_INCH, "length-inch")
    return f"{_measured(sides, per, unit, written, times)} ({metric})"


@lru_cache(maxsize=16384)
def weight(grams: Span, locale: str, language: str) -> str:
    """A weight: kg from one kilogram up and g below, in the US pounds or ounces before them."""
    written = conventions(locale, language)
    in_kg = grams.low >= _G_PER_KG
    per, unit = (_G_PER_KG, "mass-kilogram") if in_kg else (1, "mass-gram")
    metric = _measured((grams,), per, unit, written, digits=_TWO_DECIMALS)
    if not is_imperial(locale):
        return metric
    in_lb = grams.low >= _G_PER_POUND
    per_us, unit = (_G_PER_POUND, "mass-pound") if in_lb else (_G_PER_OUNCE, "mass-ounce")
    return f"{_measured((grams,), per_us, unit, written)} ({metric})"


@lru_cache(maxsize=1024)
def days(count: int, locale: str, language: str) -> str:
    """So many days, in the plural that the language has for that number."""
    # A threshold out of reach keeps Babel from turning days into weeks.
    written = conventions(locale, language)
    text = format_timedelta(timedelta(days=count), "day", threshold=float("inf"), locale=written)
    return _plain(text)


def _measured(
    spans: Sequence[Span],
    per: float,
    unit: str,
    written: str,
    times: str = "",
    digits: str = _ONE_DECIMAL,
) -> str:
    *most, last = spans
    figures = [_figures(span, per, written, digits) for span in most]
    final = _unit(last.high / per, unit, written, digits)
    if not last.is_one:
        final = f"{_number(last.low / per, written, digits)}–{final}"
    return times.join([*figures, final])


def _figures(span: Span, per: float, written: str, digits: str) -> str:
    high = _number(span.high / per, written, digits)
    return high if span.is_one else f"{_number(span.low / per, written, digits)}–{high}"


@lru_cache(maxsize=16384)
def _number(value: float, written: str, digits: str) -> str:
    return _plain(format_decimal(value, format=digits, locale=written))


@lru_cache(maxsize=16384)
def _unit(value: float, unit: str, written: str, digits: str) -> str:
    return _plain(format_unit(value, unit, "short", format=digits, locale=written))


def _plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")
