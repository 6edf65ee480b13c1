"""Photos as a marketplace's rule wants them: upright, sRGB, without metadata, within its limits."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field

from PIL import Image

from images.budget import BUDGET
from images.colour import srgb
from images.credit import exif
from images.decode import Header, Size, opened, pixels, upright
from images.encode import encoded
from images.errors import BadPhoto
from images.geometry import Frame, frame
from images.rules import ImageRule
from images.store import PhotoStore

# Grows when the same rule makes other bytes, so that old renditions are not used again.
VERSION = 2

SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}

# The first step down starts from at most twice the pixels of a JPEG's draft: there Hamming's window
# costs a third of Lanczos's, and what it loses is less than what encoding loses.
_FIRST, _NEXT = Image.Resampling.HAMMING, Image.Resampling.LANCZOS
# Beyond this factor a box filter does the first part of the way.
_GAP = 2.0


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendition: the file, the canvas it fills, and the pixels of its longer side that are photo.

    `wanted` is what the rule would rather have than `pixels`, 0 where it has that.
    """

    content: bytes = field(repr=False)
    width: int
    height: int
    pixels: int
    wanted: int = 0


def render(content: bytes, rule: ImageRule) -> bytes:
    """A photo's bytes as `rule` wants them; the same bytes for the same input.

    Raises:
        BadPhoto: as `opened` and `pixels` say, and too_small or too_large.
    """
    [made] = render_all(content, [rule])
    if isinstance(made, BadPhoto):
        raise made
    return made.content


def render_all(content: bytes, rules: Sequence[ImageRule]) -> list[Rendered | BadPhoto]:
    """A photo as each rule wants it, or why it cannot satisfy that one.

    It is decoded once, and each size is made from the next larger one.

    Raises:
        BadPhoto: the photo is none, as `opened` and `pixels` say.
    """
    with opened(content) as header:
        frames = [_frame(header, rule) for rule in rules]
        plans = {at: plan for at, plan in enumerate(frames) if isinstance(plan, Frame)}
        made: list[Rendered | BadPhoto | Frame] = list(frames)
        if plans:
            with BUDGET.of(header.width * header.height):
                picture = _master(header, _largest(plan.whole for plan in plans.values()))
            for at in sorted(plans, key=lambda at: plans[at].whole, reverse=True):
                picture = _scaled(picture, plans[at].whole, _NEXT)
                made[at] = _finished(picture, plans[at], rules[at], header)
    return [one for one in made if not isinstance(one, Frame)]


def rendition(store: PhotoStore, sha256: str, rule: ImageRule) -> bytes:
    """A stored photo as `rule` wants it, rendered once.

    Raises:
        BadPhoto: the photo is no picture, or cannot satisfy the rule.
        FileNotFoundError: there is no such photo.
    """
    name = rendition_name(sha256, rule)
    if (kept := store.rendition(name)) is not None:
        return kept
    content = render(store.open(sha256), rule)
    store.keep_rendition(name, content)
    return content


def rendition_name(sha256: str, rule: ImageRule) -> str:
    """The name of that rendition in the store, and below the address that serves renditions.

    Raises:
        ValueError: that is no SHA-256.
    """
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError(f"no SHA-256 in hexadecimal: {sha256[:80]!r}")
    return f"{sha256[:2]}/{sha256}-{recipe(rule)}.{SUFFIXES[rule.media_type]}"


def recipe(rule: ImageRule) -> str:
    """A short name for what `rule` does to a photo; rules of equal effect share it."""
    effect = asdict(rule)
    # How many are taken, what for, and what would be better, changes no pixel.
    del effect["role"], effect["count"], effect["wanted_side"]
    text = json.dumps([VERSION, effect], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _frame(header: Header, rule: ImageRule) -> Frame | BadPhoto:
    try:
        return frame(header.width, header.height, rule)
    except BadPhoto as bad:
        return bad


def _largest(sizes: Iterable[Size]) -> Size:
    widths, heights = zip(*sizes, strict=True)
    return max(widths), max(heights)


def _master(header: Header, size: Size) -> Image.Image:
    """All of the photo at the largest size that is wanted, upright and in sRGB.

    Turning and colours come after the way down: there are fewer pixels to turn and to convert.
    """
    lying = _scaled(pixels(header, size), header.lying(size), _FIRST)
    master = srgb(upright(lying, header), header.icc_profile)
    # The decoded pixels go before the budget that was lent for them does.
    header.image.close()
    return master


def _scaled(picture: Image.Image, size: Size, window: Image.Resampling) -> Image.Image:
    if picture.size == size:
        return picture
    # Pillow multiplies alpha in and out around this, so that unseen colours do not bleed.
    return picture.resize(size, window, reducing_gap=_GAP)


def _finished(
    picture: Image.Image, plan: Frame, rule: ImageRule, header: Header
) -> Rendered | BadPhoto:
    try:
        content = encoded(_laid(picture, plan, rule), rule, exif(header.credit))
    except BadPhoto as bad:
        return bad
    side = max(plan.size)
    wanted = min(rule.wanted_side, rule.max_side)
    return Rendered(content, *plan.canvas, side, wanted if side < wanted else 0)


def _laid(picture: Image.Image, plan: Frame, rule: ImageRule) -> Image.Image:
    """The picture on the rule's canvas, which is new and so carries nothing of the file."""
    canvas = Image.new("RGB", plan.canvas, rule.background)
    # Negative where the rule crops: what hangs over the edge is cut.
    corner = ((plan.canvas[0] - picture.width) // 2, (plan.canvas[1] - picture.height) // 2)
    canvas.paste(picture, corner, picture if picture.mode == "RGBA" else None)
    return canvas
