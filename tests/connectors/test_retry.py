"""What may be repeated is repeated, and nothing else."""

from collections.abc import Callable

import pytest

from connectors.clock import VirtualClock
from connectors.errors import (
    ConnectorError,
    CredentialsRejected,
    OutcomeUnknown,
    Refused,
    Throttled,
    Unavailable,
)
from connectors.retry import ATTEMPTS, LONGEST_WAIT, repeat, repeat_create
from tests.conftest import NOON


def failing(*errors: Exception) -> tuple[Callable[[], int], list[int]]:
    """A call that meets `errors` one after the other, and then answers; and its count of tries."""
    tries: list[int] = []

    def call() -> int:
        tries.append(1)
        if len(tries) <= len(errors):
            raise errors[len(tries) - 1]
        return 42

    return call, tries


def test_a_call_is_tried_again_after_the_wait_that_was_asked_for(clock: VirtualClock) -> None:
    call, tries = failing(Throttled("", 7), Throttled("", 30))
    assert repeat(clock, call) == 42
    assert (len(tries), (clock.now() - NOON).total_seconds()) == (3, 37)


def test_a_call_that_stays_throttled_is_given_up(clock: VirtualClock) -> None:
    call, tries = failing(*[Throttled("", 1)] * 9)
    with pytest.raises(Throttled):
        repeat(clock, call)
    assert len(tries) == ATTEMPTS


def test_nobody_waits_a_day_inside_a_call(clock: VirtualClock) -> None:
    call, tries = failing(Throttled("", LONGEST_WAIT + 1))
    with pytest.raises(Throttled):
        repeat(clock, call)
    assert (len(tries), clock.now()) == (1, NOON)


def test_a_market_that_is_down_for_a_moment_is_asked_again(clock: VirtualClock) -> None:
    call, tries = failing(Unavailable("503"), Unavailable("503"))
    assert (repeat(clock, call), len(tries)) == (42, 3)


@pytest.mark.parametrize(
    "error", [OutcomeUnknown("lost"), CredentialsRejected("revoked"), Refused([])]
)
def test_nothing_else_is_repeated(clock: VirtualClock, error: ConnectorError) -> None:
    call, tries = failing(error)
    with pytest.raises(type(error)):
        repeat(clock, call)
    assert len(tries) == 1


def test_a_create_is_repeated_only_where_it_was_throttled(clock: VirtualClock) -> None:
    call, tries = failing(Throttled("", 1), Unavailable("503"))
    with pytest.raises(Unavailable):
        repeat_create(clock, call)
    assert len(tries) == 2
