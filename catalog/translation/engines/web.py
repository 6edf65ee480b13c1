"""A translation service on the web: JSON there and back, its trouble turned into ours."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx

from catalog.retrying import Sleep, seconds
from catalog.translation.engines.errors import (
    EngineNotUsable,
    EngineRejectedKey,
    EngineUnavailable,
    QuotaSpent,
)
from catalog.translation.engines.patience import patiently
from catalog.translation.engines.protocol import Untranslatable

# Characters of a service's own words in our messages: it may answer with a whole page.
_TOLD = 200
# What goes wrong before anything is sent: a key with a line break, an address without http.
_UNSENT = (
    httpx.InvalidURL,
    httpx.LocalProtocolError,
    httpx.UnsupportedProtocol,
    UnicodeEncodeError,
)
# Statuses that complain of what was sent, while the service is well.
_REFUSALS = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)


@dataclass(frozen=True, slots=True)
class Service:
    """Where a service is, the key it knows us by, and the seconds it may take to answer."""

    name: str
    url: str
    key: str = field(default="", repr=False)
    timeout: float = 60.0
    sleep: Sleep = field(default=time.sleep, repr=False)

    def get(self, path: str) -> Any:
        """The JSON at `path`. Raises EngineError; what it refuses is a matter of our settings."""
        answer = self._patiently("GET", path)
        if isinstance(answer, Untranslatable):
            raise EngineNotUsable(f"{self.name} at {self.url} refused {path}: {answer.reason}")
        return answer

    def post(self, path: str, body: object, headers: Mapping[str, str] | None = None) -> Any:
        """The JSON in answer to `body`, or an Untranslatable if the service refuses it.

        Raises:
            EngineError: trouble with the service.
        """
        return self._patiently("POST", path, body, headers)

    def _patiently(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        return patiently(self.sleep, lambda: self._once(method, path, body, headers))

    def _once(self, method: str, path: str, body: object, headers: Mapping[str, str] | None) -> Any:
        url = f"{self.url.rstrip('/')}{path}"
        try:
            response = httpx.request(method, url, json=body, headers=headers, timeout=self.timeout)
        except _UNSENT as error:
            # Some of these errors repeat the key, so they are not shown.
            raise EngineNotUsable(
                f"{self.name}: its address ({self.url}) or its key cannot be written into a"
                f" request ({type(error).__name__}): check both"
            ) from None
        except httpx.RequestError as error:
            raise EngineUnavailable(
                f"{self.name} at {self.url} does not answer ({type(error).__name__})"
            ) from error
        return self._read(response)

    def _read(self, response: httpx.Response) -> Any:
        if not response.is_success:
            return self._trouble(response)
        try:
            return response.json()
        except ValueError:
            raise EngineUnavailable(
                f"{self.name} at {self.url} answered with something that is no JSON"
            ) from None

    def _trouble(self, response: httpx.Response) -> Untranslatable:
        code, said = _complaint(response)
        # Some services repeat the key that they refuse.
        said = said.replace(self.key, "…") if self.key else said
        told = f"{self.name} at {self.url}: {said[:_TOLD] or response.reason_phrase}"
        match response.status_code:
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
                raise EngineRejectedKey(f"{told}: check the key of this engine")
            # LibreTranslate answers 400 where it wants a key and was given none.
            case HTTPStatus.BAD_REQUEST if "api key" in said.lower():
                raise EngineRejectedKey(f"{told}: check the key of this engine")
            case HTTPStatus.PAYMENT_REQUIRED:
                raise QuotaSpent(told)
            case HTTPStatus.TOO_MANY_REQUESTS if code == "insufficient_quota":
                raise QuotaSpent(told)
            case HTTPStatus.REQUEST_TIMEOUT | HTTPStatus.TOO_MANY_REQUESTS:
                raise EngineUnavailable(told, seconds(response.headers.get("Retry-After")))
            case status if status in _REFUSALS:
                return Untranslatable(told)
            case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise EngineUnavailable(told, seconds(response.headers.get("Retry-After")))
            case status:
                raise EngineNotUsable(f"{told} ({status}): check its address and its model")


def _complaint(response: httpx.Response) -> tuple[str, str]:
    """Its code and words: LibreTranslate's `error` is a text, OpenAI's an object."""
    try:
        body = response.json()
    except ValueError:
        return "", response.text
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, dict):
        return str(error.get("code")), str(error.get("message"))
    return "", str(error or "")
