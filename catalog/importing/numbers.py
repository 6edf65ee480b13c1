"""Numbers as people write them: decimal comma or point, thousands set apart, Arabic digits."""

import re
from decimal import Decimal

from catalog.importing.texts import INVISIBLE

# Arabic-Indic and Persian digits, the Arabic decimal sign and thousands sign, and the signs that
# stand for minus and for the apostrophe; every kind of space becomes a plain one.
_PLAIN = str.maketrans(
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬−–’\u00a0\u202f\u2009\u2007\t",
    "01234567890123456789,'--'     ",
)
_BLANKS = dict.fromkeys(INVISIBLE, " ")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?P<mark>[ .,'])\d{3})(?:(?P=mark)\d{3})*(?:[.,]\d+)?")
_SIMPLE = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_THOUSANDS_OR_DECIMALS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")


def plain(text: str) -> str:
    """`text` with ASCII digits and signs, and without invisible marks."""
    if text.isascii():
        return text.strip()
    return text.translate(_PLAIN).translate(INVISIBLE).strip()


def level(text: str) -> str:
    """`text` with the same signs and digits, a blank for each invisible mark: as long as it was."""
    return text.translate(_PLAIN).translate(_BLANKS)


def parse_number(text: str, *, small: bool = False) -> Decimal:
    """The number that `text` is.

    A single point or comma before exactly three digits parts thousands, as in prices ('1.350' is
    1350), unless `small` says that the number is of metres or kilograms ('1,250' is 1.25).

    Raises:
        ValueError: it is no number, or one of another kind, such as 1e9 or 12,50,00.
    """
    number = plain(text)
    if _THOUSANDS_OR_DECIMALS.fullmatch(number):
        return Decimal(re.sub(r"[.,]", "." if small else "", number))
    if _SIMPLE.fullmatch(number):
        return Decimal(number.replace(",", "."))
    grouped = _GROUPED.fullmatch(number)
    if grouped is None:
        raise ValueError(f"no number: {text[:40]!r}")
    mark = grouped["mark"]
    whole = number.replace(mark, "") if mark in " '" else _without_groups(number, mark)
    return Decimal(whole.replace(",", "."))


def _without_groups(number: str, mark: str) -> str:
    other = "," if mark == "." else "."
    head, decimals, tail = number.partition(other)
    if mark in tail or (not decimals and len(head.rpartition(mark)[2]) != len("000")):
        raise ValueError(f"no number: {number[:40]!r}")
    return head.replace(mark, "") + decimals + tail
