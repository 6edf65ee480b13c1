"""French."""

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

_SMALL = "a au aux avec d de des du en et l la le les par pour sur un une x"


def _the(noun: Form) -> str:
    if noun.always_plural:
        return f"les {noun.name}"
    if starts_with_vowel(noun.name):
        return f"l'{noun.name}"
    return f"{'la' if noun.gender is Gender.FEMININE else 'le'} {noun.name}"


def _from_place(place: Form) -> str:
    # A town has no gender; a region has one, and its article: d'Azilal, de Fès, du Haut Atlas.
    if place.gender is None:
        return f"d'{place.name}" if starts_with_vowel(place.name) else f"de {place.name}"
    if starts_with_vowel(place.name) and not place.always_plural:
        return f"de l'{place.name}"
    if place.gender is Gender.FEMININE and not place.always_plural:
        return f"de la {place.name}"
    return f"{'des' if place.always_plural else 'du'} {place.name}"


def _in_place(place: Form) -> str:
    where = f"à {place.name}" if place.gender is None else f"dans {_the(place)}"
    return f"{where}, Maroc"


def _for_rooms(rooms: Sequence[Form]) -> str:
    return "Pour " + FRENCH.listed([_the(room) for room in rooms])


def _smooth(sentence: str) -> str:
    return re.sub(r"^Ce (?=[aeiouyhéèêîôœ])", "Cet ", sentence)


def _within(craft: Form) -> str:
    return first_lower(craft.name)


FRENCH = Language(
    code="fr",
    unsaid=frozenset(_SMALL.split()),
    country="Maroc",
    from_country="Maroc",
    in_country="au Maroc",
    pair="{} et {}".format,
    from_place=_from_place,
    in_place=_in_place,
    for_rooms=_for_rooms,
    within=_within,
    smooth=_smooth,
    title=Making(" {technique} en {material}", " {technique}", " en {material}"),
    predicate=Making("{technique} en {material}", "{technique}", "en {material}"),
    this=Inflected(
        "Ce {craft} est {predicate}.",
        "Cette {craft} est {predicate}.",
        "Ces {craft} sont {predicate}.",
    ),
    made_this=Inflected(
        "Ce {craft} a été réalisé par {maker} {place}.",
        "Cette {craft} a été réalisée par {maker} {place}.",
        "Ces {craft} ont été réalisés par {maker} {place}.",
        "Ces {craft} ont été réalisées par {maker} {place}.",
    ),
    made_it=Inflected(
        "Il a été réalisé par {maker} {place}.",
        "Elle a été réalisée par {maker} {place}.",
        "Ils ont été réalisés par {maker} {place}.",
        "Elles ont été réalisées par {maker} {place}.",
    ),
    made=Inflected(
        "Réalisé par {maker} {place}",
        "Réalisée par {maker} {place}",
        "Réalisés par {maker} {place}",
        "Réalisées par {maker} {place}",
    ),
    cooperative="la coopérative {name}",
    to_order=Inflected(
        "Fabriqué sur commande",
        "Fabriquée sur commande",
        "Fabriqués sur commande",
        "Fabriquées sur commande",
    ),
    to_order_within=Inflected(
        "Fabriqué sur commande en {days}",
        "Fabriquée sur commande en {days}",
        "Fabriqués sur commande en {days}",
        "Fabriquées sur commande en {days}",
    ),
    one_of_a_kind="Pièce unique",
    moroccan=Inflected(
        "{craft} marocain", "{craft} marocaine", "{craft} marocains", "{craft} marocaines"
    ),
    of_material="{craft} en {material}",
    of_colour="{craft} {colour}",
    craftwork="artisanat marocain",
    labels=Labels(
        material="Matière",
        technique="Technique",
        colour="Couleur",
        size="Dimensions",
        length="Longueur",
        width="Largeur",
        height="Hauteur",
        diameter="Diamètre",
        weight="Poids",
        room="Pièce",
        care="Entretien",
        origin="Origine",
        year="Année",
        stop=" : ",
    ),
)
