"""Products of the trade, in terms that stand here, so that new words change no expectation."""

import pytest

from catalog.translation.facts import Facts, Span
from catalog.translation.limits import TextLimits
from catalog.vocabulary.terms import LANGUAGES, Kind, Term, parse


def _term(kind: Kind, code: str, *cells: str, hs: str = "") -> Term:
    forms = {language: parse(kind, cell) for language, cell in zip(LANGUAGES, cells, strict=True)}
    return Term(code, kind, forms, hs=hs)


AZILAL_RUG = _term(
    Kind.CRAFT,
    "rug-azilal",
    "Tapis Azilal|Tapis Azilal|m",
    "Azilal rug|Azilal rugs",
    "زربية أزيلال|زرابي أزيلال|f",
    "Alfombra Azilal|Alfombras Azilal|f",
    "Azilal-Teppich|Azilal-Teppiche|m",
    "Tappeto Azilal|Tappeti Azilal|m",
    hs="570110",
)
BABOUCHES = _term(
    Kind.CRAFT,
    "babouches",
    "Babouches||fp",
    "Babouche slippers||p",
    "بلغة|بلاغي|f",
    "Babuchas||fp",
    "Babuschen||fp",
    "Babbucce||fp",
)
LEATHER_POUF = _term(
    Kind.CRAFT,
    "pouf-leather",
    "Pouf en cuir|Poufs en cuir|m",
    "Leather pouf|Leather poufs",
    "بوف جلدي|بوفات جلدية|m",
    "Puf de cuero|Pufs de cuero|m",
    "Lederpouf|Lederpoufs|m",
    "Pouf in pelle|Pouf in pelle|m",
)
WOVEN_MAT = _term(
    Kind.CRAFT,
    "mat",
    "Natte|Nattes|f",
    "Woven mat|Woven mats",
    "حصير|حصائر|m",
    "Estera|Esteras|f",
    "Geflochtene Matte|Geflochtene Matten|f",
    "Stuoia|Stuoie|f",
)
VIRGIN_WOOL = _term(
    Kind.MATERIAL,
    "virgin-wool",
    "laine vierge||f",
    "virgin wool",
    "صوف بكر||m",
    "lana virgen||f",
    "Schurwolle||f",
    "lana vergine||f",
)
LEATHER = _term(
    Kind.MATERIAL, "leather", "cuir||m", "leather", "جلد||m", "cuero||m", "Leder||n", "pelle||f"
)
ECRU = _term(
    Kind.COLOUR,
    "ecru",
    "écru|écrue|écrus|écrues",
    "ecru",
    "بيج فاتح",
    "crudo|cruda|crudos|crudas",
    "Ecru",
    "ecru",
)
RED = _term(
    Kind.COLOUR,
    "red",
    "rouge|rouge|rouges|rouges",
    "red",
    "أحمر|حمراء|حمراء|حمراء",
    "rojo|roja|rojos|rojas",
    "Rot",
    "rosso|rossa|rossi|rosse",
)
HAND_KNOTTED = _term(
    Kind.TECHNIQUE,
    "hand-knotted",
    "noué à la main|nouée à la main|noués à la main|nouées à la main",
    "hand-knotted",
    "معقود يدويا|معقودة يدويا|معقودة يدويا|معقودة يدويا",
    "anudado a mano|anudada a mano|anudados a mano|anudadas a mano",
    "handgeknüpft",
    "annodato a mano|annodata a mano|annodati a mano|annodate a mano",
)
HAND_SEWN = _term(
    Kind.TECHNIQUE,
    "hand-sewn",
    "cousu main|cousue main|cousus main|cousues main",
    "hand-sewn",
    "مخيط يدويا|مخيطة يدويا|مخيطة يدويا|مخيطة يدويا",
    "cosido a mano|cosida a mano|cosidos a mano|cosidas a mano",
    "handgenäht",
    "cucito a mano|cucita a mano|cuciti a mano|cucite a mano",
)
DIAMONDS = _term(
    Kind.MOTIF,
    "lozenges",
    "motif de losanges",
    "diamond pattern",
    "نقشة المعينات",
    "motivo de rombos",
    "Rautenmuster",
    "motivo a rombi",
)
AZILAL = _term(Kind.REGION, "azilal", "Azilal", "Azilal", "أزيلال", "Azilal", "Azilal", "Azilal")
FES = _term(Kind.REGION, "fes", "Fès", "Fez", "فاس", "Fez", "Fes", "Fès")
HIGH_ATLAS = _term(
    Kind.REGION,
    "high-atlas",
    "Haut Atlas||m",
    "High Atlas",
    "الأطلس الكبير||m",
    "Alto Atlas||m",
    "Hoher Atlas||m",
    "Alto Atlante||m",
)
LIVING_ROOM = _term(
    Kind.ROOM,
    "living-room",
    "salon||m",
    "living room",
    "غرفة الجلوس||f",
    "salón||m",
    "Wohnzimmer||n",
    "soggiorno||m",
)
ENTRANCE = _term(
    Kind.ROOM,
    "entrance",
    "entrée||f",
    "hallway",
    "مدخل||m",
    "entrada||f",
    "Flur||m",
    "ingresso||m",
)
DRY_CLEAN = _term(
    Kind.CARE,
    "dry-clean",
    "Nettoyage à sec uniquement",
    "Dry clean only",
    "تنظيف جاف فقط",
    "Limpiar solo en seco",
    "Nur chemisch reinigen",
    "Solo lavaggio a secco",
)

STRICT = TextLimits(200, 2000, 50, 249, 5, 500, title_signs="!$?_{}^¬¦", title_word_times=2)
TAGGED = TextLimits(140, 50_000, 13, 20, title_signs_once="%:&+")
ROOMY = TextLimits(255, 131_072, 250, 255)


def one(figure: float) -> Span:
    return Span(figure, figure)


@pytest.fixture
def azilal() -> Facts:
    """A rug whose craft already names its region."""
    return Facts(
        craft=AZILAL_RUG,
        maker="Tifawin",
        region=AZILAL,
        materials=(VIRGIN_WOOL,),
        colours=(ECRU, RED),
        techniques=(HAND_KNOTTED,),
        motifs=(DIAMONDS,),
        rooms=(LIVING_ROOM, ENTRANCE),
        care=(DRY_CLEAN,),
        length=one(300),
        width=one(200),
        weight=one(12_000),
        one_of_a_kind=True,
    )


@pytest.fixture
def babouches() -> Facts:
    """A pair in sizes, by one artisan, made to order."""
    return Facts(
        craft=BABOUCHES,
        maker="Fatima Ouali",
        is_cooperative=False,
        region=FES,
        materials=(LEATHER,),
        colours=(RED,),
        techniques=(HAND_SEWN,),
        weight=Span(380, 460),
        made_to_order=True,
        lead_time_days=14,
        options=(("Pointure", ("38", "39")),),
    )
