"""Pottery of Fès and Safi: plates from above, and things turned on the wheel from the side."""

from collections.abc import Sequence
from math import pi
from random import Random

from PIL import Image, ImageChops

from trade_ma.demo.drawing.canvas import (
    CENTRE,
    SIDE,
    Colour,
    Layer,
    Palette,
    glow,
    grained,
    ground,
    jittered,
    laid,
    lit,
    mixed,
    noise,
    round_light,
    shade,
    standing,
)
from trade_ma.demo.drawing.geometry import (
    Point,
    band,
    on_surface,
    petal,
    polar,
    rosette,
    smooth,
    turned,
)

WALL: Colour = (233, 227, 217)
TABLE: Colour = (205, 190, 170)


def plate(rng: Random, palette: Palette) -> Image.Image:
    """A serving plate seen from above: petals around a star, bands of teeth and dots."""
    layer = Layer()
    glaze, ink, second, third = (palette[k % len(palette)] for k in range(4))
    layer.disc(CENTRE, 510, shade(glaze, 0.93))
    layer.dot(CENTRE, 500, ink)
    layer.dot(CENTRE, 484, glaze)
    fold = rng.choice((12, 16))
    _teeth(layer, 3 * fold, 478, 430, ink)
    _ring(layer, 424, 6, second)
    _arches(layer, fold, rng, (ink, second, third))
    _ring(layer, 246, 8, ink)
    _dots(layer, 3 * fold, 226, 8, third)
    _flower(layer, fold, rng, (ink, second, third, glaze))
    image, mask = layer.finished()
    image = _shone(grained(image, noise((SIDE, SIDE), rng, (14, 14)), 0.12))
    return laid(ground(rng, TABLE, shade(TABLE, 0.9)), image, mask, fall=(18, 26), blur=26)


def _teeth(layer: Layer, count: int, outer: float, inner: float, ink: Colour) -> None:
    layer.paint(rosette(CENTRE, count, outer, inner), ink)
    layer.dot(CENTRE, inner, shade(ink, 1.0))
    layer.dot(CENTRE, inner - 2, (250, 247, 240))


def _ring(layer: Layer, radius: float, width: float, ink: Colour) -> None:
    turn = [polar(CENTRE, radius, 2 * pi * k / 180) for k in range(182)]
    layer.line(turn, ink, width)


def _arches(layer: Layer, fold: int, rng: Random, inks: Palette) -> None:
    ink, second, third = inks
    width = 410 * pi / fold
    for k in range(fold):
        angle = 2 * pi * k / fold
        for start, end, part, tone in (
            (252, 420, 0.80, ink),
            (264, 404, 0.58, (250, 247, 240)),
            (274, 392, 0.42, second if k % 2 else third),
            (300, 372, 0.16, (250, 247, 240)),
        ):
            layer.paint(petal(CENTRE, start, end, angle, width * part), jittered(tone, rng, 0.04))
        between = angle + pi / fold
        layer.paint(petal(CENTRE, 360, 418, between, 14), third)
        layer.dot(polar(CENTRE, 346, between), 7, ink)


def _dots(layer: Layer, count: int, radius: float, size: float, ink: Colour) -> None:
    for k in range(count):
        layer.dot(polar(CENTRE, radius, 2 * pi * k / count), size, ink)


def _flower(layer: Layer, fold: int, rng: Random, inks: Palette) -> None:
    ink, second, third, glaze = inks
    _ring(layer, 204, 4, ink)
    for k in range(fold):
        angle = 2 * pi * (k + 0.5) / fold
        layer.paint(petal(CENTRE, 60, 200, angle, 30), jittered(ink, rng, 0.05))
        layer.paint(petal(CENTRE, 92, 188, angle, 15), glaze)
    layer.paint(rosette(CENTRE, fold, 112, 66), second)
    layer.paint(rosette(CENTRE, 8, 78, 46, pi / 8), third)
    layer.dot(CENTRE, 30, ink)
    layer.dot(CENTRE, 14, glaze)


