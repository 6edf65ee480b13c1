"""A text cut into segments, the unit of translation and of memory, and put together again.

A description is cut at its lines and its sentences. What stands between the segments (line
breaks, blanks, signs of a list, lines of figures alone) is its layout and is never translated.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

# The blanks around a line and the sign of a list before it.
_MARGIN = re.compile(r"^\s*(?:[-–—•*·▪●]\s+)*")
# Where a sentence may end, with the quotes that close it; Arabic has a question mark of its own.
_STOP = re.compile(r"[.!?؟…]+[\"'’”»)\]]*\s+")
# 'M. Alami', 'Mme. Alami', 'env. 3 kg', 'n. 12': a stop after so short a word ends no sentence.
_SHORT = re.compile(r"(?:^|[\s(])[A-Za-zÀ-ÿ]{1,3}\.\s+$")
_WORD = re.compile(r"[^\W\d_]{2}")
_LINES = re.compile(r"[^\r\n]*[\r\n]*")


@dataclass(frozen=True, slots=True)
class Segments:
    """The segments of a text, and its layout: one gap more than there are segments."""

    texts: tuple[str, ...]
    gaps: tuple[str, ...]

    def join(self, texts: Sequence[str]) -> str:
        """The same layout with other texts, as many as there are segments."""
        pairs = zip(texts, self.gaps[1:], strict=True)
        return self.gaps[0] + "".join(text + gap for text, gap in pairs)


def one_segment(text: str) -> Segments:
    """A title: all of it is one segment, unless it has no word."""
    return _laid_out([text])


def split(text: str) -> Segments:
    """The sentences of `text`; joined again they are `text`, character by character."""
    return _laid_out([part for line in _LINES.findall(text) for part in _sentences(line)])


def digest(language: str, text: str) -> str:
    """Names a segment: its language and its exact characters."""
    return hashlib.blake2b(f"{language}\0{text}".encode(), digest_size=16).hexdigest()


def _sentences(line: str) -> list[str]:
    parts, start = [], 0
    for stop in _STOP.finditer(line):
        if _ends(line, start, stop.end()):
            parts.append(line[start : stop.end()])
            start = stop.end()
    return [*parts, line[start:]]


def _ends(line: str, start: int, end: int) -> bool:
    following = line[end : end + 1]
    goes_on = not following or following.islower() or following.isdigit()
    return not goes_on and not _SHORT.search(line[start:end])


def _laid_out(parts: Sequence[str]) -> Segments:
    texts: list[str] = []
    gaps = [""]
    for part in parts:
        margin = _MARGIN.match(part)
        before = margin.group() if margin else ""
        text = part[len(before) :].rstrip()
        if _WORD.search(text):
            gaps[-1] += before
            texts.append(text)
            gaps.append(part[len(before) + len(text) :])
        else:
            gaps[-1] += part
    return Segments(tuple(texts), tuple(gaps))
