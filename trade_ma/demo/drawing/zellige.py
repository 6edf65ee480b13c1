"""Zellige: hand-cut glazed pieces in star patterns, as panels and as table tops."""

from collections.abc import Iterator, Sequence
from math import pi
from random import Random

from PIL import Image, ImageChops

from trade_ma.demo.drawing.canvas import (
    SIDE,
    Colour,
    Layer,
    glow,
    grained,
    ground,
    jittered,
    laid,
    lit,
    noise,
    shade,
)
from trade_ma.demo.drawing.geometry import (
    Polygon,
    hankin,
    octagons_and_squares,
    rosette,
    twelves_sixes_fours,
)

GROUT: Colour = (231, 222, 205)
PLASTER: Colour = (226, 214, 196)
# The angle at which a master strikes his rays decides how sharp the stars are.
EIGHTFOLD, TWELVEFOLD = 3 * pi / 8, 5 * pi / 12
JOINT = 2.6
# A panel's side, of the picture's.
EDGE = 1000
MIDDLE = (SIDE / 2, SIDE / 2)


def panel(rng: Random, palette: Sequence[Colour]) -> Image.Image:
    """A square panel of stars of eight, framed."""
    layer = Layer()
    edge, corner = EDGE, (SIDE - EDGE) // 2
    frame = [(corner, corner), (corner + edge, corner)]
    frame += [(corner + edge, corner + edge), (corner, corner + edge)]
    layer.body(frame, GROUT)
    _pattern(layer, rng, palette, octagons_and_squares(63, MIDDLE), EIGHTFOLD)
    for inset, fill in ((0, palette[1]), (34, GROUT), (38, palette[3]), (54, GROUT)):
        _border(layer, corner + inset, edge - 2 * inset, fill, inset)
    return _fired(layer, rng)


def _border(layer: Layer, corner: int, edge: int, fill: Colour, inset: int) -> None:
    width = {0: 34, 34: 4, 38: 16, 54: 4}[inset]
    far = corner + edge
    for x0, y0, x1, y1 in (
        (corner, corner, far, corner + width),
        (corner, far - width, far, far),
        (corner, corner, corner + width, far),
        (far - width, corner, far, far),
    ):
        layer.paint([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], fill)


def table(rng: Random, palette: Sequence[Colour]) -> Image.Image:
    """A round table top: stars of twelve inside an iron ring."""
    layer = Layer()
    layer.disc(MIDDLE, 0.44 * SIDE, (58, 50, 46))
    rim = Layer()
    rim.disc(MIDDLE, 0.42 * SIDE, GROUT)
    _pattern(rim, rng, palette, twelves_sixes_fours(58, MIDDLE), TWELVEFOLD)
    layer.image.paste(rim.image, mask=rim.mask)
    return _fired(layer, rng)


def tiles(rng: Random, palette: Sequence[Colour]) -> Image.Image:
    """Plain square tiles of one glaze, each a little different: bejmat laid as a wall."""
    layer = Layer()
    pitch, gap = 128, 4
    for row in range(SIDE // pitch + 1):
        for column in range(SIDE // pitch + 1):
            x, y = column * pitch, row * pitch
            wobble = [rng.uniform(-2, 2) for _ in range(8)]
            corners = [(x + gap, y + gap), (x + pitch, y + gap)]
            corners += [(x + pitch, y + pitch), (x + gap, y + pitch)]
            outline = [
                (cx + wobble[2 * k], cy + wobble[2 * k + 1]) for k, (cx, cy) in enumerate(corners)
            ]
            layer.body(outline, jittered(rng.choice(palette), rng, 0.16))
    image, mask = layer.finished()
    image = grained(image, noise((SIDE, SIDE), rng, (90, 90)), 0.18)
    wall = Image.composite(image, Image.new("RGB", image.size, shade(GROUT, 0.93)), mask)
    return _glazed(wall, rng)


def _pattern(
    layer: Layer,
    rng: Random,
    palette: Sequence[Colour],
    tiling: Iterator[Polygon],
    angle: float,
) -> None:
    """Stars by Hankin's method in every tile; the largest carry a rosette of their own."""
    ground_colour, star, small, heart = (palette[k % len(palette)] for k in range(4))
    shapes = [(tile, hankin(tile, angle)) for tile in tiling]
    for tile, _ in shapes:
        layer.paint(tile, ground_colour)
    for tile, cut in shapes:
        large = len(tile) > 6
        layer.paint(cut, jittered(star if large else small, rng, 0.12))
        layer.line([*cut, cut[0]], GROUT, JOINT)
        if large:
            _heart(layer, tile, jittered(heart, rng), jittered(star, rng))


def _heart(layer: Layer, tile: Polygon, fill: Colour, middle: Colour) -> None:
    sides = len(tile)
    x, y = (sum(part) / sides for part in zip(*tile, strict=True))
    reach = ((tile[0][0] - x) ** 2 + (tile[0][1] - y) ** 2) ** 0.5
    for part, tone in ((0.50, fill), (0.22, middle)):
        star = rosette((x, y), sides, reach * part, reach * part * 0.68, pi / sides)
        layer.paint(star, tone)
        layer.line([*star, star[0]], GROUT, JOINT)


def _fired(layer: Layer, rng: Random) -> Image.Image:
    image, mask = layer.finished()
    image = _glazed(grained(image, noise((SIDE, SIDE), rng, (24, 24)), 0.22), rng)
    return laid(ground(rng, PLASTER, shade(PLASTER, 0.9)), image, mask)


def _glazed(image: Image.Image, rng: Random) -> Image.Image:
    """Glass over clay: a broad gloss from the window, and a fine grain."""
    image = grained(image, noise((SIDE, SIDE), rng, (2, 2)), 0.12)
    gloss = glow((SIDE * 0.3, SIDE * 0.2), SIDE * 0.75).point([v // 5 for v in range(256)])
    image = ImageChops.screen(image, Image.merge("RGB", (gloss,) * 3))
    return lit(image, glow((SIDE * 0.4, SIDE * 0.35), SIDE * 1.25), 0.7)
