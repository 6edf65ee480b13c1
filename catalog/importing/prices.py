"""Prices: an amount with or without its currency, in Latin or Arabic writing."""

import re
from dataclasses import dataclass
from decimal import Decimal

from moneyed import CURRENCIES

from catalog.folding import fold
from catalog.importing.numbers import parse_number, plain
from catalog.importing.problems import Misread

# What people write for a currency, folded; an ISO 4217 code needs no entry.
_NAMES = {
    "MAD": ("dh", "dhs", "dirham", "dirhams", "درهم", "دراهم", "درهما", "د م", "دم"),
    "EUR": ("€", "euro", "euros", "يورو", "اورو"),
    "USD": ("$", "us$", "dollar", "dollars", "دولار"),
    "GBP": ("£", "pound", "pounds", "livre sterling"),
}
_CODE_OF = {name: code for code, names in _NAMES.items() for name in names}
_PARTS = re.compile(r"(?P<before>[^\d+-]*)(?P<number>[+-]?\d[\d .,']*?)(?P<after>[^\d]*)")
# Nobody asks this for one thing, in any currency: a slipped column, such as a bar code.
MOST = Decimal(10_000_000)


@dataclass(frozen=True, slots=True)
class Price:
    """An amount, and its currency where the text names one."""

    amount: Decimal
    currency: str | None


def parse_price(text: str) -> Price:
    """The price that `text` is: '8 500,00', '12050,00 DH', 'MAD 1,380.00', '٨٥٠٠ درهم'.

    Raises:
        Misread: bad_price, or unknown_currency where something else stands by the number.
    """
    parts = _PARTS.fullmatch(plain(text))
    if parts is None:
        raise Misread("bad_price.not_a_price")
    try:
        amount = parse_number(parts["number"])
    except ValueError:
        raise Misread("bad_price.not_a_price") from None
    if amount <= 0 or amount > MOST:
        raise Misread("bad_price.out_of_range")
    if amount != round(amount, 2):
        raise Misread("bad_price.not_a_price")
    return Price(amount, _currency_beside(parts["before"], parts["after"]))


def _currency_beside(before: str, after: str) -> str | None:
    names = [name for name in (before.strip(), after.strip()) if name]
    if not names:
        return None
    code = find_currency(names[0])
    # Letters that touch the digits are a slip, as in 3OO.
    touching = before[-1:].strip() or after[:1].strip()
    if len(names) > 1 or (code is None and touching):
        raise Misread("bad_price.not_a_price")
    return code or parse_currency(names[0])


def parse_currency(text: str) -> str:
    """The ISO 4217 code of a currency by its code, name or sign.

    Raises:
        Misread: unknown_currency.
    """
    code = find_currency(text)
    if code is None:
        raise Misread("unknown_currency.it")
    return code


def find_currency(text: str) -> str | None:
    """As parse_currency, None for what is no currency."""
    word = plain(text).strip(" .")
    code = word.upper()
    # X starts what is no country's money: gold, test codes, 'no currency'.
    if code in CURRENCIES and not code.startswith("X"):
        return code
    return _CODE_OF.get(word.casefold()) or _CODE_OF.get(fold(word))
