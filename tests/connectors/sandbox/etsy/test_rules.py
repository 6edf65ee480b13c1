from datetime import UTC, datetime

import pytest

from connectors.sandbox.etsy import rules


def seconds(day: tuple[int, int, int]) -> int:
    return int(datetime(*day, 8, 30, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((2026, 1, 15), (2026, 5, 15)),
        ((2026, 11, 23), (2027, 3, 23)),
        ((2026, 10, 31), (2027, 2, 28)),
        ((2027, 10, 30), (2028, 2, 29)),
    ],
)
def test_four_months_end_on_the_same_day_or_the_months_last(
    start: tuple[int, int, int], end: tuple[int, int, int]
) -> None:
    assert rules.four_months_after(seconds(start)) == seconds(end)


@pytest.mark.parametrize(
    "title", ["Tapis berbère 150 × 250", "سجادة أزيلال", "Rug & kilim: 100% wool +", "Zellige™"]
)
def test_letters_signs_and_spaces_make_a_title(title: str) -> None:
    assert rules.title(title) == title


@pytest.mark.parametrize("title", ["", "  ", "Rug $5", "Rug ★", "Rug\nKilim", "Rug: a: b"])
def test_other_signs_make_none(title: str) -> None:
    with pytest.raises(ValueError, match=r"cannot be empty|invalid characters|only once"):
        rules.title(title)


@pytest.mark.parametrize("styles", [["a", "b", "c"], ["s" * 46], ["art-deco"]])
def test_styles_are_two_short_ones_of_letters(styles: list[str]) -> None:
    with pytest.raises(ValueError, match=r"cannot be more|invalid characters"):
        rules.styles(styles)
