"""An artisan's own words made fit for a market: bounded, tidy, never cut inside a word."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from catalog.folding import fold
from catalog.translation.languages import LANGUAGES
from catalog.translation.limits import TextLimits

# What opens a direction, and what closes it: Unicode Standard Annex 9.
_CLOSING = dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c")
_CLOSING |= dict.fromkeys("\u2066\u2067\u2068", "\u2069")
_CLOSERS = frozenset(_CLOSING.values())
# A marketplace counts as a word what has four letters: shorter ones are articles and the like.
_COUNTED = re.compile(r"[^\W\d_]{4,}")
_LOOSE_SIGNS = " ,;:–—-(/&+·،؛"
_LOOSE_WORDS = frozenset[str]().union(*(language.unsaid for language in LANGUAGES.values()))
_SENTENCE_END = re.compile(r"(?<=[.!?؟。])\s|\n")
_SPACE_BEFORE = re.compile(r" +(?=[,.،](?:\s|$))")
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")


def fit_title(text: str, limits: TextLimits) -> str:
    """`text` as a title that the market takes.

    Signs that it refuses become spaces, of those that it takes once the first stays, and so do
    the first few of a repeated word. What is too long loses whole words at its end.
    """
    clean = tidy(text.translate(dict.fromkeys(map(ord, limits.title_signs), " ")))
    for sign in limits.title_signs_once:
        clean = _once(clean, sign)
    clean = tidy(_SPACE_BEFORE.sub("", " ".join(_repeated_at_most(clean, limits))))
    return tidy(cut(clean, limits.title_length))


def fit_description(text: str, limits: TextLimits) -> str:
    """`text` with its lines tidy, cut at a line, a sentence or at worst a word."""
    lines = "\n".join(map(tidy, text.splitlines()))
    whole = re.sub(r"\n{3,}", "\n\n", lines).strip()
    return cut_sentences(whole, limits.description_length)


def fit_tags(tags: Sequence[str], limits: TextLimits) -> tuple[str, ...]:
    """The tags that the market takes: letters, digits, spaces, hyphens and apostrophes, each once.

    A tag that is too long loses words at its end.
    """
    fitted: dict[str, str] = {}
    for tag in tags:
        kept = cut(tidy("".join(c if _is_of_tags(c) else " " for c in tag)), limits.tag_length)
        if key := fold(kept):
            fitted.setdefault(key, kept)
    return tuple(fitted.values())[: limits.tags]


def tidy(text: str) -> str:
    """`text` on one line, its words one space apart, with no control that has no counterpart."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    shown = "".join(" " if unicodedata.category(c) == "Cc" else c for c in _balanced(text))
    return " ".join(shown.split())


def cut(text: str, length: int) -> str:
    """The first words of a line of `text` that have room, without a preposition left at the end.

    Only where the first word alone is too long, it is cut, between two whole letters.
    """
    if len(text) <= length:
        return text
    end = text.rfind(" ", 0, length + 1)
    if end <= 0:
        return _balanced(text[: _letter_start(text, length)])
    return _without_loose_end(_balanced(text[:end]))


def cut_sentences(text: str, length: int) -> str:
    """The first lines and sentences of `text` that have room, or its first words."""
    if len(text) <= length:
        return text
    ends = [found.start() for found in _SENTENCE_END.finditer(text, 0, length + 1)]
    return _balanced(text[: ends[-1]]).rstrip() if ends else cut(text, length)


def _is_of_tags(character: str) -> bool:
    # Marks belong to the letter before them.
    return character.isalnum() or character in " -'’" or unicodedata.category(character)[0] == "M"


def _once(text: str, sign: str) -> str:
    first, found, rest = text.partition(sign)
    return first + found + rest.replace(f" {sign} ", ", ").replace(sign, " ")


def _repeated_at_most(text: str, limits: TextLimits) -> Iterator[str]:
    said: Counter[str] = Counter()
    for word in text.split():
        now = Counter(_COUNTED.findall(word.lower()))
        often = any(said[part] + times > limits.title_word_times for part, times in now.items())
        if not limits.title_word_times or not often:
            said += now
            yield word


def _balanced(text: str) -> str:
    if _CLOSERS.isdisjoint(text) and _CLOSING.keys().isdisjoint(text):
        return text
    opened: list[int] = []
    lone: set[int] = set()
    for at, character in enumerate(text):
        if character in _CLOSING:
            opened.append(at)
        elif character in _CLOSERS:
            if opened and _CLOSING[text[opened[-1]]] == character:
                opened.pop()
            else:
                lone.add(at)
    lone.update(opened)
    return "".join(character for at, character in enumerate(text) if at not in lone)


def _letter_start(text: str, at: int) -> int:
    while at > 1 and (_is_joined(text[at]) or text[at - 1] == "\u200d"):
        at -= 1
    return at


def _is_joined(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character)[0] == "M"


def _without_loose_end(text: str) -> str:
    while True:
        before = text
        if text.rfind("(") > text.rfind(")"):
            text = text[: text.rfind("(")]
        text = text.rstrip(_LOOSE_SIGNS)
        start, _, last = text.rpartition(" ")
        if start and fold(last).strip("'") in _LOOSE_WORDS:
            text = start
        if text == before:
            return text
