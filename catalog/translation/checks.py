"""What a translation must pass before it may be shown: pure, each failure a value.

A finding that `holds` keeps the text back until a person looked; the others are warnings.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from babel.core import get_global

from catalog.folding import fold
from catalog.translation.figures import figures, units
from catalog.translation.glossary import Kept, kept_terms

_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:[a-z]{2,8}|#x?[0-9a-f]{1,6});", re.IGNORECASE)
# What engines and templates put in the place of what must not be translated.
_PLACEHOLDER = re.compile(
    r"[⟦⟧⟨⟩\ue000-\uf8ff]|\{\w*\}|\$\{|%[sd]\b|__\w+__|\[\[\w+\]\]|(?:XZQ)+\s?\d+"
)
# Short texts may stretch as they like; these are shares of the source's length.
_STRETCH_FROM = 20
_SHORTEST, _LONGEST = 0.4, 2.5
# Signs of Chinese, Japanese and Korean say more each.
_DENSE_SHORTEST = 0.12
_DENSE = frozenset({"Hans", "Hant", "Jpan", "Kore"})
_LETTERS_OF = {
    "Arab": frozenset({"ARABIC"}),
    "Cyrl": frozenset({"CYRILLIC"}),
    "Grek": frozenset({"GREEK"}),
    "Hans": frozenset({"CJK"}),
    "Hant": frozenset({"CJK"}),
    "Hebr": frozenset({"HEBREW"}),
    "Jpan": frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}),
    "Kore": frozenset({"HANGUL", "CJK"}),
}
_LATIN = frozenset({"LATIN"})
# Fewer letters of the right script than this share of all, and it is another language's text.
_OWN_SCRIPT = 0.5
# So many words of the source in a row are no chance and no loan.
_RUN = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a translation: a stable code, and words that a person can act on."""

    code: str
    message: str
    holds: bool = True

    def to_json(self) -> dict[str, Any]:
        """As it is stored and shown."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Pair:
    """From which language into which, with the names of makers that stay as they are.

    `longest` is how many characters the place takes that the text stands in, 0 for any.
    """

    source: str
    target: str
    names: Collection[str] = ()
    longest: int = 0


def check(source: str, translation: str, pair: Pair) -> tuple[Finding, ...]:
    """All that is wrong with `translation` as a translation of `source`."""
    if not translation.strip():
        return (Finding("empty", "there is no text: write the translation"),)
    kept = kept_terms(source, pair.source, pair.target, pair.names)
    return (
        *_numbers(source, translation),
        *_terms(kept, translation),
        *_script(translation, kept, pair.target),
        *_length(source, translation, pair),
        *_signs(source, translation),
        *_left(source, translation, kept),
    )


def _numbers(source: str, translation: str) -> Iterator[Finding]:
    said, there = figures(source), figures(translation)
    if lost := said - there:
        yield Finding("number_lost", f"the source says {_list(lost)}: say it as well")
    if new := there - said:
        yield Finding("number_added", f"the source does not say {_list(new)}: take it out")
    told = units(translation)
    for number, of_source in units(source).items():
        if number in told and not told[number] & of_source:
            change = f"{number} {_list(of_source)}, not {number} {_list(told[number])}"
            yield Finding("unit_changed", f"the source says {change}: keep its unit")


def _terms(kept: Sequence[Kept], translation: str) -> Iterator[Finding]:
    padded = f" {fold(translation)} "
    for term in kept:
        if not any(f" {name} " in padded for name in term.allowed):
            yield Finding(
                "term_lost", f"“{term.found}” must stay: write “{term.wanted}” in the translation"
            )


def _script(translation: str, kept: Sequence[Kept], target: str) -> Iterator[Finding]:
    script = script_of(target)
    own = _LETTERS_OF.get(script, _LATIN)
    text = _without(translation, kept)
    letters = [_alphabet(c) in own for c in text if c.isalpha()]
    if letters and sum(letters) < len(letters) * _OWN_SCRIPT:
        yield Finding("wrong_script", f"this is not written in the letters of {target} ({script})")


def _length(source: str, translation: str, pair: Pair) -> Iterator[Finding]:
    length = len(translation)
    if pair.longest and length > pair.longest:
        yield Finding("too_long", f"{length} characters: write {pair.longest} at most")
    if len(source) < _STRETCH_FROM:
        return
    shortest = _DENSE_SHORTEST if script_of(pair.target) in _DENSE else _SHORTEST
    if not shortest <= length / len(source) <= _LONGEST:
        share = f"{length} characters for {len(source)}"
        yield Finding("length_odd", f"{share}: see whether something is missing or was added")


def _signs(source: str, translation: str) -> Iterator[Finding]:
    if _MARKUP.search(translation):
        yield Finding("markup", "there is HTML in the text: write plain text")
    left = set(_PLACEHOLDER.findall(translation)) - set(_PLACEHOLDER.findall(source))
    if left:
        signs = _list(map(ascii, left))
        yield Finding("placeholder_left", f"a stand-in is left ({signs}): write what it stands for")


def _left(source: str, translation: str, kept: Sequence[Kept]) -> Iterator[Finding]:
    before, after = (_words(_without(text, kept)) for text in (source, translation))
    if len(before) < _RUN:
        return
    if fold(source) == fold(translation):
        yield Finding("same_text", "this is the source again: translate it")
    elif runs := _runs(before) & _runs(after):
        run = " ".join(next(run for run in _runs_in_order(before) if run in runs))
        yield Finding("left_untranslated", f"“{run}” stands as in the source: translate it")


@cache
def script_of(language: str) -> str:
    """The script that a language is usually written in, by ISO 15924: 'ar' is Arab (CLDR)."""
    if "-" in language:
        return language.rpartition("-")[2]
    likely = str(get_global("likely_subtags").get(language, "und_Latn"))
    return next((part for part in likely.split("_") if len(part) == len("Latn")), "Latn")


def _runs(words: Sequence[str]) -> set[tuple[str, ...]]:
    return set(_runs_in_order(words))


def _runs_in_order(words: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)]


def _words(text: str) -> list[str]:
    return [word for word in fold(text).split() if word.isalpha()]


def _without(text: str, kept: Sequence[Kept]) -> str:
    """The text without the terms that stand there by right, folded."""
    padded = f" {fold(text)} "
    for name in sorted({n for term in kept for n in term.allowed}, key=len, reverse=True):
        padded = padded.replace(f" {name} ", " ")
    return padded


@cache
def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0]


def _list(values: Collection[Decimal] | Iterator[str] | set[str]) -> str:
    return ", ".join(sorted(f"{v:f}" if isinstance(v, Decimal) else v for v in values))
