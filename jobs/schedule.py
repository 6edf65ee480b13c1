"""The clock: which job is due when, and putting its tick into the queue. It does no work itself.

Times stand on a grid that all clocks share, so that two of them name a tick alike; channels are
spread over it by their names instead of by chance.
"""

import logging
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from dbos import error
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from connectors.registry import marketplace
from jobs.hints import hints
from jobs.models import Channel
from jobs.work_queue import Job, Tick, WorkQueue

log = logging.getLogger(__name__)

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
# Channels are spread over no more than this of a long interval.
SPREAD = timedelta(hours=1)
# Seconds between two looks for notifications.
WATCH_EVERY = 0.5
# Seconds between two looks for channels that are new or gone.
CHANNELS_EVERY = 30.0
# The machine's time moved against the time that passed by more than this: it slept, or was set.
JUMP = 5.0


@dataclass(frozen=True, slots=True)
class Beat:
    """How often a job is due, and when in its interval. Of every channel, or once for the house."""

    job: Job
    every: timedelta
    at: timedelta = timedelta(0)
    of_channels: bool = True


@dataclass(frozen=True, slots=True)
class Due:
    """A job of a channel or of the house, and where on the grid its ticks stand."""

    job: Job
    subject: str
    partition: str
    every: timedelta
    start: datetime

    @property
    def id(self) -> str:
        """Its name for the scheduler."""
        return f"{self.job}/{self.subject}"

    def last(self, now: datetime) -> datetime:
        """The last scheduled time up to `now`."""
        return self.start + (now - self.start) // self.every * self.every

    def next(self, now: datetime) -> datetime:
        """The first scheduled time after `now`."""
        return self.last(now) + self.every

    def tick(self, now: datetime) -> Tick:
        """The tick that is due."""
        at = self.last(now).isoformat(timespec="seconds")
        return Tick(self.job, self.subject, self.partition, at)


def dues(
    beats: tuple[Beat, ...],
    channels: Mapping[str, str],
    slowest: Mapping[str, timedelta] = MappingProxyType({}),
) -> Iterator[Due]:
    """All that is due at some time. `channels` maps their codes to their accounts.

    Orders of the channels in `slowest` are pulled no more often than it says.
    """
    for beat in beats:
        start = EPOCH + beat.at
        if not beat.of_channels:
            # Each is a partition of its own: alerts do not wait for rates.
            yield Due(beat.job, "", f" {beat.job}", beat.every, start)
            continue
        for code, account in channels.items():
            # Reading all that a market shows takes long, and nothing that is sold waits for it.
            partition = f"{beat.job} {account}" if beat.job is Job.RECONCILE else account
            least = slowest.get(code, beat.every) if beat.job is Job.ORDERS else beat.every
            every = max(beat.every, least)
            room = min(every, SPREAD).total_seconds()
            spread = timedelta(seconds=zlib.crc32(f"{beat.job} {code}".encode()) % int(room))
            yield Due(beat.job, code, partition, every, start + spread)


def accounts(session: Session) -> dict[str, str]:
    """The channels that are not paused, with their accounts."""
    rows = session.exec(
        select(Channel.code, Channel.account)
        .where(col(Channel.paused_reason).is_(None))
        .order_by(Channel.code)
    )
    return dict(rows.all())


def slowest_pulls(session: Session) -> dict[str, timedelta]:
    """The interval that a channel's marketplace allows between pulls, where it has a quota."""
    found: dict[str, timedelta] = {}
    for code, name in session.exec(select(Channel.code, Channel.marketplace)):
        # One that is not installed any more tells so when it is worked on.
        with suppress(LookupError):
            found[code] = timedelta(seconds=marketplace(name).limits.orders_every)
    return found


@dataclass
class Clockwork:
    """Puts ticks into the queue when they are due, until stopped."""

    queue: WorkQueue
    sessions: Callable[[], Session]
    beats: tuple[Beat, ...]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    beat: float = 0.0
    _scheduler: BackgroundScheduler = field(
        default_factory=lambda: BackgroundScheduler(
            timezone=UTC,
            # After a sleep one tick is made up for all that were missed, however late.
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
    )
    _known: dict[str, Due] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _watcher: threading.Thread | None = None
    _troubled: bool = False

    def start(self) -> None:
        """Begin, and make up what was missed while no clock ran."""
        self._scheduler.start()
        self._watcher = threading.Thread(target=self._watch, name="watcher", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """No more ticks."""
        self._stopping.set()
        self._scheduler.shutdown(wait=True)
        if self._watcher:
            self._watcher.join(timeout=WATCH_EVERY * 4)

    def lay_out(self) -> None:
        """Have a job in the scheduler for all that is due at some time, and nothing else.

        What is new has its last tick put in at once: it was missed, or is there already.
        """
        with self.sessions() as session:
            channels, slowest = accounts(session), slowest_pulls(session)
        wanted = {due.id: due for due in dues(self.beats, channels, slowest)}
        for gone in self._known.keys() - wanted.keys():
            self._scheduler.remove_job(gone)
            del self._known[gone]
        for due in wanted.values():
            if self._known.get(due.id) != due:
                self._add(due)

    def _add(self, due: Due) -> None:
        every = due.every.total_seconds()
        trigger = IntervalTrigger(seconds=every, start_date=due.start, timezone=UTC)
        self._scheduler.add_job(self._tick, trigger, args=[due], id=due.id, replace_existing=True)
        self.queue.put(due.tick(self.now()))
        self._known[due.id] = due

    def _tick(self, due: Due) -> None:
        with self._told_once():
            self.queue.put(due.tick(self.now()))

    def _watch(self) -> None:
        """Bring forward what notifications ask for; follow channels, and a clock that was set.

        A thread and no job of the scheduler, which sleeps for hours when its clock is set back.
        """
        offset, laid_out = self._offset(), 0.0
        while not self._stopping.is_set():
            if abs(self._offset() - offset) > JUMP:
                log.warning("the clock moved by %d s", self._offset() - offset)
                offset, laid_out = self._offset(), 0.0
                self._forget()
            with self._told_once():
                if time.monotonic() - laid_out > CHANNELS_EVERY:
                    self.lay_out()
                    laid_out = time.monotonic()
                self.take_hints()
            self.beat = time.monotonic()
            self._stopping.wait(WATCH_EVERY)

    def _offset(self) -> float:
        return self.now().timestamp() - time.monotonic()

    def _forget(self) -> None:
        """What waits for a time that is far away now is laid out anew."""
        self._scheduler.remove_all_jobs()
        self._known.clear()

    def take_hints(self) -> None:
        """Put in the pulls that notifications ask for."""
        with self.sessions() as session:
            asked = hints(session)
        for tick in asked:
            self.queue.put(tick)

    @contextmanager
    def _told_once(self) -> Iterator[None]:
        """A database that is away is logged once, and once when it is back."""
        try:
            yield
        except (SQLAlchemyError, error.DBOSException, OSError) as trouble:
            if not self._troubled:
                log.warning("no tick can be put in: %s", trouble)
            self._troubled = True
        else:
            if self._troubled:
                log.warning("ticks can be put in again")
            self._troubled = False
