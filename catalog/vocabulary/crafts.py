"""Crafts: a code, its name in six languages, and its customs heading.

HS subheadings follow the World Customs Organization's nomenclature, edition 2022 (www.wcoomd.org,
HS Nomenclature 2022 Edition); names are those of the trade. A marketplace's category for a craft
lives with that marketplace.
"""

from collections.abc import Mapping
from types import MappingProxyType

from catalog.vocabulary.find import Mention, key, mentions
from catalog.vocabulary.terms import VOCABULARY, Kind, Term

CRAFTS: Mapping[str, Term] = MappingProxyType(dict(VOCABULARY[Kind.CRAFT]))


def find_craft(*texts: str | None) -> str | None:
    """The code of the craft that a text names, in any language of the vocabulary.

    The first text that names one decides: give a title before a category. In one text the
    longest name wins ('coussin kilim' is a cushion, 'tapis Azilal' an Azilal rug), then the first.
    """
    for text in texts:
        if found := mentions(text or "", [Kind.CRAFT]):
            return max(found, key=telling).term.code
    return None


def telling(mention: Mention) -> tuple[int, int]:
    """How much a mention of a craft tells beside others in its text: the most decides."""
    return len(key(mention.words)), -mention.start
