"""Colours as every screen shows them: through the embedded profile to sRGB."""

from io import BytesIO

from PIL import Image, ImageCms

_SRGB = ImageCms.createProfile("sRGB")

# The colour space that a profile must speak of to concern a picture of that mode.
_SPACES = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}


def srgb(picture: Image.Image, icc_profile: bytes | None) -> Image.Image:
    """An L, RGB or CMYK picture in sRGB; without a profile that fits, taken to be plain."""
    profile = _profile(picture.mode, icc_profile) if icc_profile else None
    if profile:
        try:
            return _through(picture, profile)
        except ImageCms.PyCMSError:
            # A damaged profile; the picture itself is well.
            return picture.convert("RGB")
    return picture.convert("RGB")


def _profile(mode: str, icc_profile: bytes) -> ImageCms.ImageCmsProfile | None:
    """The profile, where it can be read and is of the picture's own colour space."""
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(icc_profile))
    except OSError:
        return None
    return profile if profile.profile.xcolor_space.strip() == _SPACES[mode] else None


def _through(picture: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    transform = ImageCms.buildTransform(
        profile,
        _SRGB,
        picture.mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    return transform.apply(picture)
