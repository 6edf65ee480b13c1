"""Leather of Fès and Marrakech: babouches, bags and poufs, stitched and tooled."""

from collections.abc import Sequence
from itertools import pairwise
from math import hypot, pi
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
    noise,
    shade,
)
from trade_ma.demo.drawing.geometry import Point, closed, petal, polar, rosette, smooth

LINEN: Colour = (228, 220, 206)


def babouches(rng: Random, palette: Palette) -> Image.Image:
    """A pair of pointed slippers from above, embroidered on the toe."""
    photo = ground(rng, LINEN, shade(LINEN, 0.92))
    for side, middle, lean in ((-1, SIDE * 0.34, -14), (1, SIDE * 0.66, 14)):
        layer = Layer()
        _slipper(layer, side, middle, lean, palette)
        image, mask = layer.finished()
        photo = laid(photo, _hide(image, rng, (middle, SIDE * 0.35), 620), mask)
    return photo


def _slipper(layer: Layer, side: int, middle: float, lean: float, palette: Palette) -> None:
    upper, lining, thread = (palette[k % len(palette)] for k in range(3))

    def at(x: float, y: float) -> Point:
        return middle + side * x + lean * (600 - y) / 450, y

    sole = [at(-8, 118), at(70, 240), at(132, 420), at(122, 640), at(118, 860), at(86, 1040)]
    sole += [at(0, 1084), at(-86, 1040), at(-112, 860), at(-112, 640), at(-126, 420), at(-80, 240)]
    layer.body(closed(sole), shade(upper, 0.55))
    top = [(x + (middle - x) * 0.06, y + (600 - y) * 0.012) for x, y in sole]
    layer.paint(closed(top), upper)
    opening = [at(0, 520), at(74, 570), at(88, 760), at(84, 900), at(58, 1010), at(0, 1036)]
    opening += [at(-58, 1010), at(-82, 900), at(-86, 760), at(-72, 570)]
    layer.paint(closed(opening), lining)
    heel = [at(0, 700), at(60, 740), at(66, 900), at(44, 990), at(0, 1010), at(-44, 990)]
    heel += [at(-64, 900), at(-58, 740)]
    layer.paint(closed(heel), shade(lining, 1.12))
    _stitches(layer, closed(opening), at(0, 780), 1.1, thread)
    _embroidery(layer, at(0, 370), thread)


def _stitches(
    layer: Layer, outline: Sequence[Point], centre: Point, grown: float, thread: Colour
) -> None:
    """Short stitches along an outline drawn away from its centre."""
    x, y = centre
    path = [(x + (a - x) * grown, y + (b - y) * (1 + (grown - 1) / 2)) for a, b in outline]
    for here, there in zip(path[::4], path[2::4], strict=False):
        layer.line([here, there], thread, 4)


def _embroidery(layer: Layer, centre: Point, thread: Colour) -> None:
    for k in range(8):
        angle = pi / 4 * k
        layer.paint(petal(centre, 14, 92, angle, 15), thread)
        layer.dot(polar(centre, 100, angle + pi / 8), 5, thread)
    layer.dot(centre, 12, thread)
    for reach in (150, 172):
        arc = [
            polar((centre[0], centre[1] + 40), reach * 0.62, pi + pi * k / 20) for k in range(21)
        ]
        layer.line(arc, thread, 3)


def bag(rng: Random, palette: Palette) -> Image.Image:
    """A shoulder bag with a tooled flap, its strap in a loop above."""
    hide, dark, thread = (palette[k % len(palette)] for k in range(3))
    layer = Layer()
    strap = smooth(
        [(330, 560), (300, 330), (420, 150), (600, 110), (780, 150), (900, 330), (870, 560)]
    )
    layer.cord(strap, shade(hide, 0.7), 30)
    layer.cord(strap, shade(hide, 0.85), 22)
    body = [(290, 500), (600, 486), (910, 500), (940, 780), (920, 1030), (860, 1080)]
    body += [(600, 1092), (340, 1080), (280, 1030), (260, 780)]
    layer.body(closed(body), shade(hide, 0.8))
    flap = [
        (286, 500),
        (600, 486),
        (914, 500),
        (930, 660),
        (860, 810),
        (600, 880),
        (340, 810),
        (270, 660),
    ]
    layer.paint([(x + 4, y + 14) for x, y in closed(flap)], shade(hide, 0.5))
    layer.paint(closed(flap), hide)
    for shrink, width in ((0.94, 4), (0.905, 4)):
        inner = [(600 + (x - 600) * shrink, 680 + (y - 680) * shrink) for x, y in closed(flap)]
        for here, there in zip(inner[::3], inner[1::3], strict=False):
            layer.line([here, there], thread, width)
    _tooling(layer, (600, 670), hide, dark)
    layer.dot((600, 850), 30, (150, 112, 52))
    layer.dot((596, 846), 22, (214, 176, 96))
    image, mask = layer.finished()
    return laid(
        ground(rng, LINEN, shade(LINEN, 0.9)), _hide(image, rng, (520, 640), 760), mask, blur=26
    )


