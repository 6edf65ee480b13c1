"""A sleep of one holder is a step forward for all."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.chaos.shared_clock import new_clock


def test_a_sleep_moves_every_holder_of_the_clock(tmp_path: Path) -> None:
    mine = new_clock(tmp_path / "clock")
    theirs = replace(mine, skew=-120.0)
    before = mine.now()
    theirs.sleep(86_400)
    assert mine.now() - before >= timedelta(days=1)
    assert theirs.now() < mine.now()
    assert theirs.ahead() == 86_400
