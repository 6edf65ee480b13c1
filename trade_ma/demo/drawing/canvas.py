"""What every drawing stands on: a layer drawn at twice the size, light, grain, and a ground."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from math import sqrt
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from trade_ma.demo.drawing.geometry import Point, Polygon

Colour = tuple[int, int, int]
Palette = Sequence[Colour]
SIDE = 1200
CENTRE = (SIDE / 2, SIDE / 2)
# Shapes are drawn this much larger and reduced, because ImageDraw's edges are jagged.
SCALE = 2


def colour(code: str) -> Colour:
    """The colour of six hexadecimal digits."""
    red, green, blue = bytes.fromhex(code)
    return red, green, blue


def shade(of: Colour, factor: float) -> Colour:
    """Darker below 1, lighter above."""
    red, green, blue = (max(0, min(255, round(part * factor))) for part in of)
    return red, green, blue


def jittered(of: Colour, rng: Random, by: float = 0.08) -> Colour:
    """As no two pieces from one kiln or vat are alike."""
    return shade(of, 1 + rng.uniform(-by, by))


def mixed(one: Colour, other: Colour, part: float) -> Colour:
    """`one` with `part` of the other."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


@dataclass(slots=True)
class Layer:
    """A thing being drawn, in final pixels: its colours, and where it is."""

    size: tuple[int, int] = (SIDE, SIDE)
    image: Image.Image = field(init=False)
    mask: Image.Image = field(init=False)

    def __post_init__(self) -> None:
        big = (self.size[0] * SCALE, self.size[1] * SCALE)
        self.image, self.mask = Image.new("RGB", big), Image.new("L", big)

    def body(self, outline: Sequence[Point], fill: Colour) -> None:
        """A part of the thing itself: it grows by this outline."""
        ImageDraw.Draw(self.mask).polygon(_big(outline), fill=255)
        ImageDraw.Draw(self.image).polygon(_big(outline), fill=fill)

    def paint(self, outline: Sequence[Point], fill: Colour) -> None:
        """Decoration: seen only where the thing is."""
        ImageDraw.Draw(self.image).polygon(_big(outline), fill=fill)

    def line(self, points: Sequence[Point], fill: Colour, width: float) -> None:
        """A line of decoration."""
        pen = max(1, round(width * SCALE))
        ImageDraw.Draw(self.image).line(_big(points), fill=fill, width=pen, joint="curve")

    def dot(self, centre: Point, radius: float, fill: Colour) -> None:
        """A dot of decoration."""
        ImageDraw.Draw(self.image).ellipse(_around(centre, radius), fill=fill)

    def disc(self, centre: Point, radius: float, fill: Colour) -> None:
        """A round part of the thing itself."""
        ImageDraw.Draw(self.mask).ellipse(_around(centre, radius), fill=255)
        ImageDraw.Draw(self.image).ellipse(_around(centre, radius), fill=fill)

    def cord(self, points: Sequence[Point], fill: Colour, width: float) -> None:
        """A strap, a fringe, a chain: a line that is part of the thing."""
        pen = max(1, round(width * SCALE))
        ImageDraw.Draw(self.mask).line(_big(points), fill=255, width=pen, joint="curve")
        ImageDraw.Draw(self.image).line(_big(points), fill=fill, width=pen, joint="curve")

    def finished(self) -> tuple[Image.Image, Image.Image]:
        """Its colours and its mask at the final size."""
        return self.image.reduce(SCALE), self.mask.reduce(SCALE)


def _big(points: Sequence[Point]) -> Polygon:
    return [(x * SCALE, y * SCALE) for x, y in points]


