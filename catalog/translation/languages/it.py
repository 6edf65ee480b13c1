"""Italian."""

import re
from collections.abc import Sequence

from catalog.translation.grammar import (
    Inflected,
    Labels,
    Language,
    Making,
    first_lower,
    starts_with_vowel,
)
from catalog.vocabulary.terms import Form, Gender

_TAKES_LO = re.compile(r"(?:s[bcdfghlmnpqrtvz]|z|gn|ps|pn|x|y)", re.IGNORECASE)
# 'da', 'in', 'il' ... run together with the article, which ends by how the noun begins.
_DA = {"il": "dal ", "lo": "dallo ", "l'": "dall'", "la": "dalla ", "i": "dai "}
_DA |= {"gli": "dagli ", "le": "dalle "}
_IN = {"il": "nel ", "lo": "nello ", "l'": "nell'", "la": "nella ", "i": "nei "}
_IN |= {"gli": "negli ", "le": "nelle "}
_PER = {"il": "il ", "lo": "lo ", "l'": "l'", "la": "la ", "i": "i ", "gli": "gli ", "le": "le "}

_SMALL = "a ad al con d da dal dall dalla de del di e ed in la le per un una x"


def _article(noun: Form) -> str:
    feminine, vowel = noun.gender is Gender.FEMININE, starts_with_vowel(noun.name)
    if noun.always_plural:
        plural = "gli" if vowel or _TAKES_LO.match(noun.name) else "i"
        return "le" if feminine else plural
    if vowel:
        return "l'"
    if feminine:
        return "la"
    return "lo" if _TAKES_LO.match(noun.name) else "il"


def _pair(first: str, second: str) -> str:
    # The d that keeps vowels apart is written before the same vowel only: Accademia della Crusca.
    return f"{first} {'ed' if second[:1].lower() == 'e' else 'e'} {second}"


def _from_place(place: Form) -> str:
    # A town has no gender; a region has one, and its article.
    return f"{'da ' if place.gender is None else _DA[_article(place)]}{place.name}"


def _in_place(place: Form) -> str:
    if place.gender is not None:
        return f"{_IN[_article(place)]}{place.name}, Marocco"
    return f"{'ad' if place.name[:1].lower() == 'a' else 'a'} {place.name}, Marocco"


def _for_rooms(rooms: Sequence[Form]) -> str:
    return "Per " + ITALIAN.listed([_PER[_article(room)] + room.name for room in rooms])


def _within(craft: Form) -> str:
    return first_lower(craft.name)


ITALIAN = Language(
    code="it",
    unsaid=frozenset(_SMALL.split()),
    country="Marocco",
    from_country="dal Marocco",
    in_country="in Marocco",
    pair=_pair,
    from_place=_from_place,
    in_place=_in_place,
    for_rooms=_for_rooms,
    within=_within,
    title=Making(" {technique} in {material}", " {technique}", " in {material}"),
    predicate=Making("{technique} in {material}", "{technique}", "in {material}"),
    this=Inflected(
        "Questo {craft} è {predicate}.",
        "Questa {craft} è {predicate}.",
        "Questi {craft} sono {predicate}.",
        "Queste {craft} sono {predicate}.",
    ),
    made_this=Inflected(
        "Questo {craft} è stato realizzato {maker} {place}.",
        "Questa {craft} è stata realizzata {maker} {place}.",
        "Questi {craft} sono stati realizzati {maker} {place}.",
        "Queste {craft} sono state realizzate {maker} {place}.",
    ),
    made_it=Inflected(
        "È stato realizzato {maker} {place}.",
        "È stata realizzata {maker} {place}.",
        "Sono stati realizzati {maker} {place}.",
        "Sono state realizzate {maker} {place}.",
    ),
    made=Inflected(
        "Realizzato {maker} {place}",
        "Realizzata {maker} {place}",
        "Realizzati {maker} {place}",
        "Realizzate {maker} {place}",
    ),
    cooperative="dalla cooperativa {name}",
    person="da {name}",
    to_order=Inflected(
        "Realizzato su ordinazione",
        "Realizzata su ordinazione",
        "Realizzati su ordinazione",
        "Realizzate su ordinazione",
    ),
    to_order_within=Inflected(
        "Realizzato su ordinazione in {days}",
        "Realizzata su ordinazione in {days}",
        "Realizzati su ordinazione in {days}",
        "Realizzate su ordinazione in {days}",
    ),
    one_of_a_kind="Pezzo unico",
    moroccan=Inflected(
        "{craft} marocchino", "{craft} marocchina", "{craft} marocchini", "{craft} marocchine"
    ),
    of_material="{craft} in {material}",
    of_colour="{craft} {colour}",
    craftwork="artigianato marocchino",
    labels=Labels(
        material="Materiale",
        technique="Tecnica",
        colour="Colore",
        size="Dimensioni",
        length="Lunghezza",
        width="Larghezza",
        height="Altezza",
        diameter="Diametro",
        weight="Peso",
        room="Ambiente",
        care="Cura",
        origin="Origine",
        year="Anno",
    ),
)
