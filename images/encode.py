"""A finished picture as a file of the rule's kind, within its bytes."""

from tempfile import TemporaryFile

from PIL import Image

from images.errors import BadPhoto
from images.rules import ImageRule

# What is sent where the rule's bytes allow it: no loss shows on textiles at arm's length.
QUALITY = 88
# Under this the knots of a rug turn to blocks.
LOWEST_QUALITY = 50


def encoded(picture: Image.Image, rule: ImageRule, exif: bytes | None) -> bytes:
    """The picture at QUALITY, or at the best lower one whose bytes the rule takes.

    Raises:
        BadPhoto: too_large.
    """
    content = _file(picture, rule, QUALITY, exif)
    if len(content) <= rule.max_bytes:
        return content
    # A PNG has no quality to give.
    fitting = None if rule.media_type == "image/png" else _bisected(picture, rule, exif)
    if fitting is None:
        raise BadPhoto(
            "too_large",
            f"Even at the lowest quality the photo takes more than {rule.max_bytes} bytes",
            most=rule.max_bytes,
        )
    return fitting


def _bisected(picture: Image.Image, rule: ImageRule, exif: bytes | None) -> bytes | None:
    best, low, high = None, LOWEST_QUALITY, QUALITY - 1
    while low <= high:
        middle = (low + high) // 2
        content = _file(picture, rule, middle, exif)
        if len(content) <= rule.max_bytes:
            best, low = content, middle + 1
        else:
            high = middle - 1
    return best


def _file(picture: Image.Image, rule: ImageRule, quality: int, exif: bytes | None) -> bytes:
    kind = rule.media_type.removeprefix("image/")
    told = {"exif": exif} if exif else {}
    # A real file, not BytesIO: only then does Pillow let other threads run while it encodes.
    with TemporaryFile() as file:
        picture.save(file, kind, quality=quality, optimize=True, **told)
        file.seek(0)
        return file.read()
