"""Numbers in a text and the units behind them, whatever digits and signs they are written with."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from itertools import groupby
from operator import itemgetter

from catalog.folding import fold

# Digits of any script, parted by the points, commas and thin blanks of many countries.
NUMBER = re.compile(r"\d+(?:[.,'’٫٬\u00a0\u202f]\d+)*")
_SIGN = re.compile(r"[.,'’٫٬\u00a0\u202f]")
_THOUSAND = 3
_UNIT = re.compile(r"[\s\u00a0\u202f]*([^\W\d_]+)")
_UNITS = {
    "mm": "mm millimetre millimetres millimeter millimeters milimetro milimetros ملم ميليمتر",
    "cm": "cm centimetre centimetres centimeter centimeters centimetro centimetros zentimeter "
    "centimetri سم سنتيمتر سنتمتر",
    "m": "m metre metres meter meters metro metros metri متر امتار م",
    "kg": "kg kgs kilo kilos kilogramme kilogrammes kilogram kilograms kilogramo kilogramos "
    "kilogramm chilogrammi كغ كلغ كيلو كيلوغرام",
    "g": "g gr gramme grammes gram grams gramo gramos gramm grammi غ غرام غراما",
    "in": "in inch inches pouce pouces pulgada pulgadas zoll pollici بوصة",
}
_UNIT_OF = {fold(name): unit for unit, names in _UNITS.items() for name in names.split()}


def value(number: str) -> Decimal:
    """The value of a number as NUMBER finds it.

    A sign before exactly three digits parts thousands, as the import reads it; between two texts
    the same reading on both sides is what counts.
    """
    parts = _SIGN.split("".join(_digit(c) for c in number))
    if len(parts) == 1 or len(parts[-1]) == _THOUSAND:
        return Decimal("".join(parts))
    return Decimal(f"{''.join(parts[:-1])}.{parts[-1]}").normalize()


def figures(text: str) -> Counter[Decimal]:
    """The numbers of a text, each as often as it is said."""
    return Counter(value(number) for number in NUMBER.findall(text))


def units(text: str) -> dict[Decimal, set[str]]:
    """The units that follow a number in the text, by its value."""
    found = (
        (value(number.group()), _UNIT_OF.get(fold(unit.group(1))))
        for number in NUMBER.finditer(text)
        if (unit := _UNIT.match(text, number.end()))
    )
    known = sorted((figure, unit) for figure, unit in found if unit)
    return {figure: {u for _, u in group} for figure, group in groupby(known, itemgetter(0))}


def skeleton(text: str) -> str:
    """The text with each number replaced by one sign: alike for texts that differ in figures."""
    return NUMBER.sub("#", text)


def adapted(source: str, near: str, translation: str) -> str | None:
    """The translation of `near` made one of `source`, which differs from it in numbers alone.

    None where the texts differ in more, or a number of the translation has no certain match.
    """
    if skeleton(source) != skeleton(near):
        return None
    new = _replacements(NUMBER.findall(near), NUMBER.findall(source))
    old = NUMBER.findall(translation)
    if new is None or any(value(number) not in new for number in old):
        return None
    return NUMBER.sub(lambda found: _written(new[value(found.group())], found.group()), translation)


def _replacements(old: Sequence[str], new: Sequence[str]) -> dict[Decimal, str] | None:
    found: dict[Decimal, str] = {}
    for before, after in zip(old, new, strict=True):
        if found.setdefault(value(before), after) != after:
            return None
    return found


def _written(number: str, like: str) -> str:
    """A number in the digits of another, and with its decimal sign where it has the only one."""
    sign = _SIGN.findall(like)
    if len(sign) == 1:
        number = _SIGN.sub(sign[0], number)
    zero = ord(like[0]) - unicodedata.digit(like[0])
    return "".join(chr(zero + unicodedata.digit(c)) if c.isdecimal() else c for c in number)


@cache
def _digit(character: str) -> str:
    return str(unicodedata.digit(character)) if character.isdecimal() else character
