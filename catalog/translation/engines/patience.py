"""Retries of an engine, in one place, waiting as the engine asks."""

from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from catalog.translation.engines.errors import EngineUnavailable

Result = TypeVar("Result")
# Waits, in seconds.
Sleep = Callable[[float], None]

ATTEMPTS = 4
# Seconds. An engine that asks for more is not waited for: the texts stay for the next run.
LONGEST_WAIT = 60.0
_enough = stop_after_attempt(ATTEMPTS)
_backoff = wait_exponential_jitter(multiplier=1, max=20)


def patiently(sleep: Sleep, call: Callable[[], Result]) -> Result:
    """The result of `call`, tried again while the engine is unavailable.

    After a time-out nobody knows whether the engine worked, and a paid one may count the same
    text twice.

    Raises:
        EngineUnavailable: still so after the last try, or the wait asked for is too long.
    """
    return Retrying(
        sleep=sleep,
        stop=_stop,
        wait=_wait,
        retry=retry_if_exception_type(EngineUnavailable),
        reraise=True,
    )(call)


def _asked_for(state: RetryCallState) -> float | None:
    error = state.outcome.exception() if state.outcome else None
    return error.retry_after if isinstance(error, EngineUnavailable) else None


def _stop(state: RetryCallState) -> bool:
    return _enough(state) or (_asked_for(state) or 0) > LONGEST_WAIT


def _wait(state: RetryCallState) -> float:
    asked = _asked_for(state)
    return _backoff(state) if asked is None else asked
