from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from connectors.protocol import ALL_FACETS, Accepted, Change, Draft, Facet, Severity, Shop, Text
from connectors.sandbox.faults import Fault, FaultKind
from connectors.shopify.place import Place
from connectors.shopify.translations import other_texts, translation_inputs
from tests.connectors.shopify.conftest import PracticeShop

PLACE = Place(Shop("s", "S", "USD", ("en", "ar", "pt-BR", "fr")), "en", "l", "p", keyed=True)


def test_only_the_shops_other_languages_are_translated(rug: Draft) -> None:
    def text(locale: str) -> Text:
        return Text(locale, f"Title {locale}", "")

    locales = ("fr-MA", "en-US", "en-GB", "de", "ar-MA", "pt-BR", "fr")
    texts = other_texts(replace(rug, texts=tuple(map(text, locales))), PLACE)
    assert {locale: text.locale for locale, text in texts.items()} == {
        "fr": "fr-MA",
        "ar": "ar-MA",
        "pt-BR": "pt-BR",
    }


def test_a_draft_in_one_language_needs_none(slippers: Draft) -> None:
    assert other_texts(slippers, PLACE) == {}


def test_each_translation_names_the_words_it_translates(
    faults_of: Callable[[str, Any], list[str]],
) -> None:
    content = [
        {"key": "title", "digest": "t", "locale": "en"},
        {"key": "body_html", "digest": "b", "locale": "en"},
        {"key": "handle", "digest": "h", "locale": "en"},
    ]
    texts = {"ar": Text("ar", "زربية", "صوف & لون"), "fr": Text("fr", "Tapis", "")}
    inputs = translation_inputs(texts, content)
    assert inputs == [
        {"key": "title", "locale": "ar", "value": "زربية", "translatableContentDigest": "t"},
        {
            "key": "body_html",
            "locale": "ar",
            "value": "<p>صوف &amp; لون</p>",
            "translatableContentDigest": "b",
        },
        {"key": "title", "locale": "fr", "value": "Tapis", "translatableContentDigest": "t"},
    ]
    assert [faults_of("TranslationInput", one) for one in inputs] == [[], [], []]


def test_a_product_is_shown_in_the_languages_of_its_draft(shop: PracticeShop, rug: Draft) -> None:
    english = Text("en-US", "Beni Ourain rug", "Wool")
    draft = replace(rug, texts=(*rug.texts, english))
    [remote] = shop.listed(draft)
    assert shop.shown("TIF-1").texts == {
        "en": "Beni Ourain rug",
        "fr": rug.texts[0].title,
        "ar": "زربية بني وراين",
    }
    connector = shop.connector()
    list(connector.push([Change(draft, frozenset({Facet.MEDIA}), remote)]))
    assert connector.calls == Counter(shop=1, productSet=1)


def test_a_translation_that_is_refused_keeps_nothing_off_sale(
    shop: PracticeShop, rug: Draft
) -> None:
    blank = replace(rug, texts=(*rug.texts, Text("de", " ", "")))
    *_, accepted = shop.connector().push([Change(blank, ALL_FACETS)])
    assert isinstance(accepted, Accepted)
    assert [(issue.code, issue.severity) for issue in accepted.issues] == [
        ("blank", Severity.WARNING)
    ]
    assert shop.shown("TIF-1").present is True


def test_a_lost_answer_to_a_translation_is_asked_for_again(shop: PracticeShop, rug: Draft) -> None:
    lost = Fault(kind=FaultKind.LOST_ANSWER, operation="translationsRegister")
    shop.market.faults.arm(lost)
    shop.listed(rug)
    assert shop.shown("TIF-1").texts["ar"] == "زربية بني وراين"


def test_a_language_that_the_shop_has_not_is_a_warning_and_stops_nothing(
    shop: PracticeShop, rug: Draft
) -> None:
    draft = replace(rug, texts=(*rug.texts, Text("ja-JP", "ベニワレンのラグ", "")))
    outcomes = list(shop.connector().push([Change(draft, ALL_FACETS)]))
    [issue] = [issue for one in outcomes if isinstance(one, Accepted) for issue in one.issues]
    assert (issue.code, issue.severity) == ("language_left_out", Severity.WARNING)
    assert "ja-JP" in issue.message
    assert shop.shown("TIF-1").present
