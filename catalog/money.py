"""Money between Decimal with its ISO 4217 code and the minor units that the database keeps."""

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision
from moneyed import Money


def money_from_minor(minor: int, currency: str) -> Money:
    """`minor` units of `currency` as money: 1250 MAD is MAD 12.50, 1250 JPY is JPY 1250."""
    return Money(Decimal(minor).scaleb(-get_currency_precision(currency)), currency)


def minor_units(money: Money) -> int:
    """`money` in whole minor units of its currency, half a unit rounded up."""
    scaled = money.amount.scaleb(get_currency_precision(money.currency.code))
    return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP))
