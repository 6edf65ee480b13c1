"""The console's languages: their catalogs of words, and which of them a visitor reads."""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

# What stands in the code is English; the others are in locales/. Numbers, money and dates are
# written as they are in Morocco, and in English as Europe writes it: the currency after the sum.
LOCALES: Mapping[str, str] = {"fr": "fr_MA", "ar": "ar_MA", "en": "en_150"}


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the console, `name` as its own readers call it."""

    code: str
    name: str
    locale: Locale
    words: NullTranslations

    @property
    def direction(self) -> str:
        """Which way it is read: ltr or rtl."""
        return self.locale.text_direction


def marked(message: str) -> str:
    """The message itself: marks it for the catalogs where it is translated only later."""
    return message


def languages() -> tuple[Language, ...]:
    """All of them, in the order in which they are offered."""
    return tuple(map(language, LOCALES))


@cache
def language(code: str) -> Language:
    """The language of that code, its catalog read once.

    Raises:
        LookupError: the console does not speak it.
    """
    locale = Locale.parse(LOCALES[code])
    name = Locale(code).get_language_name(code) or code
    return Language(code, name[0].upper() + name[1:], locale, _words(code))


def chosen(wishes: Iterable[str | None], accepted: str = "") -> Language:
    """The first of the wishes that the console speaks, else the best of an Accept-Language.

    English where neither names one of ours.
    """
    for wish in (*wishes, *_by_preference(accepted)):
        code = (wish or "").replace("_", "-").partition("-")[0].lower()
        if code in LOCALES:
            return language(code)
    return language("en")


def _by_preference(accepted: str) -> Iterator[str]:
    """The tags of an Accept-Language (RFC 9110, 12.5.4), the most wanted first."""
    weighed = [_weight(part) for part in accepted.split(",") if part.strip()]
    return (tag for weight, tag in sorted(weighed, key=lambda one: -one[0]) if weight > 0)


def _weight(part: str) -> tuple[float, str]:
    tag, _, parameter = part.strip().partition(";")
    number = parameter.strip().removeprefix("q=")
    try:
        return float(number or 1), tag.strip()
    except ValueError:
        return 0, tag


def _words(code: str) -> NullTranslations:
    if code == "en":
        return NullTranslations()
    source = files("trade_ma.console") / "locales" / code / "messages.po"
    with source.open("rb") as file:
        catalog = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)
