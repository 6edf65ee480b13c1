"""A draft's other languages, registered as translations of its product."""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.errors import Refused
from connectors.protocol import Change, Draft, Facet, Issue, Severity, Text, digest
from connectors.shopify.client import Client
from connectors.shopify.documents import TRANSLATABLE_RESOURCE, TRANSLATIONS_REGISTER
from connectors.shopify.issues import issues_of
from connectors.shopify.mapper import Parts, Sending, description_html, product_input, text_in
from connectors.shopify.place import Place


def other_texts(draft: Draft, place: Place) -> dict[str, Text]:
    """The texts beside the one shown, by the shop's locales; of other languages it has no use."""
    shown = text_in(draft, place.locale)
    texts: dict[str, Text] = {}
    for text in draft.texts:
        locale = _locale_of(text, place.shop.locales)
        if text is not shown and locale not in {None, place.locale}:
            texts.setdefault(locale or "", text)
    return texts


def _locale_of(text: Text, locales: Sequence[str]) -> str | None:
    if text.locale in locales:
        return text.locale
    language = text.locale.partition("-")[0]
    return next((locale for locale in locales if locale.partition("-")[0] == language), None)


def own_words(draft: Draft, place: Place) -> dict[str, str]:
    """The digest of what productSet says of a draft's content, under the shop's own locale."""
    content = Sending(frozenset({Facet.CONTENT}), location="", locale=place.locale)
    return {place.locale: digest(product_input(draft, content))}


def other_words(texts: Mapping[str, Text]) -> dict[str, str]:
    """The digest of what a translation says, by its locale."""
    return {
        locale: digest({key: _value(text, key) for key in ("title", "body_html")})
        for locale, text in texts.items()
    }


def to_translate(change: Change, parts: Parts, place: Place) -> dict[str, Text]:
    """The texts to register where nothing else of a change need be sent; empty where more must.

    The product's own words stand as they were last sent, and those of another language do not.
    Where all of them do, somebody has changed them in the shop, or this would not be asked for:
    then the whole is sent.
    """
    own = own_words(change.draft, place)
    if change.facets != {Facet.CONTENT} or not own.items() <= parts.words.items():
        return {}
    texts = other_texts(change.draft, place)
    said = other_words(texts)
    return {
        locale: text for locale, text in texts.items() if parts.words.get(locale) != said[locale]
    }


def left_out(draft: Draft, place: Place) -> tuple[Issue, ...]:
    """The warnings that the shop has not a text's language: its seller may add it."""
    shown = text_in(draft, place.locale)
    return tuple(
        _shown_as(text, place.locale) if text is shown else _not_shown(text)
        for text in draft.texts
        if _locale_of(text, place.shop.locales) is None
    )


def _shown_as(text: Text, locale: str) -> Issue:
    message = f"The text in {text.locale} is shown as if it were in the shop's {locale}"
    return Issue("language", f"{message}: translate it", Severity.WARNING, field="texts")


def _not_shown(text: Text) -> Issue:
    message = f"The text in {text.locale} is not shown: add the language to the shop's settings"
    return Issue("language_left_out", message, Severity.WARNING, field="texts")


def translation_inputs(
    texts: Mapping[str, Text], content: Sequence[Mapping[str, Any]]
) -> list[dict[str, str]]:
    """The TranslationInputs of `texts` for what a product's translatable `content` has."""
    return [
        {
            "key": part["key"],
            "locale": locale,
            "value": value,
            "translatableContentDigest": part["digest"],
        }
        for locale, text in texts.items()
        for part in content
        if (value := _value(text, part["key"]))
    ]


def _value(text: Text, key: str) -> str:
    match key:
        case "title":
            return text.title
        case "body_html":
            return description_html(text)
    return ""


def translate(client: Client, texts: Mapping[str, Text], product_id: str) -> tuple[Issue, ...]:
    """Register `texts` for a product; what Shopify complains of, which keeps nothing off sale.

    Raises:
        Refused: the shop has not the product any more.
    """
    resource = client.call(TRANSLATABLE_RESOURCE, id=product_id)["translatableResource"]
    if resource is None:
        gone = {"code": "PRODUCT_DOES_NOT_EXIST", "message": "Product does not exist"}
        raise Refused(issues_of([gone], ()))
    inputs = translation_inputs(texts, resource["translatableContent"])
    answer = client.call(TRANSLATIONS_REGISTER, id=product_id, translations=inputs)
    return tuple(
        Issue(
            (error["code"] or "refused").lower(),
            f"A translation was refused: {error['message']}",
            Severity.WARNING,
            field="texts",
        )
        for error in answer["translationsRegister"]["userErrors"]
    )
