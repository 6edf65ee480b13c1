import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.folding import fold
from catalog.translation.compose import Composition, compose
from catalog.translation.facts import Facts, Span
from catalog.translation.languages import spoken
from catalog.translation.limits import TextLimits
from catalog.translation.wording import wording
from catalog.vocabulary.terms import VOCABULARY, Kind, Term
from tests.catalog.translation.conftest import (
    BABOUCHES,
    DIAMONDS,
    ECRU,
    ENTRANCE,
    FES,
    HAND_KNOTTED,
    HAND_SEWN,
    HIGH_ATLAS,
    LEATHER,
    LEATHER_POUF,
    LIVING_ROOM,
    RED,
    ROOMY,
    STRICT,
    TAGGED,
    VIRGIN_WOOL,
    WOVEN_MAT,
    one,
)

LOCALES = ("en-US", "en-GB", "fr-FR", "de-DE", "es-MX", "it-IT", "ar-AE", "ja-JP")


def composed(facts: Facts, locale: str, limits: TextLimits = STRICT) -> Composition:
    composition = compose(facts, locale, limits)
    assert composition is not None
    return composition


def test_a_rug_has_a_native_title_in_every_locale(azilal: Facts) -> None:
    assert {locale: composed(azilal, locale).title for locale in LOCALES} == {
        "en-US": (
            "Azilal Rug, Hand-Knotted Virgin Wool, Ecru and Red, Diamond Pattern, 6.6 x "
            "9.8 ft (200 x 300 cm), from Morocco"
        ),
        "en-GB": (
            "Azilal Rug, Hand-Knotted Virgin Wool, Ecru and Red, Diamond Pattern, 200 x "
            "300 cm, from Morocco"
        ),
        "fr-FR": (
            "Tapis Azilal noué à la main en laine vierge, écru et rouge, motif de "
            "losanges, 200 x 300 cm, Maroc"
        ),
        "de-DE": (
            "Azilal-Teppich aus Schurwolle, handgeknüpft, in Ecru und Rot, Rautenmuster, "
            "200 x 300 cm, aus Marokko"
        ),
        "es-MX": (
            "Alfombra Azilal anudada a mano en lana virgen, cruda y roja, motivo de "
            "rombos, 200 x 300 cm, de Marruecos"
        ),
        "it-IT": (
            "Tappeto Azilal annodato a mano in lana vergine, ecru e rosso, motivo a "
            "rombi, 200 x 300 cm, dal Marocco"
        ),
        "ar-AE": (
            "زربية أزيلال معقودة يدويا من صوف بكر، بيج فاتح وحمراء، نقشة المعينات، 200 × "
            "300 سم، من المغرب"
        ),
        "ja-JP": (
            "Azilal Rug, Hand-Knotted Virgin Wool, Ecru and Red, Diamond Pattern, 200 x "
            "300 cm, from Morocco"
        ),
    }


def test_a_pair_agrees_in_gender_and_number(babouches: Facts) -> None:
    assert {locale: composed(babouches, locale).title for locale in LOCALES} == {
        "en-US": "Babouche Slippers, Hand-Sewn Leather, Red, from Fez, Morocco",
        "en-GB": "Babouche Slippers, Hand-Sewn Leather, Red, from Fez, Morocco",
        "fr-FR": "Babouches cousues main en cuir, rouges, de Fès, Maroc",
        "de-DE": "Babuschen aus Leder, handgenäht, in Rot, aus Fes, Marokko",
        "es-MX": "Babuchas cosidas a mano en cuero, rojas, de Fez, Marruecos",
        "it-IT": "Babbucce cucite a mano in pelle, rosse, da Fès, Marocco",
        "ar-AE": "بلغة مخيطة يدويا من جلد، حمراء، من فاس، المغرب",
        "ja-JP": "Babouche Slippers, Hand-Sewn Leather, Red, from Fez, Morocco",
    }