def _shone(image: Image.Image) -> Image.Image:
    """A shallow dish: darker where it sinks, with the window on its rim."""
    image = lit(image, glow((SIDE * 0.42, SIDE * 0.38), SIDE * 0.68), 0.62)
    gloss = glow((SIDE * 0.36, SIDE * 0.27), SIDE * 0.2).point([v // 3 for v in range(256)])
    return ImageChops.screen(image, Image.merge("RGB", (gloss,) * 3))


def vase(rng: Random, palette: Palette) -> Image.Image:
    """An amphora with bands of zigzag and diamonds."""
    profile = smooth(
        [
            (92, 150),
            (78, 190),
            (70, 270),
            (150, 400),
            (262, 560),
            (270, 680),
            (190, 880),
            (120, 1000),
            (128, 1050),
        ]
    )
    layer = Layer()
    layer.body(turned(profile, SIDE / 2), palette[0])
    for top, bottom, index in ((150, 176, 1), (286, 300, 1), (880, 894, 1), (1020, 1050, 1)):
        layer.paint(band(profile, SIDE / 2, top, bottom), palette[index])
    _zigzags(layer, profile, (420, 500), 18, palette[1])
    _diamonds(layer, profile, (520, 760), 12, palette, rng)
    _zigzags(layer, profile, (780, 850), 18, palette[2 % len(palette)])
    return _turned_photo(layer, rng, 272, 1050, 130)


def bowl(rng: Random, palette: Palette) -> Image.Image:
    """A deep bowl on a foot, diamonds around its belly."""
    profile = smooth(
        [(400, 420), (408, 450), (386, 560), (300, 740), (150, 850), (120, 880), (150, 930)]
    )
    layer = Layer()
    layer.body(turned(profile, SIDE / 2), palette[0])
    layer.paint(band(profile, SIDE / 2, 420, 446), palette[1])
    _diamonds(layer, profile, (470, 650), 14, palette, rng)
    layer.paint(band(profile, SIDE / 2, 668, 682), palette[1])
    _zigzags(layer, profile, (700, 770), 20, palette[2 % len(palette)])
    return _turned_photo(layer, rng, 408, 930, 170)


def tagine(rng: Random, palette: Palette) -> Image.Image:
    """A tagine: the pointed lid on its dish."""
    lid = smooth(
        [(48, 190), (62, 216), (46, 262), (76, 330), (170, 500), (300, 680), (372, 772), (378, 800)]
    )
    dish = smooth([(430, 800), (438, 826), (416, 900), (330, 980), (290, 1000)])
    layer = Layer()
    layer.body(turned(dish, SIDE / 2), shade(palette[0], 0.92))
    layer.paint(band(dish, SIDE / 2, 800, 828), palette[1])
    _zigzags(layer, dish, (850, 920), 22, palette[1])
    layer.body(turned(lid, SIDE / 2), palette[0])
    layer.paint(band(lid, SIDE / 2, 190, 250), palette[1])
    layer.paint(band(lid, SIDE / 2, 776, 800), palette[1])
    _zigzags(layer, lid, (400, 470), 14, palette[2 % len(palette)])
    _diamonds(layer, lid, (500, 680), 14, palette, rng)
    _zigzags(layer, lid, (700, 756), 22, palette[2 % len(palette)])
    return _turned_photo(layer, rng, 438, 1000, 300)


def _zigzags(
    layer: Layer, profile: Sequence[Point], span: tuple[float, float], count: int, ink: Colour
) -> None:
    """Triangles around a turned thing, `count` on the half that is seen."""
    top, bottom = span
    step = pi / count
    for k in range(-count // 2 - 1, count // 2 + 1):
        tooth = [(k * step, bottom), ((k + 0.5) * step, top), ((k + 1) * step, bottom)]
        if laid_on := on_surface(profile, SIDE / 2, tooth):
            layer.paint(laid_on, ink)
    layer.paint(band(profile, SIDE / 2, bottom + 4, bottom + 10), ink)


def _diamonds(
    layer: Layer,
    profile: Sequence[Point],
    span: tuple[float, float],
    count: int,
    palette: Palette,
    rng: Random,
) -> None:
    """Diamonds within diamonds around a turned thing."""
    top, bottom = span
    middle, half, step = (top + bottom) / 2, (bottom - top) / 2, pi / count
    for k in range(-count // 2, count // 2 + 1):
        for ring, part in enumerate((1.0, 0.72, 0.4)):
            tone = palette[(1, 0, 2 + k % 2)[ring] % len(palette)]
            wide, high = step / 2 * part, half * part
            shape = [(k * step, middle - high), (k * step + wide, middle)]
            shape += [(k * step, middle + high), (k * step - wide, middle)]
            if laid_on := on_surface(profile, SIDE / 2, shape):
                layer.paint(laid_on, jittered(tone, rng, 0.05))


def _turned_photo(
    layer: Layer, rng: Random, widest: float, foot: float, base: float
) -> Image.Image:
    """A turned thing in its light, standing on a table before a wall."""
    image, mask = layer.finished()
    image = grained(image, noise((SIDE, SIDE), rng, (40, 8)), 0.12)
    image = grained(image, noise((SIDE, SIDE), rng, (2, 2)), 0.1)
    image = lit(image, round_light(SIDE / 2 - widest, SIDE / 2 + widest), 0.28)
    gloss = glow((SIDE / 2 - widest * 0.42, foot * 0.56), widest * 0.62)
    gloss = gloss.point([v * 2 // 5 for v in range(256)])
    image = ImageChops.screen(image, Image.merge("RGB", (gloss,) * 3))
    floor = mixed(TABLE, WALL, rng.random() * 0.4)
    back = standing(ground(rng, WALL, floor, horizon=0.74), (SIDE / 2, foot), base * 1.25)
    return laid(back, image, mask, fall=(26, 6), blur=30, dark=0.35)
