"""Rugs, kilims, blankets and cushions: drawn knot by knot on a small sheet, then made to size."""

from collections.abc import Callable
from math import pi
from random import Random

from PIL import Image, ImageDraw

from trade_ma.demo.drawing.canvas import (
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
    planks,
    shade,
)
from trade_ma.demo.drawing.geometry import Point, closed, polar, smooth

Weave = Callable[[Image.Image, Random, Palette], None]

# Knots across and along a rug, and the pixels of one knot.
ACROSS, ALONG, KNOT = 120, 168, 6
OAK: Colour = (176, 138, 98)
CHALK: Colour = (222, 214, 203)


def beni_ourain(rng: Random, palette: Palette) -> Image.Image:
    """Cream wool in high pile, a lattice of dark diamonds that no ruler made."""
    return _rug(_diamonds, rng, palette, pile=True)


def azilal(rng: Random, palette: Palette) -> Image.Image:
    """Free lozenges, zigzags and signs in colour on cream."""
    return _rug(_signs, rng, palette, pile=True)


def boujaad(rng: Random, palette: Palette) -> Image.Image:
    """Lozenges inside lozenges, reds and pinks, column by column."""
    return _rug(_nested, rng, palette, pile=True)


def boucherouite(rng: Random, palette: Palette) -> Image.Image:
    """Strips of used cloth, knotted as they come."""
    return _rug(_strips, rng, palette, pile=True)


def kilim(rng: Random, palette: Palette) -> Image.Image:
    """Flat weave: stripes, and bands of small triangles, teeth and diamonds."""
    return _rug(_bands, rng, palette, pile=False)


def chequered(rng: Random, palette: Palette) -> Image.Image:
    """Squares of two colours, hand drawn."""
    return _rug(_squares, rng, palette, pile=True)


def handira(rng: Random, palette: Palette) -> Image.Image:
    """The bride's blanket: white wool, sequins in rows, a long fringe."""
    return _rug(_sequins, rng, palette, pile=False, fringe=64)


def cushion(rng: Random, palette: Palette) -> Image.Image:
    """A square cushion of kilim with a pompon at each corner."""
    sheet = Image.new("RGB", (ACROSS, ACROSS), palette[0])
    _bands(sheet, rng, palette)
    side, hollow, spare = 760, 22, 34
    near, middle = (SIDE - side) / 2, SIDE / 2
    far = near + side
    corners = [(near, near), (far, near), (far, far), (near, far)]
    sides = [(middle, near + hollow), (far - hollow, middle)]
    sides += [(middle, far - hollow), (near + hollow, middle)]
    outline = [point for pair in zip(corners, sides, strict=True) for point in pair]
    layer = Layer()
    layer.body(closed(outline, 12), palette[1])
    _, mask = layer.finished()
    cloth = Image.new("RGB", (SIDE, SIDE))
    cloth.paste(_woven(sheet, (side + 2 * spare,) * 2, rng, pile=False), (round(near) - spare,) * 2)
    cloth = lit(cloth, glow((SIDE * 0.46, SIDE * 0.44), SIDE * 0.6), 0.45)
    photo = laid(ground(rng, CHALK, shade(CHALK, 0.93)), cloth, mask, blur=26)
    pompons = Layer()
    for corner in corners:
        _pompon(pompons, corner, rng, palette[2])
    return laid(photo, *pompons.finished(), blur=8)


def _pompon(layer: Layer, centre: Point, rng: Random, tone: Colour) -> None:
    layer.disc(centre, 38, shade(tone, 0.8))
    for _ in range(260):
        strand = polar(centre, 46 * rng.random() ** 0.5, rng.uniform(0, 2 * pi))
        layer.disc(strand, 4, jittered(tone, rng, 0.3))


def _rug(
    weave: Weave, rng: Random, palette: Palette, *, pile: bool, fringe: int = 40
) -> Image.Image:
    sheet = Image.new("RGB", (ACROSS, ALONG), palette[0])
    weave(sheet, rng, palette)
    width, height = ACROSS * KNOT, ALONG * KNOT
    left, top = (SIDE - width) // 2, (SIDE - height) // 2
    layer = Layer()
    layer.body(_edges(left, top, width, height, rng), palette[0])
    _fringes(layer, (left, top, width, height), fringe, rng, mixed(palette[0], CHALK, 0.6))
    image, mask = layer.finished()
    image.paste(_woven(sheet, (width, height), rng, pile=pile), (left, top))
    floor = planks(rng, OAK) if rng.random() < 0.6 else ground(rng, CHALK, shade(CHALK, 0.9))
    return laid(floor, image, mask, fall=(10, 16), blur=14)


