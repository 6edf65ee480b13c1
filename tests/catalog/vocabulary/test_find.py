"""Terms found in cells and in free text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.vocabulary.find import find, key, mentions
from catalog.vocabulary.terms import LANGUAGES, VOCABULARY, Kind


@pytest.mark.parametrize(
    ("kind", "words", "code"),
    [
        (Kind.MATERIAL, "Laine", "wool"),
        (Kind.MATERIAL, "la laine", "wool"),
        (Kind.MATERIAL, "de la laine", "wool"),
        (Kind.MATERIAL, "الصوف", "wool"),
        (Kind.MATERIAL, "les laines", "wool"),
        (Kind.MATERIAL, "WOLLE", "wool"),
        (Kind.MATERIAL, "die Wolle", "wool"),
        (Kind.COLOUR, "rouges", "red"),
        (Kind.COLOUR, "rossa", "red"),
        (Kind.COLOUR, "حمراء", "red"),
        (Kind.COLOUR, "Écrue", "ecru"),
        (Kind.ROOM, "Wohnzimmer", "living-room"),
        (Kind.ROOM, "غرف الجلوس", "living-room"),
        (Kind.CRAFT, "les babouches", "babouches"),
        (Kind.CRAFT, "rug-azilal", "rug-azilal"),
        (Kind.CRAFT, "zarbía", "rug"),
        (Kind.REGION, "l'Azilal", "azilal"),
        (Kind.REGION, "laine", None),
        (Kind.MATERIAL, "", None),
        (Kind.MATERIAL, "!?", None),
    ],
)
def test_a_cell_names_a_term_in_any_language(kind: Kind, words: str, code: str | None) -> None:
    term = find(kind, words)
    assert (term.code if term else None) == code


def test_every_term_is_found_by_its_code() -> None:
    terms = [term for kind in VOCABULARY.values() for term in kind.values()]
    assert [term.code for term in terms if find(term.kind, term.code) != term] == []


def test_every_name_is_found_as_a_term_that_has_it() -> None:
    lost = []
    for kind, terms in VOCABULARY.items():
        for term in terms.values():
            for name in {term.name(language) for language in LANGUAGES}:
                found = find(kind, name)
                if found is None or key(name) not in {key(found.name(at)) for at in LANGUAGES}:
                    lost.append((kind, term.code, name))
    assert lost == []


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Tapis d'Azilal", Kind.REGION, [("azilal", "Azilal")]),
        ("un tapis d’AZILAL, rouge", Kind.REGION, [("azilal", "AZILAL")]),
        ("Azilal-Teppich aus Wolle", Kind.CRAFT, [("rug-azilal", "Azilal-Teppich")]),
        ("Tapis Azilal losange", Kind.CRAFT, [("rug-azilal", "Tapis Azilal")]),
        ("tapis, azilal", Kind.CRAFT, [("rug", "tapis"), ("rug-azilal", "azilal")]),
        ("babouches et tapis", Kind.CRAFT, [("babouches", "babouches"), ("rug", "tapis")]),
        ("منسوجة بالصوف", Kind.MATERIAL, [("wool", "بالصوف")]),
        ("القطن والصوف", Kind.MATERIAL, [("cotton", "القطن"), ("wool", "والصوف")]),
        ("زَرْبِيَة أزيلال", Kind.CRAFT, [("rug-azilal", "زَرْبِيَة أزيلال")]),
        ("زرابي صغيرة", Kind.CRAFT, [("rug", "زرابي")]),
        ("مزهرية بيضاء وحمراء", Kind.COLOUR, [("white", "بيضاء"), ("red", "وحمراء")]),
        ("Rug زربية 200x300 wool", Kind.CRAFT, [("rug", "Rug"), ("rug", "زربية")]),
        ("nouée à la main", Kind.TECHNIQUE, [("hand-knotted", "nouée à la main")]),
        ("hand-knotted by us", Kind.TECHNIQUE, [("hand-knotted", "hand-knotted")]),
        ("e\u0301crue", Kind.COLOUR, [("ecru", "e\u0301crue")]),
        ("wool or cotton", Kind.COLOUR, []),
        ("laineux", Kind.MATERIAL, []),
        ("", Kind.MATERIAL, []),
    ],
)
def test_free_text_mentions_terms(text: str, kind: Kind, found: list[tuple[str, str]]) -> None:
    assert [(one.term.code, one.words) for one in mentions(text, [kind])] == found


def test_one_word_may_name_things_of_several_kinds() -> None:
    named = {(one.term.kind, one.term.code) for one in mentions("Azilal")}
    assert named == {(Kind.CRAFT, "rug-azilal"), (Kind.REGION, "azilal")}


words = st.sampled_from(
    ["tapis", "Azilal", "بالصوف", "laine", "rouge", "d'", "زربية", "noué à la main", "200x300"]
)
mixed = st.lists(words | st.text(max_size=4)).map(" ".join) | st.text()


@given(mixed)
def test_the_evidence_is_a_slice_of_the_text_in_its_order(text: str) -> None:
    found = mentions(text)
    assert [one.words for one in found] == [text[one.start : one.end] for one in found]
    assert [one.start for one in found] == sorted(one.start for one in found)


@given(mixed)
def test_two_terms_of_one_kind_share_no_word(text: str) -> None:
    for kind in Kind:
        found = mentions(text, [kind])
        assert all(one.end <= after.start for one, after in pairwise(found))


def test_what_is_for_sale_is_not_from_sale() -> None:
    assert mentions("a rug for sale", [Kind.REGION]) == []
    assert [m.term.code for m in mentions("Poterie de Sale, à vendre", [Kind.REGION])] == ["sale"]


def test_what_rugs_and_tiles_are_made_of_is_no_velvet_and_no_pattern() -> None:
    named = mentions("Velours ras. Carreaux émaillés", [Kind.MATERIAL, Kind.MOTIF])
    assert [mention.term.code for mention in named] == []
