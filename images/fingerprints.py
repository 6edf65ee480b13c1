"""Photos that look the same: a fingerprint of 64 bits, and near pairs among many of them."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

from PIL import Image

Name = TypeVar("Name", bound=Hashable)

BITS = 64

# Of 64. Of 52 real photos made smaller, padded, brighter, or encoded again at quality 80 to 35, 309
# of 312 stay within this; of 115 different ones no two differ in fewer than 12.
NEAR = 6

# Nearly white: what surrounds a thing that was cut out, or a photo that was padded to a square.
_SURROUND = 240

# Of two fingerprints that differ in at most 7 bits, one of four such bands differs in at most one.
_BAND = 16
_MASK = (1 << _BAND) - 1
_ONE_OFF = (0, *(1 << bit for bit in range(_BAND)))


def fingerprint(luminance: Image.Image) -> int:
    """Which of 64 neighbouring spots is the darker one: dHash, over what stands out of white.

    Without its white surround a thing fills the fingerprint, so that two bags on white differ.
    Source: N. Krawetz, "Kind of like that", hackerfactor.com, 2013.
    """
    box = luminance.point([255] * _SURROUND + [0] * (256 - _SURROUND)).getbbox()
    spots = luminance.resize((9, 8), Image.Resampling.BOX, box).tobytes()
    pairs = [(9 * row + column, 9 * row + column + 1) for row in range(8) for column in range(8)]
    return sum((spots[left] < spots[right]) << bit for bit, (left, right) in enumerate(pairs))


def distance(one: int, other: int) -> int:
    """In how many bits two fingerprints differ."""
    return (one ^ other).bit_count()


def first_alike(fingerprints: Mapping[Name, int]) -> dict[Name, Name]:
    """For each name that looks like an earlier one, that earlier one: the nearest of them.

    Names are looked at in their order. Bands keep this from comparing all with all: 10,000
    photos take a quarter of a second.
    """
    buckets: dict[tuple[int, int], list[int]] = defaultdict(list)
    first: dict[int, Name] = {}
    found: dict[Name, Name] = {}
    for name, bits in fingerprints.items():
        # A placeholder that thousands of products show is one entry, not thousands.
        near = bits if bits in first else _nearest(buckets, bits)
        if near is not None:
            found[name] = first[near]
        if bits not in first:
            first[bits] = name
            for key in _bands(bits):
                buckets[key].append(bits)
    return found


def _nearest(buckets: Mapping[tuple[int, int], list[int]], bits: int) -> int | None:
    candidates = dict.fromkeys(
        other
        for band, value in _bands(bits)
        for flip in _ONE_OFF
        for other in buckets.get((band, value ^ flip), ())
    )
    best = min(candidates, key=lambda other: distance(bits, other), default=None)
    return best if best is not None and distance(bits, best) <= NEAR else None


def _bands(bits: int) -> Iterator[tuple[int, int]]:
    for band in range(BITS // _BAND):
        yield band, bits >> band * _BAND & _MASK