def _edges(left: int, top: int, width: int, height: int, rng: Random) -> list[Point]:
    """Four sides that waver a little, as wool does."""
    steps = 14
    right, bottom = left + width, top + height
    down = [top + height * k / steps for k in range(1, steps)]
    wander = [rng.uniform(0, 5) for _ in range(2 * len(down))]
    east = [(right - w, y) for w, y in zip(wander, down, strict=False)]
    west = [(left + w, y) for w, y in zip(wander[len(down) :], reversed(down), strict=True)]
    return [(left, top), (right, top), *east, (right, bottom), (left, bottom), *west]


def _fringes(
    layer: Layer, box: tuple[int, int, int, int], length: int, rng: Random, tone: Colour
) -> None:
    left, top, width, height = box
    for x in range(left + 3, left + width - 2, 9):
        for y, out in ((top + 2, -1), (top + height - 2, 1)):
            end = (x + rng.uniform(-6, 6), y + out * length * rng.uniform(0.75, 1.1))
            bend = (x + rng.uniform(-3, 3), (y + end[1]) / 2)
            layer.cord([(x, y), bend, end], jittered(tone, rng, 0.14), 4)


def _woven(sheet: Image.Image, size: tuple[int, int], rng: Random, *, pile: bool) -> Image.Image:
    """The small sheet at full size: blurred into pile, or stepped and ribbed as flat weave is."""
    if pile:
        soft = sheet.resize(size, Image.Resampling.BICUBIC)
        tufted = grained(soft, noise(size, rng, (3, 5)), 0.42)
        return grained(tufted, noise(size, rng, (70, 40)), 0.14)
    flat = sheet.resize(size, Image.Resampling.NEAREST)
    ribbed = grained(flat, _ribs(size), 0.22)
    return grained(ribbed, noise(size, rng, (9, 3)), 0.22)


def _ribs(size: tuple[int, int]) -> Image.Image:
    column = bytes((60, 150, 200, 150, 90, 40)[y % KNOT] for y in range(size[1]))
    return Image.frombytes("L", (1, size[1]), column).resize(size)


def _wandering(rng: Random, start: Point, end: Point, by: float) -> list[Point]:
    """A line from one point to another as a hand draws it."""
    steps = 4
    path = [
        (
            start[0] + (end[0] - start[0]) * k / steps + rng.uniform(-by, by) * (0 < k < steps),
            start[1] + (end[1] - start[1]) * k / steps + rng.uniform(-by, by) * (0 < k < steps),
        )
        for k in range(steps + 1)
    ]
    return smooth(path, 6)


def _lozenge(
    sheet: Image.Image, rng: Random, centre: Point, half: Point, tone: Colour, pen: int
) -> None:
    (x, y), (across, along) = centre, half
    corners = [(x, y - along), (x + across, y), (x, y + along), (x - across, y)]
    draw = ImageDraw.Draw(sheet)
    for here, there in zip(corners, [*corners[1:], corners[0]], strict=True):
        draw.line(_wandering(rng, here, there, 0.9), fill=tone, width=pen)


def _diamonds(sheet: Image.Image, rng: Random, palette: Palette) -> None:
    ink = palette[1]
    columns = rng.choice((3, 4))
    across, along = ACROSS / columns / 2, ALONG / rng.choice((5, 6)) / 2
    rows = round(ALONG / along / 2)
    for row in range(-1, rows + 1):
        for column in range(-1, columns + 1):
            centre = ((2 * column + 1) * across, (2 * row + 1) * along)
            _lozenge(sheet, rng, centre, (across, along), ink, 2)
            if rng.random() < 0.5:
                _lozenge(sheet, rng, centre, (across * 0.3, along * 0.3), ink, 2)


def _nested(sheet: Image.Image, rng: Random, palette: Palette) -> None:
    columns, rows = 2, rng.choice((3, 4))
    across, along = ACROSS / columns / 2, ALONG / rows / 2
    draw = ImageDraw.Draw(sheet)
    for row in range(rows):
        for column in range(columns):
            x, y = (2 * column + 1) * across, (2 * row + 1) * along
            tones = rng.sample(list(palette[1:]), k=min(4, len(palette) - 1))
            for ring, part in enumerate((0.98, 0.8, 0.6, 0.42, 0.22)):
                half = (across * part, along * part)
                outline = [(x, y - half[1]), (x + half[0], y), (x, y + half[1]), (x - half[0], y)]
                wobbly = [
                    (a + rng.uniform(-1.2, 1.2), b + rng.uniform(-1.2, 1.2)) for a, b in outline
                ]
                draw.polygon(wobbly, fill=tones[ring % len(tones)])


