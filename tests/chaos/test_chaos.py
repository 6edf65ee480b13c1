"""Killed, starved, stormed at: in the end every order counts once, and every market is right.

`make chaos` prints its seed; CHAOS_SEED=... repeats its decisions. CHAOS_KILLS and CHAOS_LISTINGS
set its size.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.fault_free import Shown, shown_without_faults
from tests.chaos.model import model_of
from tests.chaos.rounds import Chaos
from tests.chaos.size import LONG, SHORT, SHORT_SEED, Size, seed_of_this_run
from tests.chaos.verdict import complaints, shown_for_sale
from tests.chaos.world import open_world


def endured(folder: Path, size: Size, seed: int) -> list[str]:
    """A run of chaos, told in one line, and what is wrong after it.

    The last complaints compare with a run over the catalog as it ended, in which nothing failed.
    """
    began = time.monotonic()
    with open_world(folder, 0) as world:
        chaos = Chaos(world, model_of(world.counted), seed, size.listings)
        chaos.run(size.kills)
        chaos.calm()
        minutes = (time.monotonic() - began) / 60
        print(  # noqa: T201 - the seed is what one repeats a failure with
            f"\nCHAOS_SEED={seed}: {size.listings} listings on {len(world.markets)} markets, "
            f"{chaos.told()}, {minutes:.1f} minutes"
        )
        found = complaints(world, chaos.model) + chaos.mistakes
        right = shown_without_faults(folder / "calm", world, chaos.model, size.listings)
        return found + list(differences(shown_for_sale(world), right))


def differences(shown: Shown, right: Shown) -> Iterator[str]:
    """Listings that are not shown as they are where nothing failed."""
    for channel, listings in right.items():
        for key in sorted(listings.keys() | shown[channel].keys()):
            if listings.get(key) != (seen := shown[channel].get(key)):
                yield f"{channel} shows {key} as {seen}, and should as {listings.get(key)}"


def test_a_dozen_kills_leave_everything_as_it_should_be(tmp_path: Path) -> None:
    assert endured(tmp_path, SHORT, SHORT_SEED) == []


@pytest.mark.chaos
def test_hundreds_of_kills_leave_everything_as_it_should_be(tmp_path: Path) -> None:
    assert endured(tmp_path, LONG, seed_of_this_run()) == []
