"""A text is cut where people would cut it, and is the same when joined."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.translation.segments import digest, one_segment, split

MIXED = (
    st.text(st.sampled_from("abcéزرب ية؟.!?… \n\r-•0123٤٥،«»\u200f\u200e\u2067\u2069,שA"))
    | st.text()
)


@given(MIXED)
def test_joined_again_it_is_the_same_text_in_any_script(text: str) -> None:
    cut = split(text)
    assert cut.join(cut.texts) == text
    title = one_segment(text)
    assert title.join(title.texts) == text


@given(MIXED)
def test_a_segment_has_words_and_no_line_break(text: str) -> None:
    for part in split(text).texts:
        assert any(map(str.isalpha, part))
        assert "\n" not in part
        assert part == part.rstrip()


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("Laine vierge. Nouée main!", ("Laine vierge.", "Nouée main!")),
        ("- Lavage à 30\n- env. 3 kg\n\n200 x 300", ("Lavage à 30", "env. 3 kg")),
        ("M. Alami l'a noué. Il vit ici.", ("M. Alami l'a noué.", "Il vit ici.")),
        ("زربية صوف. مصنوعة باليد؟ نعم.", ("زربية صوف.", "مصنوعة باليد؟", "نعم.")),
        ("", ()),
    ],
)
def test_sentences_and_lines_are_segments(text: str, segments: tuple[str, ...]) -> None:
    assert split(text).texts == segments


def test_a_segment_is_named_by_its_language_too() -> None:
    assert digest("fr", "Tagine") != digest("en", "Tagine")
