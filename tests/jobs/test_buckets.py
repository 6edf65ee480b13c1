"""One account's tokens are shared by all workers, and none is spent twice."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine
from sqlmodel import Session

from connectors.clock import VirtualClock
from connectors.quotas import Rate
from jobs.buckets import StoredBuckets


def test_workers_at_the_same_moment_take_one_token_each(
    engine: Engine, clock: VirtualClock
) -> None:
    rate = Rate("put", per_second=5, burst=10)

    def worker(_number: int) -> list[float]:
        buckets = StoredBuckets(lambda: Session(engine), "seller", clock)
        return [buckets.reserve(rate) for _ in range(10)]

    with ThreadPoolExecutor(4) as pool:
        waits = sorted(wait for waits in pool.map(worker, range(4)) for wait in waits)
    assert [round(wait, 6) for wait in waits] == [0.0] * 10 + [
        round(n / 5, 6) for n in range(1, 31)
    ]


def test_accounts_do_not_share(engine: Engine, clock: VirtualClock) -> None:
    rate = Rate("put", per_second=1, burst=1)
    waits = [
        StoredBuckets(lambda: Session(engine), account, clock).reserve(rate)
        for account in ("one", "two", "one")
    ]
    assert waits == [0, 0, 1]
