"""The catalogs of words: whatever a page says is there in French and in Arabic."""

import re
from collections.abc import Mapping
from importlib.resources import as_file, files

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

# How messages are marked in Python, beside gettext's own names: see docs/console.md.
KEYWORDS = {**DEFAULT_KEYWORDS, "say": None, "marked": None, "counted": (1, 2)}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
# From so many letters on a message is a sentence, and no name that other languages keep.
SENTENCE = 40
PLACEHOLDER = re.compile(r"%\(\w+\)s")

Message = str | tuple[str, ...]


def said() -> set[Message]:
    """Every message of the console's code and templates."""
    with as_file(files("trade_ma.console")) as folder:
        found = extract_from_dir(folder, METHODS, keywords=KEYWORDS)
        return {message for _file, _line, message, _comments, _context in found}


def catalog(code: str) -> Catalog:
    source = files("trade_ma.console") / "locales" / code / "messages.po"
    with source.open("rb") as file:
        return read_po(file, locale=code)


def translations(code: str) -> Mapping[Message, tuple[str, ...]]:
    """What is translated, the forms of each; fuzzy ones count for nothing."""
    found = {}
    for one in catalog(code):
        forms = (one.string,) if isinstance(one.string, str) else tuple(one.string or ())
        if one.id and all(forms) and not one.fuzzy:
            found[one.id if isinstance(one.id, str) else tuple(one.id)] = forms
    return found


@pytest.mark.parametrize("code", ["fr", "ar"])
def test_every_message_is_translated_and_none_is_left_over(code: str) -> None:
    known = set(translations(code))
    assert (said() - known, known - said()) == (set(), set())


@pytest.mark.parametrize("code", ["fr", "ar"])
def test_a_translation_fills_in_nothing_that_its_message_has_not(code: str) -> None:
    strangers = {
        form
        for message, forms in translations(code).items()
        for form in forms
        if not set(PLACEHOLDER.findall(form)) <= set(PLACEHOLDER.findall(str(message)))
    }
    assert strangers == set()


def test_arabic_counts_in_six_forms() -> None:
    words = catalog("ar")
    counted = [forms for message, forms in translations("ar").items() if isinstance(message, tuple)]
    assert words.num_plurals == 6
    assert counted
    assert {len(forms) for forms in counted} == {6}


@pytest.mark.parametrize("code", ["fr", "ar"])
def test_no_translation_has_its_whole_sentence_of_english_in_it(code: str) -> None:
    left = [
        message
        for message, forms in translations(code).items()
        if len(message) >= SENTENCE and any(str(message) in form for form in forms)
    ]
    assert left == []
