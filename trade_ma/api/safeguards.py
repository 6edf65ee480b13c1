"""What every request goes through: an id, a cap on its body, a rate, and headers on the answer."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.quotas import Rate
from trade_ma.api.access import address_of
from trade_ma.api.problems import Problem, answered, too_large, too_many

# Bytes of a body: what is typed, and what is uploaded (a file of products with its photos).
LARGEST_BODY = 1 << 20
LARGEST_UPLOAD = 256 << 20

# Seconds of the rate that may be spent at once: a page with all its pictures.
BURST_SECONDS = 6
# Askers that are remembered at a time; the longest unseen is forgotten first.
REMEMBERED = 10_000

# An answer of the API is shown by no browser; a console page brings a policy of its own.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
HSTS = "max-age=31536000"

logger = logging.getLogger("trade_ma.access")


class Rates:
    """How fast each address and each principal asks, in this process. Safe between threads.

    In memory, unlike the lock-out of sign-ins: a list that is read must not write.
    """

    def __init__(self, per_second: float, now: Callable[[], datetime] | None = None) -> None:
        self._rate = Rate("requests", per_second, burst=per_second * BURST_SECONDS)
        self._now = now or (lambda: datetime.now(UTC))
        self._arrivals: OrderedDict[str, datetime] = OrderedDict()
        self._lock = Lock()

    def check(self, who: str) -> None:
        """Count a request of `who`.

        Raises:
            Problem: 429, where they ask too fast.
        """
        if wait := self._wait(who):
            raise too_many(wait)

    def _wait(self, who: str) -> float:
        with self._lock:
            arrival, wait = self._rate.reserve(self._arrivals.get(who), self._now())
            if not wait:
                self._arrivals[who] = arrival
                self._arrivals.move_to_end(who)
            while len(self._arrivals) > REMEMBERED:
                self._arrivals.popitem(last=False)
        return wait


class Safeguards:
    """The ASGI middleware around the API, the console and the webhooks."""

    def __init__(self, app: ASGIApp, rates: Rates) -> None:
        self._app = app
        self._rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        request.state.request_id = uuid4().hex
        noted = _Noted(request, send)
        try:
            self._admit(request)
            await self._app(scope, _capped(request, receive), noted)
        except Problem as problem:
            if noted.status:
                raise
            await answered(request, problem)(scope, receive, noted)
        finally:
            noted.log()

    def _admit(self, request: Request) -> None:
        self._rates.check(address_of(request))
        length = request.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > _cap(request.headers):
            raise too_large(_cap(request.headers))


def _cap(headers: Headers) -> int:
    is_upload = headers.get("content-type", "").startswith("multipart/form-data")
    return LARGEST_UPLOAD if is_upload else LARGEST_BODY


def _capped(request: Request, receive: Receive) -> Receive:
    """`receive`, which refuses a body that grows beyond the cap whatever its length said."""
    cap, seen = _cap(request.headers), 0

    async def count() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > cap:
            raise too_large(cap)
        return message

    return count


class _Noted:
    """`send`, with our headers on the answer, and its status for the log."""

    def __init__(self, request: Request, send: Send) -> None:
        self._request = request
        self._send = send
        self._began = time.perf_counter()
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self._request.state.request_id
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if self._request.scope["scheme"] == "https":
                headers.setdefault("Strict-Transport-Security", HSTS)
        await self._send(message)

    def log(self) -> None:
        """One line, without the query: a search may be for a buyer's name."""
        principal = getattr(self._request.state, "principal", None)
        logger.info(
            "%s %s %s %s %.0f ms %s",
            self._request.state.request_id,
            self._request.method,
            self._request.scope["path"],
            self.status,
            (time.perf_counter() - self._began) * 1000,
            principal.reference if principal else "-",
        )
