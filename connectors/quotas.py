"""A marketplace's published rates, kept to rather than bounced off.

A rate is a token bucket, counted as its theoretical arrival time (GCRA): one moment per account
and operation is all the state there is, so workers can share it through a database row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Rate:
    """A published token bucket: `per_second` tokens come back, at most `burst` are saved up."""

    operation: str
    per_second: float
    burst: float

    def reserve(
        self, arrival: datetime | None, now: datetime, tokens: float = 1
    ) -> tuple[datetime, float]:
        """The next arrival time after taking `tokens`, and the seconds to wait before their use.

        `arrival` is the one kept from the last time, None at first.
        """
        spent = timedelta(seconds=tokens / self.per_second)
        saved = timedelta(seconds=self.burst / self.per_second)
        following = max(arrival or now, now) + spent
        return following, max(0.0, (following - saved - now).total_seconds())


class Buckets(Protocol):
    """The buckets of one account, shared by whoever works on it."""

    def reserve(self, rate: Rate, tokens: float = 1) -> float:
        """Take `tokens` of `rate.operation`; the seconds to wait before they may be used."""
        ...


class LocalBuckets:
    """The buckets of an account that only this process works on. Safe between threads."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._arrivals: dict[str, datetime] = {}
        self._lock = Lock()

    def reserve(self, rate: Rate, tokens: float = 1) -> float:
        """Take `tokens`; the seconds to wait before they may be used."""
        with self._lock:
            arrival, wait = rate.reserve(self._arrivals.get(rate.operation), self._now(), tokens)
            self._arrivals[rate.operation] = arrival
        return wait