def _tooling(layer: Layer, centre: Point, hide: Colour, dark: Colour) -> None:
    """A star pressed into the leather."""
    for points, outer, inner, tone in (
        (8, 142, 108, dark),
        (8, 130, 98, hide),
        (8, 96, 60, dark),
        (8, 84, 52, hide),
        (8, 40, 22, dark),
    ):
        layer.paint(rosette(centre, points, outer, inner, pi / 8), tone)
    for k in range(16):
        layer.dot(polar(centre, 160, k * pi / 8), 6, dark)
    for side in (-1, 1):
        for k in range(3):
            layer.paint(
                petal(
                    (centre[0] + side * 215, centre[1]),
                    0,
                    70,
                    k * pi / 4 - pi / 4 + (pi if side < 0 else 0),
                    12,
                ),
                dark,
            )


def pouf(rng: Random, palette: Palette) -> Image.Image:
    """A pouf from above: panels sewn to a star, silk on the seams."""
    hide, second, thread = (palette[k % len(palette)] for k in range(3))
    layer = Layer()
    layer.disc(CENTRE, 490, shade(hide, 0.8))
    sides = 12
    for k in range(sides):
        angle, width = 2 * pi * k / sides, pi / sides
        panel = [CENTRE, polar(CENTRE, 480, angle - width), polar(CENTRE, 488, angle)]
        panel.append(polar(CENTRE, 480, angle + width))
        layer.paint(panel, jittered(hide if k % 2 else second, rng, 0.05))
        layer.paint(
            petal(CENTRE, 250, 460, angle, 66), jittered(second if k % 2 else hide, rng, 0.05)
        )
        _seam(layer, petal(CENTRE, 262, 448, angle, 56), thread)
        layer.paint(petal(CENTRE, 320, 400, angle, 16), thread)
    for k in range(sides):
        edge = 2 * pi * (k + 0.5) / sides
        _seam(layer, [polar(CENTRE, r, edge) for r in range(120, 484, 12)], thread)
    for outer, inner, tone in (
        (240, 150, thread),
        (228, 142, second),
        (150, 96, thread),
        (140, 88, hide),
    ):
        layer.paint(rosette(CENTRE, sides, outer, inner, pi / sides), tone)
    layer.dot(CENTRE, 62, thread)
    layer.dot(CENTRE, 54, second)
    for k in range(sides):
        layer.paint(petal(CENTRE, 10, 48, 2 * pi * k / sides, 6), thread)
    image, mask = layer.finished()
    image = _hide(image, rng, (520, 500), 640)
    return laid(ground(rng, LINEN, shade(LINEN, 0.9)), image, mask, fall=(24, 34), blur=32)


def _seam(layer: Layer, path: Sequence[Point], thread: Colour) -> None:
    for here, there in pairwise(path):
        length = hypot(there[0] - here[0], there[1] - here[1]) or 1.0
        across = ((there[1] - here[1]) / length * 5, (here[0] - there[0]) / length * 5)
        layer.line(
            [
                (here[0] - across[0], here[1] - across[1]),
                (here[0] + across[0], here[1] + across[1]),
            ],
            thread,
            3,
        )


def _hide(image: Image.Image, rng: Random, light: Point, reach: float) -> Image.Image:
    """Leather: its grain, and a soft shine where it bulges."""
    image = grained(image, noise((SIDE, SIDE), rng, (7, 7)), 0.2)
    image = grained(image, noise((SIDE, SIDE), rng, (60, 60)), 0.16)
    image = lit(image, glow(light, reach), 0.5)
    gloss = glow((light[0] - 40, light[1] - 120), reach * 0.42).point([v // 5 for v in range(256)])
    return ImageChops.screen(image, Image.merge("RGB", (gloss,) * 3))
