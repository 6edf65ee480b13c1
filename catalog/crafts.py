"""The vocabulary of crafts: a code, its name in six languages, and its customs heading.

The file beside this module is the vocabulary. HS subheadings follow the World Customs
Organization's nomenclature, edition 2022 (www.wcoomd.org, HS Nomenclature 2022 Edition); names
are those of the trade. A marketplace's category for a craft lives with that marketplace.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

from catalog.folding import fold

LOCALES = ("fr", "en", "ar", "es", "de", "it")
_LONGEST = 4  # words in the longest name that free text is searched for


@dataclass(frozen=True, slots=True)
class Craft:
    """A kind of thing that artisans make. `hs` is six digits of the Harmonized System of 2022."""

    code: str
    names: Mapping[str, str]
    hs: str


def find_craft(*texts: str | None) -> str | None:
    """The code of the craft that a text names, in French, English or Arabic.

    The first text that names one decides: give a title before a category. In one text the
    longest name wins ('coussin kilim' is a cushion, 'tapis Azilal' an Azilal rug), then the first.
    """
    for text in texts:
        found = [(len(words), -at, _WORDS[words]) for at, words in _phrases(text or "")]
        if found:
            return max(found)[2]
    return None


def _phrases(text: str) -> Iterator[tuple[int, str]]:
    words = [_singular(word) for word in fold(text).split()]
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
            phrase = " ".join(words[start:end])
            if phrase in _WORDS:
                yield start, phrase


def _singular(word: str) -> str:
    # The article of Arabic, and the plural of French and English, as far as a search needs them.
    word = word.removeprefix("ال") if len(word) > len("الxx") else word
    return word[:-1] if len(word) > len("xxs") and word[-1] in "sx" else word


def _rows() -> list[dict[str, str]]:
    lines = (files("catalog") / "crafts.csv").read_text("utf-8").splitlines()
    return list(csv.DictReader(lines))


def _craft(row: Mapping[str, str]) -> Craft:
    return Craft(row["code"], {locale: row[locale] for locale in LOCALES}, row["hs"])


def _searched(rows: list[dict[str, str]]) -> dict[str, str]:
    words: dict[str, str] = {}
    for row in rows:
        for name in [row["fr"], row["en"], row["ar"], *row["words"].split("|")]:
            words.setdefault(" ".join(map(_singular, fold(name).split())), row["code"])
    return words


_ROWS = _rows()
CRAFTS: Mapping[str, Craft] = MappingProxyType({row["code"]: _craft(row) for row in _ROWS})
_WORDS = _searched(_ROWS)
