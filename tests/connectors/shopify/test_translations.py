from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from connectors.protocol import (
    ALL_FACETS,
    Accepted,
    Change,
    Draft,
    Facet,
    Rejected,
    Remote,
    Severity,
    Shop,
    Text,
)
from connectors.sandbox.faults import Fault, FaultKind
from connectors.shopify.mapper import Parts
from connectors.shopify.place import Place
from connectors.shopify.translations import (
    other_texts,
    other_words,
    own_words,
    to_translate,
    translation_inputs,
)
from tests.connectors.shopify.conftest import PracticeShop

CONTENT = frozenset({Facet.CONTENT})
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


def test_only_what_is_said_anew_is_translated(rug: Draft) -> None:
    french, arabic = rug.texts
    english = Text("en-US", "Beni Ourain rug", "Wool")
    draft = replace(rug, texts=(english, french, arabic))
    words = own_words(draft, PLACE) | other_words(other_texts(draft, PLACE))
    renamed = replace(french, title="Tapis de Khénifra")
    reworded = replace(english, title="Rug of Khenifra")

    def told(draft: Draft, facets: frozenset[Facet] = CONTENT) -> dict[str, Text]:
        return to_translate(Change(draft, facets, Remote("p")), Parts(words=words), PLACE)

    assert [
        told(replace(draft, texts=(english, renamed, arabic))),
        # Somebody has changed the shop: the whole is sent.
        told(draft),
        # A translation of other words than before must be registered again, whatever it says.
        told(replace(draft, texts=(reworded, renamed, arabic))),
        told(replace(draft, hs_code="5702.10", texts=(english, renamed, arabic))),
        told(replace(draft, texts=(english, renamed, arabic)), CONTENT | {Facet.MEDIA}),
    ] == [{"fr": renamed}, {}, {}, {}, {}]


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


def test_a_new_translation_is_registered_and_the_product_left_alone(
    shop: PracticeShop, rug: Draft
) -> None:
    [remote] = shop.listed(rug)
    french, arabic = rug.texts
    renamed = replace(rug, texts=(french, replace(arabic, title="زربية من خنيفرة")))
    spoken = replace(renamed, texts=(*renamed.texts, Text("de-DE", "Beni-Ourain-Teppich", "Wolle")))
    connector = shop.connector()
    costs = []
    for draft in (renamed, spoken, spoken):
        before = Counter(connector.calls)
        [outcome] = connector.push([Change(draft, CONTENT, remote)])
        assert isinstance(outcome, Accepted)
        remote = outcome.remote
        costs.append(dict(connector.calls - before))
    translated = {"translatableResource": 1, "translationsRegister": 1}
    # The third time everything stands already, so that somebody must have changed the shop.
    assert costs == [{"shop": 1} | translated, translated, {"productSet": 1} | translated]
    assert shop.shown("TIF-1").texts == {
        "en": french.title,
        "ar": "زربية من خنيفرة",
        "de": "Beni-Ourain-Teppich",
    }


def test_other_facets_keep_what_is_known_of_the_words(shop: PracticeShop, rug: Draft) -> None:
    [remote] = shop.listed(rug)
    connector = shop.connector()
    for facet in (Facet.STOCK, Facet.MEDIA, Facet.PRICE):
        [outcome] = connector.push([Change(rug, frozenset({facet}), remote)])
        assert isinstance(outcome, Accepted)
        assert outcome.remote == remote


def test_a_refused_translation_is_sent_again_with_the_next_words(
    shop: PracticeShop, rug: Draft
) -> None:
    blank = replace(rug, texts=(rug.texts[0], Text("ar", " ", "")))
    [remote] = shop.listed(blank)
    connector = shop.connector()
    [outcome] = connector.push([Change(rug, CONTENT, remote)])
    assert isinstance(outcome, Accepted)
    assert (outcome.issues, connector.calls["productSet"]) == ((), 0)
    assert shop.shown("TIF-1").texts["ar"] == rug.texts[1].title


def test_a_translation_of_what_was_deleted_in_the_shop_says_what_to_do(
    shop: PracticeShop, rug: Draft
) -> None:
    [remote] = shop.listed(rug)
    gone = Remote("gid://shopify/Product/999999", remote.parts)
    renamed = replace(rug, texts=(rug.texts[0], replace(rug.texts[1], title="زربية")))
    [outcome] = shop.connector().push([Change(renamed, CONTENT, gone)])
    assert isinstance(outcome, Rejected)
    [issue] = outcome.issues
    assert issue.code == "product_does_not_exist"
    assert "forget this listing to create it again" in issue.message


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
