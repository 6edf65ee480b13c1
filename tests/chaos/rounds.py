"""Rounds of chaos: passes killed, starved and stormed at, and a calm stretch at the end."""

import os
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Thread

from sqlmodel import col, select

from connectors.sandbox.etsy.market import EtsyMarket
from jobs.models import Channel
from tests.chaos.acts import perform
from tests.chaos.catalog import fill
from tests.chaos.driver import Driver
from tests.chaos.model import Model
from tests.chaos.script import Doom, Round, drawn
from tests.chaos.shared_clock import SharedClock
from tests.chaos.world import World

# Seconds that a pass may take. One that hangs is a finding.
PATIENCE = 600.0
# Seconds that the database stays locked; much less than a process waits for it.
LOCKED_FOR = 1.5
# Calls that a new product takes, over all markets.
CALLS_TO_LIST = 8
# The calm stretch: passes at most, and the seconds between them. Quotas of a day come back in it.
CALM_PASSES = 40
CALM_PAUSE = 90_000.0


@dataclass
class Chaos:
    """A run over `world`; what truly happened is kept in `model`.

    Of `products`, so many as were `entered` are there already. `outage` keeps the database from
    a pass for a while; without it another writer locks it.
    """

    world: World
    model: Model
    seed: int
    products: int
    entered: int = 0
    rounds: int = 0
    tally: Counter[str] = field(default_factory=Counter)
    mistakes: list[str] = field(default_factory=list)
    outage: Callable[[], None] | None = None

    def run(self, kills: int) -> None:
        """Rounds, until the process was killed so many times."""
        # The first third of the kills falls into the making of the listings.
        early = max(1, kills // 3)
        calls = 2 * CALLS_TO_LIST * self.products // early
        while self.tally["kills"] < kills:
            self.rounds += 1
            # As a workshop does that enters some at a time; all at once, and what a killed pass
            # repeats is the drafting of them all.
            self._enter(self.products * min(self.rounds, early) // early)
            self.live_through(
                drawn(self.seed, self.rounds, calls if self.rounds <= early else None)
            )

    def _enter(self, many: int) -> None:
        """New products are entered, until there are so many."""
        new = fill(self.world.app, range(self.entered, many)) if many > self.entered else {}
        self.model.units.update(new)
        self.entered = max(many, self.entered)

    def live_through(self, one: Round) -> None:
        """One round."""
        for act in one.before:
            perform(self.world, self.model, act)
        for channel, fault in one.weather:
            self.world.markets[channel].faults.arm(fault)
        began = self.model.changes
        processes = self._start(one)
        codes = [self._end(process) for process in processes]
        self.world.gate.reset()
        self._note(one, codes)
        self.resume()
        self.world.clock.sleep(one.pause)
        if one.doom is not Doom.TWO and codes == [0]:
            self.model.all_told(began)

    def _start(self, one: Round) -> list[ForkServerProcess]:
        world = self.world
        acts = [(moment, partial(perform, world, self.model, act)) for moment, act in one.during]
        world.gate.reset(*acts)
        clock = world.clock.wrong_by(one.skew)
        full = one.file_limit if one.doom is Doom.FULL else None
        first = self._driver(f"{one.number}", clock, file_limit=full).start()
        processes = [first]
        if one.doom is Doom.TWO:
            processes.append(self._driver(f"{one.number}-second", world.clock).start())
        if one.doom in {Doom.KILLED, Doom.TWO}:
            world.gate.deeds.append((one.moment, partial(kill, first)))
        if one.doom is Doom.LOCKED:
            outage = self.outage or partial(_lock_for_a_while, world)
            world.gate.deeds.append((one.moment, outage))
        if one.doom is Doom.TURNED:
            world.gate.deeds.append((one.moment, partial(clock.turn, one.turned)))
        return processes

    def _driver(self, name: str, clock: SharedClock, file_limit: int | None = None) -> Driver:
        return Driver(
            words=("sync", "--once", "--json"),
            environment=self.world.environment,
            clock=clock,
            log=self.log(name),
            file_limit=file_limit,
        )

    def log(self, name: str) -> Path:
        """Where a process of that name prints to, without the suffix."""
        folder = self.world.app.settings.data_dir / "logs"
        folder.mkdir(exist_ok=True)
        return folder / f"pass-{name}"

    def _end(self, process: ForkServerProcess) -> int:
        process.join(PATIENCE)
        if process.exitcode is None:
            process.kill()
            raise AssertionError(f"a pass of round {self.rounds} hangs (seed {self.seed})")
        return process.exitcode

    def _note(self, one: Round, codes: list[int]) -> None:
        self.tally["kills"] += -signal.SIGKILL in codes
        self.tally[one.doom.value] += 1
        self.tally["troubled"] += 1 in codes
        log = self.log(f"{one.number}").with_suffix(".err")
        # A process that was killed at once has none.
        errors = log.read_text("utf-8") if log.exists() else ""
        # On a full disk anything may fail; what must not is the end.
        if one.doom is not Doom.FULL and "Traceback" in errors:
            self.mistakes.append(f"round {one.number} ({one.doom}): {errors[-1500:]}")

    def resume(self) -> None:
        """A person resumes what was paused, and gives consent again where a token is lost.

        A process that is killed between Etsy's answer and the writing of it takes the only good
        token along; and a token refused twice in a row looks like a consent that was taken back.
        """
        with self.world.app.session() as session:
            paused = select(Channel).where(col(Channel.paused_reason).is_not(None))
            for channel in session.exec(paused):
                self.tally["resumed"] += 1
                channel.paused_reason = None
                if isinstance(market := self.world.markets[channel.code], EtsyMarket):
                    sealed = self.world.app.sealer.seal_json(market.consent())
                    channel.sealed_credentials = sealed
            session.commit()

    def told(self) -> str:
        """What happened, in words."""
        short = sum(units < 0 for units in self.model.units.values())
        counts = ", ".join(f"{number} {what}" for what, number in sorted(self.tally.items()))
        return (
            f"{self.rounds} rounds ({counts}), {len(self.model.sales)} orders, {short} sold twice"
        )

    def calm(self) -> None:
        """Fair weather, and passes until one has nothing to do and no trouble."""
        for market in self.world.markets.values():
            market.faults.clear()
        quiet = 0
        for number in range(CALM_PASSES):
            # The last round may have left a token lost, which the first calm pass finds.
            self.resume()
            self.world.clock.sleep(CALM_PAUSE)
            self.world.gate.reset()
            driver = self._driver(f"calm-{number}", self.world.clock)
            code = self._end(driver.start())
            idle = '"outcomes": {}' in (text := driver.log.with_suffix(".out").read_text("utf-8"))
            idle = idle and text.count('"outcomes": {}') == len(self.world.markets)
            quiet = quiet + 1 if code == 0 and idle else 0
            if quiet == 2:
                return
        errors = driver.log.with_suffix(".err").read_text("utf-8")
        raise AssertionError(f"no rest after {CALM_PASSES} passes: {text} {errors}")


def kill(process: ForkServerProcess) -> None:
    """End it as kill -9 does, where it is still there."""
    if process.pid and process.exitcode is None:
        os.kill(process.pid, signal.SIGKILL)


def _lock_for_a_while(world: World) -> None:
    Thread(target=_lock, args=[world.app.settings.data_dir / "trade_ma.db"]).start()


def _lock(database: Path) -> None:
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(LOCKED_FOR)
        connection.rollback()
