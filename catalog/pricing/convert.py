"""The price in a market's currency: the maker's price at the day's rate."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision
from moneyed import Money

from catalog.pricing.rates import Rate


def convert(price: Money, currency: str, rates: Mapping[str, Rate]) -> Money:
    """`price` in `currency`, rounded to its minor unit.

    Raises:
        LookupError: there is no rate for one of the two currencies.
    """
    if price.currency.code == currency:
        return price
    dirhams = price.amount * _rate(price.currency.code, rates)
    amount = dirhams / _rate(currency, rates)
    step = Decimal(1).scaleb(-get_currency_precision(currency))
    return Money(amount.quantize(step, rounding=ROUND_HALF_UP), currency)


def _rate(currency: str, rates: Mapping[str, Rate]) -> Decimal:
    if currency not in rates:
        raise LookupError(f"no exchange rate for {currency}: add it to the rates file")
    return rates[currency].mad_per_unit
