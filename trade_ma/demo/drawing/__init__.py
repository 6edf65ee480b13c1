"""Photos for the demo, drawn here: the same picture for the same seed, on every machine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from random import Random

from PIL import Image

from trade_ma.demo.drawing import lanterns, leather, pottery, rugs, wood, zellige
from trade_ma.demo.drawing.canvas import SIDE, Colour
from trade_ma.demo.drawing.palettes import PALETTES

DRAWINGS: Mapping[str, Callable[[Random, Sequence[Colour]], Image.Image]] = {
    drawing.__name__: drawing
    for drawing in (
        rugs.azilal,
        rugs.beni_ourain,
        rugs.boucherouite,
        rugs.boujaad,
        rugs.chequered,
        rugs.cushion,
        rugs.handira,
        rugs.kilim,
        zellige.panel,
        zellige.table,
        zellige.tiles,
        pottery.bowl,
        pottery.plate,
        pottery.tagine,
        pottery.vase,
        leather.babouches,
        leather.bag,
        leather.pouf,
        lanterns.globe,
        lanterns.lantern,
        lanterns.tray,
        wood.basket,
        wood.box,
    )
}

# How much of a picture its detail shows, and the quality of a good telephone's JPEG.
DETAIL, QUALITY = 0.56, 88


@dataclass(frozen=True, slots=True)
class Sketch:
    """One picture to draw, and perhaps a detail of it, by the names of their files."""

    file: str
    detail: str
    drawing: str
    palette: str
    seed: int


def draw(sketch: Sketch) -> dict[str, bytes]:
    """The JPEGs of a sketch, by file name."""
    picture = DRAWINGS[sketch.drawing](Random(sketch.seed), PALETTES[sketch.palette])
    drawn = {sketch.file: _jpeg(picture)}
    if sketch.detail:
        drawn[sketch.detail] = _jpeg(_detail(picture))
    return drawn


def _detail(picture: Image.Image) -> Image.Image:
    side = SIDE * DETAIL
    left, top = SIDE * 0.2, SIDE * 0.3
    box = (left, top, left + side, top + side)
    return picture.resize(picture.size, Image.Resampling.LANCZOS, box)


def _jpeg(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "jpeg", quality=QUALITY)
    return buffer.getvalue()
