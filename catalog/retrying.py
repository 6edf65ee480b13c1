"""Retries of a service on the web, waiting as it asks: how often and how long its caller says."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

Result = TypeVar("Result")
# Waits, in seconds.
Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """What is tried again: calls that raise `trouble`, which may say when in its `retry_after`.

    Waits grow from `first` to `most` seconds. A service that asks for more than `longest_wait` is
    not waited for.
    """

    trouble: type[Exception]
    attempts: int
    longest_wait: float
    first: float
    most: float

    def repeat(self, sleep: Sleep, call: Callable[[], Result]) -> Result:
        """The result of `call`; what it raised last where it never went well."""
        return Retrying(
            sleep=sleep,
            stop=self._is_enough,
            wait=self._wait,
            retry=retry_if_exception_type(self.trouble),
            reraise=True,
        )(call)

    def _asked_for(self, state: RetryCallState) -> float | None:
        error = state.outcome.exception() if state.outcome else None
        asked: float | None = getattr(error, "retry_after", None)
        return asked

    def _is_enough(self, state: RetryCallState) -> bool:
        tired = stop_after_attempt(self.attempts)(state)
        return tired or (self._asked_for(state) or 0) > self.longest_wait

    def _wait(self, state: RetryCallState) -> float:
        asked = self._asked_for(state)
        backoff = wait_exponential_jitter(multiplier=self.first, max=self.most)
        return backoff(state) if asked is None else asked


def seconds(header: str | None) -> float | None:
    """The seconds of a Retry-After header; None where it says a date, or nothing."""
    return float(header) if header and header.isdecimal() else None
