"""A worker: takes ticks out of the queue, and takes over what killed workers left behind.

Each worker is a numbered executor, its number guarded by a lock that ends with its process. What
is marked as running under a number that nobody holds was left by the dead, and is put in again.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from dbos import DBOS, DBOSConfig, error
from sqlalchemy.exc import SQLAlchemyError

from jobs.locks import Hold, Locks
from jobs.unexpected import outage, tell
from jobs.work_queue import (
    NAME,
    QUEUE,
    RUNNING,
    SCHEMA,
    VERSION,
    WORKFLOW,
    Job,
    Tick,
    WorkQueue,
    tick_of,
)

log = logging.getLogger(__name__)

# Ticks that one worker does side by side, each of another account.
THREADS = 8
# Seconds between two looks for work, and between two for what the dead left.
POLL = 0.2
RECOVER_EVERY = 2.0
# Between taking a tick out and beginning it. One that takes longer was lost on the way.
LOST_AFTER = timedelta(seconds=60)
# Seconds for which an answer to "does something urgent wait?" is good.
FRESH = 0.4


class Trouble(Exception):
    """A job cannot be done now, for a reason outside, told in words."""


Do = Callable[[Tick, Callable[[], bool]], None]


def slot(number: int) -> str:
    """The name of an executor, and of the lock on it."""
    return f"executor {number}"


def _is_news(record: logging.LogRecord) -> bool:
    """Whether DBOS logs more than that its database is away.

    What it could not write down then is done again: see `Worker._take_over`.
    """
    error = record.exc_info[1] if record.exc_info else None
    return error is None or outage(error) is None


def living(locks: Locks) -> dict[str, str]:
    """The executors that are alive, with their processes. Stops at the first gap of some length."""
    found: dict[str, str] = {}
    gap = 0
    for number in count(1):
        holder = locks.holder(slot(number))
        gap = 0 if holder else gap + 1
        if holder:
            found[slot(number)] = holder
        # Numbers are taken from the lowest up, so a long gap is the end.
        if gap == THREADS:
            return found
    return found


@dataclass
class Worker:
    """A process that takes work. `do` gets a tick, and a question: shall it end early?"""

    queue: WorkQueue
    locks: Locks
    do: Do
    executor: str = ""
    beat: float = 0.0
    _hold: Hold | None = None
    _running: dict[str, Tick] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _keeper: threading.Thread | None = None
    _troubles: set[tuple[Job, str]] = field(default_factory=set)

    def start(self) -> None:
        """Take the lowest free number, take up what its last holder left, and begin."""
        self.executor, self._hold = self._take_slot()
        # DBOS speaks on the console unless it finds somebody listening to it.
        logging.getLogger("dbos").addHandler(logging.NullHandler())
        logging.getLogger("dbos").addFilter(_is_news)
        DBOS(
            config=DBOSConfig(
                name=NAME,
                system_database_url=self.queue.url,
                dbos_system_schema=SCHEMA,
                application_version=VERSION,
                executor_id=self.executor,
                # Of a database that is away it warns many times a second; the keeper says it once.
                log_level="ERROR",
                use_listen_notify=False,
                run_migrations=False,
            )
        )

        @DBOS.workflow(name=WORKFLOW)
        def work(id_: str, partition: str) -> None:
            self._work(tick_of(id_, partition))

        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            partition_concurrency=1,
            worker_concurrency=THREADS,
            polling_interval_sec=POLL,
            on_conflict="always_update",
        )
        self.beat = time.monotonic()
        self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)
        self._keeper.start()

    def stop(self, within: float) -> bool:
        """Take no more, and wait for what is in hand; whether all of it ended in time."""
        self._stopping.set()
        DBOS.destroy(workflow_completion_timeout_sec=int(within), destroy_registry=True)
        if self._keeper:
            self._keeper.join(timeout=1.0)
        if self._hold:
            self._hold.release()
        return not self._running

    def _take_slot(self) -> tuple[str, Hold]:
        for number in count(1):
            if hold := self.locks.take(slot(number)):
                return slot(number), hold
        raise AssertionError("numbers do not end")

    def _work(self, tick: Tick) -> None:
        name = DBOS.workflow_id or tick.id
        self._running[name] = tick
        try:
            self.do(tick, self._interrupted(tick))
        except Trouble as trouble:
            if self._begins(tick):
                log.warning("%s %s: trouble begins: %s", tick.job, tick.subject, trouble)
        except Exception as error:  # noqa: BLE001 - whatever it is, the worker goes on
            # The next tick of the job does it again.
            if self._begins(tick):
                tell(log, f"{tick.job} {tick.subject}", error)
        else:
            if (tick.job, tick.subject) in self._troubles:
                log.warning("%s %s: trouble is over", tick.job, tick.subject)
            self._troubles.discard((tick.job, tick.subject))
        finally:
            del self._running[name]

    def _begins(self, tick: Tick) -> bool:
        """Whether trouble with that job is new: it is told once, not at every tick."""
        new = (tick.job, tick.subject) not in self._troubles
        self._troubles.add((tick.job, tick.subject))
        return new

    def _interrupted(self, tick: Tick) -> Callable[[], bool]:
        asked, answer = 0.0, False

        def interrupted() -> bool:
            nonlocal asked, answer
            if self._stopping.is_set():
                return True
            if time.monotonic() - asked > FRESH:
                # A queue that cannot be asked is no reason to end what is in hand.
                with suppress(SQLAlchemyError, error.DBOSException):
                    answer = self.queue.urgent_waits(tick)
                asked = time.monotonic()
            return answer

        return interrupted

    def _keep(self) -> None:
        """Keep our number, and put in again what nobody does any more, until told to stop."""
        lost = False
        while not self._stopping.wait(RECOVER_EVERY):
            try:
                self._keep_slot()
                self._take_over()
                self.beat = time.monotonic()
            except (SQLAlchemyError, error.DBOSException, OSError) as trouble:
                if not lost:
                    log.warning("the queue cannot be reached: %s", trouble)
                lost = True
            else:
                if lost:
                    log.warning("the queue can be reached again")
                lost = False

    def _keep_slot(self) -> None:
        """Take our number again where its lock went with the connection to the server."""
        if self._hold and not self._hold.held():
            self._hold.release()
            self._hold = None
        if self._hold is None:
            self._hold = self.locks.take(self.executor)

    def _take_over(self) -> None:
        for entry in self.queue.entries(RUNNING):
            if entry.executor == self.executor:
                taken = entry.taken_at or entry.created_at
                late = datetime.now(UTC) - taken > LOST_AFTER
                if late and entry.tick.id not in self._running:
                    self.queue.again(entry, "lost")
            elif hold := self.locks.take(entry.executor or ""):
                # Nobody holds its number: whoever had it is dead.
                log.warning("%s is gone: %s is done again", entry.executor, entry.tick.id)
                self.queue.again(entry, self.executor)
                hold.release()
