"""Passes asked for by a person: put into the queue where a worker is alive, else made here."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import func
from sqlmodel import Session, col, select

from jobs.engine import living
from jobs.models import Channel, Run, RunState
from jobs.sync import lock_of, sync
from jobs.unexpected import tell
from jobs.work_queue import RUNNING, WAITING, Job, Tick, find_queue, queue_url
from trade_ma.installation import App
from trade_ma.workshop import workshop_of

log = logging.getLogger(__name__)

# How often a pass is made at most while a marketplace judges.
LOOKS = 20
# What together is a full pass for a worker: orders first, then all that changed.
_JOBS = (Job.ORDERS, Job.PUSH)


# Writes down, in a session, who asked for a pass.
Noted = Callable[[Session], None]


class Begun(StrEnum):
    """What became of the wish for a pass over one channel."""

    STARTED = "started"
    JOINED = "joined"  # one was at work or waiting already
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Start:
    """Who makes the pass, a worker or this process, and what became of each channel."""

    by_worker: bool
    channels: Mapping[str, Begun]


class State(StrEnum):
    """How a channel's pass stands."""

    NEVER = "never"
    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Standing:
    """A channel's latest pass. `stage` and its figures are known of passes of this process."""

    channel: str
    state: State
    run_id: int | None = None
    job: str = ""
    stage: str = ""
    done: int = 0
    total: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    error: str | None = None
    started_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be expected of it."""
        return self.state not in {State.WAITING, State.WORKING}


@dataclass(slots=True)
class _Stage:
    name: str = ""
    total: int = 0
    done: int = 0


@dataclass
class Passes:
    """The passes of one serving process. Satisfies jobs.sync.Progress.

    A pass of which the marketplace still judges something is made again `judged_after` seconds
    later, some times; not where that is 0.
    """

    app: App
    judged_after: float = 0.0
    _stages: dict[str, _Stage] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, channels: Sequence[Channel], noted: Noted) -> Start:
        """Have a pass made over `channels`; one that is at work or waits already is joined.

        `noted` writes down who asks for it. It is written for good before anything is begun: the
        queue is another database, and a thread is none.
        """
        with self.app.session() as session:
            noted(session)
            session.commit()
        paused = {one.code: Begun.PAUSED for one in channels if one.paused_reason}
        well = [one for one in channels if not one.paused_reason]
        by_worker = self._put(well) if living(self.app.locks) else None
        begun = self._start_here(well) if by_worker is None else by_worker
        return Start(by_worker is not None, begun | paused)

    def stage(self, channel: str, stage: str, total: int) -> None:
        """`channel` begins `stage`."""
        self._stages[channel] = _Stage(stage, total)

    def advance(self, channel: str) -> None:
        """One listing is through."""
        if found := self._stages.get(channel):
            found.done += 1

    def standings(self, codes: Sequence[str] = ()) -> list[Standing]:
        """How the passes of those channels stand, of all without `codes`."""
        with self.app.session() as session:
            channels = _known(session, codes)
            latest = _latest(session)
        waiting = self._waiting()
        accounts = {account for _, _, account in channels}
        held = {one for one in accounts if self.app.locks.holder(lock_of(one))}
        return [
            self._standing(code, latest.get(id_), is_held=account in held, waits=code in waiting)
            for id_, code, account in channels
        ]

    def _standing(self, code: str, run: Run | None, *, is_held: bool, waits: bool) -> Standing:
        stage = self._stages.get(code)
        is_working = bool(run and run.state is RunState.RUNNING and is_held)
        if stage and not is_working:
            return Standing(code, State.WORKING, stage=stage.name)
        if waits and not is_working:
            return Standing(code, State.WAITING)
        if run is None:
            return Standing(code, State.NEVER)
        ended = State.DONE if run.state is RunState.DONE else State.FAILED
        stage = stage or _Stage()
        return Standing(
            channel=code,
            state=State.WORKING if is_working else ended,
            run_id=run.id,
            job=run.job,
            stage=stage.name,
            done=stage.done,
            total=stage.total,
            counts=run.counts,
            error=run.error,
            started_at=run.started_at,
        )

    def _put(self, channels: Sequence[Channel]) -> dict[str, Begun] | None:
        """Ask the workers; None where there is no queue."""
        queue = find_queue(queue_url(self.app.settings.sqlalchemy_url))
        if queue is None:
            return None
        at = f"asked {datetime.now(UTC).isoformat()}"
        with closing(queue):
            busy = {(e.tick.job, e.tick.subject) for e in queue.entries(WAITING, RUNNING)}
            begun = {}
            for one in channels:
                wanted = [job for job in _JOBS if (job, one.code) not in busy]
                went = [queue.put(Tick(job, one.code, one.account, at)) for job in wanted]
                begun[one.code] = Begun.STARTED if any(went) else Begun.JOINED
        return begun

    def _start_here(self, channels: Sequence[Channel]) -> dict[str, Begun]:
        taken = self._take(channels)
        ours = {one.code for one in taken}
        if taken:
            # Killed with the process it would be no harm: the next pass does the rest.
            threading.Thread(target=self._pass, args=(taken,), name="pass", daemon=True).start()
        return {c.code: Begun.STARTED if c.code in ours else Begun.JOINED for c in channels}

    def _take(self, channels: Sequence[Channel]) -> list[Channel]:
        """Those that no pass of this process, and none of another, is at work on."""
        with self._lock:
            free = [
                one
                for one in channels
                if one.code not in self._stages and not self.app.locks.holder(lock_of(one.account))
            ]
            self._stages |= {one.code: _Stage() for one in free}
        return free

    def _pass(self, channels: list[Channel]) -> None:
        try:
            for _ in range(LOOKS):
                passes = sync(workshop_of(self.app, self), channels)
                if not self.judged_after or not any(o.desk.tally["pending"] for o in passes):
                    return
                time.sleep(self.judged_after)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            tell(log, "a pass that was asked for", error)
        finally:
            for one in channels:
                self._stages.pop(one.code, None)

    def _waiting(self) -> set[str]:
        queue = find_queue(queue_url(self.app.settings.sqlalchemy_url))
        if queue is None or not living(self.app.locks):
            return set()
        with closing(queue):
            return {e.tick.subject for e in queue.entries(WAITING) if e.tick.job in _JOBS}


def _known(session: Session, codes: Sequence[str]) -> list[tuple[int, str, str]]:
    statement = select(Channel.id, Channel.code, Channel.account).order_by(Channel.code)
    if codes:
        statement = statement.where(col(Channel.code).in_(codes))
    return [(id_ or 0, code, account) for id_, code, account in session.exec(statement)]


def _latest(session: Session) -> dict[int, Run]:
    newest = select(func.max(Run.id)).group_by(col(Run.channel_id))
    rows = session.exec(select(Run).where(col(Run.id).in_(newest))).all()
    session.expunge_all()
    return {row.channel_id: row for row in rows}


def followed(
    passes: Passes, codes: Sequence[str], wait: threading.Event, every: float = 0.7
) -> Iterator[list[Standing]]:
    """How those passes stand, again and again, until all are over."""
    while True:
        standings = passes.standings(codes)
        yield standings
        if all(one.is_over for one in standings) or wait.wait(every):
            return
