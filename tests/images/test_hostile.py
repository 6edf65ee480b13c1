"""Hostile files: refused by name or made harmless, in little memory, and none harms another."""

import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from images.errors import BadPhoto
from images.inspect import check
from images.renditions import render
from images.rules import ImageRule, Role
from tests.images import hostile
from tests.images.pictures import corners, opened, picture, saved

RULE = ImageRule(Role.MAIN, min_side=10, max_side=400, max_bytes=10**6, count=5)

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "zTXt bomb": (partial(hostile.png_with_bomb, b"zTXt"), "not_a_photo"),
    "iTXt bomb": (partial(hostile.png_with_bomb, b"iTXt"), "not_a_photo"),
    "iCCP bomb": (partial(hostile.png_with_bomb, b"iCCP"), "not_a_photo"),
    "PNG of 4 gigapixels": (partial(hostile.png, 65_000, 65_000), "too_many_pixels"),
    "TIFF of 4 gigapixels": (partial(hostile.tiff_of, 65_000, 65_000), "too_many_pixels"),
    "GIF of 4 gigapixels": (partial(hostile.gif_of, 65_000, 65_000), "too_many_pixels"),
    "TIFF without strips": (partial(hostile.tiff_of, 9_000, 9_000), "truncated"),
    "web page": (lambda: b"<html><img src=x onerror=alert(1)></html>", "not_a_photo"),
    "archive": (lambda: b"PK\x05\x06" + bytes(18), "not_a_photo"),
    "half a HEIF": (lambda: hostile.heif(300, 200)[:-400], "not_a_photo"),
    "half an AVIF": (lambda: hostile.avif(300, 200)[:-100], "not_a_photo"),
}


def verdict(content: bytes) -> str:
    """The code that these bytes are refused with, or "well"."""
    try:
        check(content)
    except BadPhoto as bad:
        return bad.code
    return "well"


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_refused_by_name(name: str) -> None:
    made, code = REFUSED[name]
    assert verdict(made()) == code


@pytest.mark.parametrize("make", [hostile.heif, hostile.avif])
def test_a_size_that_only_the_header_claims_is_refused(make: Callable[[int, int], bytes]) -> None:
    assert verdict(hostile.resized(make(300, 200), 40_000, 40_000)) in {
        "too_many_pixels",
        "not_a_photo",
    }


def test_an_endless_animation_costs_its_first_frame() -> None:
    assert opened(render(hostile.endless_gif(), RULE)).size == (60, 40)


def test_of_a_file_that_is_several_things_only_the_picture_comes_out() -> None:
    content = render(hostile.polyglot(), RULE)
    assert b"script" not in content
    assert b"PK\x05\x06" not in content
    assert corners(opened(content)) == ["red", "green", "black", "blue"]


def test_every_hostile_file_together_costs_little_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HARMED], check=True, capture_output=True, text=True, timeout=120
    )
    told = json.loads(done.stdout)
    assert told["refused"] == len(REFUSED)
    # The gigapixels alone, decoded, would take four gigabytes each.
    assert told["grown_mib"] < 400


def test_the_photos_behind_a_hostile_one_go_on() -> None:
    files = [hostile.png(65_000, 65_000), saved(picture(300, 200)), b"", saved(picture(90, 60))]
    assert [verdict(content) for content in files] == [
        "too_many_pixels",
        "well",
        "not_a_photo",
        "well",
    ]


KINDS = ["jpeg", "png", "webp", "heif", "avif", "tiff", "gif", "bmp"]
SOUND = {kind: saved(picture(60, 40), kind) for kind in KINDS}


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(KINDS),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
    st.floats(0.5, 1),
)
def test_whatever_is_changed_in_a_file_it_is_a_photo_or_refused(
    kind: str, changes: list[tuple[float, int]], kept: float
) -> None:
    content = bytearray(SOUND[kind])
    for place, value in changes:
        content[int(place * len(content))] = value
    # Any other exception than a refusal fails here.
    assert verdict(bytes(content[: int(kept * len(content))])) in VERDICTS


VERDICTS = {"well", "not_a_photo", "truncated", "too_many_pixels"}

HARMED = """
import json, resource
from images.errors import BadPhoto
from images.inspect import check
from tests.images.test_hostile import REFUSED

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

files = [made() for made, _ in REFUSED.values()]
before, refused = peak(), 0
for content in files:
    try:
        check(content)
    except BadPhoto:
        refused += 1
print(json.dumps({"refused": refused, "grown_mib": peak() - before}))
"""