def test_a_region_has_its_article_and_a_material_named_by_the_craft_is_not_repeated() -> None:
    pouf = Facts(
        LEATHER_POUF,
        "Dar Dbagh",
        region=HIGH_ATLAS,
        materials=(LEATHER,),
        techniques=(HAND_SEWN,),
        diameter=one(50),
        height=one(30),
    )
    assert {locale: composed(pouf, locale).title for locale in LOCALES} == {
        "en-US": (
            "Leather Pouf, Hand-Sewn, Diameter 19.7 in (50 cm), Height 11.8 in (30 cm), "
            "from the High Atlas, Morocco"
        ),
        "en-GB": (
            "Leather Pouf, Hand-Sewn, Diameter 50 cm, Height 30 cm, from the High Atlas, Morocco"
        ),
        "fr-FR": "Pouf en cuir cousu main, diamètre 50 cm, hauteur 30 cm, du Haut Atlas, Maroc",
        "de-DE": (
            "Lederpouf, handgenäht, Durchmesser 50 cm, Höhe 30 cm, aus dem Hohen Atlas, Marokko"
        ),
        "es-MX": (
            "Puf de cuero cosido a mano, diámetro 50 cm, altura 30 cm, del Alto Atlas, Marruecos"
        ),
        "it-IT": (
            "Pouf in pelle cucito a mano, diametro 50 cm, altezza 30 cm, dall'Alto Atlante, Marocco"
        ),
        "ar-AE": "بوف جلدي مخيط يدويا، القطر 50 سم، الارتفاع 30 سم، من الأطلس الكبير، المغرب",
        "ja-JP": (
            "Leather Pouf, Hand-Sewn, Diameter 50 cm, Height 30 cm, from the High Atlas, Morocco"
        ),
    }


def test_a_whole_composition_in_french_with_tags_of_twenty_letters(azilal: Facts) -> None:
    assert composed(azilal, "fr-FR", TAGGED) == Composition(
        locale="fr-FR",
        language="fr",
        title=(
            "Tapis Azilal noué à la main en laine vierge, écru et rouge, motif de "
            "losanges, 200 x 300 cm, Maroc"
        ),
        description=(
            "Ce tapis Azilal est noué à la main en laine vierge. Il a été réalisé par la "
            "coopérative Tifawin à Azilal, Maroc. Pièce unique.\n\n"
            "Matière : laine vierge\n"
            "Technique : noué à la main\n"
            "Couleur : écru, rouge\n"
            "Motif de losanges\n"
            "Dimensions : 200 x 300 cm\n"
            "Poids : 12 kg\n"
            "Origine : Azilal, Maroc\n"
            "Pièce : salon, entrée\n"
            "Entretien : Nettoyage à sec uniquement"
        ),
        bullets=(),
        tags=(
            "tapis Azilal",
            "tapis marocain",
            "tapis Azilal écru",
            "tapis Azilal rouge",
            "tapis écru",
            "tapis rouge",
            "noué à la main",
            "motif de losanges",
            "Azilal",
            "salon",
            "entrée",
            "laine vierge",
            "écru",
        ),
        materials=("laine vierge",),
        colours=("écru", "rouge"),
    )


def test_a_whole_composition_in_arabic_with_bullets(babouches: Facts) -> None:
    assert composed(babouches, "ar-AE") == Composition(
        locale="ar-AE",
        language="ar",
        title="بلغة مخيطة يدويا من جلد، حمراء، من فاس، المغرب",
        description=(
            "بلغة مخيطة يدويا من جلد. من صنع Fatima Ouali في فاس، المغرب. تصنع حسب "
            "الطلب، مدة الصنع: 14 يومًا.\n\n"
            "المادة: جلد\n"
            "التقنية: مخيط يدويا\n"
            "اللون: أحمر\n"
            "الوزن: 380–460 غرام\n"
            "المنشأ: فاس، المغرب\n"
            "Pointure: 38، 39"
        ),
        bullets=(
            "مخيطة يدويا من جلد، حمراء",
            "الوزن: 380–460 غرام",
            "من صنع Fatima Ouali في فاس، المغرب",
            "تصنع حسب الطلب، مدة الصنع: 14 يومًا",
        ),
        tags=(
            "بلغة",
            "بلغة مغربية",
            "بلغة من جلد",
            "بلغة حمراء",
            "بلاغي",
            "مخيطة يدويا",
            "فاس",
            "جلد",
            "أحمر",
            "صناعة تقليدية مغربية",
        ),
        materials=("جلد",),
        colours=("أحمر",),
    )


