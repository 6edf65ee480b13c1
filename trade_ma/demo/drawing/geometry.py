"""Shapes as lists of points: star patterns by Hankin's method, tilings, curves, things turned."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import cos, hypot, pi, sin, sqrt, tan

Point = tuple[float, float]
Polygon = list[Point]


def polar(centre: Point, radius: float, angle: float) -> Point:
    """The point at `radius` and `angle` (radians, clockwise on a screen from the right)."""
    return centre[0] + radius * cos(angle), centre[1] + radius * sin(angle)


def regular(centre: Point, sides: int, edge: float, turn: float = 0.0) -> Polygon:
    """A regular polygon of that edge; at `turn` 0 an edge's middle lies to the right."""
    radius = edge / (2 * sin(pi / sides))
    return [polar(centre, radius, turn + (2 * k + 1) * pi / sides) for k in range(sides)]


def hankin(tile: Polygon, angle: float) -> Polygon:
    """The star that a craftsman strikes inside a regular tile.

    From the middle of each edge two rays go inwards at `angle` (radians) to it; where rays of
    neighbours meet lie the star's inner corners. Source: E. H. Hankin, The Drawing of Geometric
    Patterns in Saracenic Art, 1925.
    """
    sides = len(tile)
    x, y = (sum(part) / sides for part in zip(*tile, strict=True))
    half = hypot(tile[1][0] - tile[0][0], tile[1][1] - tile[0][1]) / 2
    apothem = half / tan(pi / sides)
    # Two rays meet on the line from the centre through the corner between their edges.
    meet = apothem / (cos(pi / sides) + sin(pi / sides) * tan(angle))
    star = []
    for here, there in zip(tile, [*tile[1:], tile[0]], strict=True):
        star += [_towards((x, y), here, meet), ((here[0] + there[0]) / 2, (here[1] + there[1]) / 2)]
    return star


def _towards(start: Point, end: Point, distance: float) -> Point:
    length = hypot(end[0] - start[0], end[1] - start[1])
    return (
        start[0] + (end[0] - start[0]) * distance / length,
        start[1] + (end[1] - start[1]) * distance / length,
    )


def octagons_and_squares(edge: float, middle: Point) -> Iterator[Polygon]:
    """The tiling 4.8.8 around the middle of a picture, an octagon on it."""
    pitch = edge * (1 + sqrt(2))
    reach = int(middle[0] / pitch) + 1
    for i in range(-reach, reach + 1):
        for j in range(-reach, reach + 1):
            x, y = middle[0] + i * pitch, middle[1] + j * pitch
            yield regular((x, y), 8, edge)
            yield regular((x + pitch / 2, y + pitch / 2), 4, edge, pi / 4)


def twelves_sixes_fours(edge: float, middle: Point) -> Iterator[Polygon]:
    """The tiling 4.6.12 around the middle of a picture, a dodecagon on it."""
    pitch = edge * (3 + sqrt(3))
    rise = pitch * sqrt(3) / 2
    reach = int(middle[0] / rise) + 2
    for j in range(-reach, reach + 1):
        for i in range(-reach, reach + 1):
            centre = (middle[0] + (i + (j % 2) / 2) * pitch, middle[1] + j * rise)
            yield regular(centre, 12, edge)
            for k in range(3):
                yield regular(polar(centre, pitch / 2, k * pi / 3), 4, edge, k * pi / 3)
            for k in (0, 1):
                gap = polar(centre, pitch / sqrt(3), pi / 6 + k * pi / 3)
                yield regular(gap, 6, edge, k * pi / 3)


def smooth(points: Sequence[Point], steps: int = 16) -> Polygon:
    """A curve through all points (Catmull-Rom), its ends included."""
    padded = [points[0], *points, points[-1]]
    curve = [
        (
            _spline([x for x, _ in padded[k : k + 4]], step / steps),
            _spline([y for _, y in padded[k : k + 4]], step / steps),
        )
        for k in range(len(points) - 1)
        for step in range(steps)
    ]
    return [*curve, points[-1]]


def _spline(points: Sequence[float], t: float) -> float:
    before, start, end, after = points
    return start + t / 2 * (
        end
        - before
        + t * (2 * before - 5 * start + 4 * end - after + t * (3 * (start - end) + after - before))
    )


def closed(points: Sequence[Point], steps: int = 16) -> Polygon:
    """A smooth closed outline through all points."""
    count = len(points)
    around = [points[k % count] for k in range(-1, count + 2)]
    curve = smooth(around, steps)
    return curve[steps : steps * (count + 1)]


def turned(profile: Sequence[Point], axis: float) -> Polygon:
    """The outline of a thing turned on a wheel: `profile` is (radius, height down) from the top."""
    right = [(axis + radius, y) for radius, y in profile]
    return right + [(axis - radius, y) for radius, y in reversed(profile)]


def radius_at(profile: Sequence[Point], height: float) -> float:
    """The radius of a turned thing at a height."""
    for (upper, top), (lower, bottom) in pairwise(profile):
        if top <= height <= bottom and bottom > top:
            return upper + (lower - upper) * (height - top) / (bottom - top)
    return profile[-1][0]


def rosette(centre: Point, points: int, outer: float, inner: float, turn: float = 0.0) -> Polygon:
    """A star of `points` points between two radii."""
    return [
        polar(centre, inner if k % 2 else outer, turn + k * pi / points) for k in range(2 * points)
    ]


def petal(centre: Point, start: float, end: float, angle: float, half_width: float) -> Polygon:
    """A leaf that lies along `angle`, from radius `start` to `end`."""
    outline = [(0.0, 0.0), (0.3, 0.75), (0.6, 1.0), (0.85, 0.6), (1.0, 0.0)]
    sides = smooth(outline, 6) + [(t, -w) for t, w in reversed(smooth(outline, 6))]
    along = ((start + (end - start) * t, half_width * w) for t, w in sides)
    return [
        (
            centre[0] + r * cos(angle) - w * sin(angle),
            centre[1] + r * sin(angle) + w * cos(angle),
        )
        for r, w in along
    ]


def band(profile: Sequence[Point], axis: float, top: float, bottom: float) -> Polygon:
    """The part of a turned thing between two heights."""
    steps = 24
    heights = [top + (bottom - top) * k / steps for k in range(steps + 1)]
    return turned([(radius_at(profile, y), y) for y in heights], axis)


def on_surface(
    profile: Sequence[Point], axis: float, polygon: Sequence[Point], turn: float = 0.0
) -> Polygon | None:
    """(angle, height) points laid on a turned thing as the eye sees them; None behind it."""
    if any(abs(angle + turn) > pi / 2 + 0.2 for angle, _ in polygon):
        return None
    return [
        (axis + radius_at(profile, y) * sin(max(-pi / 2, min(pi / 2, angle + turn))), y)
        for angle, y in polygon
    ]
