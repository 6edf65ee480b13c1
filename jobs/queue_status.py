"""How the work goes: who is alive, who does what, what waits, and when each job is due."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from jobs.engine import living
from jobs.locks import Locks
from jobs.schedule import Due
from jobs.sync import lock_of
from jobs.work_queue import RUNNING, WAITING, Entry, WorkQueue

# Of the ticks that are done, so many of the newest are looked through for the last of each job.
LOOKED_THROUGH = 500


@dataclass(frozen=True, slots=True)
class InHand:
    """A tick that an executor does."""

    job: str
    subject: str
    executor: str
    since: str | None


@dataclass(frozen=True, slots=True)
class DueStatus:
    """A job: when it was last taken up and when it ended, how many wait, and when it is due."""

    job: str
    subject: str
    began: str | None
    ended: str | None
    waiting: int
    next: str


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """The work at one glance. `executors` and `accounts` map to the processes that hold them."""

    executors: dict[str, str]
    accounts: dict[str, str]
    in_hand: tuple[InHand, ...]
    waiting: int
    jobs: tuple[DueStatus, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, moments in ISO 8601."""
        return asdict(self)


def queue_status(queue: WorkQueue, locks: Locks, dues: Iterable[Due], now: datetime) -> QueueStatus:
    """How the work goes now."""
    planned = list(dues)
    waiting, running = queue.entries(WAITING), queue.entries(RUNNING)
    ended = queue.entries(limit=LOOKED_THROUGH)
    partitions = sorted({due.partition for due in planned if due.subject})
    holders = {account: locks.holder(lock_of(account)) for account in partitions}
    return QueueStatus(
        executors=living(locks),
        accounts={account: holder for account, holder in holders.items() if holder},
        in_hand=tuple(
            InHand(one.tick.job, one.tick.subject, one.executor or "", _iso(one.taken_at))
            for one in running
        ),
        waiting=len(waiting),
        jobs=tuple(_due_status(due, waiting, ended, now) for due in planned),
    )


def _due_status(
    due: Due, waiting: Iterable[Entry], newest: Iterable[Entry], now: datetime
) -> DueStatus:
    ours = [one for one in newest if (one.tick.job, one.tick.subject) == (due.job, due.subject)]
    taken = max((one.taken_at for one in ours if one.taken_at), default=None)
    done = max((one.done_at for one in ours if one.done_at), default=None)
    count = sum((one.tick.job, one.tick.subject) == (due.job, due.subject) for one in waiting)
    return DueStatus(
        due.job, due.subject, _iso(taken), _iso(done), count, due.next(now).isoformat()
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
