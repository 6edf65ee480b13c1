"""The script: what happens in each round, drawn from the seed and the round's number alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from connectors.sandbox.faults import Fault, FaultKind
from tests.chaos.acts import Act, Buy, Edit, GiveBack, Recount
from tests.chaos.gate import Moment
from tests.chaos.world import CHANNELS


class Doom(StrEnum):
    """What happens to the process under trial."""

    NONE = "none"
    KILLED = "killed"
    TWO = "two at once, one of them killed"
    LOCKED = "database locked for a while"
    FULL = "disk full"
    TURNED = "clock set"


_DOOMS = {Doom.KILLED: 70, Doom.TWO: 8, Doom.LOCKED: 4, Doom.FULL: 8, Doom.TURNED: 4, Doom.NONE: 6}
# Fault kinds of the markets, and how often each is drawn.
_WEATHER = {
    FaultKind.LOST_ANSWER: 5,
    FaultKind.LOST_CALL: 3,
    FaultKind.ERROR: 4,
    FaultKind.THROTTLE: 4,
    FaultKind.EXPIRED_TOKEN: 2,
    FaultKind.DUPLICATE_PAGE: 3,
    FaultKind.SHUFFLED: 3,
}
# Calls of a pass that finds nothing to do, and those that an act is good for at least.
CALLS_AT_REST = 4
CALLS_OF_AN_ACT = 4
# Seconds between two passes at least, and how far the time may jump instead.
INTERVAL = 300.0
JUMPS = (3_600.0, 30_000.0, 90_000.0)
# Seconds by which the clock of the process under trial may be wrong.
SKEWS = (-3_600.0, -90.0, 90.0)


@dataclass(frozen=True, slots=True)
class Round:
    """One pass and what surrounds it.

    `before` happens between passes, `during` at calls of this one. `moment` is when its doom
    comes, and `file_limit` where the disk ends. The clock of the process is wrong by `skew`
    seconds, and by `turned` once its doom sets it. Then `pause` seconds go by.
    """

    number: int
    before: tuple[Act, ...]
    during: tuple[tuple[Moment, Act], ...]
    weather: tuple[tuple[str, Fault], ...]
    doom: Doom
    moment: Moment
    file_limit: int
    pause: float
    skew: float
    turned: float


def drawn(seed: int, number: int, first_calls: int | None = None) -> Round:
    """Round `number` of `seed`.

    While everything is still to be listed, a pass makes up to `first_calls` calls and is always
    killed; later it makes some for each act.
    """
    dice = Random(f"{seed}:{number}")
    before = tuple(_acts(dice, number, dice.randint(0, 6)))
    calls = first_calls or CALLS_AT_REST + CALLS_OF_AN_ACT * len(before)
    doom = dice.choices(list(_DOOMS), list(_DOOMS.values()))[0]
    return Round(
        number=number,
        before=before,
        during=tuple(
            (Moment(dice.randint(1, calls), dice.choice((None, 0.0))), act)
            for act in _acts(dice, number, dice.choice((0, 0, 1, 2)))
        ),
        weather=tuple(_weather(dice)) if dice.random() < 0.35 else (),
        doom=Doom.KILLED if first_calls else doom,
        moment=Moment(
            dice.randint(1, calls), None if dice.random() < 0.4 else dice.choice((0.0, 0.005, 0.05))
        ),
        file_limit=2 ** dice.randint(12, 20),
        pause=dice.choice(JUMPS) if dice.random() < 0.1 else INTERVAL + dice.random() * INTERVAL,
        skew=dice.choice(SKEWS) if dice.random() < 0.1 else 0.0,
        turned=dice.choice(SKEWS),
    )


def _acts(dice: Random, number: int, many: int) -> Iterator[Act]:
    for _ in range(many):
        pick, die = dice.random(), dice.random()
        if die < 0.5:
            yield Buy(dice.choice(list(CHANNELS)), pick, hot=dice.random() < 0.5)
        elif die < 0.65:
            yield GiveBack(pick)
        elif die < 0.8:
            yield Recount(pick, dice.choice((-1, 1, 1, 2)))
        elif die < 0.9:
            yield Edit(pick, title=f"Rug of round {number}")
        else:
            yield Edit(pick, dearer=dice.randint(100, 400))


def _weather(dice: Random) -> Iterator[tuple[str, Fault]]:
    for _ in range(dice.randint(1, 3)):
        [kind] = dice.choices(list(_WEATHER), list(_WEATHER.values()))
        # A new token is not refused at once: every second call at most meets an old one.
        least = 2 if kind is FaultKind.EXPIRED_TOKEN else 1
        fault = Fault(kind=kind, every=dice.randint(least, 6), times=dice.randint(1, 8))
        yield dice.choice(list(CHANNELS)), fault
