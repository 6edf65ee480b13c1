"""Sizes found in free text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.importing.dimensions import Dimensions
from catalog.vocabulary.measures import measures_in

RUG = Dimensions(length=300, width=200)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tapis laine vierge 200x300 Azilal", [("200x300", RUG)]),
        ("Tapis (200 × 300 cm), laine", [("200 × 300 cm", RUG)]),
        ("Tapis 2m x 3m.", [("2m x 3m", RUG)]),
        ("tapis de 2,5m x 3,5m", [("2,5m x 3,5m", Dimensions(length=350, width=250))]),
        ("tapis 200 par 300 cm en laine", [("200 par 300 cm", RUG)]),
        ("زربية ٢٠٠x٣٠٠ سم", [("٢٠٠x٣٠٠ سم", RUG)]),
        ("زربية \u200e200 x 300\u200e صوف", [("200 x 300", RUG)]),
        ("plat Ø 30 cm, h 12 cm", [("Ø 30 cm, h 12 cm", Dimensions(diameter=30, height=12))]),
        ("plat Ø30", [("Ø30", Dimensions(diameter=30))]),
        ("hauteur 12 cm environ", [("hauteur 12 cm", Dimensions(height=12))]),
        ("coffret 30x20x12 cm", [("30x20x12 cm", Dimensions(30, 20, 12))]),
        (
            "tapis 200x300 ou 150x250",
            [("200x300", RUG), ("150x250", Dimensions(length=250, width=150))],
        ),
    ],
)
def test_sizes_are_found_with_their_words(text: str, found: list[tuple[str, Dimensions]]) -> None:
    assert [(one.words, one.sizes) for one in measures_in(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        *("2x3", "24 pièces", "30 cm", "depuis 1990", "12/05/2024", "1,500,000 DH", "REF200x300B"),
        *("2m x 3", "1x2x3x4", "9000000x3", "très long 3", "lot de 6 x 2", ""),
    ],
)
def test_what_may_be_something_else_is_left(text: str) -> None:
    assert measures_in(text) == []


pieces = st.sampled_from(
    ["200", "x", "300", "cm", "Ø", "h", "صوف", "٣٠", ",", "\u200f", "2,5", " "]
)
mixed = st.lists(pieces | st.text(max_size=2), max_size=12).map("".join)


@given(mixed)
def test_the_evidence_is_a_slice_of_the_text_in_its_order(text: str) -> None:
    found = measures_in(text)
    assert [one.words for one in found] == [text[one.start : one.end] for one in found]
    assert all(0 < size <= 3000 for one in found for size in one.sizes.as_list())
    ends = [0, *(one.end for one in found)]
    assert all(end <= one.start for end, one in zip(ends, found, strict=False))
