"""What every call passes before it is served: counting, odd failures, the token, the quota."""

import secrets
from collections import Counter
from datetime import datetime
from threading import Lock
from typing import Protocol
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.clock import Clock
from connectors.quotas import Rate
from connectors.sandbox.amazon.answers import Refusal
from connectors.sandbox.amazon.operations import PREVIEW, Operation, operation_of
from connectors.sandbox.amazon.tokens import Tokens
from connectors.sandbox.faults import FaultKind, Faults

# Seconds. Moments have microseconds, and a whole burst adds up their rounding.
_ROUNDING = 0.001


class Quotas:
    """The token buckets of the account, on the market's clock. Safe between threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._arrivals: dict[str, datetime] = {}
        self._lock = Lock()

    def take(self, rate: Rate) -> bool:
        """Take one token of `rate`, if there is one."""
        with self._lock:
            arrival, wait = rate.reserve(self._arrivals.get(rate.operation), self._clock.now())
            if wait > _ROUNDING:
                return False
            self._arrivals[rate.operation] = arrival
            return True


class Guarded(Protocol):
    """What the gate needs of its market."""

    faults: Faults
    tokens: Tokens
    quotas: Quotas
    calls: Counter[str]

    def settle(self) -> None:
        """Let everything happen whose time has come."""
        ...


class Gate:
    """ASGI middleware in front of the operations."""

    def __init__(self, app: ASGIApp, market: Guarded) -> None:
        self._app, self._market = app, market

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve an operation, or refuse it as Amazon would; let other addresses pass."""
        operation = (
            operation_of(scope["method"], scope["path"]) if scope["type"] == "http" else None
        )
        if operation is None:
            await self._app(scope, receive, send)
            return
        rate = _rate(operation, scope)
        stamped = _stamped(send, rate)
        refusal = self._refusal(operation, rate, scope)
        if refusal is None:
            # In a thread: a judgement may fetch a picture from a server that waits for this loop.
            await run_in_threadpool(self._market.settle)
            await self._app(scope, receive, stamped)
        else:
            await refusal(scope, receive, stamped)

    def _refusal(self, operation: Operation, rate: Rate, scope: Scope) -> Response | None:
        market = self._market
        market.calls[operation.id] += 1
        token = Headers(scope=scope).get("x-amz-access-token")
        if market.faults.strike(operation.id, FaultKind.THROTTLE):
            # As the gateway in front of Amazon's own says it in the wild: no body at all.
            return Response(status_code=429)
        try:
            market.tokens.check(token, operation.id)
        except Refusal as refusal:
            return refusal.answer(scope["path"])
        if market.quotas.take(rate):
            return None
        message = "You exceeded your quota for the requested resource."
        return Refusal(429, "QuotaExceeded", message).answer(scope["path"])


def _rate(operation: Operation, scope: Scope) -> Rate:
    query = parse_qs(scope["query_string"].decode())
    return PREVIEW if query.get("mode") == ["VALIDATION_PREVIEW"] else operation.rate


def _stamped(send: Send, rate: Rate) -> Send:
    """`send`, with the headers that Amazon puts on every answer."""

    async def stamp(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["x-amzn-RateLimit-Limit"] = str(float(rate.per_second))
            headers["x-amzn-RequestId"] = secrets.token_hex(16)
        await send(message)

    return stamp
