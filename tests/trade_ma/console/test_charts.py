"""Charts as drawings: what is read aloud, where the marks stand, and nothing that could run."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trade_ma.console.charts import Chart, Point, bar_chart, line_chart, scale_end

POINTS = (Point("Mon", 10, "10 MAD"), Point("Tue", 0, "0 MAD"), Point("<Wed>", 40, "40 MAD"))
WEEK = Chart("Sales", "The best day was <Wed>.", POINTS, Point("", 40, "40 MAD"))


def marks(drawing: str, tag: str) -> list[ET.Element]:
    return list(ET.fromstring(drawing).iter(tag))  # noqa: S314 - our own drawing


def test_bars_stand_as_high_as_their_values_on_one_base() -> None:
    bars = marks(bar_chart(WEEK), "rect")
    assert [(bar.get("y"), bar.get("height"), bar[0].text) for bar in bars] == [
        ("166.0", "46.0", "Mon: 10 MAD"),
        ("212.0", "0.0", "Tue: 0 MAD"),
        ("28.0", "184.0", "<Wed>: 40 MAD"),
    ]


def test_a_line_joins_all_points_from_the_start_of_reading() -> None:
    [line] = marks(line_chart(WEEK), "polyline")
    assert line.get("points") == "112.0,166.0 320.0,212.0 528.0,28.0"
    mirrored = Chart("Sales", "", POINTS, WEEK.top, mirrored=True)
    [line] = marks(line_chart(mirrored), "polyline")
    assert line.get("points") == "528.0,166.0 320.0,212.0 112.0,28.0"


@pytest.mark.parametrize("draw", [bar_chart, line_chart])
def test_a_drawing_is_read_as_one_sentence_and_holds_no_style(draw: type[str]) -> None:
    drawing = ET.fromstring(draw(WEEK))  # noqa: S314 - our own drawing
    assert (drawing.get("role"), drawing.get("aria-label")) == (
        "img",
        "Sales. The best day was <Wed>.",
    )
    assert not [mark for mark in drawing.iter() if "style" in mark.attrib]


def test_a_chart_of_nothing_is_an_empty_frame() -> None:
    assert not marks(bar_chart(Chart("Sales", "None yet.", (), Point("", 1, "1"))), "rect")


@given(st.lists(st.floats(min_value=0, max_value=1e12), max_size=5))
def test_no_value_is_above_the_end_of_its_scale(values: list[float]) -> None:
    end = scale_end(values)
    assert end > 0
    assert max(values, default=0) <= end
