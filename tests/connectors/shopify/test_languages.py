"""One piece in two languages, published and read back as Shopify tells it."""

from dataclasses import replace
from typing import Any

import pytest

from connectors.protocol import (
    ALL_FACETS,
    Accepted,
    Change,
    Draft,
    Remote,
    Severity,
    Text,
)
from tests.connectors.shopify.conftest import PracticeShop

ENGLISH = Text(
    "en-US",
    "Beni Ourain rug, ivory wool, 5 x 8 ft",
    "Knotted by hand in the Middle Atlas.",
    ("Undyed wool", "One of a kind"),
    ("berber rug", "wool rug"),
)
GERMAN = Text(
    "de-DE",
    "Beni-Ourain-Teppich, elfenbeinfarbene Wolle, 150 × 250 cm",
    "Von Hand geknüpft im Mittleren Atlas.",
    ("Ungefärbte Wolle", "Einzelstück"),
    ("Berberteppich", "Wollteppich"),
)
WORDS = """
query product($id: ID!, $locale: String!) {
  product(id: $id) {
    title
    descriptionHtml
    tags
    translations(locale: $locale) { key value outdated }
  }
}
"""


def read_back(shop: PracticeShop, remote: Remote, locale: str) -> Any:
    """What Shopify answers of a product's own words, and of those in `locale`."""
    return shop.connector()._client.call(WORDS, id=remote.id, locale=locale)["product"]


def test_both_languages_stand_in_the_shop(shop: PracticeShop, rug: Draft) -> None:
    [remote] = shop.listed(replace(rug, texts=(ENGLISH, GERMAN)))
    assert read_back(shop, remote, "de") == {
        "title": ENGLISH.title,
        "descriptionHtml": (
            "<p>Knotted by hand in the Middle Atlas.</p>"
            "<ul><li>Undyed wool</li><li>One of a kind</li></ul>"
        ),
        # Shopify has one set of tags for a product, in no language.
        "tags": ["berber rug", "wool rug"],
        "translations": [
            {"key": "title", "value": GERMAN.title, "outdated": False},
            {
                "key": "body_html",
                "value": (
                    "<p>Von Hand geknüpft im Mittleren Atlas.</p>"
                    "<ul><li>Ungefärbte Wolle</li><li>Einzelstück</li></ul>"
                ),
                "outdated": False,
            },
        ],
    }


DARIJA = Text("ary-Latn", "Zerbiya dial Beni Ourain", "Mekhdouma b l-yed.")
CATALAN = Text("ca", "Catifa Beni Ourain", "Nuada a mà.")


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (
            (ENGLISH, DARIJA, GERMAN, CATALAN),
            {
                ("language_left_out", "ary-Latn"),
                ("language_left_out", "ca"),
            },
        ),
        ((DARIJA, GERMAN), {("language", "ary-Latn")}),
    ],
)
def test_a_language_that_the_shop_has_not_is_told(
    shop: PracticeShop, rug: Draft, texts: tuple[Text, ...], told: set[tuple[str, str]]
) -> None:
    *_, accepted = shop.connector().push([Change(replace(rug, texts=texts), ALL_FACETS)])
    assert isinstance(accepted, Accepted)
    issues = accepted.issues
    assert {(one.code, one.message.split()[3]) for one in issues} == told
    assert {one.severity for one in issues} == {Severity.WARNING}
    assert shop.shown("TIF-1").texts == {"en": texts[0].title, "de": GERMAN.title}
