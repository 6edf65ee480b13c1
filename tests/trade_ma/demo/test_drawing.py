"""Photos that the demo draws."""

import hashlib
from io import BytesIO

import pytest
from PIL import Image, ImageStat

from images.inspect import check
from trade_ma.demo.drawing import DRAWINGS, Sketch, draw
from trade_ma.demo.drawing.geometry import hankin, octagons_and_squares, regular
from trade_ma.demo.drawing.palettes import PALETTES
from trade_ma.demo.photos import sketches

ONE_OF_EACH = {sketch.drawing: sketch for sketch in sketches()}


def test_every_drawing_and_every_palette_is_used() -> None:
    assert set(ONE_OF_EACH) == set(DRAWINGS)
    assert {sketch.palette for sketch in sketches()} == set(PALETTES)


def test_no_two_photos_share_a_name() -> None:
    names = [name for s in sketches() for name in (s.file, s.detail) if name]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("sketch", ONE_OF_EACH.values(), ids=ONE_OF_EACH)
def test_a_drawing_is_a_photo_that_markets_take(sketch: Sketch) -> None:
    content = draw(sketch)[sketch.file]
    check(content)
    picture = Image.open(BytesIO(content))
    assert picture.size == (1200, 1200)
    # A plain sheet has no spread; a drawing has.
    assert max(ImageStat.Stat(picture).stddev) > 10


@pytest.mark.parametrize("name", ["panel", "kilim"])
def test_the_same_seed_draws_the_same_bytes_and_another_seed_others(name: str) -> None:
    sketch = ONE_OF_EACH[name]
    other = Sketch(sketch.file, sketch.detail, sketch.drawing, sketch.palette, sketch.seed + 1)
    digests = [_digest(sketch), _digest(sketch), _digest(other)]
    assert digests[0] == digests[1] != digests[2]


def _digest(sketch: Sketch) -> str:
    return hashlib.sha256(draw(sketch)[sketch.file]).hexdigest()


def test_a_star_of_eight_lies_inside_its_octagon_with_its_tips_on_the_edges() -> None:
    octagon = regular((0.0, 0.0), 8, 100.0)
    star = hankin(octagon, 3 * 3.141592653589793 / 8)
    radii = sorted({round((x * x + y * y) ** 0.5, 3) for x, y in star})
    # The {8/3} star: tips at the apothem, inner corners at 0.5412 of it.
    assert radii == [65.328, 120.711]


def test_octagons_and_squares_cover_the_plane() -> None:
    tiles = list(octagons_and_squares(10.0, (100.0, 100.0)))
    octagons = sum(len(tile) == 8 for tile in tiles)
    assert len(tiles) == 2 * octagons
    corners = [(round(x, 4), round(y, 4)) for tile in tiles for x, y in tile]
    inner = [c for c in corners if abs(c[0] - 100) < 50 and abs(c[1] - 100) < 50]
    # Two octagons and a square meet at every corner of the tiling 4.8.8.
    assert {inner.count(corner) for corner in inner} == {3}
