"""Progress on stderr, so that results on stdout can be piped."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from trade_ma.cli.app import err


class Bars:
    """Progress of a pass on stderr: one bar a channel."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def stage(self, channel: str, stage: str, total: int) -> None:
        """Begin a stage of a channel."""
        label = f"{channel} {stage}"
        if channel in self._tasks:
            self._progress.update(self._tasks[channel], description=label, total=total)
        else:
            self._tasks[channel] = self._progress.add_task(label, total=total or None)

    def advance(self, channel: str) -> None:
        """One listing is through."""
        self._progress.advance(self._tasks[channel])


@contextmanager
def bars() -> Iterator[Bars]:
    """Bars on stderr until the block ends."""
    with counting() as progress:
        yield Bars(progress)


def counting() -> Progress:
    """Bars that count, on stderr, gone when they end."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=err, transient=True)
