"""Which language a visitor reads."""

import pytest

from trade_ma.console.languages import chosen, language, languages


@pytest.mark.parametrize(
    ("wishes", "accepted", "expected"),
    [
        (["ar", "fr"], "en", "ar"),
        ([None, "", "fr_FR"], "en", "fr"),
        (["de"], "ar-MA,fr;q=0.8", "ar"),
        ([], "de, en;q=0.5, fr;q=0.7", "fr"),
        ([], "fr;q=0, ar;q=0.1", "ar"),
        ([], "fr;q=much, *", "en"),
        ([], "", "en"),
    ],
)
def test_the_first_wish_that_we_speak_is_read(
    wishes: list[str | None], accepted: str, expected: str
) -> None:
    assert chosen(wishes, accepted).code == expected


def test_each_language_is_called_as_its_readers_do() -> None:
    assert [(one.code, one.name, one.direction) for one in languages()] == [
        ("fr", "Français", "ltr"),
        ("ar", "العربية", "rtl"),
        ("en", "English", "ltr"),
    ]


def test_a_language_that_is_not_spoken_is_none_of_ours() -> None:
    with pytest.raises(LookupError):
        language("de")
