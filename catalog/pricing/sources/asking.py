"""One GET of a public source: bounded in time and size, repeated while the source is busy."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

import httpx

from catalog.pricing.sources import SourceRejected, SourceUnavailable
from catalog.retrying import Patience, Sleep, seconds

# Seconds: to connect, and between two pieces of an answer.
TIMEOUT = 10.0
# Bytes. A day's rates are some thousands; more than this is another thing.
LARGEST_ANSWER = 1_000_000


class Busy(SourceUnavailable):
    """It may answer in a moment: in `retry_after` seconds where it says so."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


# A source that asks for more than half a minute is asked another time.
PATIENCE = Patience(Busy, attempts=3, longest_wait=30.0, first=0.5, most=10.0)


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks the source called `name`; times are seconds."""

    name: str
    timeout: float = TIMEOUT
    sleep: Sleep = time.sleep

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
        return PATIENCE.repeat(self.sleep, lambda: self._once(address, params or {}, headers or {}))

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
        status, retry_after = answer.status_code, seconds(answer.headers.get("Retry-After"))
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
