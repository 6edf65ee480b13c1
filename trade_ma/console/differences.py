"""Two wordings side by side: which words of each the other has not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, `changed` where the other side has it not."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Sides:
    """The pieces of both texts, each complete when put together."""

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


def compared(before: str, after: str) -> Sides:
    """`before` and `after` word by word, each word with the spaces before it."""
    left, right = _words(before), _words(after)
    steps = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return Sides(
        tuple(_pieces(left, ((tag, i, j) for tag, i, j, _, _ in steps))),
        tuple(_pieces(right, ((tag, i, j) for tag, _, _, i, j in steps))),
    )


def _words(text: str) -> list[str]:
    return re.findall(r"\s*\S+|\s+", text)


def _pieces(words: list[str], steps: Iterator[tuple[str, int, int]]) -> Iterator[Piece]:
    for tag, start, end in steps:
        if start < end:
            yield Piece("".join(words[start:end]), tag != "equal")
