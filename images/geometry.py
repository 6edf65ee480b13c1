"""Where a photo's pixels go under a rule: sizes only, no pixels."""

from dataclasses import dataclass

from images.errors import BadPhoto
from images.rules import Fit, ImageRule

Box = tuple[float, float, float, float]
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Frame:
    """Take `box` of the photo (fractions of its sides), scale it to `size`, centre on `canvas`."""

    box: Box
    size: Size
    canvas: Size

    @property
    def whole(self) -> Size:
        """How large all of the photo is at that scale, what falls outside `box` with it."""
        left, top, right, bottom = self.box
        width, height = self.size
        return round(width / (right - left)), round(height / (bottom - top))


def frame(width: int, height: int, rule: ImageRule) -> Frame:
    """How a photo of `width` x `height` pixels fills `rule`; it is never enlarged.

    Raises:
        BadPhoto: too_small.
    """
    box = _centred(width / height, rule.ratio) if rule.fit is Fit.CROP and rule.ratio else _WHOLE
    taken_width, taken_height = width * (box[2] - box[0]), height * (box[3] - box[1])
    if round(max(taken_width, taken_height)) < rule.min_side:
        raise BadPhoto(
            "too_small",
            f"The photo has {max(width, height)} pixels on its longer side; "
            f"{rule.min_side} are needed: take it again, closer or at full resolution",
            pixels=round(max(taken_width, taken_height)),
            wanted=rule.min_side,
        )
    canvas_width, canvas_height = _canvas(taken_width, taken_height, rule)
    scale = min(1.0, rule.max_side / max(canvas_width, canvas_height))
    return Frame(
        box,
        _pixels(taken_width * scale, taken_height * scale),
        _pixels(canvas_width * scale, canvas_height * scale),
    )


_WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


def _centred(own_ratio: float, ratio: float) -> Box:
    """The largest centred part that has `ratio`, of a photo that has `own_ratio`."""
    across, down = min(1.0, ratio / own_ratio), min(1.0, own_ratio / ratio)
    return ((1 - across) / 2, (1 - down) / 2, (1 + across) / 2, (1 + down) / 2)


def _canvas(width: float, height: float, rule: ImageRule) -> tuple[float, float]:
    if rule.fit is not Fit.PAD or not rule.ratio:
        return width, height
    return max(width, height * rule.ratio), max(height, width / rule.ratio)


def _pixels(width: float, height: float) -> Size:
    return max(1, round(width)), max(1, round(height))
