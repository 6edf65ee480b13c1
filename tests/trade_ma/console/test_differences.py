"""Two wordings beside each other."""

from hypothesis import given
from hypothesis import strategies as st

from trade_ma.console.differences import Piece, Sides, compared


def test_words_that_the_other_side_has_not_are_marked() -> None:
    assert compared("A red rug", "A rug of wool") == Sides(
        (Piece("A", False), Piece(" red", True), Piece(" rug", False)),
        (Piece("A", False), Piece(" rug", False), Piece(" of wool", True)),
    )


@given(st.text(), st.text())
def test_both_texts_stay_whole(before: str, after: str) -> None:
    sides = compared(before, after)
    assert "".join(piece.text for piece in sides.before) == before
    assert "".join(piece.text for piece in sides.after) == after
