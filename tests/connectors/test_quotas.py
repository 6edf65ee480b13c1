"""Rates are kept to: a burst at once, and then one after the other."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from connectors.clock import VirtualClock
from connectors.quotas import LocalBuckets, Rate
from tests.conftest import NOON


def test_a_burst_goes_at_once_and_the_rest_as_tokens_come_back(clock: VirtualClock) -> None:
    buckets = LocalBuckets(clock.now)
    rate = Rate("put", per_second=5, burst=3)
    assert [round(buckets.reserve(rate), 3) for _ in range(5)] == [0, 0, 0, 0.2, 0.4]


def test_what_was_not_used_is_saved_up_to_the_burst(clock: VirtualClock) -> None:
    buckets = LocalBuckets(clock.now)
    rate = Rate("put", per_second=5, burst=3)
    for _ in range(3):
        buckets.reserve(rate)
    clock.sleep(3600)
    assert [round(buckets.reserve(rate), 3) for _ in range(4)] == [0, 0, 0, 0.2]


def test_operations_do_not_share_a_bucket(clock: VirtualClock) -> None:
    buckets = LocalBuckets(clock.now)
    waits = [buckets.reserve(Rate(name, per_second=1, burst=1)) for name in ("put", "patch")]
    assert waits == [0, 0]


@given(
    per_second=st.floats(0.005, 50),
    burst=st.integers(1, 30),
    pauses=st.lists(st.floats(0, 20), max_size=60),
)
def test_no_window_ever_holds_more_than_was_published(
    per_second: float, burst: int, pauses: list[float]
) -> None:
    clock = VirtualClock(NOON)
    buckets = LocalBuckets(clock.now)
    rate = Rate("put", per_second, burst)
    used = []
    for pause in pauses:
        clock.sleep(pause)
        clock.sleep(buckets.reserve(rate))
        used.append((clock.now() - NOON).total_seconds())
    assert all(earlier <= later for earlier, later in pairwise(used))
    for start in range(len(used)):
        for end in range(start, len(used)):
            allowed = burst + (used[end] - used[start]) * per_second
            # A clock that counts microseconds rounds a little at every step.
            assert end - start + 1 <= allowed + 1e-4 * len(used) * per_second + 1e-6
