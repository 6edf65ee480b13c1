"""What a marketplace asks of a photo: the one value type that connectors/ and images/ share."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a photo is for on a listing's page."""

    MAIN = "main"
    GALLERY = "gallery"
    SWATCH = "swatch"
    ZOOM = "zoom"


class Fit(StrEnum):
    """How a photo of another ratio fills the rule's ratio."""

    PAD = "pad"
    CROP = "crop"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class ImageRule:
    """One kind of picture that a marketplace takes, filled by a connector's limits.py.

    Sizes are pixels of the longest side. `ratio` is width / height, None for the photo's own.
    `background` is an RGB colour that alpha and padding are laid on. `media_type` is what is sent.
    """

    role: Role
    min_side: int
    max_side: int
    max_bytes: int
    count: int
    media_type: str = "image/jpeg"
    fit: Fit = Fit.KEEP
    ratio: float | None = None
    background: tuple[int, int, int] = (255, 255, 255)
