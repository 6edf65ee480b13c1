"""A draft's other languages, registered as translations of its product."""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.protocol import Draft, Issue, Severity, Text
from connectors.shopify.client import Client
from connectors.shopify.documents import TRANSLATABLE_RESOURCE, TRANSLATIONS_REGISTER
from connectors.shopify.mapper import description_html, text_in
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


def _left_out(draft: Draft, place: Place) -> tuple[Issue, ...]:
    """The warnings that the shop has no place for a text: its seller may add the language."""
    return tuple(
        Issue(
            "language_left_out",
            f"The text in {text.locale} is not shown: add the language to the shop's settings",
            Severity.WARNING,
            field="texts",
        )
        for text in draft.texts
        if text is not text_in(draft, place.locale) and _locale_of(text, place.shop.locales) is None
    )


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


def translate(client: Client, place: Place, draft: Draft, product_id: str) -> tuple[Issue, ...]:
    """Register a draft's other texts; what Shopify complains of, which keeps nothing off sale."""
    texts = other_texts(draft, place)
    left_out = _left_out(draft, place)
    if not texts:
        return left_out
    resource = client.call(TRANSLATABLE_RESOURCE, id=product_id)["translatableResource"]
    inputs = translation_inputs(texts, resource["translatableContent"])
    answer = client.call(TRANSLATIONS_REGISTER, id=product_id, translations=inputs)
    return left_out + tuple(
        Issue(
            (error["code"] or "refused").lower(),
            f"A translation was refused: {error['message']}",
            Severity.WARNING,
            field="texts",
        )
        for error in answer["translationsRegister"]["userErrors"]
    )
