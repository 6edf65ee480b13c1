"""The words of a listing in each language of its channel, and what a person should know of them.

In the product's own language they are its maker's. In another, its title and facts are composed
from the vocabulary; its maker's words follow in translation, as far as the channel's rule lets
them. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from babel import Locale, UnknownLocaleError

from catalog.models import Product
from catalog.translation.compose import Composition, compose
from catalog.translation.detection import language_of
from catalog.translation.facts import Facts
from catalog.translation.fit import fit_description, fit_tags, fit_title
from catalog.translation.limits import TextLimits
from catalog.translation.memory import Translated
from catalog.translation.models import TextState
from catalog.translation.options import localized
from catalog.vocabulary.find import find
from catalog.vocabulary.terms import Kind
from connectors.protocol import Issue, Limits, Severity, Text
from jobs.policies import TextRule


@dataclass(frozen=True, slots=True)
class TextTerms:
    """What a channel decides about words: its locales (the main one first), bounds and rule."""

    locales: tuple[str, ...]
    limits: TextLimits
    rule: TextRule = TextRule.REVIEWED

    def languages(self) -> tuple[str, ...]:
        """The languages of the locales (ISO 639), each once."""
        return tuple(dict.fromkeys(map(language_of, self.locales)))


def text_limits(limits: Limits) -> TextLimits:
    """A marketplace's bounds of text, as compositions are fitted to them."""
    return TextLimits(
        title_length=limits.title_length,
        description_length=limits.description_length,
        tags=limits.tags,
        tag_length=limits.tag_length,
        bullets=limits.bullets,
        bullet_length=limits.bullet_length,
        title_signs=limits.title_signs,
        title_signs_once=limits.title_signs_once,
        title_word_times=limits.title_word_times,
    )


def texts(
    product: Product, facts: Facts, terms: TextTerms, translated: Mapping[str, Translated]
) -> tuple[tuple[Text, ...], tuple[Issue, ...]]:
    """A text for each locale of the channel, never none, and remarks on those that fall short.

    A text's locale is the language it is really in, so two locales may share one text.
    `translated` is by language.
    """
    found: dict[str, Text] = {}
    remarks = []
    for locale in terms.locales:
        text = _text(product, facts, terms, locale, translated.get(language_of(locale)))
        found.setdefault(text.locale, text)
        if language_of(text.locale) != language_of(locale):
            remarks.append(_falls_short(text, locale))
    return tuple(found.values()), tuple(remarks)


def _text(
    product: Product,
    facts: Facts,
    terms: TextTerms,
    locale: str,
    translated: Translated | None,
) -> Text:
    composed = compose(_choices_named(facts, locale), locale, terms.limits)
    if language_of(locale) == product.language:
        return _own(product, composed, terms.limits, locale)
    allowed = _Allowed.of(translated, terms.rule)
    if composed and language_of(composed.locale) == language_of(locale):
        return _composed(composed, allowed, terms.limits, locale)
    if allowed.any_title and allowed.description is not None:
        return Text(
            locale,
            fit_title(allowed.any_title, terms.limits),
            fit_description(allowed.description or allowed.any_title, terms.limits),
        )
    if composed:
        return _composed(composed, _Allowed(), terms.limits, composed.locale)
    return _own(product, None, terms.limits, product.language)


def _choices_named(facts: Facts, locale: str) -> Facts:
    """The facts with what a buyer chooses from in the language of `locale`."""
    if not facts.options:
        return facts
    choices = []
    for name, values in facts.options:
        pairs = localized([(name, value) for value in values], locale)
        choices.append((pairs[0][0], tuple(value for _, value in pairs)))
    return replace(facts, options=tuple(choices))


@dataclass(frozen=True, slots=True)
class _Allowed:
    """What the rule lets through of a translation. A title that nobody read gives way."""

    title: str | None = None
    any_title: str | None = None
    description: str | None = None

    @classmethod
    def of(cls, translated: Translated | None, rule: TextRule) -> "_Allowed":
        if translated is None or rule is TextRule.COMPOSED:
            return cls()
        states = {TextState.REVIEWED}
        states |= {TextState.MACHINE} if rule is TextRule.MACHINE else set()
        return cls(
            translated.title if translated.title_state is TextState.REVIEWED else None,
            translated.title if translated.title_state in states else None,
            translated.description if translated.description_state in states else None,
        )


def _own(product: Product, composed: Composition | None, limits: TextLimits, locale: str) -> Text:
    words = (product.description, composed.description if composed else "")
    language = language_of(locale)
    return Text(
        locale=locale,
        title=fit_title(product.title, limits),
        description=fit_description(_paragraphs(*words) or product.title, limits),
        bullets=composed.bullets if composed else (),
        tags=fit_tags([*product.tags, *(composed.tags if composed else ())], limits),
        materials=tuple(_named(Kind.MATERIAL, product.materials, language)),
        colours=tuple(_named(Kind.COLOUR, product.colours, language)),
    )


def _composed(composed: Composition, allowed: _Allowed, limits: TextLimits, locale: str) -> Text:
    description = composed.description
    if allowed.description:
        description = fit_description(_paragraphs(allowed.description, description), limits)
    return Text(
        locale=locale,
        title=fit_title(allowed.title, limits) if allowed.title else composed.title,
        description=description,
        bullets=composed.bullets,
        tags=composed.tags,
        materials=composed.materials,
        colours=composed.colours,
    )


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in map(str.strip, parts) if part)


def _named(kind: Kind, words: Sequence[str], language: str) -> Iterator[str]:
    """The words by their names in `language`; one that the vocabulary does not know stays."""
    for word in words:
        term = find(kind, word)
        yield term.name(language) if term and language in term.forms else word


def _falls_short(text: Text, locale: str) -> Issue:
    wanted, written = _display_name(locale), _display_name(text.locale)
    message = f"Buyers read {wanted}, and this is in {written}: review a translation for {locale}"
    return Issue("other_language", message, Severity.WARNING, "title")


def _display_name(locale: str) -> str:
    try:
        return Locale.parse(language_of(locale)).get_display_name("en") or locale
    except (UnknownLocaleError, ValueError):
        return locale
