"""Sizes: '200x300', '2m x 3m', 'Ø 30 cm h 12', 'L 22 x l 15 x H 9 cm', 'القطر ٢٢ سم'; in cm."""

import re
from dataclasses import dataclass
from decimal import Decimal

from catalog.importing.numbers import parse_number, plain
from catalog.importing.problems import Misread

_CM = {
    "mm": Decimal("0.1"),
    "cm": Decimal(1),
    "m": Decimal(100),
    "in": Decimal("2.54"),
    "ft": Decimal("30.48"),
}
_UNIT_NAMES = {
    "mm": ("mm", "مم", "ملم"),
    "cm": ("cms", "cm", "سم", "سنتيمتر"),
    "m": ("metres", "mètres", "mètre", "metre", "mtr", "m", "متر", "م"),
    "in": ("inches", "inch", "in", "pouces", "pouce", '"', "”", "″"),
    "ft": ("feet", "ft", "'"),
}
UNITS = {name: unit for unit, names in _UNIT_NAMES.items() for name in names}
_SIDE_NAMES = {
    "diameter": ("diametre", "diamètre", "diameter", "diam", "dia", "ø", "⌀", "d", "القطر", "قطر"),
    "height": ("hauteur", "height", "haut", "h", "الارتفاع", "ارتفاع", "العلو", "علو"),
    "width": (
        *("largeur", "width", "larg", "w", "profondeur", "depth", "prof", "p"),
        *("العرض", "عرض", "العمق", "عمق"),
    ),
    "length": ("longueur", "length", "long", "l", "الطول", "طول"),
}
_SIDES = {name: side for side, names in _SIDE_NAMES.items() for name in names}


def _any_of(names: dict[str, str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


# One size, and what leads on to the next.
MEASURE = re.compile(
    rf"\s*(?:(?P<side>{_any_of(_SIDES)})\s*[.:=]?\s*)?"
    r"(?P<number>\d+(?:[.,]\d+)?)"
    # No letter after a unit, but for the cross that people run into it: '200cmx300cm'.
    rf"\s*(?P<unit>(?:{_any_of(UNITS)})(?!(?!x\s*\d)[^\W\d_]))?\.?"
    r"\s*(?P<link>[x×*/,;،+]|par|sur|by|في|و)?",
    re.IGNORECASE,
)
# Beyond this it is no measure of a thing that is sold, in cm: 30 m.
MOST = 3000
_SIDES_AT_MOST = 3
_ORDER = ("length", "width", "height")


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Sizes in cm; None where nobody said."""

    length: float | None = None
    width: float | None = None
    height: float | None = None
    diameter: float | None = None

    def as_list(self) -> list[float]:
        """The sizes in one list: a round thing's diameter stands for its length and width."""
        around = [self.diameter] * 2 if self.diameter else [self.length, self.width]
        return [_short(size) for size in (*around, self.height) if size]


def _short(size: float) -> float:
    return int(size) if size == int(size) else size


def parse_dimensions(text: str, unit: str = "cm") -> Dimensions:
    """The sizes that `text` says, in `unit` where it names none.

    A number without a unit takes that of the next number that has one ('0,95 x 1,69 m'). '2m x 3'
    is refused: nobody knows whether metres were meant.

    Raises:
        Misread: bad_dimensions.
    """
    measures = _measures(plain(text))
    if len(measures) == 1 and not measures[0][0] and not measures[0][2]:
        raise Misread("bad_dimensions.one_number")
    sizes = _in_cm(measures, unit)
    if any(not 0 < size <= MOST for size in sizes):
        raise Misread("bad_dimensions.out_of_range", most=MOST)
    sides = _sides([label for label, _, _ in measures])
    if len(set(sides)) != len(sides):
        raise Misread("bad_dimensions.it")
    return Dimensions(**dict(zip(sides, map(float, sizes), strict=True)))


def parse_length(text: str, unit: str = "cm") -> float:
    """One size in cm, from a column of its own.

    Raises:
        Misread: bad_dimensions.
    """
    measures = _measures(plain(text))
    [size, *more] = _in_cm(measures, unit)
    if more or not 0 < size <= MOST:
        raise Misread("bad_dimensions.out_of_range", most=MOST)
    return float(size)


def _measures(text: str) -> list[tuple[str, str, str]]:
    found, at = [], 0
    while at < len(text):
        token = MEASURE.match(text, at)
        if token is None:
            raise Misread("bad_dimensions.it")
        found.append((token["side"] or "", token["number"], (token["unit"] or "").casefold()))
        at = token.end()
    if not 0 < len(found) <= _SIDES_AT_MOST:
        raise Misread("bad_dimensions.it")
    return found


def _in_cm(measures: list[tuple[str, str, str]], unit: str) -> list[Decimal]:
    if not measures[-1][2] and any(UNITS[own] != unit for _, _, own in measures if own):
        raise Misread("bad_dimensions.it")
    sizes: list[Decimal] = []
    for _, number, own in reversed(measures):
        unit = UNITS[own] if own else unit
        sizes.insert(0, parse_number(number, small=True) * _CM[unit])
    return sizes


def _sides(labels: list[str]) -> list[str]:
    named = [_side(label, labels) for label in labels]
    free = iter([side for side in _ORDER if side not in named])
    if any(named):
        # After a diameter comes the height: 'Ø 30 x 12'.
        free = iter([side for side in ("height", *_ORDER) if side not in named])
    return [side or next(free, "length") for side in named]


def _side(label: str, labels: list[str]) -> str:
    # In French l is the width where L is the length.
    if label == "l" and ("L" in labels or not {"w", "W"} & set(labels)):
        return "width"
    return _SIDES.get(label.casefold(), "")
