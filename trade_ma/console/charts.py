"""Charts drawn as inline SVG from values alone: no script, no style, read aloud as a sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10

from markupsafe import Markup

# User units of the drawing; the style sheet says how large it is shown.
WIDTH, HEIGHT = 640, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 8, 28, 28
_PLOT_WIDTH = WIDTH - _LEFT - _RIGHT
_PLOT_HEIGHT = HEIGHT - _TOP - _BOTTOM
_BASE = HEIGHT - _BOTTOM
# Steps that a scale may end at, as parts of a power of ten.
_ROUND = (1, 2, 2.5, 5, 10)
_BAR = 0.72  # of the place that a bar has


@dataclass(frozen=True, slots=True)
class Point:
    """A value at its label; `shown` is the value as its reader writes it."""

    label: str
    value: float
    shown: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: `summary` is the sentence that stands for the picture; `top` the scale's end.

    With `mirrored` the first point stands at the right, as readers of Arabic expect.
    """

    title: str
    summary: str
    points: Sequence[Point]
    top: Point
    mirrored: bool = False


def scale_end(values: Sequence[float]) -> float:
    """A round number, 1 or more, that no value is above."""
    highest = max(values, default=0)
    if highest <= 1:
        return 1
    power: float = 10 ** floor(log10(highest))
    return next(step * power for step in _ROUND if step * power >= highest)


def bar_chart(chart: Chart) -> Markup:
    """The points as bars from a common base. Values under 0 are drawn as 0."""
    return _drawing(chart, Markup("").join(_bars(chart)), "bars")


def line_chart(chart: Chart) -> Markup:
    """The points as one line with a dot at each."""
    places = [(_middle(chart, at), _height(chart, one)) for at, one in enumerate(chart.points)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = (
        Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3.5"><title>{}</title></circle>').format(
            x, y, _told(point)
        )
        for (x, y), point in zip(places, chart.points, strict=True)
    )
    line = Markup('<polyline points="{}" fill="none"></polyline>').format(path)
    return _drawing(chart, line + Markup("").join(dots), "line")


def _drawing(chart: Chart, marks: Markup, kind: str) -> Markup:
    return Markup(
        '<svg class="chart {}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>'
    ).format(kind, WIDTH, HEIGHT, f"{chart.title}. {chart.summary}", _frame(chart), marks)


def _frame(chart: Chart) -> Markup:
    """The scale's end, its middle and its base, and the labels of the first and the last point."""
    rules = Markup("").join(
        Markup('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"></line>').format(
            name, _LEFT, WIDTH - _RIGHT, y, y
        )
        for name, y in (("rule", _TOP), ("rule", (_TOP + _BASE) / 2), ("base", _BASE))
    )
    return rules + _scale(chart) + Markup("").join(_labels(chart))


def _scale(chart: Chart) -> Markup:
    return _text(chart, _TOP - 8, "start", chart.top.shown)


def _labels(chart: Chart) -> Iterator[Markup]:
    if chart.points:
        yield _text(chart, HEIGHT - 8, "start", chart.points[0].label)
    if len(chart.points) > 1:
        yield _text(chart, HEIGHT - 8, "end", chart.points[-1].label)


def _text(chart: Chart, y: float, anchor: str, words: str) -> Markup:
    """Words at the start or the end of a line as its reader sees it."""
    at_right = (anchor == "end") != chart.mirrored
    return Markup('<text x="{}" y="{}" text-anchor="{}" direction="{}">{}</text>').format(
        WIDTH - _RIGHT if at_right else _LEFT, y, anchor, "rtl" if chart.mirrored else "ltr", words
    )


def _bars(chart: Chart) -> Iterator[Markup]:
    width = _PLOT_WIDTH / max(len(chart.points), 1) * _BAR
    for at, point in enumerate(chart.points):
        y = _height(chart, point)
        yield Markup(
            '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2">'
            "<title>{}</title></rect>"
        ).format(_middle(chart, at) - width / 2, y, width, _BASE - y, _told(point))


def _middle(chart: Chart, at: int) -> float:
    place = len(chart.points) - 1 - at if chart.mirrored else at
    return _LEFT + (place + 0.5) * _PLOT_WIDTH / len(chart.points)


def _height(chart: Chart, point: Point) -> float:
    return _BASE - max(point.value, 0) / chart.top.value * _PLOT_HEIGHT


def _told(point: Point) -> str:
    return f"{point.label}: {point.shown}"
