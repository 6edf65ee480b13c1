"""Locks exclude whoever else there is, name their holder, and end with a killed one."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from connectors.clock import VirtualClock
from jobs.locks import FileLocks, Locks, ServerLocks, ThreadLocks, this_process, wait_for
from trade_ma.database import open_engine

FILES = """
import sys, time
from pathlib import Path
from jobs.locks import FileLocks
locks = FileLocks(Path(sys.argv[1]))
"""
SERVER = """
import sys, time
from jobs.locks import ServerLocks
from trade_ma.database import open_engine
locks = ServerLocks(open_engine(sys.argv[1]))
"""
HOLD = """
hold = locks.take("account us")
print("mine" if hold else "taken", flush=True)
time.sleep(60)
"""


@contextmanager
def another_process(program: str, place: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that holds the lock of account us, until it is killed."""
    words = [sys.executable, "-c", program + HOLD, place]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "mine\n"
        yield process
        process.kill()


@pytest.fixture(params=["threads", "files", pytest.param("server", marks=pytest.mark.postgres)])
def locks(request: pytest.FixtureRequest, tmp_path: Path) -> Locks:
    made: dict[str, Callable[[], Locks]] = {
        "threads": ThreadLocks,
        "files": lambda: FileLocks(tmp_path),
        "server": lambda: ServerLocks(open_engine(request.getfixturevalue("postgres_url"))),
    }
    return made[request.param]()


def test_a_lock_is_held_by_one_and_names_its_holder(locks: Locks) -> None:
    first = locks.take("account us")
    assert first
    assert first.held()
    assert locks.take("account us") is None
    assert (locks.holder("account us"), locks.holder("account eu")) == (this_process(), None)
    other = locks.take("account eu")
    assert other
    first.release()
    again = locks.take("account us")
    assert again
    again.release()
    other.release()
    assert locks.holder("account us") is None


def test_a_lock_is_waited_for_as_long_as_one_has_patience(clock: VirtualClock) -> None:
    locks, begun = ThreadLocks(), clock.now()
    hold = locks.take("account us")
    assert hold
    assert wait_for(locks, "account us", clock, 10.0, lambda: False) is None
    assert round((clock.now() - begun).total_seconds()) == 10
    assert wait_for(locks, "account us", clock, 10.0, lambda: True) is None
    assert round((clock.now() - begun).total_seconds()) == 10
    hold.release()
    assert wait_for(locks, "account us", clock, 10.0, lambda: False)


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path, clock: VirtualClock) -> None:
    locks = FileLocks(tmp_path)
    with another_process(FILES, str(tmp_path)) as process:
        assert (locks.holder("account us") or "").startswith(f"process {process.pid} on ")
        assert locks.take("account us") is None
    assert wait_for(locks, "account us", clock, 1.0, lambda: False)


@pytest.mark.postgres
def test_the_server_frees_the_lock_of_a_killed_process(postgres_url: str) -> None:
    locks = ServerLocks(open_engine(postgres_url))
    with another_process(SERVER, postgres_url) as process:
        assert (locks.holder("account us") or "").startswith(f"process {process.pid} on ")
        assert locks.take("account us") is None
    hold = next(filter(None, iter(lambda: locks.take("account us"), ...)))
    hold.release()


@pytest.mark.postgres
def test_a_lock_that_went_with_its_connection_is_known_to_be_lost(postgres_url: str) -> None:
    from sqlalchemy import text

    engine = open_engine(postgres_url)
    locks = ServerLocks(engine)
    hold = locks.take("account us")
    assert hold
    with engine.begin() as connection:
        others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name LIKE :me"
        connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}"), {"me": "process %"})
    assert not hold.held()
    # However often it is asked: a connection that was lost must not be made anew for it.
    assert not hold.held()
    hold.release()
    engine.dispose()
