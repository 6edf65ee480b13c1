"""One piece in two languages, published and read back as Etsy tells it."""

from contextlib import closing
from dataclasses import replace
from typing import Any

from etsyv3.etsy_api import Includes

from connectors.etsy.rules import refusals
from connectors.protocol import Draft, Issue, Remote, Severity, Text
from tests.connectors.etsy.conftest import Stall

ENGLISH = Text(
    "en-US",
    "Beni Ourain rug, ivory wool, 5 x 8 ft",
    "Knotted by hand in the Middle Atlas.",
    ("Undyed wool", "One of a kind"),
    ("berber rug", "wool rug", "ivory"),
    materials=("wool",),
)
GERMAN = Text(
    "de-DE",
    "Beni-Ourain-Teppich, elfenbeinfarbene Wolle, 150 × 250 cm",
    "Von Hand geknüpft im Mittleren Atlas.",
    ("Ungefärbte Wolle", "Einzelstück"),
    ("Berberteppich", "Wollteppich"),
    materials=("Wolle",),
)


def read_back(stall: Stall, remote: Remote) -> dict[str, dict[str, Any]]:
    """What Etsy answers to getListing and getListingTranslation: words by language."""
    with closing(stall.connect()) as connector:
        client, listing_id = connector._client, int(remote.id)
        listing = client.ask(client.get_listing, listing_id, [Includes.TRANSLATIONS])
        translation = client.get_listing_translation
        german = client.ask(translation, connector._shop.id, listing_id, "de")
    assert listing["translations"]["de"] == german
    said = {"en": listing, "de": german}
    names = ("title", "description", "tags")
    return {language: {name: told[name] for name in names} for language, told in said.items()}


def test_both_languages_stand_on_the_market_with_their_tags(stall: Stall, rug: Draft) -> None:
    remote = stall.listed(replace(rug, texts=(ENGLISH, GERMAN)))
    assert read_back(stall, remote) == {
        "en": {
            "title": ENGLISH.title,
            "description": (
                "• Undyed wool\n• One of a kind\n\nKnotted by hand in the Middle Atlas."
            ),
            "tags": ["berber rug", "wool rug", "ivory"],
        },
        "de": {
            "title": GERMAN.title,
            "description": (
                "• Ungefärbte Wolle\n• Einzelstück\n\nVon Hand geknüpft im Mittleren Atlas."
            ),
            "tags": ["Berberteppich", "Wollteppich"],
        },
    }


DARIJA = Text("ary-Latn", "Zerbiya dial Beni Ourain", "Mekhdouma b l-yed.", tags=("zerbiya",))


def test_a_language_that_etsy_has_not_is_told_and_keeps_the_others(
    stall: Stall, rug: Draft
) -> None:
    draft = replace(rug, texts=(ENGLISH, GERMAN, DARIJA))
    message = "The text in ary-Latn is not shown: Etsy has no such language"
    assert refusals(draft, "USD") == [
        Issue("language_left_out", message, Severity.WARNING, field="texts")
    ]
    said = read_back(stall, stall.listed(draft))
    assert [said["en"]["title"], said["de"]["title"]] == [ENGLISH.title, GERMAN.title]


def test_a_piece_in_no_language_of_etsys_is_listed_with_a_warning(stall: Stall, rug: Draft) -> None:
    draft = replace(rug, texts=(DARIJA,))
    [issue] = refusals(draft, "USD")
    assert (issue.code, issue.severity, issue.field) == ("language", Severity.WARNING, "texts")
    assert "ary-Latn" in issue.message
    stall.listed(draft)
    assert stall.shown("BO-001").title == DARIJA.title
