"""Quantities in stock: whole units, never below none."""

import re

from catalog.folding import fold
from catalog.importing.numbers import parse_number, plain
from catalog.importing.problems import Misread

_UNITS = re.compile(r"\s*(?:pcs?|pi[eè]ces?|unit[eé]s?|units?|ex|قطع[ةه]?|وحد[ةه]|وحدات)\.?$")
_SOLD_OUT = {
    *("epuise", "epuisee", "rupture", "rupture de stock", "vendu", "vendue", "aucun", "neant"),
    *("sold out", "out of stock", "sold", "none", "نفد", "نفذ", "غير متوفر", "نفدت الكميه"),
}
MOST = 1_000_000


def parse_quantity(text: str) -> int:
    """The units that `text` says.

    Raises:
        Misread: bad_quantity.
    """
    try:
        number = parse_number(_UNITS.sub("", plain(text).casefold()))
    except ValueError:
        raise Misread("bad_quantity.not_a_quantity") from None
    if number != int(number) or not 0 <= number <= MOST:
        raise Misread("bad_quantity.not_a_quantity")
    return int(number)


def says_sold_out(text: str) -> bool:
    """Whether `text` says in words that nothing is left."""
    return fold(text) in _SOLD_OUT
