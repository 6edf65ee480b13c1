"""How large a run is, and from which seed its decisions are drawn."""

import os
import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """How much of it."""

    listings: int
    kills: int


SHORT = Size(60, 12)
SHORT_SEED = 20261123
LONG = Size(
    int(os.environ.get("CHAOS_LISTINGS", "2000")), int(os.environ.get("CHAOS_KILLS", "200"))
)


def seed_of_this_run() -> int:
    """CHAOS_SEED, or one drawn now; printed before, for a run that is broken off."""
    seed = int(os.environ.get("CHAOS_SEED") or random.SystemRandom().randrange(10**6))
    print(f"\nCHAOS_SEED={seed}")  # noqa: T201 - the seed is what one repeats a failure with
    return seed
