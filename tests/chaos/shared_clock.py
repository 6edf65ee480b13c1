"""A clock that several processes share: hours of quotas pass in seconds, for all of them alike."""

import fcntl
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

_SECONDS = struct.Struct("d")


@dataclass(frozen=True, slots=True)
class SharedClock:
    """The machine's time, ahead by the seconds that stand in `file`; a sleep only adds to them.

    `skew` is what this holder's clock is wrong by, in seconds.
    """

    file: Path
    skew: float = 0.0

    def now(self) -> datetime:
        """The present moment, as its holder believes."""
        return datetime.now(UTC) + timedelta(seconds=self.ahead() + self.skew)

    def sleep(self, seconds: float) -> None:
        """Move the time of all holders forward at once."""
        with self.file.open("r+b") as opened:
            # A killed holder's lock is freed with its file.
            fcntl.flock(opened, fcntl.LOCK_EX)
            [ahead] = _SECONDS.unpack(opened.read())
            opened.seek(0)
            opened.write(_SECONDS.pack(ahead + max(0.0, seconds)))

    def ahead(self) -> float:
        """Seconds slept so far, by everybody."""
        [ahead] = _SECONDS.unpack(self.file.read_bytes())
        return float(ahead)


def new_clock(file: Path) -> SharedClock:
    """A clock in a new file that shows the machine's time."""
    file.write_bytes(_SECONDS.pack(0.0))
    return SharedClock(file)
