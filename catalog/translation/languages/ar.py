"""Arabic: Modern Standard, without vowel signs, with the digits 0-9 as Gulf marketplaces do.

The sentences about making are nominal ('woven by ...'), so that they hold for makers and things of
either gender. Materials are said without the article ('of virgin wool'), which is right for one
word and for several. Sizes have the sign × between them, which takes the direction of its text;
the Latin letter x would not. A name in Latin letters is always followed by an Arabic word, never
by a figure: digits after a Latin word would run from left to right with it. Therefore a text
needs no invisible direction marks (Unicode Standard Annex 9, rules W7, N1 and N2), which some
marketplaces show as boxes.
"""

from collections.abc import Sequence

from catalog.translation.grammar import Inflected, Labels, Language, Making
from catalog.vocabulary.terms import Form

_THE = "ال"


def _pair(first: str, second: str) -> str:
    return f"{first} و{second}"


def _definite(room: Form) -> str:
    # In a chain of nouns the last one bears the article for all: غرفة الجلوس.
    words = room.name.split(" ")
    if not any(word.startswith(_THE) for word in words):
        words[-1] = _THE + words[-1]
    return " ".join(words)


def _from_place(place: Form) -> str:
    return f"من {place.name}"


def _in_place(place: Form) -> str:
    return f"في {place.name}، المغرب"


def _for_rooms(rooms: Sequence[Form]) -> str:
    # The preposition swallows the first letter of the article.
    first, *others = map(_definite, rooms)
    first = first.replace(_THE, "لل", 1) if first.startswith(_THE) else f"ل{first}"
    return " و".join([first, *others])


def _within(craft: Form) -> str:
    return craft.name


ARABIC = Language(
    code="ar",
    unsaid=frozenset(["من", "في", "و", "على", "مع", "الى", "x"]),
    country="المغرب",
    from_country="من المغرب",
    in_country="في المغرب",
    pair=_pair,
    from_place=_from_place,
    in_place=_in_place,
    for_rooms=_for_rooms,
    within=_within,
    title=Making(" {technique} من {material}", " {technique}", " من {material}"),
    predicate=Making("{technique} من {material}", "{technique}", "من {material}"),
    this=Inflected("{craft} {predicate}."),
    made_this=Inflected("{craft} من صنع {maker} {place}."),
    made_it=Inflected("من صنع {maker} {place}."),
    made=Inflected("من صنع {maker} {place}"),
    cooperative="تعاونية {name}",
    to_order=Inflected("يصنع حسب الطلب", "تصنع حسب الطلب", "تصنع حسب الطلب", "تصنع حسب الطلب"),
    to_order_within=Inflected(
        "يصنع حسب الطلب، مدة الصنع: {days}",
        "تصنع حسب الطلب، مدة الصنع: {days}",
        "تصنع حسب الطلب، مدة الصنع: {days}",
    ),
    one_of_a_kind="قطعة فريدة",
    moroccan=Inflected("{craft} مغربي", "{craft} مغربية", "{craft} مغربية", "{craft} مغربية"),
    of_material="{craft} من {material}",
    of_colour="{craft} {colour}",
    craftwork="صناعة تقليدية مغربية",
    labels=Labels(
        material="المادة",
        technique="التقنية",
        colour="اللون",
        size="المقاسات",
        length="الطول",
        width="العرض",
        height="الارتفاع",
        diameter="القطر",
        weight="الوزن",
        room="الغرفة",
        care="العناية",
        origin="المنشأ",
        year="سنة الصنع",
    ),
    comma="، ",
    times=" × ",
    stem=3,
)
