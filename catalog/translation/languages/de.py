"""German."""

import re
from collections.abc import Sequence

from catalog.translation.grammar import Inflected, Labels, Language, Making
from catalog.vocabulary.terms import Form, Gender

# An adjective before its noun, which takes a weak ending after an article.
_ADJECTIVE = re.compile(r"^([A-ZÄÖÜ][a-zäöüß]+?)(?:e[rsn]|e) (?=[A-ZÄÖÜ])")

_SMALL = "am an auf aus das dem der des die ein eine für fur im in mit und von x zu"


def _place(place: Form, of_town: str, of_masculine: str, of_feminine: str) -> str:
    # A town has no gender; a region has one, and an article in the dative.
    if place.gender is None:
        return f"{of_town} {place.name}"
    article = of_feminine if place.gender is Gender.FEMININE else of_masculine
    return f"{article} " + _ADJECTIVE.sub(r"\1en ", place.name)


def _from_place(place: Form) -> str:
    return _place(place, "aus", "aus dem", "aus der")


def _in_place(place: Form) -> str:
    return f"{_place(place, 'in', 'im', 'in der')}, Marokko,"


def _for_rooms(rooms: Sequence[Form]) -> str:
    return "Für " + GERMAN.listed([room.name for room in rooms])


def _within(craft: Form) -> str:
    ending = "en " if craft.always_plural else "e "
    return _ADJECTIVE.sub(lambda found: found[1].lower() + ending, craft.name)


GERMAN = Language(
    code="de",
    unsaid=frozenset(_SMALL.split()),
    country="Marokko",
    from_country="aus Marokko",
    in_country="in Marokko",
    pair="{} und {}".format,
    from_place=_from_place,
    in_place=_in_place,
    for_rooms=_for_rooms,
    within=_within,
    title=Making(" aus {material}, {technique}", ", {technique}", " aus {material}"),
    predicate=Making("aus {material} {technique}", "{technique}", "aus {material} gefertigt"),
    this=Inflected(
        "Dieser {craft} ist {predicate}.",
        "Diese {craft} ist {predicate}.",
        "Diese {craft} sind {predicate}.",
        neuter="Dieses {craft} ist {predicate}.",
    ),
    made_this=Inflected(
        "Dieser {craft} wurde von {maker} {place} gefertigt.",
        "Diese {craft} wurde von {maker} {place} gefertigt.",
        "Diese {craft} wurden von {maker} {place} gefertigt.",
        neuter="Dieses {craft} wurde von {maker} {place} gefertigt.",
    ),
    made_it=Inflected(
        "Er wurde von {maker} {place} gefertigt.",
        "Sie wurde von {maker} {place} gefertigt.",
        "Sie wurden von {maker} {place} gefertigt.",
        neuter="Es wurde von {maker} {place} gefertigt.",
    ),
    made=Inflected("Von {maker} {place} gefertigt"),
    cooperative="der Kooperative {name}",
    to_order=Inflected("Auf Bestellung gefertigt"),
    to_order_within=Inflected("Auf Bestellung gefertigt, Fertigungszeit {days}"),
    one_of_a_kind="Einzelstück",
    moroccan=Inflected(
        "marokkanischer {craft}",
        "marokkanische {craft}",
        "marokkanische {craft}",
        neuter="marokkanisches {craft}",
    ),
    of_material="{craft} aus {material}",
    of_colour="{craft} in {colour}",
    craftwork="Kunsthandwerk Marokko",
    labels=Labels(
        material="Material",
        technique="Technik",
        colour="Farbe",
        size="Maße",
        length="Länge",
        width="Breite",
        height="Höhe",
        diameter="Durchmesser",
        weight="Gewicht",
        room="Raum",
        care="Pflege",
        origin="Herkunft",
        year="Jahr",
    ),
    in_colours="in {}",
)
