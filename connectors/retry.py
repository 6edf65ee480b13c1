"""Retries, in one place: for what may surely be repeated, waiting as the marketplace asks."""

from collections.abc import Callable
from typing import TypeVar

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
)
from tenacity.wait import wait_exponential_jitter

from connectors.clock import Clock
from connectors.errors import Throttled, Unavailable

Answer = TypeVar("Answer")

ATTEMPTS = 5
# Seconds. A marketplace that asks for more is not waited for inside a call: the pass ends, and
# the next one takes it up.
LONGEST_WAIT = 120.0
_enough = stop_after_attempt(ATTEMPTS)
_backoff = wait_exponential_jitter(multiplier=0.5, max=30)


def repeat(clock: Clock, call: Callable[[], Answer]) -> Answer:
    """The answer of a read or of an absolute write, tried again while it is throttled or down.

    Raises:
        Throttled, Unavailable: still so after the last try, or the wait asked for is too long.
    """
    return _retrying(clock, Throttled, Unavailable)(call)


def repeat_create(clock: Clock, call: Callable[[], Answer]) -> Answer:
    """The answer of a create that is not idempotent, tried again only where it was throttled.

    A throttled call was not carried out; of any other trouble one cannot be sure.
    """
    return _retrying(clock, Throttled)(call)


def _retrying(clock: Clock, *reasons: type[Exception]) -> Retrying:
    return Retrying(
        sleep=clock.sleep,
        stop=_stop,
        wait=_wait,
        retry=retry_if_exception_type(reasons),
        reraise=True,
    )


def _asked_for(state: RetryCallState) -> float | None:
    error = state.outcome.exception() if state.outcome else None
    return error.retry_after if isinstance(error, Throttled) else None


def _stop(state: RetryCallState) -> bool:
    return _enough(state) or (_asked_for(state) or 0) > LONGEST_WAIT


def _wait(state: RetryCallState) -> float:
    asked = _asked_for(state)
    return _backoff(state) if asked is None else asked
