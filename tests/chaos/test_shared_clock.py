"""A sleep of one holder is a step forward for all."""

from datetime import timedelta
from pathlib import Path

from tests.chaos.shared_clock import new_clock


def test_a_sleep_moves_every_holder_of_the_clock(tmp_path: Path) -> None:
    mine = new_clock(tmp_path / "clock")
    theirs = mine.wrong_by(-120.0)
    before = mine.now()
    theirs.sleep(86_400)
    assert mine.now() - before >= timedelta(days=1)
    assert theirs.now() < mine.now()
    assert theirs.ahead() == 86_400


def test_a_clock_that_is_set_jumps_for_its_holder_alone(tmp_path: Path) -> None:
    right = new_clock(tmp_path / "clock")
    theirs = right.wrong_by(0.0)
    theirs.turn(-3_600.0)
    assert timedelta(minutes=59) < right.now() - theirs.now() < timedelta(minutes=61)
