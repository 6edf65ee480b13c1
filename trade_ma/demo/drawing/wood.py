"""Thuya of Essaouira with inlay, and baskets coiled of palm and raffia."""

from math import cos, pi, sin
from random import Random

from PIL import Image

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
from trade_ma.demo.drawing.geometry import Point, hankin, polar, regular, rosette

PAPER: Colour = (226, 220, 210)


def box(rng: Random, palette: Palette) -> Image.Image:
    """A thuya box from above: burr wood, a border of lemon wood, a star of eight inlaid."""
    layer = Layer()
    wood, lemon, ebony = (palette[k % len(palette)] for k in range(3))
    _square(layer, 440, shade(wood, 0.72), body=True)
    _square(layer, 424, wood)
    _square(layer, 372, ebony)
    _square(layer, 364, lemon)
    for k in range(-17, 18):
        for sign in (-1, 1):
            for x, y in ((k * 21, sign * 350), (sign * 350, k * 21)):
                square = regular((CENTRE[0] + x, CENTRE[1] + y), 4, 12, pi / 4)
                layer.paint(square, ebony)
    _square(layer, 336, ebony)
    _square(layer, 328, wood)
    tile = regular(CENTRE, 8, 240)
    layer.paint(tile, shade(wood, 0.8))
    layer.paint(hankin(tile, 3 * pi / 8), lemon)
    for outer, inner, tone in (
        (150, 108, ebony),
        (140, 100, wood),
        (80, 50, lemon),
        (40, 24, ebony),
    ):
        layer.paint(rosette(CENTRE, 8, outer, inner, pi / 8), tone)
    image, mask = layer.finished()
    image = lit(_burr(image, rng), glow((SIDE * 0.4, SIDE * 0.36), SIDE * 0.75), 0.5)
    return laid(ground(rng, PAPER, shade(PAPER, 0.9)), image, mask, fall=(20, 28), blur=22)


def _square(layer: Layer, half: float, fill: Colour, *, body: bool = False) -> None:
    (x, y), corner = CENTRE, [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    outline = [(x + a * half, y + b * half) for a, b in corner]
    (layer.body if body else layer.paint)(outline, fill)


def _burr(image: Image.Image, rng: Random) -> Image.Image:
    """Thuya's burr: eyes and flames at three sizes."""
    for grain, strength in (((70, 26), 0.34), ((22, 9), 0.3), ((4, 3), 0.22)):
        image = grained(image, noise((SIDE, SIDE), rng, grain), strength)
    return image


def basket(rng: Random, palette: Palette) -> Image.Image:
    """A basket from above: a coil sewn stitch by stitch, a star growing out of it."""
    layer = Layer()
    straw, wool, second = (palette[k % len(palette)] for k in range(3))
    layer.disc(CENTRE, 492, shade(straw, 0.6))
    coils, stitch = 19, 26.0
    for coil in range(coils, 0, -1):
        radius = coil * 480 / coils
        count = max(8, round(2 * pi * radius / stitch))
        for k in range(count):
            angle = 2 * pi * (k + coil * 0.37) / count
            tone = _stitch_tone(angle, coil / coils, (straw, wool, second))
            layer.paint(_stitch(radius, angle, 480 / coils), jittered(tone, rng, 0.14))
    layer.dot(CENTRE, 14, straw)
    image, mask = layer.finished()
    image = grained(image, noise((SIDE, SIDE), rng, (3, 3)), 0.25)
    image = lit(image, glow((SIDE * 0.42, SIDE * 0.38), SIDE * 0.7), 0.5)
    return laid(ground(rng, PAPER, shade(PAPER, 0.9)), image, mask, fall=(22, 30), blur=26)


def _stitch_tone(angle: float, out: float, tones: Palette) -> Colour:
    """Wool where the eight-pointed star is, straw elsewhere."""
    straw, wool, second = tones
    wave = abs((angle * 8 / (2 * pi)) % 1 - 0.5) * 2
    if 0.3 < out < 0.3 + 0.5 * wave:
        return wool
    if out > 0.9 or 0.18 < out < 0.26:
        return second
    return straw


def _stitch(radius: float, angle: float, thick: float) -> list[Point]:
    x, y = polar(CENTRE, radius - thick / 2, angle)
    lean = angle + 0.35
    along, across = thick * 0.62, 8.5
    return [
        (x + along * cos(lean), y + along * sin(lean)),
        (x - across * sin(lean), y + across * cos(lean)),
        (x - along * cos(lean), y - along * sin(lean)),
        (x + across * sin(lean), y - across * cos(lean)),
    ]