def _around(centre: Point, radius: float) -> tuple[float, float, float, float]:
    (x, y), r = centre, radius
    return (x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE


def noise(size: tuple[int, int], rng: Random, grain: tuple[int, int] = (1, 1)) -> Image.Image:
    """Grey noise whose grains are so many pixels wide and high, smooth between them."""
    width, height = (max(2, -(-side // g)) for side, g in zip(size, grain, strict=True))
    coarse = Image.frombytes("L", (width, height), rng.randbytes(width * height))
    return coarse if grain == (1, 1) else coarse.resize(size, Image.Resampling.BILINEAR)


def grained(image: Image.Image, texture: Image.Image, strength: float) -> Image.Image:
    """`image` made lighter and darker by a texture around middle grey."""
    levels = texture.point([round(128 + (level - 128) * strength) for level in range(256)])
    # Overlay keeps black and white where they are and moves the middle.
    return ImageChops.overlay(image, Image.merge("RGB", (levels,) * 3))


def lit(image: Image.Image, light: Image.Image, darkest: float = 0.5) -> Image.Image:
    """`image` under a light: 255 leaves it, 0 darkens it to `darkest`."""
    levels = light.point([round(255 * (darkest + (1 - darkest) * v / 255)) for v in range(256)])
    return ImageChops.multiply(image, Image.merge("RGB", (levels,) * 3))


# Many photos are lit alike, and nobody paints on a light.
@cache
def glow(centre: Point, radius: float, size: tuple[int, int] = (SIDE, SIDE)) -> Image.Image:
    """Light that falls off from a point to nothing at `radius`."""
    side = max(2, round(2 * radius))
    spot = ImageChops.invert(Image.radial_gradient("L")).resize(
        (side, side), Image.Resampling.BILINEAR
    )
    # The gradient reaches its end in the corners; stretch it to end on the circle.
    spot = spot.point([max(0, round((v - 75) * 255 / 180)) for v in range(256)])
    sheet = Image.new("L", size)
    sheet.paste(spot, (round(centre[0] - radius), round(centre[1] - radius)))
    return sheet


@cache
def round_light(left: float, right: float, size: tuple[int, int] = (SIDE, SIDE)) -> Image.Image:
    """Light on a turned thing between two sides: brightest left of its middle."""
    width = max(2, round(right - left))
    row = bytes(_cylinder((x + 0.5) / width * 2 - 1) for x in range(width))
    strip = Image.frombytes("L", (width, 1), row).resize((width, size[1]))
    sheet = Image.new("L", size)
    sheet.paste(strip, (round(left), 0))
    return sheet


def _cylinder(x: float) -> int:
    # Lambert's cosine for a light 35 degrees to the left, with a little from behind.
    depth = sqrt(1 - x * x)
    return round(255 * max(0.0, min(1.0, 0.10 + 0.90 * (depth * 0.82 - x * 0.57))))


def ground(rng: Random, wall: Colour, floor: Colour, horizon: float | None = None) -> Image.Image:
    """A photographer's ground: a wall that runs into a floor, or one plain seen from above."""
    slope = Image.linear_gradient("L").resize((SIDE, SIDE))
    if horizon is None:
        image = Image.composite(
            Image.new("RGB", (SIDE, SIDE), floor), Image.new("RGB", (SIDE, SIDE), wall), slope
        )
    else:
        edge = round(SIDE * horizon)
        curve = Image.new("L", (SIDE, SIDE))
        curve.paste(255, (0, edge, SIDE, SIDE))
        curve = curve.filter(ImageFilter.BoxBlur(60))
        image = Image.composite(
            Image.new("RGB", (SIDE, SIDE), floor), Image.new("RGB", (SIDE, SIDE), wall), curve
        )
    image = grained(image, noise((SIDE, SIDE), rng, (5, 5)), 0.05)
    return lit(image, glow((SIDE * 0.45, SIDE * 0.4), SIDE * 1.1), 0.72)


def planks(rng: Random, tone: Colour) -> Image.Image:
    """A floor of boards, seen from above."""
    image = Image.new("RGB", (SIDE, SIDE), tone)
    draw = ImageDraw.Draw(image)
    width = 160
    for x in range(0, SIDE, width):
        draw.rectangle((x, 0, x + width, SIDE), fill=jittered(tone, rng, 0.07))
        draw.line((x, 0, x, SIDE), fill=shade(tone, 0.62), width=3)
        joint = rng.randrange(SIDE)
        draw.line((x, joint, x + width, joint), fill=shade(tone, 0.62), width=3)
    image = grained(image, noise((SIDE, SIDE), rng, (4, 160)), 0.28)
    return lit(image, glow((SIDE * 0.4, SIDE * 0.35), SIDE * 1.15), 0.7)


def laid(
    on: Image.Image,
    thing: Image.Image,
    mask: Image.Image,
    *,
    fall: tuple[int, int] = (14, 22),
    blur: int = 18,
    dark: float = 0.55,
) -> Image.Image:
    """The thing on its ground, with the shadow that it throws."""
    small = mask.reduce(4).filter(ImageFilter.GaussianBlur(blur / 4)).resize(mask.size)
    shadow = ImageChops.offset(small.point([round(v * dark) for v in range(256)]), *fall)
    shaded = Image.composite(Image.new("RGB", on.size, (38, 28, 22)), on, shadow)
    return Image.composite(thing, shaded, mask)


def standing(on: Image.Image, centre: Point, width: float, height: float = 46) -> Image.Image:
    """The ground with the dark pool of light's absence under a thing that stands on it."""
    sheet = Image.new("L", (SIDE // 4, SIDE // 4))
    x, y = centre
    box = ((x - width) / 4, (y - height) / 4, (x + width * 1.15) / 4, (y + height) / 4)
    ImageDraw.Draw(sheet).ellipse(box, fill=190)
    pool = sheet.filter(ImageFilter.GaussianBlur(7)).resize(on.size)
    return Image.composite(Image.new("RGB", on.size, (40, 30, 24)), on, pool)