def test_a_locale_without_vocabulary_gets_english_that_says_so(babouches: Facts) -> None:
    assert composed(babouches, "ja-JP", TAGGED) == Composition(
        locale="en",
        language="en",
        title="Babouche Slippers, Hand-Sewn Leather, Red, from Fez, Morocco",
        description=(
            "These babouche slippers are hand-sewn in leather. They were made by Fatima "
            "Ouali in Fez, Morocco. Made to order within 14 days.\n\n"
            "Material: leather\n"
            "Technique: hand-sewn\n"
            "Colour: red\n"
            "Weight: 380–460 g\n"
            "Origin: Fez, Morocco\n"
            "Pointure: 38, 39"
        ),
        bullets=(),
        tags=("babouche slippers", "hand-sewn", "Fez", "leather", "red", "Moroccan craft"),
        materials=("leather",),
        colours=("red",),
    )


def test_sentences_agree_in_every_language(babouches: Facts) -> None:
    assert {
        locale: composed(babouches, locale).description.partition("\n")[0] for locale in LOCALES
    } == {
        "en-US": (
            "These babouche slippers are hand-sewn in leather. They were made by Fatima "
            "Ouali in Fez, Morocco. Made to order within 14 days."
        ),
        "en-GB": (
            "These babouche slippers are hand-sewn in leather. They were made by Fatima "
            "Ouali in Fez, Morocco. Made to order within 14 days."
        ),
        "fr-FR": (
            "Ces babouches sont cousues main en cuir. Elles ont été réalisées par Fatima "
            "Ouali à Fès, Maroc. Fabriquées sur commande en 14 jours."
        ),
        "de-DE": (
            "Diese Babuschen sind aus Leder handgenäht. Sie wurden von Fatima Ouali in "
            "Fes, Marokko, gefertigt. Auf Bestellung gefertigt, Fertigungszeit 14 Tage."
        ),
        "es-MX": (
            "Estas babuchas están cosidas a mano en cuero. Fueron hechas por Fatima "
            "Ouali en Fez, Marruecos. Hechas por encargo en 14 días."
        ),
        "it-IT": (
            "Queste babbucce sono cucite a mano in pelle. Sono state realizzate da "
            "Fatima Ouali a Fès, Marocco. Realizzate su ordinazione in 14 giorni."
        ),
        "ar-AE": (
            "بلغة مخيطة يدويا من جلد. من صنع Fatima Ouali في فاس، المغرب. تصنع حسب "
            "الطلب، مدة الصنع: 14 يومًا."
        ),
        "ja-JP": (
            "These babouche slippers are hand-sewn in leather. They were made by Fatima "
            "Ouali in Fez, Morocco. Made to order within 14 days."
        ),
    }


