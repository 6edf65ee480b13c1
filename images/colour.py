"""Colours as every screen shows them: through the embedded profile to sRGB."""

from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageCms

_SRGB = ImageCms.createProfile("sRGB")

# The colour space that a profile must speak of to concern a picture of that mode.
_SPACES = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}


def srgb(picture: Image.Image, icc_profile: bytes | None) -> Image.Image:
    """A picture of mode L, RGB, RGBA or CMYK in sRGB, RGB or RGBA.

    Without a profile that fits it is taken to be plain.
    """
    if picture.mode == "RGBA":
        opaque = srgb(picture.convert("RGB"), icc_profile)
        opaque.putalpha(picture.getchannel("A"))
        return opaque
    transform = _transform(picture.mode, icc_profile) if icc_profile else None
    return transform.apply(picture) if transform else picture.convert("RGB")


# A batch comes from few cameras; a press's CMYK profile has half a megabyte.
@lru_cache(maxsize=8)
def _transform(mode: str, icc_profile: bytes) -> ImageCms.ImageCmsTransform | None:
    """From the profile to sRGB; None where it is damaged or of another colour space."""
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(icc_profile))
        if profile.profile.xcolor_space.strip() != _SPACES[mode]:
            return None
        return ImageCms.buildTransform(
            profile,
            _SRGB,
            mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (OSError, ImageCms.PyCMSError):
        return None
