"""One GET of a public source: bounded in time and size, repeated while the source is busy."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from catalog.pricing.sources import SourceRejected, SourceUnavailable

ATTEMPTS = 3
# Seconds: to connect, and between two pieces of an answer.
TIMEOUT = 10.0
# Seconds. A source that asks for more is asked another time.
LONGEST_WAIT = 30.0
# Bytes. A day's rates are some thousands; more than this is another thing.
LARGEST_ANSWER = 1_000_000

_enough = stop_after_attempt(ATTEMPTS)
_backoff = wait_exponential_jitter(multiplier=0.5, max=10)


class Busy(SourceUnavailable):
    """It may answer in a moment: in `retry_after` seconds where it says so."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks the source called `name`; times are seconds."""

    name: str
    timeout: float = TIMEOUT
    sleep: Callable[[float], None] = time.sleep

    def get(
        self,
        address: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """The body of the answer.

        Raises:
            SourceUnavailable, SourceRejected: as they say.
        """
        retrying = Retrying(
            sleep=self.sleep,
            stop=_stop,
            wait=_wait,
            retry=retry_if_exception_type(Busy),
            reraise=True,
        )
        return retrying(self._once, address, params or {}, headers or {})

    def _once(self, address: str, params: Mapping[str, str], headers: Mapping[str, str]) -> bytes:
        try:
            with (
                httpx.Client(timeout=self.timeout) as client,
                client.stream("GET", address, params=dict(params), headers=dict(headers)) as answer,
            ):
                self._judge(answer)
                return self._body(answer)
        except httpx.TimeoutException as error:
            raise Busy(f"{self.name} does not answer in {self.timeout:g} seconds") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Busy(f"{self.name} cannot be reached: {type(error).__name__}") from error

    def _judge(self, answer: httpx.Response) -> None:
        status, retry_after = answer.status_code, _seconds(answer.headers.get("Retry-After"))
        if status == HTTPStatus.OK:
            return
        # Azure API Management, before Bank Al-Maghrib's, says 403 with Retry-After for a spent
        # quota: https://learn.microsoft.com/azure/api-management/quota-policy
        if status == HTTPStatus.TOO_MANY_REQUESTS or (
            status == HTTPStatus.FORBIDDEN and retry_after is not None
        ):
            raise Busy(f"{self.name} was asked too often: fetch later", retry_after)
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            raise SourceRejected(f"{self.name} refuses the key: check TRADE_MA_RATES_KEY")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Busy(f"{self.name} is down (HTTP {status}): fetch later", retry_after)
        raise SourceUnavailable(f"{self.name} answers HTTP {status}: is its address still right?")

    def _body(self, answer: httpx.Response) -> bytes:
        body = b""
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > LARGEST_ANSWER:
                raise SourceUnavailable(f"{self.name} answers more than any list of rates")
        return body


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isdecimal() else None


def _asked_for(state: RetryCallState) -> float | None:
    error = state.outcome.exception() if state.outcome else None
    return error.retry_after if isinstance(error, Busy) else None


def _stop(state: RetryCallState) -> bool:
    return _enough(state) or (_asked_for(state) or 0) > LONGEST_WAIT


def _wait(state: RetryCallState) -> float:
    asked = _asked_for(state)
    return _backoff(state) if asked is None else asked
