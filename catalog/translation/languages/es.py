"""Spanish."""

from collections.abc import Sequence

from catalog.folding import fold
from catalog.translation.grammar import Inflected, Labels, Language, Making, first_lower
from catalog.vocabulary.terms import Form, Gender

_SMALL = "a al con de del e el en la las los para por un una x y"


def _the(noun: Form) -> str:
    feminine = noun.gender is Gender.FEMININE
    if noun.always_plural:
        return f"{'las' if feminine else 'los'} {noun.name}"
    return f"{'la' if feminine else 'el'} {noun.name}"


def _pair(first: str, second: str) -> str:
    # 'y' is 'e' before the sound of i, but not before the glide of 'hierro': RAE, Ortografía.
    sound = fold(second).removeprefix("h")
    return f"{first} {'e' if sound.startswith('i') and sound[1:2] not in 'aeou' else 'y'} {second}"


def _from_place(place: Form) -> str:
    # A town has no gender; a region has one, and its article.
    return f"de {place.name if place.gender is None else _the(place)}".replace("de el ", "del ")


def _in_place(place: Form) -> str:
    return f"en {place.name if place.gender is None else _the(place)}, Marruecos"


def _for_rooms(rooms: Sequence[Form]) -> str:
    return "Para " + SPANISH.listed([_the(room) for room in rooms])


def _within(craft: Form) -> str:
    return first_lower(craft.name)


SPANISH = Language(
    code="es",
    unsaid=frozenset(_SMALL.split()),
    country="Marruecos",
    from_country="de Marruecos",
    in_country="en Marruecos",
    pair=_pair,
    from_place=_from_place,
    in_place=_in_place,
    for_rooms=_for_rooms,
    within=_within,
    title=Making(" {technique} en {material}", " {technique}", " de {material}"),
    predicate=Making(
        "{technique} en {material}",
        "{technique}",
        "{of} de {material}",
        Inflected("hecho", "hecha", "hechos", "hechas"),
    ),
    this=Inflected(
        "Este {craft} está {predicate}.",
        "Esta {craft} está {predicate}.",
        "Estos {craft} están {predicate}.",
        "Estas {craft} están {predicate}.",
    ),
    made_this=Inflected(
        "Este {craft} fue hecho por {maker} {place}.",
        "Esta {craft} fue hecha por {maker} {place}.",
        "Estos {craft} fueron hechos por {maker} {place}.",
        "Estas {craft} fueron hechas por {maker} {place}.",
    ),
    made_it=Inflected(
        "Fue hecho por {maker} {place}.",
        "Fue hecha por {maker} {place}.",
        "Fueron hechos por {maker} {place}.",
        "Fueron hechas por {maker} {place}.",
    ),
    made=Inflected(
        "Hecho por {maker} {place}",
        "Hecha por {maker} {place}",
        "Hechos por {maker} {place}",
        "Hechas por {maker} {place}",
    ),
    cooperative="la cooperativa {name}",
    to_order=Inflected(
        "Hecho por encargo", "Hecha por encargo", "Hechos por encargo", "Hechas por encargo"
    ),
    to_order_within=Inflected(
        "Hecho por encargo en {days}",
        "Hecha por encargo en {days}",
        "Hechos por encargo en {days}",
        "Hechas por encargo en {days}",
    ),
    one_of_a_kind="Pieza única",
    moroccan=Inflected("{craft} marroquí", plural="{craft} marroquíes"),
    of_material="{craft} de {material}",
    of_colour="{craft} {colour}",
    craftwork="artesanía marroquí",
    labels=Labels(
        material="Material",
        technique="Técnica",
        colour="Color",
        size="Medidas",
        length="Largo",
        width="Ancho",
        height="Altura",
        diameter="Diámetro",
        weight="Peso",
        room="Estancia",
        care="Cuidados",
        origin="Origen",
        year="Año",
    ),
)
