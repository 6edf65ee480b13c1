"""Which term a cell names, and which terms free text mentions, in any language of the vocabulary.

Text and vocabulary are cut into the same words, each folded, without the article that Arabic
writes on to it and without the plural s or x; a phrase is then looked up in a dictionary.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import dropwhile

from catalog.folding import fold
from catalog.vocabulary.terms import VOCABULARY, Form, Kind, Term

# A word with the accents and vowel signs that are written as characters of their own, or a mark
# that no phrase goes across.
_WORD_OR_STOP = re.compile(
    r"(?P<word>(?:[^\W_]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0640])+)"
    r"|[.,;:!?،؛؟()\[\]|/+•\n]"
)
# Arabic's article, alone or after 'and', 'with', 'like'; 'for' swallows its first letter.
_ARTICLE = re.compile(r"\A[وف]?(?:[بك]?ال|لل)(?=\w{3})")
# Before a noun in a cell; d and l are what an apostrophe cuts off.
_ARTICLES = frozenset(
    {"le", "la", "les", "l", "un", "une", "des", "du", "de", "d", "the", "a", "an"}
    | {"el", "los", "las", "lo", "il", "i", "gli", "der", "die", "das", "ein", "eine"}
)
# Names that are also among the commonest words of a language: gold is 'or' in French, the Souss
# 'Sus' in Spanish, beige 'beis', clay 'Ton' in German, lacquer 'for you' in Arabic; and the pile of
# a rug is 'velours', as velvet is. A phrase may hold them, but free text that has one alone says
# nothing.
_NEVER_ALONE = frozenset({"or", "sus", "bei", "ton", "velour", "لك", "كي", "كون"})
# The town of Salé, as it is often typed, and everything that is for sale in English.
_CAPITALISED = frozenset({"sale"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A term in a text. `words` are its evidence: `text[start:end]`, as the text has them."""

    term: Term
    start: int
    end: int
    words: str


@lru_cache(maxsize=16_384)
def find(kind: Kind, words: str) -> Term | None:
    """The term of that kind that `words` name as a whole, or whose code they are.

    Case, accents, plural and a leading article make no difference; None where no term has the name.
    """
    if words in VOCABULARY[kind]:
        return VOCABULARY[kind][words]
    name, names = key(words), _names()
    bare = " ".join(dropwhile(_ARTICLES.__contains__, name.split()))
    return names.get(name, {}).get(kind) or names.get(bare, {}).get(kind)


def mentions(text: str, kinds: Collection[Kind] = tuple(Kind)) -> list[Mention]:
    """The terms of those kinds that `text` mentions, in the order of their places.

    Where several begin at one word the longest counts; two of one kind never share a word
    ('tapis Azilal' is an Azilal rug and the region Azilal, but no second rug).
    """
    words = [(_said(one["word"] or ""), *one.span()) for one in _WORD_OR_STOP.finditer(text)]
    found: list[Mention] = []
    free = dict.fromkeys(kinds, 0)
    for first in range(len(words)):
        if words[first][0] in _CAPITALISED and text[words[first][1]].islower():
            continue
        for last, named in _phrases(words, first):
            for kind in free:
                if kind in named and free[kind] <= first:
                    free[kind] = last + 1
                    start, end = words[first][1], words[last][2]
                    found.append(Mention(named[kind], start, end, text[start:end]))
    return found


def key(words: str) -> str:
    """What two spellings of one name have in common: what names are compared by."""
    found = (one["word"] for one in _WORD_OR_STOP.finditer(words))
    return " ".join(_plain(word) for word in found if word)


def _phrases(
    words: list[tuple[str, int, int]], first: int
) -> Iterator[tuple[int, Mapping[Kind, Term]]]:
    """The names that begin at the word `first`, the longest first, and where each ends."""
    names, longest = _names(), _longest().get(words[first][0], 0)
    for last in range(min(first + longest, len(words)) - 1, first - 1, -1):
        phrase = " ".join(word for word, _, _ in words[first : last + 1])
        if phrase in names and phrase not in _NEVER_ALONE:
            yield last, names[phrase]


def _said(word: str) -> str:
    # Arabic writes 'and' on to the next word, too: taken off where only the rest begins a name.
    plain = _plain(word)
    is_joined = plain.startswith("و") and plain not in _longest() and plain[1:] in _longest()
    return plain[1:] if is_joined else plain


@lru_cache(maxsize=16_384)
def _plain(word: str) -> str:
    bare = _ARTICLE.sub("", fold(word)) if "ل" in word else fold(word)
    return bare[:-1] if len(bare) > len("xxs") and bare[-1] in "sx" else bare


# Made at its first use: most verbs of the command line look nothing up.
@cache
def _names() -> Mapping[str, Mapping[Kind, Term]]:
    """The terms by each of their names.

    Where two of a kind share one, it is rather the name of a term in some language than a further
    word of another, and then of the first in its file.
    """
    names: dict[str, dict[Kind, Term]] = {}
    for spellings in (_forms, _further_words):
        for kind, terms in VOCABULARY.items():
            for term in terms.values():
                for spelling in filter(None, map(key, spellings(term))):
                    names.setdefault(spelling, {}).setdefault(kind, term)
    return names


def _forms(term: Term) -> Iterator[str]:
    for form in term.forms.values():
        yield from _spellings(form)


def _spellings(form: Form) -> tuple[str, ...]:
    return (form.name, form.plural, form.feminine, form.feminine_plural)


def _further_words(term: Term) -> tuple[str, ...]:
    return (*term.words, term.code)


@cache
def _longest() -> Mapping[str, int]:
    """How many words the longest name has that begins with a word."""
    longest: dict[str, int] = {}
    for name in _names():
        first, count = name.split()[0], len(name.split())
        longest[first] = max(count, longest.get(first, 0))
    return longest
