"""The time, as a value that a test or the sandbox can hold in its hand."""

import time
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        time.sleep(seconds)


class VirtualClock:
    """A clock whose sleep costs nothing: a day of quotas passes in a second.

    Shared by a connector and its sandbox, in one process, it moves only when somebody sleeps.
    """

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._lock = Lock()

    def now(self) -> datetime:
        """The moment reached so far."""
        with self._lock:
            return self._now

    def sleep(self, seconds: float) -> None:
        """Move the time forward at once."""
        with self._lock:
            self._now += timedelta(seconds=max(0.0, seconds))
