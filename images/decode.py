"""From a file's bytes to an upright picture, with hostile files refused before they cost memory."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image, ImageFile
from pillow_heif import register_heif_opener

from images.credit import Credit, credit
from images.errors import BadPhoto

# A telephone's largest single frame is 108 megapixels; decoded, this is 360 MB.
PIXEL_LIMIT = 120_000_000
BYTE_LIMIT = 100_000_000

# What people send. Never EPS or PDF, which start other programs.
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "GIF", "BMP")

# What Pillow's readers raise on broken files, found by feeding them broken files.
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    OverflowError,
    RuntimeError,
    MemoryError,
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
_SIDEWAYS = {_TURNS[orientation] for orientation in (5, 6, 7, 8)}

# Pillow stops at twice this by itself; `_opened` stops at it.
Image.MAX_IMAGE_PIXELS = PIXEL_LIMIT

# Pillow warns of damaged metadata on stderr; we use none but the credit, and say what we refuse.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

# HEIF is no format of Pillow's own. A thumbnail in the file is never taken for the photo.
register_heif_opener(thumbnails=False)

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Header:
    """A file of which only the header was read. `width` and `height` are of the upright picture."""

    image: ImageFile.ImageFile
    width: int
    height: int
    turn: Image.Transpose | None
    credit: Credit

    @property
    def icc_profile(self) -> bytes | None:
        """The colour profile that the file carries; one that cannot be right is passed over."""
        profile = self.image.info.get("icc_profile")
        return profile if isinstance(profile, bytes) else None

    def lying(self, size: Size) -> Size:
        """A size of the upright picture, as the camera stored it."""
        return (size[1], size[0]) if self.turn in _SIDEWAYS else size


@contextmanager
def opened(content: bytes) -> Iterator[Header]:
    """The header of a picture of bearable size; no pixel is decoded yet.

    Raises:
        BadPhoto: too_large, not_a_photo or too_many_pixels.
    """
    with _opened(content) as image:
        turn = _TURNS.get(_orientation(image))
        width, height = image.size[::-1] if turn in _SIDEWAYS else image.size
        yield Header(image, width, height, turn, credit(image))


def pixels(header: Header, enough: Size | None = None) -> Image.Image:
    """The first frame, in mode L, RGB, RGBA or CMYK, still lying as the camera stored it.

    `enough` pixels, of the upright picture, suffice: a JPEG is then decoded at the smallest
    fraction of its size that has as many.

    Raises:
        BadPhoto: truncated.
    """
    image = header.image
    if enough:
        image.draft(None, header.lying(enough))
    try:
        image.load()
        return _plain(image)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except UNREADABLE as error:
        raise BadPhoto(
            "truncated", "The picture is cut off or damaged: send the original file again"
        ) from error


def upright(picture: Image.Image, header: Header) -> Image.Image:
    """`picture`, which lies as the camera stored it, turned as it was seen."""
    return picture.transpose(header.turn) if header.turn is not None else picture


@contextmanager
def _opened(content: bytes) -> Iterator[ImageFile.ImageFile]:
    if len(content) > BYTE_LIMIT:
        raise BadPhoto(
            "too_large",
            f"The file has {len(content) // 10**6} MB; {BYTE_LIMIT // 10**6} MB is the most",
            bytes=len(content),
            most=BYTE_LIMIT,
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
        most=PIXEL_LIMIT,
    )


def _not_a_photo(content: bytes) -> str:
    if not content:
        return "The file is empty: send the photo again"
    return "The file is not a picture that can be read: send a JPEG or PNG"


def _orientation(image: Image.Image) -> int:
    """How the camera was held; 1, upright, where the EXIF data cannot be read."""
    if image.format == "TIFF":
        # Pillow turns a TIFF by itself while it loads it.
        return 1
    try:
        # PNG's own getexif would decode the whole picture first.
        return int(Image.Image.getexif(image).get(ExifTags.Base.Orientation, 1))
    except UNREADABLE:
        return 1


def _plain(image: Image.Image) -> Image.Image:
    """The loaded frame in one of the four modes that the rest knows.

    Where they need no conversion it is `image` itself, so that pixels are not held twice.
    """
    if image.has_transparency_data:
        return image.convert("RGBA")
    match image.mode:
        case "L" | "RGB" | "CMYK":
            return image
        case "I" | "I;16" | "I;16L" | "I;16B" | "I;16N":
            # convert("L") alone would clip 16 bits to white.
            return image.point(lambda level: level * (1 / 256)).convert("L")
        case "1":
            return image.convert("L")
        case _:
            return image.convert("RGB")
