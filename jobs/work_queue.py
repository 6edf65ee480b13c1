"""The work that waits: one partition an account, the urgent first, each tick once.

Kept by DBOS, in a SQLite file of its own or in a schema of its own on PostgreSQL. A tick's id is
its job, its subject and its scheduled time, so that any number of clocks put it in once.
"""

import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote, unquote

from dbos import DBOS, DBOSClient, EnqueueOptions, error
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from connectors.clock import SystemClock
from jobs.locks import Locks, wait_for

NAME = "trade-ma"
QUEUE = "work"
WORKFLOW = "job"
SCHEMA = "trade_ma_queue"
# The same in every release: a job is its name and its subject, and any worker can do it.
VERSION = "1"
# A tick made so much later than now was made while the clock was wrong.
SKEW = timedelta(minutes=1)
WAITING, RUNNING = "ENQUEUED", "PENDING"


class Job(StrEnum):
    """What there is to do."""

    STOCK = "stock"
    ORDERS = "orders"
    PUSH = "push"
    TEXTS = "texts"
    PHOTOS = "photos"
    RECONCILE = "reconcile"
    RATES = "rates"
    ERASURE = "erasure"
    ALERTS = "alerts"
    TIDY = "tidy"


# What waits with a lower number goes first; a job in hand yields to it.
PRIORITY = {
    Job.STOCK: 1,
    Job.ORDERS: 2,
    Job.PUSH: 3,
    Job.TEXTS: 4,
    Job.PHOTOS: 4,
    Job.RECONCILE: 5,
    Job.RATES: 1,
    Job.ERASURE: 1,
    Job.ALERTS: 1,
    Job.TIDY: 1,
}


@dataclass(frozen=True, slots=True)
class Tick:
    """A job to be done once. `subject` is a channel's code, empty for the whole house.

    Ticks of one `partition`, an account as a rule, are done one after the other. `at` tells one
    tick of a job from the next: its scheduled time, or what asked for it.
    """

    job: Job
    subject: str
    partition: str
    at: str

    @property
    def id(self) -> str:
        """The name of this tick, the same for every clock."""
        return f"{_prefix(self.job, self.subject)}{self.at}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A tick in the queue: how it stands, and which executor has it."""

    tick: Tick
    status: str
    executor: str | None
    created_at: datetime
    taken_at: datetime | None
    done_at: datetime | None


def tick_of(id_: str, partition: str) -> Tick:
    """The tick of that id."""
    job, subject, at = id_.split("/", 2)
    return Tick(Job(job), unquote(subject), partition, at)


def _prefix(job: Job, subject: str) -> str:
    return f"{job}/{quote(subject, safe='')}/"


