"""The language of a text is told by its words, and Darija is not taken for French."""

import pytest

from catalog.translation.detection import DARIJA, detect, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Tapis noué à la main", "fr"),
        ("Plateau martelé cuivre 3cm", "fr"),
        ("Rug knotted by hand with wool", "en"),
        ("Bowl with lid", "en"),
        ("Alfombra de lana hecha a mano", "es"),
        ("Espejo de hueso", "es"),
        ("زربية صوفية BO-1", "ar"),
        ("zarbia mzyana, khdma d lyad, 3tr9", DARIJA),
        ("zarbia dyal m3ellem", DARIJA),
        ("Zarbia Beni Ourain en laine", "fr"),
        ("Tapis 3D laine 9x3m", "fr"),
    ],
)
def test_the_words_tell(text: str, language: str) -> None:
    assert detect(text, "it") == language


@pytest.mark.parametrize("text", ["Boucherouite", "TAP-379 7a9", "", "200x300", "Sac 7cm 9eme"])
def test_what_tells_nothing_is_otherwise(text: str) -> None:
    assert detect(text, "it") == "it"


def test_a_locale_is_read_in_its_language() -> None:
    tags = ["en-US", "de", "pt_BR", "zh-Hant-TW"]
    assert [language_of(tag) for tag in tags] == ["en", "de", "pt", "zh-Hant"]
