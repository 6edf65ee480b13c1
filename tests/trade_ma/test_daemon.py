"""The daemon as a process: it sells, two of them share the work, it is killed, it stops in time."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlmodel import select
from starlette.types import ASGIApp, Receive, Scope, Send
from typer.testing import CliRunner

from connectors.clock import SystemClock
from connectors.sandbox.server import serve
from connectors.sandbox.shopify import ShopifyMarket
from jobs import channels
from jobs.models import Order, Run
from jobs.work_queue import Job, find_queue, queue_url
from tests.trade_ma.small_catalog import PRODUCTS, fill
from trade_ma.cli import main
from trade_ma.installation import App, open_app

TRADE_MA = Path(sys.executable).parent / "trade-ma"
STOPS_WITHIN = 10


@dataclass
class Gate:
    """ASGI middleware that counts calls, and from the n-th on lets one in a while through."""

    app: ASGIApp
    slow_from: int | None = None
    seen: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen += scope["type"] == "http"
        if self.slow_from is not None and self.seen >= self.slow_from:
            await asyncio.sleep(0.5)
        await self.app(scope, receive, send)


@dataclass
class House:
    """An installation with one channel on a practice market."""

    app: App
    market: ShopifyMarket
    gate: Gate

    @contextmanager
    def process(self, *words: str, **settings: str) -> Iterator["subprocess.Popen[str]"]:
        """A verb that stays, which is killed if it still is there at the end."""
        environment = {
            **os.environ,
            "TRADE_MA_RATES_SOURCE": "file",
            **{f"TRADE_MA_{name.upper()}": value for name, value in settings.items()},
        }
        command: list[str | Path] = [TRADE_MA, *words]
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as one:
            try:
                yield one
            finally:
                one.kill()

    def titles(self) -> list[str]:
        return sorted(one.title for one in self.market.shown() if one.present)

    def orders(self) -> int:
        with self.app.session() as session:
            return len(session.exec(select(Order)).all())


ALL = [f"Tapis {number}" for number in range(PRODUCTS)]


@pytest.fixture
def house(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("TRADE_MA_DATA_DIR", str(data_dir))
    market = ShopifyMarket(SystemClock())
    gate = Gate(market.app())
    app = open_app()
    with serve(gate) as address:
        with app.session() as session:
            fill(app, session)
            channels.add(
                session,
                app.sealer,
                code="shopify-us",
                marketplace_code="shopify",
                site_code=None,
                credentials=market.credentials,
                settings={**market.settings, "base_url": address},
            )
            session.commit()
        yield House(app, market, gate)
    app.engine.dispose()


def eventually(met: Callable[[], bool]) -> None:
    """Wait until it is so; a loaded machine may take long, and never is a failure."""
    for _ in range(2400):
        if met():
            return
        time.sleep(0.05)
    raise AssertionError("it never came about")


def test_two_daemons_do_each_tick_once(house: House) -> None:
    with ExitStack() as stack:
        two = [
            stack.enter_context(house.process("daemon", "--port=0", orders_every="1"))
            for _ in range(2)
        ]
        eventually(lambda: house.titles() == ALL)
        eventually(lambda: len(runs(house, "orders")) >= 6)
        for daemon in two:
            daemon.send_signal(signal.SIGTERM)
        assert [daemon.wait(STOPS_WITHIN) for daemon in two] == [0, 0]
    queue = find_queue(queue_url(house.app.settings.sqlalchemy_url))
    assert queue
    ticks = [one for one in queue.entries() if one.tick.job is Job.ORDERS and one.taken_at]
    queue.close()
    assert len(runs(house, "orders")) == len(ticks)
    assert len(house.market.shown()) == PRODUCTS


def runs(house: House, job: str) -> list[Run]:
    with house.app.session() as session:
        return list(session.exec(select(Run).where(Run.job == job)))


def test_what_a_killed_daemon_had_in_hand_is_finished_by_the_next(house: House) -> None:
    house.gate.slow_from = house.gate.seen + 4
    with house.process("daemon", "--port=0") as first:
        eventually(lambda: house.gate.seen >= 8)
        first.kill()
        first.wait()
    house.gate.slow_from = None
    with house.process("daemon", "--port=0"):
        eventually(lambda: house.titles() == ALL)
    assert len(house.market.shown()) == PRODUCTS


def test_a_daemon_stops_in_time_with_work_in_hand(house: House) -> None:
    house.gate.slow_from = house.gate.seen + 4
    with house.process("daemon", "--port=0") as daemon:
        eventually(lambda: house.gate.seen >= 8)
        daemon.send_signal(signal.SIGINT)
        assert daemon.wait(STOPS_WITHIN) == 0
    house.gate.slow_from = None
    with house.process("daemon", "--port=0", "--once") as daemon:
        assert daemon.wait() == 0
    assert house.titles() == ALL


def test_a_second_signal_ends_it_at_once(house: House) -> None:
    house.gate.slow_from = house.gate.seen + 4
    with house.process("daemon", "--port=0") as daemon:
        eventually(lambda: house.gate.seen >= 8)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.stderr
        for line in daemon.stderr:
            if "stopping" in line:
                break
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(STOPS_WITHIN) == -signal.SIGTERM


def test_a_daemon_sells_and_tells_its_state_over_http(house: House, free_port: int) -> None:
    words = ("daemon", f"--port={free_port}", "--webhooks")
    address = f"http://127.0.0.1:{free_port}"
    with house.process(*words, orders_every="1") as daemon, httpx.Client(base_url=address) as http:
        eventually(lambda: house.titles() == ALL)
        house.market.buy({"T-0": 1}, "US")
        eventually(lambda: house.orders() == 1)
        assert http.get("/health").json() == {"alive": True}
        told = http.get("/status").json()
        shown = CliRunner().invoke(main, ["status", "--json"])
        hook = http.post("/webhooks/nobody", content=b"{}").status_code
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(STOPS_WITHIN) == 0
    jobs = {(one["job"], one["subject"]) for one in told["jobs"]}
    assert jobs >= {("orders", "shopify-us"), ("push", "shopify-us"), ("rates", "")}
    assert (list(told["executors"]), hook) == (["executor 1"], 404)
    assert list(json.loads(shown.stdout)["work"]["executors"]) == ["executor 1"]
    with house.app.session() as session:
        assert {run.error for run in session.exec(select(Run))} == {None}


@pytest.fixture
def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
