"""Daemons killed again and again while people buy and edit: what a queue held is made up for.

In real time, since its scheduler and its queue go by the machine's clock; the marketplaces' quotas
go by the shared one.
"""

from functools import partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlmodel import select

from jobs.models import Run, RunState
from tests.chaos.acts import perform
from tests.chaos.driver import Driver
from tests.chaos.model import model_of
from tests.chaos.rounds import CALLS_TO_LIST, Chaos, kill
from tests.chaos.script import Round, drawn
from tests.chaos.size import seed_of_this_run
from tests.chaos.verdict import complaints
from tests.chaos.world import World, open_world

LISTINGS, KILLS = 60, 10
# Seconds. What is not met by then is killed all the same; a second daemon takes over for a while.
LIFE, ALONE = 30.0, 5.0
# Beats in seconds: all that a day brings, in a daemon's short life.
BEATS = {
    "TRADE_MA_ORDERS_EVERY": "2",
    "TRADE_MA_PUSH_EVERY": "3",
    "TRADE_MA_RECONCILE_EVERY": "60",
    "TRADE_MA_RATES_SOURCE": "file",
}


@pytest.mark.chaos
@pytest.mark.parametrize("daemons", [1, 2])
def test_a_daemon_killed_at_random_leaves_everything_as_it_should_be(
    tmp_path: Path, daemons: int
) -> None:
    endured(tmp_path, daemons)


@pytest.mark.chaos
@pytest.mark.postgres
def test_two_daemons_on_one_server_leave_everything_as_it_should_be(
    tmp_path: Path, postgres_url: str
) -> None:
    endured(tmp_path / "world", 2, postgres_url)


def endured(folder: Path, daemons: int, database_url: str | None = None) -> None:
    """Lives of so many daemons at once, the first of them killed at random each time."""
    seed = seed_of_this_run()
    with open_world(folder, LISTINGS, database_url) as world:
        chaos = Chaos(world, model_of(world.counted), seed, LISTINGS)
        calls = 2 * CALLS_TO_LIST * LISTINGS // KILLS
        for number in range(1, KILLS + 1):
            live_through(chaos, drawn(seed, number, calls), daemons)
        with world.app.session() as session:
            cut = set(session.exec(select(Run.job).where(Run.state == RunState.RUNNING)))
        assert cut, "no daemon was killed while it was at work"
        chaos.calm()
        assert complaints(world, chaos.model) + chaos.mistakes == []


def live_through(chaos: Chaos, one: Round, daemons: int) -> None:
    """One life of the first daemon, and what the others make of its death."""
    world = chaos.world
    for act in one.before:
        perform(world, chaos.model, act)
    for channel, fault in one.weather:
        world.markets[channel].faults.arm(fault)
    world.gate.reset(*((at, partial(perform, world, chaos.model, act)) for at, act in one.during))
    logs = [chaos.log(f"daemon-{one.number}-{place}") for place in range(daemons)]
    first, *others = (started(world, log) for log in logs)
    world.gate.deeds.append((one.moment, partial(kill, first)))
    first.join(LIFE)
    for process, patience in ((first, 0.0), *((other, ALONE) for other in others)):
        process.join(patience)
        process.kill()
        process.join()
    world.gate.reset()
    for log in logs:
        if "Traceback" in (told := log.with_suffix(".err").read_text("utf-8")):
            chaos.mistakes.append(f"life {one.number}: {told[-1500:]}")
    chaos.resume()


def started(world: World, log: Path) -> ForkServerProcess:
    """A daemon of that world."""
    environment = {**world.environment, **BEATS}
    return Driver(("daemon", "--port", "0"), environment, world.clock, log).start()
