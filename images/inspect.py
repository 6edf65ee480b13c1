"""Whether a file's bytes are a photo that can be used."""

from images.budget import BUDGET
from images.decode import opened, pixels

# A JPEG's stream is read to its end at any scale, so the smallest one finds a cut-off file.
_SMALLEST = (1, 1)


def check(content: bytes) -> None:
    """Refuse what is no whole picture. The file's name plays no part.

    Raises:
        BadPhoto: too_large, not_a_photo, too_many_pixels or truncated.
    """
    with opened(content) as header, BUDGET.of(header.width * header.height):
        pixels(header, _SMALLEST)
