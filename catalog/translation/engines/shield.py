"""Glossary terms kept from an engine that has no glossary of its own.

A term is replaced by a sign that looks like a model number, which translation models copy as it
is, and put back after. If a sign is lost, doubled or changed, so is a term, and the translation
is not used.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from catalog.translation.engines.batches import Ask
from catalog.translation.engines.protocol import Answer, Untranslatable

_SIGN = "XZQ"


@dataclass(frozen=True, slots=True)
class Covered:
    """A text whose terms are covered by signs, and what each sign stands for."""

    text: str
    sign: str
    terms: tuple[str, ...]

    def restore(self, translation: str) -> Answer:
        """`translation` with its terms, if every sign came through exactly once."""
        # Letters of other scripts may touch a sign: Arabic writes its "and" onto the next word.
        signs = re.compile(rf"(?<![A-Za-z0-9]){self.sign}\s?(\d+)(?![A-Za-z\d])", re.IGNORECASE)
        found = [int(number) for number in signs.findall(translation)]
        lost = [term for number, term in enumerate(self.terms, 1) if found.count(number) != 1]
        if lost:
            return Untranslatable(f"the engine lost a protected term: {', '.join(lost)}")
        if len(found) > len(self.terms):
            invented = max(found) if max(found) > len(self.terms) else min(found)
            return Untranslatable(f"the engine made up a protected term: {self.sign}{invented}")
        return signs.sub(lambda match: self.terms[int(match[1]) - 1], translation)


@dataclass(frozen=True)
class Shield:
    """What covers the terms of `glossary`, whose values are what they become.

    Terms are found in any case. One that is kept as it is keeps the writing of the text, and is
    found in its plural too. The plural of one that changes needs an entry of its own: what
    becomes of a plural, only the glossary can say.
    """

    glossary: Mapping[str, str]

    @cached_property
    def _terms(self) -> list[tuple[str, str]]:
        # Where one term begins another, the longest wins.
        entries = ((term, becomes) for term, becomes in self.glossary.items() if term.strip())
        return sorted(entries, key=lambda entry: -len(entry[0]))

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        if not self._terms:
            return None
        terms = "|".join(f"({_spelled(term, becomes)})" for term, becomes in self._terms)
        return re.compile(rf"(?<!\w)(?:{terms})(?!\w)", re.IGNORECASE)

    def cover(self, text: str) -> Covered:
        """`text` with a sign in the place of each term."""
        folded = text.casefold()
        sign = next(_SIGN * times for times in count(1) if (_SIGN * times).casefold() not in folded)
        terms: list[str] = []

        def replace(match: re.Match[str]) -> str:
            terms.append(_as_written(match[0], *self._entry(match)))
            return f"{sign}{len(terms)}"

        covered = self._pattern.sub(replace, text) if self._pattern else text
        return Covered(covered, sign, tuple(terms))

    def named_in(self, texts: Sequence[str]) -> dict[str, str]:
        """The entries of the glossary whose term stands in one of `texts`."""
        if not self._pattern:
            return {}
        return dict(self._entry(match) for text in texts for match in self._pattern.finditer(text))

    def _entry(self, match: re.Match[str]) -> tuple[str, str]:
        return self._terms[(match.lastindex or 1) - 1]


def shielded(ask: Ask, glossary: Mapping[str, str]) -> Ask:
    """`ask` with the terms of `glossary` covered on the way out and put back on the way in."""
    shield = Shield(glossary)

    def ask_covered(batch: Sequence[str]) -> list[Answer]:
        covered = [shield.cover(text) for text in batch]
        answers = ask([text.text for text in covered])
        return [
            text.restore(answer) if isinstance(answer, str) else answer
            for text, answer in zip(covered, answers, strict=True)
        ]

    return ask_covered


def _kept(term: str, becomes: str) -> bool:
    return term.casefold() == becomes.casefold()


def _spelled(term: str, becomes: str) -> str:
    words = r"[\s-]+".join(re.escape(word) for word in re.split(r"[\s-]+", term.strip()))
    return f"{words}[sx]?" if _kept(term, becomes) else words


def _as_written(written: str, term: str, becomes: str) -> str:
    if _kept(term, becomes):
        # German writes Zellige with a capital wherever it stands.
        capital = becomes[0].isupper() and term[0].islower()
        return becomes[0] + written[1:] if capital else written
    if written.isupper() and len(written) > 1:
        return becomes.upper()
    if written[0].isupper() and term[0].islower():
        return becomes[0].upper() + becomes[1:]
    return becomes
