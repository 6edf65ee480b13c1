"""The queue: each tick once, the urgent first, and what the dead left is done by the living."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from connectors.protocol import Notice, NoticeKind
from jobs.engine import Worker, living
from jobs.hints import HINTS, hints
from jobs.locks import FileLocks, Locks, ServerLocks
from jobs.models import Channel
from jobs.notifications import receive, taken_up
from jobs.queue_status import queue_status
from jobs.schedule import Beat, Clockwork, Due, dues
from jobs.work_queue import RUNNING, WAITING, Job, Tick, WorkQueue, open_queue, queue_url
from tests.jobs.conftest import Atelier
from trade_ma.database import open_engine

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

# A worker that notes in a file what it begins and ends. The tick "slow" hangs at its first time.
WORKER = """
import os, sys, time
from pathlib import Path
from jobs.engine import Worker
from jobs.locks import FileLocks, ServerLocks
from jobs.work_queue import open_queue
from trade_ma.database import open_engine

url, folder = sys.argv[1], Path(sys.argv[2])
sqlite = url.startswith("sqlite")
locks = FileLocks(folder / "locks") if sqlite else ServerLocks(open_engine(url))

def note(word, tick):
    with (folder / "diary").open("a") as diary:
        diary.write(f"{word} {tick.partition} {tick.subject} {os.getpid()}\\n")

def do(tick, interrupted):
    first = f" {tick.subject} " not in (folder / "diary").read_text()
    note("begin", tick)
    time.sleep(60 if tick.subject == "slow" and first else 0.02)
    note("end", tick)