def test_bullets_tell_making_size_maker_care_and_use(azilal: Facts) -> None:
    assert {locale: composed(azilal, locale).bullets for locale in LOCALES} == {
        "en-US": (
            "Hand-knotted in virgin wool, ecru and red, diamond pattern",
            "Size: 6.6 x 9.8 ft (200 x 300 cm). Weight: 26.5 lb (12 kg)",
            "Made by the cooperative Tifawin in Azilal, Morocco",
            "Dry clean only",
            "For the living room and hallway. One of a kind",
        ),
        "en-GB": (
            "Hand-knotted in virgin wool, ecru and red, diamond pattern",
            "Size: 200 x 300 cm. Weight: 12 kg",
            "Made by the cooperative Tifawin in Azilal, Morocco",
            "Dry clean only",
            "For the living room and hallway. One of a kind",
        ),
        "fr-FR": (
            "Noué à la main en laine vierge, écru et rouge, motif de losanges",
            "Dimensions : 200 x 300 cm. Poids : 12 kg",
            "Réalisé par la coopérative Tifawin à Azilal, Maroc",
            "Nettoyage à sec uniquement",
            "Pour le salon et l'entrée. Pièce unique",
        ),
        "de-DE": (
            "Aus Schurwolle handgeknüpft, in Ecru und Rot, Rautenmuster",
            "Maße: 200 x 300 cm. Gewicht: 12 kg",
            "Von der Kooperative Tifawin in Azilal, Marokko, gefertigt",
            "Nur chemisch reinigen",
            "Für Wohnzimmer und Flur. Einzelstück",
        ),
        "es-MX": (
            "Anudada a mano en lana virgen, cruda y roja, motivo de rombos",
            "Medidas: 200 x 300 cm. Peso: 12 kg",
            "Hecha por la cooperativa Tifawin en Azilal, Marruecos",
            "Limpiar solo en seco",
            "Para el salón y la entrada. Pieza única",
        ),
        "it-IT": (
            "Annodato a mano in lana vergine, ecru e rosso, motivo a rombi",
            "Dimensioni: 200 x 300 cm. Peso: 12 kg",
            "Realizzato dalla cooperativa Tifawin ad Azilal, Marocco",
            "Solo lavaggio a secco",
            "Per il soggiorno e l'ingresso. Pezzo unico",
        ),
        "ar-AE": (
            "معقودة يدويا من صوف بكر، بيج فاتح وحمراء، نقشة المعينات",
            "المقاسات: 200 × 300 سم. الوزن: 12 كغم",
            "من صنع تعاونية Tifawin في أزيلال، المغرب",
            "تنظيف جاف فقط",
            "لغرفة الجلوس والمدخل. قطعة فريدة",
        ),
        "ja-JP": (
            "Hand-knotted in virgin wool, ecru and red, diamond pattern",
            "Size: 200 x 300 cm. Weight: 12 kg",
            "Made by the cooperative Tifawin in Azilal, Morocco",
            "Dry clean only",
            "For the living room and hallway. One of a kind",
        ),
    }


def test_tags_are_what_buyers_search_for(azilal: Facts) -> None:
    locales = ("en-GB", "de-DE", "it-IT")
    assert {locale: composed(azilal, locale, TAGGED).tags for locale in locales} == {
        "en-GB": (
            "Azilal rug",
            "Moroccan rug",
            "Moroccan Azilal rug",
            "ecru Azilal rug",
            "red Azilal rug",
            "virgin wool rug",
            "ecru rug",
            "red rug",
            "Azilal rugs",
            "hand-knotted",
            "diamond pattern",
            "Azilal",
            "living room",
        ),
        "de-DE": (
            "Azilal-Teppich",
            "Teppich in Ecru",
            "Teppich in Rot",
            "Azilal-Teppiche",
            "handgeknüpft",
            "Rautenmuster",
            "Azilal",
            "Wohnzimmer",
            "Flur",
            "Schurwolle",
            "Ecru",
            "Rot",
        ),
        "it-IT": (
            "tappeto Azilal",
            "tappeto marocchino",
            "tappeto Azilal ecru",
            "tappeto Azilal rosso",
            "tappeto ecru",
            "tappeto rosso",
            "tappeti Azilal",
            "annodato a mano",
            "motivo a rombi",
            "Azilal",
            "soggiorno",
            "ingresso",
            "lana vergine",
        ),
    }


