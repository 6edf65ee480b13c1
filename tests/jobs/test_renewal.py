"""Credentials are renewed by one worker for all, and by the next one where that one is killed."""

import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine
from sqlmodel import Session

from connectors.clock import SystemClock, VirtualClock
from connectors.errors import Unavailable
from jobs.channels import ChannelVault
from jobs.locks import FileLocks, Locks, ServerLocks, ThreadLocks
from jobs.models import Channel
from tests.conftest import NOON
from tests.jobs.conftest import Atelier
from trade_ma.security import Sealer

OLD, NEW = {"token": "old"}, {"token": "new"}
KEY = Fernet.generate_key()
# Says so when it is asked for new credentials, and never answers.
RENEW = """
import sys, time
from pathlib import Path
from sqlmodel import Session
from connectors.clock import SystemClock
from jobs.channels import ChannelVault
from jobs.locks import FileLocks, ServerLocks
from trade_ma.database import open_engine
from trade_ma.security import Sealer
url, folder, key = sys.argv[1:]
engine = open_engine(url)
locks = FileLocks(Path(folder)) if url.startswith("sqlite") else ServerLocks(engine)
sealer = Sealer(key.encode())
vault = ChannelVault(lambda: Session(engine), 1, "us", sealer, SystemClock(), locks)
def exchange(stale):
    print("exchanging", flush=True)
    time.sleep(600)
vault.renew(vault.read(), exchange)
"""


def vault_of(engine: Engine, locks: Locks, clock: VirtualClock | SystemClock) -> ChannelVault:
    """Channel 1's, with the old credentials in it."""
    sealer = Sealer(KEY)
    with Session(engine) as session:
        channel = Channel(
            code="us", marketplace="memory", site="world", account="us", currency="USD"
        )
        channel.sealed_credentials = sealer.seal_json(OLD)
        session.add(channel)
        session.commit()
    return ChannelVault(lambda: Session(engine), 1, "us", sealer, clock, locks)


def test_of_several_workers_one_renews_for_all(sqlite: Engine) -> None:
    vault = vault_of(sqlite, ThreadLocks(), SystemClock())
    together, exchanged = Barrier(4), []

    def exchange(stale: Mapping[str, str]) -> Mapping[str, str]:
        exchanged.append(stale)
        return NEW

    def work(_: int) -> Mapping[str, str]:
        stale = vault.read()
        together.wait()
        return vault.renew(stale, exchange)

    with ThreadPoolExecutor(4) as workers:
        assert list(workers.map(work, range(4))) == [NEW] * 4
    assert (exchanged, vault.read()) == ([OLD], NEW)


def test_what_cannot_be_exchanged_stays_and_can_be_tried_again(
    sqlite: Engine, clock: VirtualClock
) -> None:
    vault = vault_of(sqlite, ThreadLocks(), clock)

    def lost(_: Mapping[str, str]) -> Mapping[str, str]:
        raise Unavailable("no answer")

    with pytest.raises(Unavailable, match="no answer"):
        vault.renew(OLD, lost)
    assert vault.read() == OLD
    assert vault.renew(OLD, lambda _: NEW) == NEW


def test_a_worker_that_does_not_finish_is_not_waited_for_without_end(atelier: Atelier) -> None:
    atelier.channel("us")
    with atelier.session() as session:
        channel = session.get_one(Channel, 1)
        channel.sealed_credentials = atelier.sealer.seal_json(OLD)
        session.commit()
        session.refresh(channel)
        vault = atelier.vault(channel)
    assert atelier.locks.take("credentials us")
    with pytest.raises(Unavailable, match="another worker"):
        vault.renew(OLD, lambda _: NEW)
    assert vault.read() == OLD


def test_where_a_worker_is_killed_while_it_renews_the_next_one_renews_at_once(
    engine: Engine, clock: VirtualClock, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("locks")
    sqlite = engine.dialect.name == "sqlite"
    locks: Locks = FileLocks(folder) if sqlite else ServerLocks(engine)
    vault = vault_of(engine, locks, clock)
    url = engine.url.render_as_string(hide_password=False)
    words = [sys.executable, "-c", RENEW, url, str(folder), KEY.decode()]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "exchanging\n"
        assert locks.holder("credentials us")
        process.kill()
    assert vault.renew(OLD, lambda _: NEW) == NEW
    assert vault.read() == NEW
    if sqlite:
        assert clock.now() == NOON
