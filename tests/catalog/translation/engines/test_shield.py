"""Protected terms come back as they were, or the text does not come back at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.translation.engines.protocol import Untranslatable
from catalog.translation.engines.shield import Covered, Shield

KEPT = {
    term: term
    for term in ("zellige", "Beni Ourain", "babouche", "tadelakt", "Fatima Aït Ali", "زليج")
}
words = st.sampled_from(
    [*KEPT, "Zelliges", "BABOUCHES", "XZQ1", "xzqxzq", "laine", "de", "200", "1", "’", "\n", "۳"]
)
texts = st.lists(st.one_of(words, st.text(max_size=5)), max_size=12).map(" ".join)


@given(texts)
def test_a_text_that_is_not_translated_comes_back_unchanged(text: str) -> None:
    covered = Shield(KEPT).cover(text)
    assert covered.restore(covered.text) == text


@given(texts)
def test_no_term_goes_out_uncovered(text: str) -> None:
    shield = Shield(KEPT)
    assert shield.named_in([shield.cover(text).text]) == {}


@given(texts, st.data())
def test_a_lost_or_doubled_sign_is_noticed(text: str, data: st.DataObject) -> None:
    covered = Shield(KEPT).cover(f"{text} zellige")
    number = data.draw(st.integers(1, len(covered.terms)))
    times = data.draw(st.sampled_from([0, 2]))
    sign = f"{covered.sign}{number}"
    # A sign of one figure begins one of two: only the whole word is taken.
    broken = " ".join(
        word for each in covered.text.split(" ") for word in [each] * (times if each == sign else 1)
    )
    if broken != covered.text:
        assert isinstance(covered.restore(broken), Untranslatable)


@pytest.mark.parametrize(
    ("text", "out", "terms"),
    [
        ("Zelliges de Fès", "XZQ1 de Fès", ("Zelliges",)),
        ("TAPIS BENI OURAIN", "TAPIS XZQ1", ("BENI OURAIN",)),
        ("tapis beni-ourain", "tapis XZQ1", ("beni-ourain",)),
        ("babouches, tadelakt", "XZQ1, XZQ2", ("babouches", "tadelakt")),
        ("zelligeurs", "zelligeurs", ()),
        ("tapis XZQ1 zellige", "tapis XZQ1 XZQXZQ1", ("zellige",)),
    ],
)
def test_kept_terms_are_found_in_case_and_plural(
    text: str, out: str, terms: tuple[str, ...]
) -> None:
    covered = Shield(KEPT).cover(text)
    assert (covered.text, covered.terms) == (out, terms)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("tapis", ("rug",)),
        ("Tapis", ("Rug",)),
        ("TAPIS", ("RUG",)),
        ("tapis berbère", ("Berber rug",)),
        ("lanterne, lanternes", ("lantern", "lanterns")),
        ("Lanternes zelliges", ("Lanterns", "Zelliges")),
        ("coussins", ()),
    ],
)
def test_a_term_that_changes_keeps_its_case_and_needs_an_entry_for_its_plural(
    text: str, terms: tuple[str, ...]
) -> None:
    glossary = {
        "tapis": "rug",
        "tapis berbère": "Berber rug",
        "lanterne": "lantern",
        "lanternes": "lanterns",
        "zellige": "Zellige",
        "coussin": "cushion",
        " ": "nothing",
    }
    assert Shield(glossary).cover(text).terms == terms


@pytest.mark.parametrize(
    ("translation", "answer"),
    [
        ("XZQ2 aus XZQ1", "Tadelakt aus Zellige"),
        ("xzq 1 und Xzq2", "Zellige und Tadelakt"),
        ("وXZQ1 وXZQ٢", "وZellige وTadelakt"),
        ("XZQ1", Untranslatable("the engine lost a protected term: Tadelakt")),
        ("XZQ12", Untranslatable("the engine lost a protected term: Zellige, Tadelakt")),
        ("XZQ1 XZQ2en", Untranslatable("the engine lost a protected term: Tadelakt")),
        ("XZQ1 XZQ2 XZQ3", Untranslatable("the engine made up a protected term: XZQ3")),
    ],
)
def test_signs_are_known_again_however_they_are_written(
    translation: str, answer: str | Untranslatable
) -> None:
    covered = Covered("XZQ1 XZQ2", "XZQ", ("Zellige", "Tadelakt"))
    assert covered.restore(translation) == answer
