"""Every finding has its sentence in every language."""

import string
import tomllib
from importlib.resources import files

import pytest

from images.advice import LANGUAGES, sentence
from images.checks import Code, Finding

MESSAGES = tomllib.loads((files("images") / "messages.toml").read_text("utf-8"))
BAD_PHOTOS = {"not_a_photo", "truncated", "too_many_pixels", "too_large", "not_fetched"} | {
    "missing_photo"
}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_code_has_a_sentence_in_every_language() -> None:
    assert set(MESSAGES) == set(Code) | BAD_PHOTOS
    assert {tuple(sorted(texts)) for texts in MESSAGES.values()} == {tuple(sorted(LANGUAGES))}


def test_the_languages_name_the_same_details() -> None:
    for texts in MESSAGES.values():
        assert len({frozenset(fields(text)) for text in texts.values()}) == 1


SMALL = {
    "fr": """
        La photo est petite : 640 pixels, Amazon en souhaite 1000. Envoyez l'original du téléphone,
        pas une copie reçue par messagerie.
    """,
    "ar": """
        الصورة صغيرة: 640 بكسل، وAmazon يفضل 1000. أرسل الصورة الأصلية من الهاتف وليس نسخة وصلت عبر
        تطبيق المراسلة.
    """,
    "en": """
        The photo is small: 640 pixels, Amazon would like 1000. Send the original from the phone,
        not a copy that came by a messenger.
    """,
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_has_its_figures(language: str) -> None:
    small = Finding(Code.SMALL, details={"pixels": 640, "wanted": 1000, "market": "Amazon"})
    told = sentence(small, language)
    assert told == " ".join(SMALL[language].split())
