"""English, in its British and its American spelling."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from catalog.translation.grammar import (
    Inflected,
    Labels,
    Language,
    Making,
    first_lower,
    first_upper,
)
from catalog.vocabulary.terms import Form

_SMALL_WORDS = "a an and at by for from in of on or the to with x s"
_SMALL = frozenset(_SMALL_WORDS.split())
# Names of peoples and countries, beside the places that other languages' names give away.
_PROPER = re.compile(
    r"(?:Amazigh|Berber|Moroccan|Azilal|Beni|Boujaad|Taznakht|Rabat|Mrirt|Zemmour|Chichaoua|Fez"
    r"|Safi|Tamegroute|Rif|Taliouine|Medjool)\b"
)
_TAKES_ARTICLE = re.compile(r"\b(?:Atlas|Rif|Sahara|Valley|Desert|Coast|Plain|Oasis)$")
_AMERICAN = (("jewellery", "jewelry"), ("olour", "olor"), ("grey", "gray"), ("fibre", "fiber"))


def _the(place: Form) -> str:
    return f"the {place.name}" if _TAKES_ARTICLE.search(place.name) else place.name


def _from_place(place: Form) -> str:
    return f"from {_the(place)}"


def _in_place(place: Form) -> str:
    return f"in {_the(place)}, Morocco"


def _for_rooms(rooms: Sequence[Form]) -> str:
    return "For the " + _pair_all([room.name for room in rooms])


def _pair_all(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _within(craft: Form) -> str:
    return craft.name if _PROPER.match(craft.name) else first_lower(craft.name)


def _title_case(text: str) -> str:
    return " ".join(map(_title_word, text.split(" ")))


# Titles vary, their words recur.
@lru_cache(maxsize=4096)
def _title_word(word: str) -> str:
    # English titles capitalise all words but the small ones, and both halves of a compound.
    return word if word in _SMALL else "-".join(map(first_upper, word.split("-")))


@lru_cache(maxsize=4096)
def _american(text: str) -> str:
    for british, american in _AMERICAN:
        text = text.replace(british, american)
        text = text.replace(british.capitalize(), american.capitalize())
    return text


ENGLISH = Language(
    code="en",
    unsaid=_SMALL,
    country="Morocco",
    from_country="from Morocco",
    in_country="in Morocco",
    pair="{} and {}".format,
    from_place=_from_place,
    in_place=_in_place,
    for_rooms=_for_rooms,
    within=_within,
    title=Making(", {technique} {material}", ", {technique}", ", {material}"),
    predicate=Making("{technique} in {material}", "{technique}", "made of {material}"),
    this=Inflected("This {craft} is {predicate}.", plural="These {craft} are {predicate}."),
    made_this=Inflected(
        "This {craft} was made by {maker} {place}.",
        plural="These {craft} were made by {maker} {place}.",
    ),
    made_it=Inflected(
        "It was made by {maker} {place}.", plural="They were made by {maker} {place}."
    ),
    made=Inflected("Made by {maker} {place}"),
    cooperative="the cooperative {name}",
    to_order=Inflected("Made to order"),
    to_order_within=Inflected("Made to order within {days}"),
    one_of_a_kind="One of a kind",
    moroccan=Inflected("Moroccan {craft}"),
    of_material="{material} {craft}",
    of_colour="{colour} {craft}",
    craftwork="Moroccan craft",
    labels=Labels(
        material="Material",
        technique="Technique",
        colour="Colour",
        size="Size",
        length="Length",
        width="Width",
        height="Height",
        diameter="Diameter",
        weight="Weight",
        room="Room",
        care="Care",
        origin="Origin",
        year="Year made",
    ),
    heading=_title_case,
)
AMERICAN = replace(ENGLISH, labels=replace(ENGLISH.labels, colour="Color"), spelling=_american)
