"""Weights, in whole grams."""

import re
from decimal import ROUND_HALF_UP, Decimal

from catalog.importing.numbers import parse_number, plain
from catalog.importing.problems import Misread

# International avoirdupois pound and ounce (1959): exact.
_GRAMS = {
    "kg": Decimal(1000),
    "g": Decimal(1),
    "mg": Decimal("0.001"),
    "lb": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
_NAMES = {
    "kg": ("kg", "kgs", "kilo", "kilos", "kilogramme", "kilogrammes", "كغ", "كلغ", "كيلو", "كجم"),
    "g": ("g", "gr", "grs", "gramme", "grammes", "gram", "grams", "غ", "غرام", "جرام", "غم"),
    "mg": ("mg",),
    "lb": ("lb", "lbs", "pound", "pounds"),
    "oz": ("oz", "ounce", "ounces"),
}
UNITS = {name: unit for unit, names in _NAMES.items() for name in names}
_WEIGHT = re.compile(r"(?P<number>[^a-zء-ي]+?)\s*(?P<unit>[a-zء-ي]*)\.?")
MOST = 1_000_000  # a ton


def parse_weight(text: str, unit: str = "g") -> int:
    """The grams that `text` says, in `unit` where it names none itself.

    Raises:
        Misread: bad_weight.
    """
    parts = _WEIGHT.fullmatch(plain(text).casefold())
    named = UNITS.get(parts["unit"] or unit) if parts else None
    if parts is None or named is None:
        raise Misread("bad_weight.it")
    try:
        grams = parse_number(parts["number"], small=named in {"kg", "lb"}) * _GRAMS[named]
    except ValueError:
        raise Misread("bad_weight.it") from None
    if not 0 < grams <= MOST:
        raise Misread("bad_weight.it")
    return max(1, int(grams.quantize(Decimal(1), rounding=ROUND_HALF_UP)))
