"""From a file's bytes to an upright picture, with hostile files refused before they cost memory."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image, ImageFile

from images.errors import BadPhoto

# A telephone's largest single frame is 108 megapixels; decoded, this is 360 MB.
PIXEL_LIMIT = 120_000_000
BYTE_LIMIT = 100_000_000

# What people send. Never EPS or PDF, which start other programs.
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP")

# What Pillow's readers raise on broken files, found by feeding them broken files.
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
)

# EXIF's tag 0x0112: how to turn what the camera stored. Source: EXIF 2.32, section 4.6.4.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = frozenset({5, 6, 7, 8})

# Pillow stops at twice this by itself; `_opened` stops at it.
Image.MAX_IMAGE_PIXELS = PIXEL_LIMIT


@dataclass(frozen=True, slots=True)
class Decoded:
    """The first frame of a file, the right way up, in mode L, RGB, RGBA or CMYK.

    `width` and `height` are the original's, upright; `picture` may hold fewer pixels.
    """

    picture: Image.Image
    width: int
    height: int
    icc_profile: bytes | None


def decoded(content: bytes, enough: int | None = None) -> Decoded:
    """The picture in a file's bytes.

    `enough` pixels on the shorter side suffice: a JPEG is then decoded at a fraction of its size.

    Raises:
        BadPhoto: too_large, not_a_photo, too_many_pixels or truncated.
    """
    with _opened(content) as image:
        width, height = image.size
        if enough:
            image.draft(None, (enough, enough))
        try:
            image.load()
            turn = _orientation(image)
            picture = _plain(image)
        except UNREADABLE as error:
            raise BadPhoto(
                "truncated", "The picture is cut off or damaged: send the original file again"
            ) from error
    if turn in _TURNS:
        picture = picture.transpose(_TURNS[turn])
    if turn in _SIDEWAYS:
        width, height = height, width
    return Decoded(picture, width, height, image.info.get("icc_profile"))


@contextmanager
def _opened(content: bytes) -> Iterator[ImageFile.ImageFile]:
    """The file with only its header read, known to be a picture of bearable size."""
    if len(content) > BYTE_LIMIT:
        raise BadPhoto(
            "too_large",
            f"The file has {len(content) // 10**6} MB; {BYTE_LIMIT // 10**6} MB is the most",
        )
    try:
        image = Image.open(BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except UNREADABLE as error:
        raise BadPhoto("not_a_photo", _not_a_photo(content)) from error
    with image:
        if image.width * image.height > PIXEL_LIMIT:
            raise _too_many_pixels()
        yield image


def _too_many_pixels() -> BadPhoto:
    return BadPhoto(
        "too_many_pixels",
        f"The picture has more than {PIXEL_LIMIT // 10**6} megapixels: send a smaller one",
    )


def _not_a_photo(content: bytes) -> str:
    if not content:
        return "The file is empty: send the photo again"
    return "The file is not a picture that can be read: send a JPEG or PNG"


def _orientation(image: Image.Image) -> int:
    """How the camera was held; 1, upright, where the EXIF data cannot be read."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except UNREADABLE:
        return 1


def _plain(image: Image.Image) -> Image.Image:
    """The loaded frame in one of the four modes that the rest knows."""
    if image.has_transparency_data:
        return image.convert("RGBA")
    match image.mode:
        case "L" | "RGB" | "CMYK":
            return image.copy()
        case "I" | "I;16" | "I;16L" | "I;16B" | "I;16N":
            # convert("L") alone would clip 16 bits to white.
            return image.point(lambda level: level * (1 / 256)).convert("L")
        case "1":
            return image.convert("L")
        case _:
            return image.convert("RGB")
