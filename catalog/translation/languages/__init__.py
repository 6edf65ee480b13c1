"""One module a language: its grammar and the sentences of a listing, in one place."""

from collections.abc import Mapping

from catalog.translation.grammar import Language
from catalog.translation.languages.ar import ARABIC
from catalog.translation.languages.de import GERMAN
from catalog.translation.languages.en import AMERICAN, ENGLISH
from catalog.translation.languages.es import SPANISH
from catalog.translation.languages.fr import FRENCH
from catalog.translation.languages.it import ITALIAN

LANGUAGES: Mapping[str, Language] = {
    "ar": ARABIC,
    "de": GERMAN,
    "en": ENGLISH,
    "en-US": AMERICAN,
    "es": SPANISH,
    "fr": FRENCH,
    "it": ITALIAN,
}


def spoken(locale: str) -> Language:
    """The language of `locale` (BCP 47), English where the vocabulary does not have it."""
    return LANGUAGES.get(locale) or LANGUAGES.get(locale.partition("-")[0].lower(), ENGLISH)
