"""How far an import is, told beside the database: while it writes, SQLite takes nothing else."""

import json
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from images.store import write

_FILE = "progress.json"
# Seconds between two tellings.
_PAUSE = 0.3


@dataclass(frozen=True, slots=True)
class Doing:
    """Steps that are done, of how many: a step is a photo that is read, or a row."""

    done: int = 0
    total: int = 0


def doing(place: Path) -> Doing:
    """How far the import in that folder is."""
    with suppress(OSError, ValueError, TypeError):
        return Doing(**json.loads((place / _FILE).read_text()))
    return Doing()


class Telling:
    """Writes down how far an import is, not more often than somebody looks."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._told = 0.0
        self._rows = self._row = self._photos = self._photo = 0

    def begin(self, rows: int) -> None:
        """So many rows are to be read."""
        self._rows = rows
        self._tell(now=True)

    def photo(self, done: int, total: int) -> None:
        """So many of the photos are read."""
        self._photo, self._photos = done, total
        self._tell()

    def row(self) -> None:
        """One more row is done."""
        self._row += 1
        self._tell()

    def _tell(self, *, now: bool = False) -> None:
        if now or time.monotonic() - self._told >= _PAUSE:
            self._told = time.monotonic()
            told = Doing(self._photo + self._row, self._photos + self._rows)
            write(self._place / _FILE, json.dumps(asdict(told)).encode())
