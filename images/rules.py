"""What a marketplace asks of a photo: the one value type that connectors/ and images/ share."""

from collections.abc import Sequence
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

    Sizes are pixels of the longest side: a photo below `min_side` is refused, one below
    `wanted_side` is sent as it is and told of, since none is ever enlarged. `ratio` is width /
    height, None for the photo's own. `background` is an RGB colour that alpha and padding are laid
    on. `media_type` is what is sent.
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
    wanted_side: int = 0


def rule_at(rules: Sequence[ImageRule], position: int) -> ImageRule | None:
    """The rule of a listing's photo at `position`, from 0: each rule takes its count in turn.

    None where the marketplace shows fewer photos than that.
    """
    for rule in rules:
        if position < rule.count:
            return rule
        position -= rule.count
    return None
