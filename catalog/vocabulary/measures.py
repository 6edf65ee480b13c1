"""Sizes in free text: 'tapis 200x300', 'plat Ø 30 cm', '2,5m x 3,5m'; each with its evidence."""

import re
from dataclasses import dataclass

from catalog.importing.dimensions import MEASURE, Dimensions, parse_dimensions
from catalog.importing.numbers import level
from catalog.importing.problems import Misread

_CROSSES = frozenset({"x", "×", "*", "par", "sur", "by", "في"})
# A label or a number with no letter or digit before it.
_START = re.compile(r"(?<![\w.,])(?=[^\W_]|⌀)")
_ROUND = frozenset({"ø", "⌀"})
_MOST = 3
# Two numbers below this without a unit may be metres, or feet, or pieces.
_LEAST_CM = 10


@dataclass(frozen=True, slots=True)
class Measures:
    """Sizes in a text. `words` are their evidence: `text[start:end]`, as the text has them.

    Of '200x300' nobody says which is which: the longer is the length, as it is of any rug.
    """

    sizes: Dimensions
    start: int
    end: int
    words: str


def measures_in(text: str) -> list[Measures]:
    """The sizes that `text` gives, in the order of their places.

    Taken are sizes across each other, and those that have a name or a sign and a unit. A lone
    '30 cm' says not which side it is, and '2x3' not of what: they are left.
    """
    bare, found, at = level(text), [], 0
    for start in _START.finditer(bare):
        if start.start() < at:
            continue
        tokens = _chain(bare, start.start())
        if tokens and (sizes := _sizes(bare, tokens)):
            at = _end(tokens[-1])
            found.append(Measures(sizes, start.start(), at, text[start.start() : at]))
    return found


def _chain(text: str, at: int) -> list[re.Match[str]]:
    """The measures that follow each other from there on."""
    tokens: list[re.Match[str]] = []
    while token := MEASURE.match(text, at):
        if tokens and not (tokens[-1]["link"] or token["side"]):
            break
        tokens.append(token)
        at = token.end()
    return tokens


def _sizes(text: str, tokens: list[re.Match[str]]) -> Dimensions | None:
    end = _end(tokens[-1])
    crossed = len(tokens) > 1 and all((t["link"] or "").lower() in _CROSSES for t in tokens[:-1])
    united = any(token["unit"] for token in tokens)
    named = all(token["side"] for token in tokens) and united
    is_round = (tokens[0]["side"] or "").lower() in _ROUND
    if len(tokens) > _MOST or text[end : end + 1].isalnum() or not (crossed or named or is_round):
        return None
    try:
        sizes = parse_dimensions(text[tokens[0].start() : end])
    except Misread:
        return None
    if not united and not is_round and max(sizes.as_list()) < _LEAST_CM:
        return None
    return sizes if any(token["side"] for token in tokens) else lying(sizes)


def _end(token: re.Match[str]) -> int:
    return token.end("unit") if token["unit"] else token.end("number")


def lying(sizes: Dimensions) -> Dimensions:
    """The same sizes with the longer of length and width as the length."""
    if sizes.length and sizes.width and sizes.width > sizes.length:
        return Dimensions(sizes.width, sizes.length, sizes.height, sizes.diameter)
    return sizes
