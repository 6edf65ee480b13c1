"""Dates, numbers and money as the readers of a language write them: the templates' filters."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent

from catalog.columns import utc_now
from catalog.money import money_from_minor

# The clock on the wall of those who use the console.
ZONE = ZoneInfo("Africa/Casablanca")


def filters(locale: Locale) -> Mapping[str, Callable[..., Any]]:
    """The filters of a language's templates."""
    return {
        "money": partial(money, locale=locale),
        "day": partial(day, locale=locale),
        "moment": partial(moment, locale=locale),
        "ago": partial(ago, locale=locale),
        "number": partial(number, locale=locale),
        "percent": partial(percent, locale=locale),
    }


def money(minor: int, currency: str, *, locale: Locale, whole: bool = False) -> str:
    """Minor units of `currency`; `whole` leaves the minor unit out, for sums at a glance."""
    pattern = locale.currency_formats["standard"].pattern
    return format_currency(
        money_from_minor(minor, currency).amount,
        currency,
        pattern.replace(".00", "") if whole else None,
        locale=locale,
        currency_digits=not whole,
    )


def day(value: date, *, locale: Locale) -> str:
    """A day, in full."""
    return format_date(value, "d MMMM y", locale=locale)


def moment(value: datetime, *, locale: Locale) -> str:
    """A moment, by the clock of Morocco."""
    return format_datetime(value, "d MMM y, HH:mm", tzinfo=ZONE, locale=locale)


def ago(value: datetime, *, locale: Locale, now: datetime | None = None) -> str:
    """How long ago a moment was, in one unit of time."""
    passed = value - (now or utc_now())
    return format_timedelta(passed, add_direction=True, format="short", locale=locale)


def number(value: float | Decimal, *, locale: Locale) -> str:
    """A number with its thousands set apart."""
    return format_decimal(value, locale=locale)


def count_to(count: int, end: int | None, *, locale: Locale) -> str:
    """A count that went no further than `end`: one that came there may be of more."""
    return f"{number(count, locale=locale)}{'+' if count == end else ''}"


def percent(share: float | Decimal, *, locale: Locale) -> str:
    """A share of one as a percentage."""
    return format_percent(share, locale=locale)
