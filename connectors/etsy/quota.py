"""Etsy's two allowances: so many requests a second, and so many in any 24 hours."""

from collections.abc import Mapping
from datetime import datetime

from connectors.etsy.limits import DAY, REQUESTS_PER_DAY, REQUESTS_PER_SECOND, RESERVES
from connectors.protocol import Account, Change, Facet
from connectors.quotas import Rate

_URGENCY = list(Facet)


class Quota:
    """What is left, as Etsy's own headers tell it, and who may spend it.

    The second is kept to by waiting, evenly, through the account's shared bucket. The day is
    counted by Etsy, for all workers and all shops of the app: its last answer says what is left.
    """

    def __init__(self, account: Account) -> None:
        self._account = account
        self._second = _rate(REQUESTS_PER_SECOND)
        self.limit = self._left = REQUESTS_PER_DAY
        self._told_at = account.clock.now()

    def wait(self) -> None:
        """Return when the next request may be sent."""
        self._account.clock.sleep(self._account.buckets.reserve(self._second))

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take what an answer's headers say of the allowances."""
        if per_second := _number(headers, "x-limit-per-second"):
            self._second = _rate(per_second)
        self.limit = _number(headers, "x-limit-per-day") or self.limit
        left = _number(headers, "x-remaining-today")
        self._left = self._left - 1 if left is None else left
        self._told_at = self._account.clock.now()

    @property
    def left(self) -> int:
        """Requests that may be sent today; what was told a day ago says nothing of it any more."""
        return self._left if self._account.clock.now() - self._told_at < DAY else self.limit

    def allows(self, change: Change, calls: int) -> bool:
        """Whether `change` may spend `calls` now, and leave what is kept for the more urgent."""
        least_urgent = max(change.facets, key=_URGENCY.index)
        return self.left - calls >= self.limit * RESERVES[least_urgent]

    @property
    def spent(self) -> bool:
        """Whether Etsy takes no more requests today."""
        return self.left <= 0

    @property
    def renewed_at(self) -> datetime:
        """When all that was spent until now has come back."""
        return self._account.clock.now() + DAY

    @property
    def told(self) -> str:
        """Why something waits, for a person."""
        return (
            f"{self.left} of Etsy's {self.limit} requests in 24 hours are left, "
            "and they are kept for stock and prices: the rest waits for tomorrow"
        )


def _rate(per_second: int) -> Rate:
    # A burst would let twice the allowance fall into one second.
    return Rate("requests", per_second=per_second, burst=1)


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "")
    return int(text) if text.isdigit() else None