def test_later_parts_are_left_out_whole_when_there_is_no_room(azilal: Facts) -> None:
    titles = {
        n: composed(azilal, "en-US", replace(ROOMY, title_length=n)).title for n in (97, 60, 12)
    }
    assert titles == {
        97: (
            "Azilal Rug, Hand-Knotted Virgin Wool, Ecru and Red, Diamond Pattern, 6.6 x "
            "9.8 ft (200 x 300 cm)"
        ),
        60: "Azilal Rug, Hand-Knotted Virgin Wool, Ecru and Red",
        12: "Azilal Rug",
    }


def test_a_size_in_a_refused_sign_is_left_out(azilal: Facts) -> None:
    limits = replace(ROOMY, title_signs="()")
    assert (
        composed(azilal, "en-US", limits).title
        == "Azilal Rug, Hand-Knotted Virgin Wool, Ecru and Red, Diamond Pattern, from Morocco"
    )


def test_a_title_promises_no_size_that_variants_do_not_share(azilal: Facts) -> None:
    carpet = composed(replace(azilal, length=Span(250, 300)), "de-DE")
    assert (carpet.title, carpet.bullets[1]) == (
        "Azilal-Teppich aus Schurwolle, handgeknüpft, in Ecru und Rot, Rautenmuster, aus Marokko",
        "Maße: 200 x 250–300 cm. Gewicht: 12 kg",
    )


def test_an_adjective_in_a_german_craft_bends_inside_a_sentence() -> None:
    mat = Facts(WOVEN_MAT, "Coopérative Tifawin", made_in_year=2024)
    assert composed(mat, "de-DE").description == (
        "Diese geflochtene Matte wurde von Coopérative Tifawin in Marokko "
        "gefertigt.\n\n"
        "Herkunft: Marokko\n"
        "Jahr: 2024"
    )


def test_nothing_is_composed_without_a_craft(azilal: Facts) -> None:
    assert compose(replace(azilal, craft=None), "fr-FR", ROOMY) is None


@pytest.mark.parametrize(
    ("locale", "first", "second", "both"),
    [
        ("es", "crudo", "índigo", "crudo e índigo"),
        ("es", "cobre", "hierro", "cobre y hierro"),
        ("it", "rosso", "ecru", "rosso ed ecru"),
        ("ar", "أحمر", "أزرق", "أحمر وأزرق"),
    ],
)
def test_and_follows_the_sound_after_it(locale: str, first: str, second: str, both: str) -> None:
    assert spoken(locale).listed([first, second]) == both


def some(kind: Kind, most: int) -> st.SearchStrategy[tuple[Term, ...]]:
    terms = list(VOCABULARY[kind].values())
    return st.lists(st.sampled_from(terms), max_size=most, unique_by=lambda t: t.code).map(tuple)


SPANS = st.none() | st.floats(1, 900).map(one) | st.just(Span(30, 90))
NAMES = st.sampled_from(["Tifawin", "تعاونية النور", "A & B & C", "Coop: 50% $"]) | st.text(
    max_size=30
)
FACTS = st.builds(
    Facts,
    craft=st.sampled_from([*VOCABULARY[Kind.CRAFT].values(), BABOUCHES, LEATHER_POUF]),
    maker=NAMES,
    is_cooperative=st.booleans(),
    region=NAMES | st.sampled_from([None, FES, HIGH_ATLAS]),
    materials=some(Kind.MATERIAL, 3) | st.just((VIRGIN_WOOL, LEATHER)),
    colours=some(Kind.COLOUR, 4) | st.just((ECRU, RED)),
    techniques=some(Kind.TECHNIQUE, 2) | st.just((HAND_KNOTTED, HAND_SEWN)),
    motifs=some(Kind.MOTIF, 2) | st.just((DIAMONDS,)),
    rooms=some(Kind.ROOM, 2) | st.just((LIVING_ROOM, ENTRANCE)),
    care=some(Kind.CARE, 2),
    length=SPANS,
    width=SPANS,
    height=SPANS,
    diameter=SPANS,
    weight=SPANS,
    made_to_order=st.booleans(),
    lead_time_days=st.none() | st.integers(1, 90),
    one_of_a_kind=st.booleans(),
)
LIMITS = st.builds(
    TextLimits,
    title_length=st.integers(60, 255),
    description_length=st.integers(80, 2000),
    tags=st.integers(0, 20),
    tag_length=st.integers(15, 40),
    bullets=st.integers(0, 6),
    bullet_length=st.integers(40, 500),
    title_signs=st.sampled_from(["", "!$?_{}^¬¦", "()"]),
    title_signs_once=st.sampled_from(["", "%:&+"]),
    title_word_times=st.integers(0, 2),
)


