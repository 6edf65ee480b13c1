"""How texts stand and what their checks found, in the words of the console."""

from collections.abc import Mapping

from babel import Locale, UnknownLocaleError

from jobs.reviewing import Standing
from trade_ma.console.languages import marked
from trade_ma.console.quotes import quoted
from trade_ma.console.visits import Visit

STANDINGS: Mapping[Standing, tuple[str, str]] = {
    Standing.MISSING: (marked("Not translated"), "plain"),
    Standing.HELD: (marked("Kept back"), "bad"),
    Standing.MACHINE: (marked("To read"), "warning"),
    Standing.REVIEWED: (marked("Accepted"), "good"),
    Standing.REJECTED: (marked("Rejected"), "bad"),
}
# By the codes of catalog.translation.checks.
FINDINGS: Mapping[str, str] = {
    "empty": marked("There is no text yet: write the translation."),
    "number_lost": marked("A number of the maker’s text is missing: write the same numbers."),
    "number_added": marked("There is a number that the maker does not say: take it out."),
    "unit_changed": marked("A number stands with another unit: keep the maker’s unit."),
    "term_lost": marked("A name that must stay is missing: see below how it is written."),
    "wrong_script": marked("This is not written in the letters of that language."),
    "too_long": marked("The title is too long: shorten it."),
    "length_odd": marked("It is much longer or shorter: see what is missing or was added."),
    "markup": marked("There is HTML in it: write plain text."),
    "placeholder_left": marked("A sign that stood for a name was left: write the name."),
    "same_text": marked("This is the maker’s text again: translate it."),
    "left_untranslated": marked("Some words stand as in the maker’s text: translate them."),
    "untranslatable": marked("The machine gave no translation to be trusted: write it."),
}


def finding_told(visit: Visit, code: str, message: str) -> str:
    """What a check found, and what to do; one that we have no words for is quoted."""
    return visit.say(FINDINGS[code]) if code in FINDINGS else quoted(message)


def language_name(code: str, locale: Locale) -> str:
    """A language as the reader calls it."""
    return str(locale.languages.get(code.partition("-")[0], code))


def direction(code: str) -> str:
    """Which way a language is read: ltr or rtl."""
    try:
        return Locale.parse(code, sep="-").text_direction
    except (UnknownLocaleError, ValueError):
        return "ltr"
