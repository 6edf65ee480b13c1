"""Sizes under a rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.errors import BadPhoto
from images.geometry import Frame, frame
from images.rules import Fit, ImageRule, Role


def rule(fit: Fit = Fit.KEEP, ratio: float | None = None, most: int = 2000) -> ImageRule:
    return ImageRule(
        Role.MAIN, min_side=500, max_side=most, max_bytes=10**6, count=1, fit=fit, ratio=ratio
    )


WHOLE = (0.0, 0.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("width", "height", "asked", "expected"),
    [
        pytest.param(4000, 3000, rule(), Frame(WHOLE, (2000, 1500), (2000, 1500)), id="shrunk"),
        pytest.param(800, 600, rule(), Frame(WHOLE, (800, 600), (800, 600)), id="never enlarged"),
        pytest.param(
            4000, 3000, rule(Fit.PAD, 1.0), Frame(WHOLE, (2000, 1500), (2000, 2000)), id="padded"
        ),
        pytest.param(
            4000,
            3000,
            rule(Fit.CROP, 1.0),
            Frame((0.125, 0.0, 0.875, 1.0), (2000, 2000), (2000, 2000)),
            id="cropped",
        ),
        pytest.param(
            1000,
            2000,
            rule(Fit.CROP, 1.0),
            Frame((0.0, 0.25, 1.0, 0.75), (1000, 1000), (1000, 1000)),
            id="cropped, and not enlarged",
        ),
        pytest.param(
            3000, 3000, rule(Fit.PAD, 0.5), Frame(WHOLE, (1000, 1000), (1000, 2000)), id="tall"
        ),
    ],
)
def test_a_photo_fills_the_rule(width: int, height: int, asked: ImageRule, expected: Frame) -> None:
    assert frame(width, height, asked) == expected


@pytest.mark.parametrize(
    ("width", "height", "asked"),
    [
        pytest.param(499, 300, rule(), id="as it is"),
        pytest.param(900, 400, rule(Fit.CROP, 1.0), id="once it is cropped"),
        pytest.param(400, 300, rule(Fit.PAD, 0.5), id="padding does not make up for it"),
    ],
)
def test_a_photo_too_small_is_refused_rather_than_enlarged(
    width: int, height: int, asked: ImageRule
) -> None:
    with pytest.raises(BadPhoto, match="500 are needed") as refusal:
        frame(width, height, asked)
    assert refusal.value.code == "too_small"


@given(
    st.integers(500, 12_000),
    st.integers(500, 12_000),
    st.sampled_from(Fit),
    st.floats(0.3, 3.0),
    st.integers(500, 3000),
)
def test_every_photo_stays_inside_the_rule(
    width: int, height: int, fit: Fit, ratio: float, most: int
) -> None:
    asked = rule(fit, ratio, most)
    try:
        plan = frame(width, height, asked)
    except BadPhoto:
        # Only a crop can make too little of a photo that is large enough.
        assert fit is Fit.CROP
        return
    assert 500 <= max(plan.canvas) <= most
    assert plan.size[0] <= plan.canvas[0] <= max(plan.canvas)
    assert plan.size[1] <= plan.canvas[1]
    assert plan.size[0] <= width
    assert plan.size[1] <= height
    if fit is not Fit.KEEP:
        across, down = plan.canvas
        assert abs(across - down * ratio) <= max(1.0, ratio)
