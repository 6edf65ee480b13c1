import re
from collections import Counter
from importlib.resources import files

import pytest

from catalog.folding import fold
from catalog.vocabulary.terms import LANGUAGES, VOCABULARY, Form, Gender, Kind, Term, parse

TERMS = [term for terms in VOCABULARY.values() for term in terms.values()]
ARABIC = re.compile(r"[\u0600-\u06ff]")
LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


def spellings(form: Form) -> set[str]:
    return {form.name, form.plural, form.feminine, form.feminine_plural} - {""}


def is_of_its_script(language: str, text: str) -> bool:
    own, other = (ARABIC, LATIN) if language == "ar" else (LATIN, ARABIC)
    return bool(own.search(text)) and not other.search(text)


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        (Kind.CRAFT, 90),
        (Kind.TECHNIQUE, 45),
        (Kind.MATERIAL, 65),
        (Kind.COLOUR, 45),
        (Kind.MOTIF, 40),
        (Kind.REGION, 70),
        (Kind.ROOM, 25),
        (Kind.CARE, 30),
    ],
)
def test_each_kind_has_its_terms_in_every_language(kind: Kind, least: int) -> None:
    terms = VOCABULARY[kind].values()
    assert len(terms) >= least
    assert [term.code for term in terms if set(term.forms) != set(LANGUAGES)] == []


def test_a_code_is_in_kebab_case_and_names_one_term() -> None:
    codes = Counter(term.code for term in TERMS)
    assert [code for code, times in codes.items() if times > 1] == []
    assert [code for code in codes if not re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", code)] == []


@pytest.mark.parametrize("kind", list(Kind))
def test_no_line_of_a_file_hides_another(kind: Kind) -> None:
    lines = (files("catalog.vocabulary") / f"{kind}.csv").read_text("utf-8").splitlines()
    assert len(lines) - 1 == len(VOCABULARY[kind])


def test_the_vocabulary_has_450_terms_at_least() -> None:
    assert len(TERMS) >= 450


def test_every_craft_has_a_subheading_of_six_digits() -> None:
    crafts = VOCABULARY[Kind.CRAFT].values()
    assert [craft.code for craft in crafts if not re.fullmatch(r"\d{6}", craft.hs)] == []


@pytest.mark.parametrize("kind", [Kind.CRAFT, Kind.MATERIAL])
def test_nouns_have_a_gender_where_the_language_knows_one(kind: Kind) -> None:
    assert [
        (term.code, language)
        for term in VOCABULARY[kind].values()
        for language, form in term.forms.items()
        if (form.gender is None) != (language == "en")
    ] == []


def test_only_german_has_a_neuter() -> None:
    assert {
        language
        for term in TERMS
        for language, form in term.forms.items()
        if form.gender is Gender.NEUTER
    } == {"de"}


def test_crafts_start_with_a_capital() -> None:
    assert [
        (term.code, language)
        for term in VOCABULARY[Kind.CRAFT].values()
        for language, form in term.forms.items()
        if form.name[0] != form.name[0].upper()
    ] == []


def test_every_form_is_in_the_script_of_its_language_and_evenly_spaced() -> None:
    assert [
        (term.code, language, text)
        for term in TERMS
        for language, form in term.forms.items()
        for text in spellings(form)
        if not is_of_its_script(language, text) or text != " ".join(text.split())
    ] == []


@pytest.mark.parametrize("kind", list(Kind))
def test_a_spelling_belongs_to_one_term_of_a_kind(kind: Kind) -> None:
    owners: dict[str, set[str]] = {}
    for term in VOCABULARY[kind].values():
        for word in term.words:
            owners.setdefault(fold(word), set()).add(term.code)
    assert {word: codes for word, codes in owners.items() if len(codes) > 1 or not word} == {}


def test_a_region_is_kept_as_it_is() -> None:
    assert [term.code for term in VOCABULARY[Kind.REGION].values() if not term.keep] == []


@pytest.mark.parametrize(
    ("kind", "cell", "form"),
    [
        (
            Kind.CRAFT,
            "Nappe|Nappes|f",
            Form("Nappe", plural="Nappes", gender=Gender.FEMININE),
        ),
        (
            Kind.CRAFT,
            "Babouches||fp",
            Form("Babouches", plural="Babouches", gender=Gender.FEMININE, always_plural=True),
        ),
        (Kind.CRAFT, "Sandals||p", Form("Sandals", plural="Sandals", always_plural=True)),
        (Kind.MATERIAL, "Wolle||f", Form("Wolle", plural="Wolle", gender=Gender.FEMININE)),
        (Kind.CARE, "Blot, do not rub", Form("Blot, do not rub")),
        (
            Kind.COLOUR,
            "ocre",
            Form("ocre", plural="ocre", feminine="ocre", feminine_plural="ocre"),
        ),
        (
            Kind.TECHNIQUE,
            "doré | dorée | dorés | dorées",
            Form("doré", plural="dorés", feminine="dorée", feminine_plural="dorées"),
        ),
    ],
)
def test_a_cell_says_a_form(kind: Kind, cell: str, form: Form) -> None:
    assert parse(kind, cell) == form


@pytest.mark.parametrize(
    ("kind", "cell", "message"),
    [
        (Kind.MATERIAL, " ", "materials: an empty cell"),
        (Kind.CARE, "", "care: an empty cell"),
        (Kind.COLOUR, "rouge|rouges", "one form or four"),
        (Kind.CRAFT, "Tapis|Tapis|x", "'x' is not a valid Gender"),
    ],
)
def test_a_cell_that_follows_no_pattern_is_refused(kind: Kind, cell: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(kind, cell)


@pytest.mark.parametrize(
    ("language", "craft", "phrase"),
    [
        ("fr", "blanket", "Couverture blanche"),
        ("fr", "mirror", "Miroir blanc"),
        ("fr", "babouches", "Babouches blanches"),
        ("it", "sandals", "Sandali in pelle bianchi"),
        ("es", "raffia-shoes", "Zapatos de rafia blancos"),
        ("ar", "blanket", "غطاء أبيض"),
        ("ar", "rug", "زربية بيضاء"),
    ],
)
def test_a_colour_agrees_with_the_craft(language: str, craft: str, phrase: str) -> None:
    noun = named(Kind.CRAFT, craft).forms[language]
    white = named(Kind.COLOUR, "white").forms[language]
    assert f"{noun.name} {white.agreeing(noun)}" == phrase


def named(kind: Kind, code: str) -> Term:
    return VOCABULARY[kind][code]