@pytest.mark.parametrize(("region", "tag"), [("\u0345", None), ("Sale\u0301", "Sal\u00e9")])
def test_a_tag_has_letters_and_their_accents_are_of_them(region: str, tag: str | None) -> None:
    facts = Facts(craft=BABOUCHES, maker="", region=region)
    tags = composed(facts, "fr-FR", TextLimits(140, 2000, 20, 40)).tags
    assert all(unicodedata.category(sign)[0] != "M" for one in tags for sign in one)
    assert (tag in tags) == (tag is not None)


@given(FACTS, st.sampled_from(LOCALES), LIMITS)
def test_any_composition_keeps_to_any_limits(facts: Facts, locale: str, limits: TextLimits) -> None:
    text = composed(facts, locale, limits)
    words = re.findall(r"[^\W\d_]{4,}", fold(text.title))
    assert len(text.title) <= limits.title_length
    assert text.title == " ".join(text.title.split())
    assert not set(text.title) & set(limits.title_signs)
    assert all(text.title.count(sign) <= 1 for sign in limits.title_signs_once)
    assert len(words) == len(set(words))
    assert len(text.description) <= limits.description_length
    assert len(text.bullets) <= limits.bullets
    assert all(0 < len(bullet) <= limits.bullet_length for bullet in text.bullets)
    assert all("  " not in said for said in (text.description, *text.bullets))
    assert len(text.tags) <= limits.tags
    assert all(re.fullmatch(r"[\w '’-]{1,40}", re.sub("[\u064b-\u0652]", "", t)) for t in text.tags)
    assert len({fold(tag) for tag in text.tags}) == len(text.tags)


@given(FACTS, st.sampled_from(LOCALES), LIMITS)
def test_a_shorter_title_cuts_no_word(facts: Facts, locale: str, limits: TextLimits) -> None:
    roomy = replace(limits, title_length=100_000)
    whole = re.findall(r"[^\s,،]+", composed(facts, locale, roomy).title)
    short = re.findall(r"[^\s,،]+", composed(facts, locale, limits).title)
    said = set(whole) | {word for group in _alternatives(facts, locale) for word in group}
    assert set(short) <= said


def _alternatives(facts: Facts, locale: str) -> list[list[str]]:
    # Where the fullest wording of a part has no room, another one says the same in other words.
    craft = facts.craft
    assert craft is not None
    words = wording(facts, craft, spoken(locale))
    groups = (*words.title_making, words.title_origin)
    return [re.findall(r"[^\s,،]+", text) for group in groups for text in group]


@given(FACTS, LIMITS)
def test_a_latin_word_in_arabic_is_never_followed_by_a_figure(
    facts: Facts, limits: TextLimits
) -> None:
    # Digits after a Latin word would run from left to right with it: UAX 9, rule W7.
    plain = replace(facts, maker="Tifawin", region="Azrou")
    text = composed(plain, "ar-AE", limits)
    for line in (text.title, *text.bullets, *text.description.splitlines()):
        assert not re.search(r"[A-Za-z][^\w]*\d", line)
        assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", line)
