"""Shopify's points: what an account's calls may cost, waited for rather than run out of.

Every answer tells what the shop has left (extensions.cost.throttleStatus), with what others have
spent; so the shop keeps the account, and we only remember what it said last.
Source: shopify.dev/docs/api/usage/limits.
"""

import math
from collections.abc import Mapping
from typing import Any

from connectors.clock import Clock
from connectors.shopify.limits import BUCKET, RESTORE_RATE


class Points:
    """What is left in the bucket, and what each operation asked for when it was last sent."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._maximum, self._rate = BUCKET, RESTORE_RATE
        self._left, self._told_at = BUCKET, clock.now()
        self._asked: dict[str, float] = {}

    def learn(self, operation: str, cost: Mapping[str, Any] | None) -> None:
        """Take in what an answer says of the cost of `operation` and of what is left."""
        if cost is None:
            return
        status = cost["throttleStatus"]
        self._asked[operation] = float(cost["requestedQueryCost"])
        self._maximum, self._rate = float(status["maximumAvailable"]), float(status["restoreRate"])
        self._left, self._told_at = float(status["currentlyAvailable"]), self._clock.now()

    def lacking_for(self, operation: str) -> int:
        """Whole seconds until the points for `operation` are there again; 0 where they are."""
        # Whole seconds, so that a shop that counts in them agrees; what comes in meanwhile is kept.
        return math.ceil(self.seconds_for(self._asked.get(operation, 0.0)))

    def seconds_for(self, points: float) -> float:
        """Seconds until so many points will have been there to spend."""
        restored = (self._clock.now() - self._told_at).total_seconds() * self._rate
        left = min(self._maximum, self._left + restored)
        return max(0.0, points - left) / self._rate

    def wait_for(self, operation: str) -> None:
        """Wait until `operation` fits, as far as we know what it costs."""
        if lacking := self.lacking_for(operation):
            self._clock.sleep(lacking)
