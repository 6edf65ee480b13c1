"""Whether a file's bytes are a photo that can be used."""

from images.decode import decoded

# A JPEG's stream is read to its end at any scale, so the smallest one finds a cut-off file.
_SMALLEST = 1


def check(content: bytes) -> None:
    """Refuse what is no whole picture. The file's name plays no part.

    Raises:
        BadPhoto: too_large, not_a_photo, too_many_pixels or truncated.
    """
    decoded(content, enough=_SMALLEST)
