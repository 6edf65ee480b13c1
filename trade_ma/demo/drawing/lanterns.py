"""Lanterns and trays of brass: pierced metal with a light inside, and engraved rounds."""

from collections.abc import Sequence
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageChops, ImageFilter

from trade_ma.demo.drawing.canvas import (
    CENTRE,
    SIDE,
    Colour,
    Layer,
    Palette,
    glow,
    grained,
    ground,
    laid,
    lit,
    mixed,
    noise,
    round_light,
    shade,
)
from trade_ma.demo.drawing.geometry import (
    Point,
    band,
    on_surface,
    petal,
    polar,
    radius_at,
    rosette,
    smooth,
    turned,
)

DUSK: Colour = (44, 36, 42)
FLAME: Colour = (255, 206, 122)


def lantern(rng: Random, palette: Palette) -> Image.Image:
    """A drop of pierced brass, lit from inside."""
    profile = smooth(
        [
            (10, 190),
            (26, 240),
            (40, 300),
            (120, 400),
            (235, 540),
            (268, 670),
            (226, 800),
            (120, 910),
            (60, 950),
            (20, 1010),
            (4, 1060),
        ]
    )
    return _lit_photo(profile, rng, palette, rows=(420, 900), widest=268)


def globe(rng: Random, palette: Palette) -> Image.Image:
    """A ceiling globe, pierced all over."""
    ball = (pi * k / 40 for k in range(4, 41))
    profile = [(54.0, 250.0), *((340 * sin(a), 600 - 340 * cos(a)) for a in ball)]
    return _lit_photo(profile, rng, palette, rows=(300, 900), widest=340)


def _lit_photo(
    profile: Sequence[Point],
    rng: Random,
    palette: Palette,
    *,
    rows: tuple[float, float],
    widest: float,
) -> Image.Image:
    metal, trim = palette[0], palette[1]
    layer, light = Layer(), Layer()
    layer.cord([(SIDE / 2, 0), (SIDE / 2, 200)], shade(metal, 0.6), 7)
    layer.body(turned(profile, SIDE / 2), metal)
    _pierced(light, profile, rows, rng.choice((20, 24)))
    top, bottom = rows
    for y in (top - 26, (top + bottom) / 2 - 12, bottom + 4):
        layer.paint(band(profile, SIDE / 2, y, y + 22), trim)
    image, mask = layer.finished()
    image = grained(image, noise((SIDE, SIDE), rng, (6, 3)), 0.25)
    image = lit(image, round_light(SIDE / 2 - widest, SIDE / 2 + widest), 0.3)
    night = ground(rng, DUSK, shade(DUSK, 0.6))
    photo = _haloed(night, (SIDE / 2, (top + bottom) / 2), mixed(FLAME, trim, 0.15), widest * 2.4)
    return _shining(laid(photo, image, mask, dark=0.3), light)


def _pierced(light: Layer, profile: Sequence[Point], rows: tuple[float, float], count: int) -> None:
    """Holes in rows, stars and drops by turns, as they lie around the metal."""
    top, bottom = rows
    lines = 13
    for row in range(lines):
        y = top + (bottom - top) * row / (lines - 1)
        high = (bottom - top) / lines * 0.36
        step = pi / count
        for k in range(-count // 2, count // 2 + 1):
            middle = (k + row % 2 / 2) * step
            wide = step * 0.34
            hole = [
                (middle + wide * (x - SIDE / 2) / 100, y + high * (z - SIDE / 2) / 100)
                for x, z in _hole(row)
            ]
            if radius_at(profile, y) > 30 and (shape := on_surface(profile, SIDE / 2, hole)):
                light.body(shape, FLAME)


def _hole(row: int) -> list[Point]:
    if row % 3 == 0:
        return rosette(CENTRE, 8, 100, 52)
    if row % 3 == 1:
        return petal((SIDE / 2, SIDE / 2 + 100), 0, 200, -pi / 2, 46)
    return rosette(CENTRE, 4, 100, 70)


def _haloed(night: Image.Image, centre: Point, tone: Colour, reach: float) -> Image.Image:
    halo = glow(centre, reach).point([round((v / 255) ** 1.5 * 150) for v in range(256)])
    return ImageChops.screen(
        night, ImageChops.multiply(_flat(tone), Image.merge("RGB", (halo,) * 3))
    )


def _shining(photo: Image.Image, light: Layer) -> Image.Image:
    """The holes alight, and their light spilling over their edges."""
    _, mask = light.finished()
    photo = Image.composite(_flat((255, 240, 200)), photo, mask)
    spill = mask.reduce(4).filter(ImageFilter.GaussianBlur(5)).resize(mask.size)
    warm = ImageChops.multiply(_flat(FLAME), Image.merge("RGB", (spill,) * 3))
    return ImageChops.screen(photo, warm)


def _flat(tone: Colour) -> Image.Image:
    return Image.new("RGB", (SIDE, SIDE), tone)


def tray(rng: Random, palette: Palette) -> Image.Image:
    """A round tray, engraved with a star of sixteen."""
    metal, dark = palette[0], palette[1]
    layer = Layer()
    layer.disc(CENTRE, 500, shade(metal, 0.78))
    layer.dot(CENTRE, 486, metal)
    layer.dot(CENTRE, 448, shade(metal, 0.86))
    layer.dot(CENTRE, 440, metal)
    fold = 16
    for k in range(fold):
        angle = 2 * pi * k / fold
        _engraved(layer, petal(CENTRE, 250, 430, angle, 40), dark)
        _engraved(layer, petal(CENTRE, 290, 400, angle, 20), dark)
        layer.dot(polar(CENTRE, 420, angle + pi / fold), 9, dark)
    for outer, inner in ((240, 170), (180, 120), (120, 60)):
        _engraved(layer, rosette(CENTRE, fold, outer, inner), dark)
    for radius in (246, 436, 468):
        _engraved(layer, [polar(CENTRE, radius, 2 * pi * k / 120) for k in range(120)], dark)
    image, mask = layer.finished()
    image = _spun(grained(image, noise((SIDE, SIDE), rng, (3, 3)), 0.16))
    table = ground(rng, (120, 92, 70), (98, 74, 56))
    return laid(table, image, mask, fall=(18, 26), blur=24)


def _engraved(layer: Layer, outline: Sequence[Point], dark: Colour) -> None:
    layer.line([*outline, outline[0]], dark, 3.5)


def _spun(image: Image.Image) -> Image.Image:
    """Turned metal reflects in two opposite fans."""
    image = lit(image, glow((SIDE * 0.4, SIDE * 0.36), SIDE * 0.75), 0.55)
    fans = Layer()
    for angle in (-2.3, 0.84):
        fans.body([CENTRE, *(polar(CENTRE, 490, angle + k / 20) for k in range(-6, 7))], FLAME)
    _, mask = fans.finished()
    soft = mask.reduce(8).filter(ImageFilter.GaussianBlur(9)).resize(mask.size)
    shine = soft.point([v * 2 // 5 for v in range(256)])
    return ImageChops.screen(image, Image.merge("RGB", (shine,) * 3))
