"""Photos that look the same are found among many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageOps

from images.fingerprints import BITS, NEAR, distance, first_alike
from images.measures import measures
from tests.images.crafts import cushion
from tests.images.pictures import opened, saved

WHITE = (255, 255, 255)


def print_of(picture: Image.Image) -> int:
    return measures(picture, *picture.size).fingerprint


@pytest.mark.parametrize("ground", [WHITE, (170, 150, 130)])
def test_the_same_photo_sized_encoded_or_lit_otherwise_looks_the_same(
    ground: tuple[int, int, int],
) -> None:
    photo = cushion(1, 600, ground)
    changed = {
        "smaller": photo.resize((200, 200), Image.Resampling.BICUBIC),
        "encoded": opened(saved(photo, quality=60)),
        "brighter": ImageEnhance.Brightness(photo).enhance(1.1),
        "padded": ImageOps.pad(photo, (900, 600), color="white"),
    }
    far = {name: distance(print_of(photo), print_of(one)) for name, one in changed.items()}
    assert {name: d for name, d in far.items() if d > NEAR} == {}


def test_different_things_on_the_same_ground_do_not_look_the_same() -> None:
    prints = {seed: print_of(cushion(seed, 600, WHITE)) for seed in range(40)}
    assert first_alike(prints) == {}


def test_the_nearest_of_the_earlier_ones_is_named() -> None:
    prints = {"one": 0b11111, "two": 0, "three": 0b1, "four": 1 << 63 | 0xFF0000, "five": 0b1}
    assert first_alike(prints) == {"two": "one", "three": "two", "five": "three"}


def test_a_placeholder_shown_a_thousand_times_leads_to_its_first() -> None:
    prints = dict.fromkeys(range(2000), 42)
    assert set(first_alike(prints).values()) == {0}


@given(
    bits=st.integers(0, 2**BITS - 1),
    flips=st.sets(st.integers(0, BITS - 1), max_size=12),
)
def test_bands_miss_none_that_is_near(bits: int, flips: set[int]) -> None:
    other = bits ^ sum(1 << flip for flip in flips)
    found = first_alike({"first": bits, "second": other})
    assert found == ({"second": "first"} if len(flips) <= NEAR else {})