@dataclass(frozen=True, slots=True)
class WorkQueue:
    """The queue at `url`, to put ticks in and to look at."""

    url: str
    client: DBOSClient

    def put(self, tick: Tick, delay: float | None = None) -> bool:
        """Put a tick in, to wait for `delay` seconds at least; whether it went in.

        It does not where it was in before, or where one of the same job and subject still waits:
        that one will see all that this one would.
        """
        if any(entry.tick.id != tick.id for entry in self._same(tick)):
            return False
        try:
            self._enqueue(tick, tick.id, delay)
        except error.DBOSWorkflowIDInUseError:
            return self._put_again(tick)
        return True

    def _same(self, tick: Tick) -> list[Entry]:
        return self.entries(WAITING, prefix=_prefix(tick.job, tick.subject))

    def _put_again(self, tick: Tick) -> bool:
        """Put in what was there before only where the clock has been set back since."""
        [before] = self.entries(ids=[tick.id])
        if before.created_at - datetime.now(UTC) < SKEW:
            return False
        try:
            self._enqueue(tick, f"{tick.id}~{before.created_at:%H%M%S}")
        except error.DBOSWorkflowIDInUseError:
            return False
        return True

    def _enqueue(self, tick: Tick, id_: str, delay: float | None = None) -> None:
        options = EnqueueOptions(
            workflow_name=WORKFLOW,
            queue_name=QUEUE,
            workflow_id=id_,
            workflow_id_reuse_policy="reject",
            app_version=VERSION,
            priority=PRIORITY[tick.job],
            queue_partition_key=tick.partition,
        )
        if delay is not None:
            options["delay_seconds"] = delay
        self.client.enqueue(options, tick.id, tick.partition)

    def entries(
        self,
        *statuses: str,
        ids: list[str] | None = None,
        prefix: str | None = None,
        limit: int | None = None,
    ) -> list[Entry]:
        """What is in the queue, the newest first."""
        found = self.client.list_workflows(
            workflow_ids=ids,
            status=list(statuses) or None,
            # By name and not by queue, which a cancelled tick is in no longer.
            name=WORKFLOW,
            workflow_id_prefix=prefix,
            limit=limit,
            sort_desc=True,
            load_input=False,
            load_output=False,
        )
        return [
            Entry(
                tick_of(one.workflow_id, one.queue_partition_key or ""),
                one.status,
                one.executor_id,
                _moment(one.created_at) or datetime.now(UTC),
                _moment(one.dequeued_at),
                _moment(one.completed_at),
            )
            for one in found
        ]

    def urgent_waits(self, tick: Tick) -> bool:
        """Whether something more urgent than `tick` waits in its partition."""
        return any(
            entry.tick.partition == tick.partition and PRIORITY[entry.tick.job] < PRIORITY[tick.job]
            for entry in self.entries(WAITING)
        )

    def again(self, entry: Entry, asked_by: str) -> None:
        """Do what nobody does any more once again: its partition waits for its end."""
        tick = entry.tick
        at = f"{tick.at.partition('~')[0]}~{asked_by} {time.time_ns()}"
        self.put(Tick(tick.job, tick.subject, tick.partition, at))
        self.client.cancel_workflow(tick.id)

    def tidy(self, before: datetime) -> int:
        """Forget what was done before that moment; how many ticks."""
        ended = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
        found = self.client.list_workflows(
            status=ended,
            name=WORKFLOW,
            end_time=before.isoformat(),
            load_input=False,
            load_output=False,
        )
        self.client.delete_workflows([one.workflow_id for one in found])
        return len(found)

    def close(self) -> None:
        """Let go of its connections."""
        self.client.destroy()


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)


def queue_url(database_url: str) -> str:
    """Where the queue of the installation with that database is: beside it, or in it."""
    url = make_url(database_url)
    if not url.drivername.startswith("sqlite"):
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    path = (url.database or "").removesuffix(".db")
    return f"sqlite:///{path}-queue.db"


def find_queue(url: str) -> WorkQueue | None:
    """The queue at that address, to look at; None where nobody has made it yet."""
    address = make_url(url)
    # To connect to a file that is not there would make it.
    if address.drivername == "sqlite" and not Path(address.database or "").exists():
        return None
    queue = WorkQueue(url, _client(url))
    try:
        queue.entries(limit=1)
    except SQLAlchemyError:
        queue.close()
        return None
    return queue


def open_queue(url: str, locks: Locks) -> WorkQueue:
    """The queue at that address, made where there is none."""
    hold = wait_for(locks, "queue schema", SystemClock(), 60.0, lambda: False)
    try:
        _prepare(url)
    finally:
        if hold:
            hold.release()
    return WorkQueue(url, _client(url))


def _client(url: str) -> DBOSClient:
    # A lost connection is an error here, and the next tick's matter: clocks must not hang.
    return DBOSClient(
        system_database_url=url,
        dbos_system_schema=SCHEMA,
        application_name=NAME,
        retry_connection_errors=False,
    )


def _prepare(url: str) -> None:
    if url.startswith("sqlite"):
        # Kept in the file: readers and the one writer do not wait for each other.
        connection = sqlite3.connect(make_url(url).database or "", timeout=30)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.close()
    DBOS.migrate(url, schema=SCHEMA)