def _signs(sheet: Image.Image, rng: Random, palette: Palette) -> None:
    inks = list(palette[1:])
    draw = ImageDraw.Draw(sheet)
    for row in range(4):
        y = (row + 0.5) * ALONG / 4
        for column in range(3):
            centre = ((column + 0.5) * ACROSS / 3, y + rng.uniform(-4, 4))
            ink = rng.choice(inks)
            for part in (1.0, 0.62, 0.28):
                _lozenge(sheet, rng, centre, (17 * part, 17 * part), ink, 2)
                ink = rng.choice(inks)
        edge = (row + 1) * ALONG / 4
        teeth = [(x, edge + (3 if k % 2 else -3)) for k, x in enumerate(range(-4, ACROSS + 6, 6))]
        draw.line(teeth, fill=rng.choice(inks), width=2)
    for _ in range(26):
        x, y = rng.randrange(4, ACROSS - 6), rng.randrange(4, ALONG - 6)
        draw.rectangle((x, y, x + 3, y + 3), fill=rng.choice(inks))


def _strips(sheet: Image.Image, rng: Random, palette: Palette) -> None:
    draw = ImageDraw.Draw(sheet)
    for y in range(0, ALONG, 3):
        x = -rng.randrange(20)
        while x < ACROSS:
            width = rng.randrange(6, 40)
            draw.rectangle((x, y, x + width, y + 2), fill=jittered(rng.choice(palette), rng, 0.15))
            x += width
    for _ in range(5):
        centre = (rng.randrange(ACROSS), rng.randrange(ALONG))
        reach = rng.randrange(10, 26)
        for part in (1.0, 0.7, 0.4):
            tone = rng.choice(palette)
            _lozenge(sheet, rng, centre, (reach * part, reach * part * 1.3), tone, 3)


def _bands(sheet: Image.Image, rng: Random, palette: Palette) -> None:
    draw = ImageDraw.Draw(sheet)
    y, height = 0, sheet.height
    motifs = (_plain, _teeth, _small_diamonds, _steps)
    while y < height:
        deep = rng.choice((4, 6, 10, 14))
        # The first colour is the piece's own, so it comes back in every other band.
        back, ink = rng.sample([palette[0], *palette, palette[0]], k=2)
        if back == ink:
            ink = palette[-2]
        draw.rectangle((0, y, ACROSS, y + deep), fill=back)
        (rng.choice(motifs[1:]) if deep > 6 else _plain)(draw, y, deep, ink)
        y += deep
        draw.rectangle((0, y, ACROSS, y + 1), fill=palette[-1])
        y += 2


def _plain(draw: ImageDraw.ImageDraw, y: int, deep: int, ink: Colour) -> None:
    draw.rectangle((0, y + deep // 2, ACROSS, y + deep // 2), fill=ink)


def _teeth(draw: ImageDraw.ImageDraw, y: int, deep: int, ink: Colour) -> None:
    for x in range(0, ACROSS, 12):
        draw.polygon([(x, y + deep - 1), (x + 6, y), (x + 11, y + deep - 1)], fill=ink)


def _small_diamonds(draw: ImageDraw.ImageDraw, y: int, deep: int, ink: Colour) -> None:
    half = deep // 2
    for x in range(0, ACROSS, 15):
        points = [(x + 7, y), (x + 14, y + half), (x + 7, y + deep - 1), (x, y + half)]
        draw.polygon(points, fill=ink)


def _steps(draw: ImageDraw.ImageDraw, y: int, deep: int, ink: Colour) -> None:
    for x in range(0, ACROSS, 10):
        draw.rectangle((x, y, x + 4, y + deep // 2), fill=ink)
        draw.rectangle((x + 5, y + deep // 2, x + 9, y + deep - 1), fill=ink)


def _squares(sheet: Image.Image, rng: Random, palette: Palette) -> None:
    draw, side = ImageDraw.Draw(sheet), ACROSS // 6
    for row in range(ALONG // side + 1):
        for column in range(6):
            if (row + column) % 2:
                x, y = column * side, row * side
                corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
                draw.polygon(
                    [(a + rng.uniform(-1, 1), b + rng.uniform(-1, 1)) for a, b in corners],
                    fill=palette[1],
                )


def _sequins(sheet: Image.Image, rng: Random, palette: Palette) -> None:
    draw = ImageDraw.Draw(sheet)
    for y in range(6, ALONG, 14):
        draw.rectangle((0, y, ACROSS, y + 1), fill=jittered(palette[1], rng))
        for x in range(2, ACROSS, 4):
            for row in (y + 5, y + 9):
                if rng.random() < 0.92:
                    draw.point((x + row % 2 * 2, row), fill=jittered(palette[2], rng, 0.3))
