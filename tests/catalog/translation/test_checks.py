"""What a translation lost, added or left is told; a good one passes."""

import pytest

from catalog.translation.checks import Pair, check
from catalog.translation.figures import adapted
from catalog.translation.glossary import glossary, kept_terms

FRENCH = "Tapis Azilal en laine vierge, 200 x 300 cm, noué à la main"
ENGLISH = "Azilal rug in virgin wool, 200 x 300 cm, knotted by hand"


def codes(source: str, translation: str, to: str = "en", **more: object) -> list[str]:
    pair = Pair("fr", to, names=("Tifawin",), **more)  # type: ignore[arg-type]
    return [finding.code for finding in check(source, translation, pair)]


@pytest.mark.parametrize(
    ("translation", "language"),
    [
        (ENGLISH, "en"),
        ("زربية أزيلال من الصوف الخالص، ٢٠٠ × ٣٠٠ سم، معقودة يدويا", "ar"),
        ("Azilalのラグ、バージンウール、200 x 300 cm、手結び", "ja"),
    ],
)
def test_a_good_translation_passes(translation: str, language: str) -> None:
    source = FRENCH
    assert [c for c in codes(source, translation, language) if c != "term_lost"] == []


@pytest.mark.parametrize(
    ("translation", "found"),
    [
        (ENGLISH.replace("300", "30"), ["number_lost", "number_added"]),
        (ENGLISH.replace("cm", "m"), ["unit_changed"]),
        (ENGLISH.replace("Azilal", "Berber"), ["term_lost"]),
        ("Азилал ковёр 200 x 300 cm, шерсть, ручная работа Azilal", ["wrong_script"]),
        (f"<b>{ENGLISH}</b>", ["markup"]),
        (f"{ENGLISH} XZQ1", ["number_added", "placeholder_left"]),
        ("Azilal rug 200 x 300", ["length_odd"]),
        (FRENCH, ["same_text"]),
        ("Azilal rug en laine vierge, 200 x 300 cm, noué à la main", ["left_untranslated"]),
        (" ", ["empty"]),
    ],
)
def test_what_is_wrong_is_told(translation: str, found: list[str]) -> None:
    assert codes(FRENCH, translation) == found


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("Un Azilal bleu", ["Azilal"]),
        ("Tapis Azilal", ["Azilal rug"]),
        ("Tapis Azilal, Tifawin", ["Tifawin", "Azilal rug"]),
        ("Enduit en tadelakt", ["Tadelakt"]),
        ("Babouches de Fès", ["Babouche slippers", "Fez"]),
    ],
)
def test_the_longest_name_of_a_term_is_kept_and_told_once(source: str, wanted: list[str]) -> None:
    kept = kept_terms(source, "fr", "en", ("Tifawin",))
    assert [one.wanted for one in kept] == wanted


def test_a_glossary_says_no_more_than_its_source() -> None:
    said = glossary("fr", "de", ["Tifawin"])
    names = ("Tifawin", "Zellige", "Tapis Azilal", "Babouches", "Fès")
    assert {name: said[name] for name in names} == {
        "Tifawin": "Tifawin",
        "Zellige": "Zellige",
        "Tapis Azilal": "Azilal-Teppich",
        "Babouches": "Babuschen",
        "Fès": "Fès",
    }


def test_the_name_of_a_maker_stays_and_a_title_keeps_its_length() -> None:
    assert codes("Tapis Tifawin", "Rug") == ["term_lost"]
    assert codes("Tapis", "A rug of wool", longest=10) == ["too_long"]


@pytest.mark.parametrize(
    ("source", "translation"),
    [("1 250,50 g", "1,250.50 g"), ("12,5 cm", "12.5 cm"), ("٤٥ سم", "45 cm")],
)
def test_numbers_are_equal_however_they_are_written(source: str, translation: str) -> None:
    nbsp = source.replace("1 250", "1\u00a0250")
    assert codes(f"Bol {nbsp}", f"Bowl {translation}") == []


@pytest.mark.parametrize(
    ("source", "near", "translation", "expected"),
    [
        ("Tapis 90x120", "Tapis 200x300", "Rug 200x300", "Rug 90x120"),
        ("Bol 12,5 cm", "Bol 3,5 cm", "Bowl 3.5 cm", "Bowl 12.5 cm"),
        ("Bol 12 cm", "Bol 30 cm", "وعاء ٣٠ سم", "وعاء ١٢ سم"),
        ("Tapis 90x120", "Tapis 200x200", "Rug 200x200", None),
        ("Tapis 90", "Tapis 200", "Rug two hundred, 7", None),
        ("Pouf 90", "Tapis 200", "Rug 200", None),
    ],
)
def test_only_certain_numbers_are_replaced(
    source: str, near: str, translation: str, expected: str | None
) -> None:
    assert adapted(source, near, translation) == expected
