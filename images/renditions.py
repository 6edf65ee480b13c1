"""Photos as a marketplace's rule wants them: upright, sRGB, without metadata, within its limits."""

import hashlib
import json
from dataclasses import asdict
from io import BytesIO
from pathlib import Path

from PIL import Image

from images.colour import srgb
from images.decode import decoded
from images.errors import BadPhoto
from images.geometry import Frame, frame
from images.rules import ImageRule
from images.store import PhotoStore, write

# Grows when the same rule makes other bytes, so that old renditions are not used again.
VERSION = 1

SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}

# 92 shows no loss on textiles at arm's length; under 60 the knots of a rug turn to blocks.
_QUALITIES = (92, 88, 84, 80, 75, 70, 65, 60)


def rendition(store: PhotoStore, sha256: str, rule: ImageRule) -> bytes:
    """A stored photo as `rule` wants it, rendered once.

    Raises:
        BadPhoto: the photo is no picture, or cannot satisfy the rule.
        FileNotFoundError: there is no such photo.
    """
    path = rendition_path(store, sha256, rule)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        content = render(store.open(sha256), rule)
    write(path, content)
    return content


def rendition_path(store: PhotoStore, sha256: str, rule: ImageRule) -> Path:
    """Where that rendition is, or will be once it is rendered."""
    return store.rendition_path(sha256, recipe(rule), SUFFIXES[rule.media_type])


def recipe(rule: ImageRule) -> str:
    """A short name for what `rule` does to a photo; rules of equal effect share it."""
    effect = asdict(rule)
    # How many are taken, and what for, changes no pixel.
    del effect["role"], effect["count"]
    text = json.dumps([VERSION, effect], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def render(content: bytes, rule: ImageRule) -> bytes:
    """A photo's bytes as `rule` wants them; the same bytes for the same input.

    Raises:
        BadPhoto: as `decoded` says, and too_small or too_large.
    """
    photo = decoded(content, enough=rule.max_side)
    plan = frame(photo.width, photo.height, rule)
    picture = _scaled(photo.picture, plan)
    return _encoded(_laid(picture, photo.icc_profile, plan, rule), rule)


def _scaled(picture: Image.Image, plan: Frame) -> Image.Image:
    left, top, right, bottom = plan.box
    box = (
        left * picture.width,
        top * picture.height,
        right * picture.width,
        bottom * picture.height,
    )
    # Pillow multiplies alpha in and out around this, so that unseen colours do not bleed.
    return picture.resize(plan.size, Image.Resampling.LANCZOS, box)


def _laid(
    picture: Image.Image, icc_profile: bytes | None, plan: Frame, rule: ImageRule
) -> Image.Image:
    """The picture on the rule's canvas, which is new and so carries nothing of the file."""
    canvas = Image.new("RGB", plan.canvas, rule.background)
    corner = (
        (plan.canvas[0] - plan.size[0]) // 2,
        (plan.canvas[1] - plan.size[1]) // 2,
    )
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    opaque = picture.convert("RGB") if alpha else picture
    canvas.paste(srgb(opaque, icc_profile), corner, alpha)
    return canvas


def _encoded(picture: Image.Image, rule: ImageRule) -> bytes:
    """The best quality whose bytes the rule takes."""
    kind = rule.media_type.removeprefix("image/")
    for quality in _QUALITIES if kind != "png" else _QUALITIES[:1]:
        buffer = BytesIO()
        picture.save(buffer, kind, quality=quality, optimize=True)
        if buffer.tell() <= rule.max_bytes:
            return buffer.getvalue()
    raise BadPhoto(
        "too_large",
        f"Even at the lowest quality the photo takes more than {rule.max_bytes} bytes",
    )
