"""What can be measured on a photo: sharpness, light, frame, background, and what it looks like."""

from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter

from images.borders import area, marked_corner, sides, without_bars
from images.budget import BUDGET
from images.colour import srgb
from images.decode import Header, Size, opened, pixels, upright
from images.fingerprints import fingerprint

# Grows when the same photo measures differently, so that kept measures are taken again.
VERSION = 1

# Sharpness is looked at as large as a listing's page shows a photo: what is soft at 8000 pixels
# may well be sharp there. All else needs no more than a thumbnail.
PAGE_SIDE = 1024
THUMBNAIL_SIDE = 256

# Tiles a side: a thing that is sharp on a blurred ground is sharp in some of them.
_TILES = 16
# Mean difference of neighbouring pixels that makes a tile one with edges: JPEG's noise is less.
_EDGE = 2.0
# Fewer such tiles, of 256, are dust rather than a thing.
_ENOUGH_TILES = 4
# The sharpest tenth counts: in a portrait of a ring all but the ring is soft, on purpose.
_SHARPEST = 0.9
# Pixels to each side over which sharpness is taken away, to see how much of it there was.
_REACH = 4

# Part of a side that is looked at along the edges, and what is white there. Amazon wants exactly
# 255, which JPEG keeps within a few levels.
_RIM = 0.02
_WHITE = 250


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured on a photo.

    `width` and `height` are the original's pixels, upright. `sharpness` is the part of its detail,
    0 to 1, that a blur takes away where it is sharpest. `darkest`, `light` and `brightest` are
    levels of luminance, 0 to 255, that 1, 95 and 99 of 100 pixels do not exceed. `bars` is the
    part of the picture that flat bars or a frame take, `marked` whether a corner has a sign on a
    plain ground, `white_rim` the part of its edges, within
    these, that is white. `fingerprint` is nearly the same for photos that look the same.
    """

    width: int
    height: int
    sharpness: float
    darkest: int
    light: int
    brightest: int
    bars: float
    marked: bool
    white_rim: float
    fingerprint: int

    @property
    def contrast(self) -> int:
        """Levels between the darkest and the brightest hundredth of the pixels."""
        return self.brightest - self.darkest


def measure(content: bytes) -> Measures:
    """The measures of a photo in a file's bytes.

    Raises:
        BadPhoto: the photo is none, as `opened` and `pixels` say.
    """
    with opened(content) as header, BUDGET.of(header.width * header.height):
        picture = _page(header)
        return measures(picture, header.width, header.height)


def measures(picture: Image.Image, width: int, height: int) -> Measures:
    """The measures of a picture, upright and RGB, of which the original had these pixels.

    More than PAGE_SIDE pixels a side would be measured as less sharp than a page shows them.
    """
    small = picture.resize(_within(picture.size, THUMBNAIL_SIDE), Image.Resampling.BOX)
    inner = without_bars(small)
    luminance = small.convert("L")
    histogram = luminance.histogram()
    return Measures(
        width,
        height,
        sharpness=round(_sharpness(picture.convert("L")), 3),
        darkest=_percentile(histogram, 0.01),
        light=_percentile(histogram, 0.95),
        brightest=_percentile(histogram, 0.99),
        bars=round(1 - area(inner) / (small.width * small.height), 3),
        marked=marked_corner(small.crop(inner)),
        white_rim=round(_white_rim(small.crop(inner)), 3),
        fingerprint=fingerprint(luminance.crop(inner)),
    )


def _page(header: Header) -> Image.Image:
    """The photo as large as a page shows it, upright, in sRGB, on white."""
    size = _within((header.width, header.height), PAGE_SIDE)
    lying = pixels(header, size).resize(
        header.lying(size), Image.Resampling.HAMMING, reducing_gap=2.0
    )
    picture = srgb(upright(lying, header), header.icc_profile)
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture)
    return ground


def _within(size: Size, side: int) -> Size:
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _sharpness(luminance: Image.Image) -> float:
    """What a blur takes from the sharpest tiles, in the direction where it takes less.

    A photo that is blurred already has little to lose. Measured so, a plain vase and a busy rug
    compare, as they do not by the variance of their edges.
    Source: Crété et al., "The blur effect: perception and estimation with a new no-reference
    perceptual blur metric", SPIE 6492, 2007.
    """
    found = [_lost(luminance, across, 1 - across) for across in (1, 0)]
    return min((lost for lost in found if lost is not None), default=0.0)


def _lost(luminance: Image.Image, across: int, down: int) -> float | None:
    """The same in one direction; None where too few tiles have edges that way."""
    blurred = luminance.filter(ImageFilter.BoxBlur((_REACH * across, _REACH * down)))
    detail, left = _steps(luminance, across, down), _steps(blurred, across, down)
    gone = _tiles(ImageChops.subtract(detail, left))
    parts = [lost / had for had, lost in zip(_tiles(detail), gone, strict=True) if had >= _EDGE]
    return sorted(parts)[int(_SHARPEST * len(parts))] if len(parts) >= _ENOUGH_TILES else None


def _steps(picture: Image.Image, across: int, down: int) -> Image.Image:
    """How much each pixel differs from its neighbour."""
    width, height = picture.size
    following = picture.crop((across, down, width, height))
    return ImageChops.difference(following, picture.crop((0, 0, width - across, height - down)))


def _tiles(picture: Image.Image) -> list[float]:
    grid = picture.convert("F").resize((_TILES, _TILES), Image.Resampling.BOX)
    return [float(value) for value in memoryview(grid.tobytes()).cast("f")]


def _percentile(histogram: list[int], part: float) -> int:
    wanted, seen = part * sum(histogram), 0
    for level, count in enumerate(histogram):
        seen += count
        if seen >= wanted:
            return level
    return 255


def _white_rim(picture: Image.Image) -> float:
    red, green, blue = picture.split()
    least = ImageChops.darker(ImageChops.darker(red, green), blue)
    rim = sides(*picture.size, max(1, round(_RIM * min(picture.size))))
    white = sum(sum(least.crop(side).histogram()[_WHITE:]) for side in rim)
    return white / sum(map(area, rim))
