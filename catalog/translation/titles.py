"""A title from its parts: each is said where there is room and nothing is told twice."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from catalog.translation.fit import fit_title
from catalog.translation.grammar import Language, told
from catalog.translation.limits import TextLimits

# What some marketplaces refuse in a title, or take once.
_SIGNS = re.compile(r"[^\w ,،'’]|_")
_SIGNS_OF_SIZE = re.compile(r"[^\w ,،]|_")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a title with the comma or space before it, what it tells, and its signs."""

    text: str
    tells: frozenset[str] = frozenset()
    signs: str = ""
    repeats: bool = False


@lru_cache(maxsize=16384)
def piece(text: str, language: Language) -> Piece:
    """`text` as a part of a title."""
    # By words, which recur far more often than the texts that they make up.
    tells = [stem for word in text.split() for stem in told(word, language)]
    distinct = frozenset(tells)
    return Piece(text, distinct, "".join(_SIGNS.findall(text)), len(tells) != len(distinct))


def size_piece(text: str) -> Piece:
    """A size as a part of a title: figures tell nothing that could be told twice."""
    return Piece(text, signs="".join(_SIGNS_OF_SIZE.findall(text)))


def title(head: Piece, groups: Iterable[Iterable[Piece]], limits: TextLimits) -> str:
    """The craft's name, and of each group the first wording with room that repeats nothing."""
    text, signs, told_already = head.text, head.signs, head.tells
    if len(text) > limits.title_length or not _takes(limits, signs):
        text = fit_title(text, limits)
    for group in groups:
        for part in group:
            if (
                not part.repeats
                and len(text) + len(part.text) <= limits.title_length
                and told_already.isdisjoint(part.tells)
                and (not part.signs or _takes(limits, signs + part.signs))
            ):
                text, signs = text + part.text, signs + part.signs
                told_already |= part.tells
                break
    return text


def _takes(limits: TextLimits, signs: str) -> bool:
    return set(signs).isdisjoint(limits.title_signs) and all(
        signs.count(sign) <= 1 for sign in limits.title_signs_once
    )