worker = Worker(open_queue(url, locks), locks, do)
worker.start()
print(worker.executor, flush=True)
time.sleep(60)
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a queue may be, on each database that we support."""
    if request.param == "sqlite":
        return queue_url(f"sqlite:///{tmp_path / 'test.db'}")
    return queue_url(request.getfixturevalue("postgres_url"))


@pytest.fixture
def locks(url: str, tmp_path: Path) -> Locks:
    if url.startswith("sqlite"):
        return FileLocks(tmp_path / "locks")
    return ServerLocks(open_engine(url))


@pytest.fixture
def queue(url: str, locks: Locks) -> Iterator[WorkQueue]:
    with closing(open_queue(url, locks)) as queue:
        yield queue


@pytest.fixture
def here(tmp_path: Path) -> Iterator[WorkQueue]:
    """A queue in SQLite."""
    made = open_queue(queue_url(f"sqlite:///{tmp_path / 'test.db'}"), FileLocks(tmp_path / "locks"))
    with closing(made) as queue:
        yield queue


def eventually(met: Callable[[], bool]) -> None:
    """Wait until it is so; a loaded machine may take long, and never is a failure."""
    for _ in range(2400):
        if met():
            return
        time.sleep(0.05)
    raise AssertionError("it never came about")


def tick(subject: str, job: Job = Job.PUSH, partition: str = "us", at: str = "noon") -> Tick:
    return Tick(job, subject, partition, at)


def names(queue: WorkQueue) -> list[str]:
    return sorted(entry.tick.id for entry in queue.entries(WAITING))


def test_a_tick_goes_in_once_and_none_beside_one_that_waits(queue: WorkQueue) -> None:
    assert [queue.put(tick("us")) for _ in range(2)] == [True, False]
    assert not queue.put(tick("us", at="later"))
    assert queue.put(tick("us", Job.ORDERS))
    assert queue.put(tick("a/b"))
    assert names(queue) == ["orders/us/noon", "push/a%2Fb/noon", "push/us/noon"]


def test_a_tick_made_while_the_clock_was_wrong_keeps_no_later_one_out(here: WorkQueue) -> None:
    here.put(tick("us"))
    [entry] = here.entries()
    here.client.cancel_workflow(entry.tick.id)
    assert not here.put(tick("us"))
    later = int((datetime.now(UTC) + timedelta(hours=5)).timestamp() * 1000)
    engine = open_engine(here.url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE workflow_status SET created_at = :at"), {"at": later})
    engine.dispose()
    assert [here.put(tick("us")) for _ in range(2)] == [True, False]


def test_old_ticks_are_forgotten_and_waiting_ones_are_not(here: WorkQueue) -> None:
    here.put(tick("done"))
    here.client.cancel_workflow(tick("done").id)
    here.put(tick("us"))
    assert here.tidy(datetime.now(UTC) - timedelta(days=1)) == 0
    assert here.tidy(datetime.now(UTC) + timedelta(days=1)) == 1
    assert [entry.tick.id for entry in here.entries()] == ["push/us/noon"]


@contextmanager
def worker_process(url: str, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    words = [sys.executable, "-c", WORKER, url, str(folder)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_a_worker_that_is_killed_holds_nobody_up(
    queue: WorkQueue, locks: Locks, url: str, tmp_path: Path
) -> None:
    diary = tmp_path / "diary"
    diary.touch()
    subjects = [f"c{number}" for number in range(12)]
    queue.put(tick("slow", Job.STOCK, "account 0"))
    for number, subject in enumerate(subjects):
        queue.put(tick(subject, partition=f"account {number % 3}"))
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(worker_process(url, tmp_path))
        eventually(lambda: " slow " in diary.read_text() and len(living(locks)) == 2)
        [begun] = [line for line in diary.read_text().splitlines() if " slow " in line]
        # All other accounts are served, and of this one nothing is.
        eventually(lambda: diary.read_text().count("end") == 8)
        eventually(lambda: len(queue.entries(RUNNING)) == 1)
        os.kill(int(begun.split()[-1]), signal.SIGKILL)
        eventually(lambda: not queue.entries(WAITING, RUNNING))
        lines = [line.rsplit(" ", 1)[0] for line in diary.read_text().splitlines()]
    ended = Counter(line.split()[-1] for line in lines if line.startswith("end"))
    assert ended == Counter([*subjects, "slow"])
    for number in range(3):
        ours = [line for line in lines if f" account {number} " in line]
        # Never two of one account at once: what began has ended before the next begins.
        if number == 0:
            assert ours.pop(0) == "begin account 0 slow"
        assert [line.split()[0] for line in ours] == ["begin", "end"] * (len(ours) // 2)


def test_a_new_process_takes_the_number_of_a_dead_one(here: WorkQueue, tmp_path: Path) -> None:
    (tmp_path / "diary").touch()
    for _ in range(2):
        with worker_process(here.url, tmp_path) as process:
            assert process.stdout
            assert process.stdout.readline() == "executor 1\n"


def test_work_in_hand_yields_to_what_is_urgent(here: WorkQueue, tmp_path: Path) -> None:
    told: list[str] = []
    begun = threading.Event()

    def do(tick: Tick, interrupted: Callable[[], bool]) -> None:
        told.append(f"{tick.job} begins")
        begun.set()
        while tick.job is Job.PUSH and not interrupted():
            time.sleep(0.01)
        told.append(f"{tick.job} ends")

    worker = Worker(here, FileLocks(tmp_path / "locks"), do)
    worker.start()
    here.put(tick("us"))
    begun.wait()
    here.put(tick("us", Job.TEXTS))
    here.put(tick("eu", Job.STOCK, "eu"))
    eventually(lambda: "stock ends" in told)
    here.put(tick("us", Job.STOCK))
    eventually(lambda: not here.entries(WAITING, RUNNING))
    assert worker.stop(5)
    assert told == [
        "push begins",
        "stock begins",
        "stock ends",
        "push ends",
        "stock begins",
        "stock ends",
        "texts begins",
        "texts ends",
    ]


def test_a_worker_is_heard_of_from_its_start_on(here: WorkQueue, tmp_path: Path) -> None:
    worker = Worker(here, FileLocks(tmp_path / "locks"), lambda _tick, _interrupted: None)
    began = time.monotonic()
    worker.start()
    heard = worker.beat
    assert worker.stop(5)
    assert heard >= began


def test_trouble_with_a_job_is_logged_once_when_it_begins_and_once_when_it_ends(
    here: WorkQueue, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def do(tick: Tick, interrupted: Callable[[], bool]) -> None:
        del interrupted
        if tick.at != "3":
            raise KeyError("secret")

    worker = Worker(here, FileLocks(tmp_path / "locks"), do)
    worker.start()
    for at in ("1", "2", "3"):
        here.put(tick("us", at=at))
        eventually(lambda: not here.entries(WAITING, RUNNING))
    assert worker.stop(5)
    said = [record.getMessage() for record in caplog.records if record.name == "jobs.engine"]
    assert said == ["push us: a mistake of this program", "push us: trouble is over"]


def test_ticks_stand_on_a_grid_that_all_clocks_share() -> None:
    beats = (Beat(Job.ORDERS, timedelta(minutes=2)), Beat(Job.RATES, timedelta(days=1)))
    [us, eu, *_] = dues(beats, {"us": "shop", "eu": "shop"})
    assert us.start != eu.start
    assert us.partition == eu.partition == "shop"
    ticks = {us.tick(NOON + timedelta(seconds=second)).id for second in range(240)}
    assert len(ticks) in {2, 3}
    assert us.next(NOON) - us.last(NOON) == timedelta(minutes=2)
    [slow, *_] = dues(beats, {"us": "shop"}, {"us": timedelta(minutes=3)})
    assert slow.next(NOON) - slow.last(NOON) == timedelta(minutes=3)


class Moved:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset


def test_ticks_missed_in_a_sleep_are_made_up_once(here: WorkQueue, atelier: Atelier) -> None:
    atelier.channel("us")
    now = Moved()
    clockwork = Clockwork(here, atelier.session, (Beat(Job.ORDERS, timedelta(hours=1)),), now)
    due: Due
    [due] = dues(clockwork.beats, {"us": "us"})
    clockwork.start()
    eventually(lambda: len(here.entries()) == 1)
    here.client.cancel_workflow(here.entries()[0].tick.id)
    now.offset = timedelta(hours=9)
    eventually(lambda: len(here.entries()) == 2)
    beat = clockwork.beat
    eventually(lambda: clockwork.beat > beat + 1)
    clockwork.stop()
    assert [entry.tick for entry in here.entries(WAITING)] == [due.tick(now())]


def test_a_storm_of_hints_makes_one_pull(here: WorkQueue, atelier: Atelier) -> None:
    atelier.channel("us")
    clockwork = Clockwork(here, atelier.session, ())
    kinds = [NoticeKind.ORDERS, NoticeKind.STOCK, NoticeKind.ORDERS, NoticeKind.PRIVACY]
    with atelier.session() as session:
        notify(session, kinds)
        session.commit()
    for _ in range(2):
        clockwork.take_hints()
    assert names(here) == ["orders/us/hint 3"]
    with atelier.session() as session:
        taken_up(session, only_channel(session), HINTS, before=datetime.now(UTC))
        session.commit()
        assert hints(session) == []


def notify(session: Session, kinds: list[NoticeKind]) -> None:
    for number, kind in enumerate(kinds):
        receive(session, only_channel(session), Notice(str(number), kind, "topic"))


def test_the_state_of_the_work_is_told(here: WorkQueue, tmp_path: Path) -> None:
    locks = FileLocks(tmp_path / "locks")
    [due] = dues((Beat(Job.PUSH, timedelta(hours=1)),), {"us": "us"})
    here.put(due.tick(NOON))
    hold = locks.take("account us")
    assert hold
    told = queue_status(here, locks, [due], NOON).as_json()
    hold.release()
    assert told == {
        "executors": {},
        "accounts": {"us": f"process {os.getpid()} on {os.uname().nodename}"},
        "in_hand": (),
        "waiting": 1,
        "jobs": (
            {
                "job": "push",
                "subject": "us",
                "began": None,
                "ended": None,
                "waiting": 1,
                "next": due.next(NOON).isoformat(),
            },
        ),
    }


def only_channel(session: Session) -> Channel:
    return session.exec(select(Channel)).one()
