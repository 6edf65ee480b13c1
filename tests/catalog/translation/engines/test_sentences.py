"""A text is cut where sentences end, and nothing of it is lost."""

from hypothesis import given
from hypothesis import strategies as st

from catalog.translation.engines.sentences import sentences


@given(st.text(alphabet="ab AÉ.!?\n«»3زل؟", max_size=60))
def test_the_pieces_make_the_text_again(text: str) -> None:
    assert "".join(sentences(text)) == text


def test_abbreviations_and_measures_do_not_end_a_sentence() -> None:
    text = "Tapis env. 3 kg, dim. 2 x 3 m. Laine vierge ! «Très» doux.\n\nأحمر. جميل"
    assert sentences(text)[::2] == [
        "Tapis env. 3 kg, dim. 2 x 3 m.",
        "Laine vierge !",
        "«Très» doux.",
        "أحمر.",
        "جميل",
    ]
