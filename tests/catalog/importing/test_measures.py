"""Sizes, weights, quantities and lead times."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.importing.dimensions import Dimensions, parse_dimensions, parse_length
from catalog.importing.problems import Misread
from catalog.importing.quantities import parse_quantity, says_sold_out
from catalog.importing.weights import parse_weight
from catalog.importing.words import parse_lead_time, parse_tags, parse_words


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("200x300", [200, 300]),
        ("2m x 3m", [200, 300]),
        ("0,95 x 1,69 m", [95, 169]),
        ("200 × 300 cm", [200, 300]),
        ("200cmx300cm", [200, 300]),
        ("301*403 cm", [301, 403]),
        ("٢,٥m x ٣,٥m", [250, 350]),
        ("32x25x9", [32, 25, 9]),
        ("Ø 30 cm h 12", [30, 30, 12]),
        ("Ø30 x 12", [30, 30, 12]),
        ("diam. 35 cm, haut. 11 cm", [35, 35, 11]),
        ("h 24 cm", [24]),
        ("القطر ٢٢ سم، الارتفاع ١٩ سم", [22, 22, 19]),
        ('12" x 9"', [30.48, 22.86]),
        ("450 x 300 mm", [45, 30]),
    ],
)
def test_sizes_are_read_in_centimetres(text: str, sizes: list[float]) -> None:
    assert parse_dimensions(text).as_list() == sizes


def test_capital_and_small_l_are_length_and_width() -> None:
    assert parse_dimensions("l 15 L 22 H 9") == Dimensions(length=22, width=15, height=9)
    assert parse_dimensions("W 200 x L 240 cm") == Dimensions(length=240, width=200)
    assert parse_dimensions("الطول 32 سم، العرض 6 سم") == Dimensions(length=32, width=6)


@pytest.mark.parametrize(
    "text", ["9000000x3", "0x0", "20000x30000", "grand", "38", "2m x 3", "1x1x1x1", "h 3 h 4", ""]
)
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(Misread, match="bad_dimensions"):
        parse_dimensions(text)


@given(st.text())
def test_any_text_is_a_size_or_refused(text: str) -> None:
    with suppress(Misread):
        assert all(0 < size <= 3000 for size in parse_dimensions(text).as_list())


def test_one_size_may_have_a_column_of_its_own() -> None:
    assert (parse_length("1,2 m"), parse_length("30"), parse_length("300", "mm")) == (120, 30, 30)


@pytest.mark.parametrize(
    ("text", "unit", "grams"),
    [
        ("14,5 kg", "g", 14500),
        ("1,250 kg", "g", 1250),
        ("1.250 g", "g", 1250),
        ("9,5", "kg", 9500),
        ("١٨٠٠ غرام", "g", 1800),
        ("2 lb", "g", 907),
    ],
)
def test_weights_are_read_in_grams(text: str, unit: str, grams: int) -> None:
    assert parse_weight(text, unit) == grams


@pytest.mark.parametrize("text", ["lourd", "-200 g", "0", "5 stone", "2000 kg"])
def test_what_is_no_weight_is_refused(text: str) -> None:
    with pytest.raises(Misread, match="bad_weight"):
        parse_weight(text)


def test_quantities_are_whole_units() -> None:
    assert [parse_quantity(text) for text in ("١٤", "1 000", "12.0", "10 pcs", "0")] == [
        *(14, 1000, 12, 10, 0)
    ]


@pytest.mark.parametrize("text", ["2,5", "-3", "beaucoup", "9999999"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(Misread, match="bad_quantity"):
        parse_quantity(text)


def test_words_for_sold_out_are_known() -> None:
    assert all(map(says_sold_out, ["Épuisé", "SOLD OUT", "نفد", "rupture de stock"]))
    assert not says_sold_out("beaucoup")


def test_lead_times_are_days() -> None:
    texts = ("5 jours", "6 business days", "٤ أيام", "8 j", "2 semaines", "6")
    assert [parse_lead_time(text) for text in texts] == [5, 6, 4, 8, 14, 6]


def test_lists_of_words_are_parted_and_said_once() -> None:
    assert parse_words("Laine et coton, laine") == ("laine", "coton")
    assert parse_words("صوف، قطن") == ("صوف", "قطن")
    assert parse_words("bois de thuya + bois de citronnier") == (
        *("bois de thuya", "bois de citronnier"),
    )
    assert parse_tags("Handmade; Morocco") == ("Handmade", "Morocco")
