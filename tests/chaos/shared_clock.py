"""A clock that several processes share: hours of quotas pass in seconds, for all of them alike."""

import fcntl
import struct
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

_SECONDS = struct.Struct("d")


@dataclass(frozen=True, slots=True)
class SharedClock:
    """The machine's time, ahead by the seconds that stand in `file`; a sleep only adds to them.

    The file `wrong` says by how many seconds this holder's own clock is wrong.
    """

    file: Path
    wrong: Path | None = None

    def now(self) -> datetime:
        """The present moment, as its holder believes."""
        skew = _read(self.wrong) if self.wrong else 0.0
        return datetime.now(UTC) + timedelta(seconds=self.ahead() + skew)

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
        return _read(self.file)

    def wrong_by(self, seconds: float) -> "SharedClock":
        """The clock of a holder whose time is wrong by so much, until `turn` says otherwise."""
        turned = replace(self, wrong=self.file.with_suffix(".wrong"))
        turned.turn(seconds)
        return turned

    def turn(self, seconds: float) -> None:
        """Let this holder's clock jump, as when it is set: it is wrong by `seconds` from now on."""
        if self.wrong is None:
            raise ValueError("the right time is not turned")
        new = self.wrong.with_suffix(".new")
        new.write_bytes(_SECONDS.pack(seconds))
        # Its holder may read in the same moment.
        new.replace(self.wrong)


def _read(file: Path) -> float:
    [seconds] = _SECONDS.unpack(file.read_bytes())
    return float(seconds)


def new_clock(file: Path) -> SharedClock:
    """A clock in a new file that shows the machine's time."""
    file.write_bytes(_SECONDS.pack(0.0))
    return SharedClock(file)
