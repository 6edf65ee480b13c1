"""What must survive in a translation, marked in both texts: numbers, and terms that must stay."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from catalog.translation.figures import NUMBER


class Kind(StrEnum):
    """What a stretch of a text is."""

    PLAIN = ""
    NUMBER = "number"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Bit:
    """A stretch of a text."""

    text: str
    kind: Kind


def highlighted(text: str, terms: Collection[str]) -> tuple[Bit, ...]:
    """The text in its bits, complete when put together; the longest term wins."""
    names = "|".join(re.escape(one) for one in sorted(filter(None, terms), key=len, reverse=True))
    wanted = rf"(?P<term>{names})|" if names else ""
    return tuple(_bits(text, re.compile(rf"{wanted}(?P<number>{NUMBER.pattern})", re.IGNORECASE)))


def _bits(text: str, pattern: re.Pattern[str]) -> Iterator[Bit]:
    last = 0
    for found in pattern.finditer(text):
        if found.start() > last:
            yield Bit(text[last : found.start()], Kind.PLAIN)
        yield Bit(found.group(), Kind(found.lastgroup or ""))
        last = found.end()
    if last < len(text):
        yield Bit(text[last:], Kind.PLAIN)
