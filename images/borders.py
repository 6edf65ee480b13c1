"""What does not belong to a photo: bars, a frame, a sign in a corner. Looked for on thumbnails."""

from itertools import product

from PIL import Image, ImageChops

# Of 255: a plain colour may vary so much through JPEG.
_SAME = 16

# Part of the longer side that a bar takes at least, and a frame at most: what has more about it
# is a square thing on a plain ground.
_BAR, _FRAME = 0.015, 0.12
# Pixels behind a bar's end, and the part of that line that is another colour.
_BEHIND, _ABRUPT = 2, 0.9
# A frame so light may as well be the white ground that a thing stands on.
_WHITISH = 240

# Parts of the width and height around a sign in a corner: a line of text, a logo, a stamp.
_CORNERS = ((0.30, 0.12), (0.20, 0.20), (0.45, 0.10))
# Levels by which a sign stands out of its ground, and the least part of the corner that does: dust
# is smaller. Of 156 real photos this finds the one that has an auction's logo, and no other.
_SIGN, _SIGN_PART = 24, 0.01

Box = tuple[int, int, int, int]


def without_bars(picture: Image.Image) -> Box:
    """What bars on two opposite sides, or a frame, leave of a picture; all of it without."""
    whole = (0, 0, *picture.size)
    inside = _from_first_pixel(picture).point([0] * _SAME + [255] * (256 - _SAME))
    inner = inside.getbbox()
    if inner is None:
        return whole
    least, most = _BAR * max(picture.size), _FRAME * max(picture.size)
    beside = (inner[0], picture.width - inner[2])
    above = (inner[1], picture.height - inner[3])
    lines: tuple[Box, ...] = ()
    if min(*beside, *above) >= least:
        # A thing on a white ground has white on all sides; a border would look no different.
        white = min(picture.crop((0, 0, 1, 1)).tobytes()) >= _WHITISH
        if max(*beside, *above) <= most and not white:
            lines = (*_uprights(inner), *_levels(inner))
    elif min(beside) >= least > max(above):
        lines = _uprights(inner)
    elif min(above) >= least > max(beside):
        lines = _levels(inner)
    # A bar ends at once all along; beside a thing on a plain ground more of the ground is seen.
    return inner if lines and all(_filled(inside, line) >= _ABRUPT for line in lines) else whole


def marked_corner(picture: Image.Image) -> bool:
    """Whether a corner has something on a plain ground, all around it, as a logo or a stamp has.

    A sign on a pattern is not found: nothing tells it from the pattern.
    """
    width, height = picture.size
    for across, down in _CORNERS:
        wide, high = max(1, round(across * width)), max(1, round(down * height))
        for left, top in product((0, width - wide), (0, height - high)):
            if _has_sign(picture.crop((left, top, left + wide, top + high))):
                return True
    return False


def area(box: Box) -> int:
    """How many pixels a box has."""
    return (box[2] - box[0]) * (box[3] - box[1])


def sides(width: int, height: int, depth: int) -> tuple[Box, Box, Box, Box]:
    """The four edges of a picture of that size."""
    return (
        (0, 0, width, depth),
        (0, height - depth, width, height),
        (0, 0, depth, height),
        (width - depth, 0, width, height),
    )


def _has_sign(corner: Image.Image) -> bool:
    other = _from_first_pixel(corner)
    edges = [other.crop(side).histogram() for side in sides(*corner.size, 1)]
    if any(sum(edge[_SAME:]) for edge in edges):
        return False
    return sum(other.histogram()[_SIGN:]) >= _SIGN_PART * corner.width * corner.height


def _from_first_pixel(picture: Image.Image) -> Image.Image:
    """By how many levels, of the channel where it is most, each pixel differs from the first."""
    red, green, blue = picture.crop((0, 0, 1, 1)).tobytes()
    plain = Image.new("RGB", picture.size, (red, green, blue))
    channels = ImageChops.difference(picture, plain).split()
    return ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])


def _uprights(inner: Box) -> tuple[Box, Box]:
    """The lines just behind the ends of a left and a right bar."""
    left, top, right, bottom = inner[0] + _BEHIND, inner[1], inner[2] - _BEHIND, inner[3]
    return (left, top, left + 1, bottom), (right - 1, top, right, bottom)


def _levels(inner: Box) -> tuple[Box, Box]:
    """The lines just behind the ends of a bar above and one below."""
    left, top, right, bottom = inner[0], inner[1] + _BEHIND, inner[2], inner[3] - _BEHIND
    return (left, top, right, top + 1), (left, bottom - 1, right, bottom)


def _filled(mask: Image.Image, box: Box) -> float:
    return mask.crop(box).histogram()[255] / area(box)
