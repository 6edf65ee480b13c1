"""What is a photo, and what only looks like one."""

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from images.decode import BYTE_LIMIT
from images.errors import BadPhoto
from images.inspect import check
from tests.images.pictures import picture, saved


def verdict(content: bytes) -> str:
    """The code that `check` refuses these bytes with, or "well"."""
    try:
        check(content)
    except BadPhoto as bad:
        return bad.code
    return "well"


def png_of(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG that claims a size, whatever its rows hold."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "heif", "avif", "tiff", "gif", "bmp"])
def test_what_cameras_and_scanners_write_is_well(kind: str) -> None:
    assert verdict(saved(picture(300, 200), kind)) == "well"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "not_a_photo", id="nothing"),
        pytest.param(b"photo du tapis, a venir", "not_a_photo", id="text"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not_a_photo", id="eps"),
        pytest.param(b"\xff\xd8\xff\xe0 not really", "not_a_photo", id="a JPEG's first bytes"),
        pytest.param(saved(picture(900, 600))[:-2000], "truncated", id="a JPEG cut off"),
        pytest.param(saved(picture(900, 600), "png")[:-900], "truncated", id="a PNG cut off"),
        pytest.param(saved(picture(900, 600), "webp")[:-300], "not_a_photo", id="a WebP cut off"),
        pytest.param(png_of(300, 200), "truncated", id="a PNG of no rows"),
        pytest.param(png_of(30_000, 30_000), "too_many_pixels", id="900 megapixels"),
        pytest.param(png_of(12_000, 11_000), "too_many_pixels", id="132 megapixels"),
        pytest.param(bytes(BYTE_LIMIT + 1), "too_large", id="a file too large to read"),
    ],
)
def test_what_is_no_photo_is_refused_by_name(content: bytes, code: str) -> None:
    assert verdict(content) == code


def test_an_animation_without_end_costs_one_frame() -> None:
    frames = [picture(300, 200), picture(200, 300).resize((300, 200))]
    moving = saved(frames[0], "gif", save_all=True, append_images=frames[1:] * 50, loop=0)
    assert verdict(moving) == "well"


def test_the_refusal_says_what_to_do() -> None:
    with pytest.raises(BadPhoto, match="The file is empty: send the photo again"):
        check(b"")


def test_the_limit_stands_before_any_pixel_is_read() -> None:
    # 16,000 x 16,000 is over twice the limit, where Pillow itself stops.
    assert (Image.MAX_IMAGE_PIXELS or 0) * 2 < 16_000 * 16_000
    assert verdict(png_of(16_000, 16_000)) == "too_many_pixels"


SHARED_VERDICTS = {
    "alpha.png": "well",
    "animated.gif": "well",
    "bomb-30000x30000.png": "too_many_pixels",
    "cmyk.jpg": "well",
    "empty.jpg": "not_a_photo",
    "gray16.png": "well",
    "lab-profile-mismatch.jpg": "well",
    "orientation-6-gps.jpg": "well",
    "orientation-8-gps.jpg": "well",
    "phone.heic": "well",
    "photo.avif": "well",
    "small.heif": "well",
    "scan.tif": "well",
    "text.jpg": "not_a_photo",
    "too-small.jpg": "well",
    "truncated.jpg": "truncated",
    "webp-named.jpg": "well",
}


def test_every_odd_file_beside_the_checkout_is_judged_rightly(shared: Path) -> None:
    folder = shared / "photos" / "edge"
    judged = {name: verdict((folder / name).read_bytes()) for name in SHARED_VERDICTS}
    assert judged == SHARED_VERDICTS


COOPERATIVES_VERDICTS = {
    "16bit.png": "well",
    "IMG_4021.HEIC": "well",
    "IMG_4022.HEIC": "well",
    "IMG_4023.heic": "well",
    "adobergb_icc.jpg": "well",
    "animated.gif": "well",
    "bomb_30000x30000.png": "too_many_pixels",
    "cmyk.jpg": "well",
    "empty.jpg": "not_a_photo",
    "notes_not_an_image.jpg": "not_a_photo",
    "orientation6_gps.jpg": "well",
    "orientation8_gps.jpg": "well",
    "suspension-globe.avif": "well",
    "truncated.jpg": "truncated",
    "webp_named.jpg": "well",
}


def test_every_odd_file_of_the_cooperatives_is_judged_rightly(shared: Path) -> None:
    folder = shared / "photos" / "cooperatives" / "edge"
    judged = {path.name: verdict(path.read_bytes()) for path in folder.iterdir()}
    assert judged == COOPERATIVES_VERDICTS
