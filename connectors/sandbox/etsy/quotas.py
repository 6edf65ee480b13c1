"""Etsy's two quotas of an application, and the headers that tell of them.

Source: developers.etsy.com, "Rate limits": 10 calls a second and 10,000 in any 24 hours by
default; the answer to a call too many is 429 with retry-after.
"""

import math
from collections import deque

from connectors.clock import Clock

A_SECOND = 10
A_DAY = 10_000
DAY_SECONDS = 24 * 3600


class Quotas:
    """Counts calls by the second in which they came; a day is any 24 hours."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # (second, calls in it), the oldest first; at most A_DAY of them.
        self._seconds: deque[list[int]] = deque()
        self._today = 0

    def take(self) -> float:
        """Count a call; the seconds to wait where it is one too many, which is not counted."""
        now = self._clock.now().timestamp()
        self._forget(now)
        if self._today >= A_DAY:
            return self._seconds[0][0] + 1 + DAY_SECONDS - now
        second = math.floor(now)
        if not self._seconds or self._seconds[-1][0] != second:
            self._seconds.append([second, 0])
        if self._seconds[-1][1] >= A_SECOND:
            return second + 1 - now
        self._seconds[-1][1] += 1
        self._today += 1
        return 0.0

    def headers(self) -> dict[str, str]:
        """What every answer tells of the quotas."""
        now = self._clock.now().timestamp()
        self._forget(now)
        last = self._seconds[-1] if self._seconds else [0, 0]
        this_second = last[1] if last[0] == math.floor(now) else 0
        return {
            "x-limit-per-second": str(A_SECOND),
            "x-remaining-this-second": str(A_SECOND - this_second),
            "x-limit-per-day": str(A_DAY),
            "x-remaining-today": str(A_DAY - self._today),
        }

    def _forget(self, now: float) -> None:
        # A second leaves the window with its last call.
        while self._seconds and self._seconds[0][0] + 1 + DAY_SECONDS <= now:
            self._today -= self._seconds.popleft()[1]
