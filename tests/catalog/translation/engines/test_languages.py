"""A language is asked for by the name that an engine has for it."""

import pytest

from catalog.translation.engines.languages import closest


@pytest.mark.parametrize(
    ("tag", "offered", "found"),
    [
        ("en", ["DE", "EN-GB", "EN-US"], "EN-US"),
        ("en-GB", ["EN-GB", "EN-US"], "EN-GB"),
        ("pt-BR", ["pt", "pt-BR"], "pt-BR"),
        ("pt", ["PT-BR", "PT-PT"], "PT-PT"),
        ("es-MX", ["ES", "ES-419"], "ES-419"),
        ("es-MX", ["es"], "es"),
        ("es-ES", ["ES", "ES-419"], "ES"),
        ("de-CH", ["DE"], "DE"),
        ("ja", ["DE"], None),
    ],
)
def test_the_closest_is_the_variant_then_the_region_then_the_language(
    tag: str, offered: list[str], found: str | None
) -> None:
    assert closest(tag, offered) == found
