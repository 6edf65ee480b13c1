"""Faults on demand: what a real marketplace does on a bad day, at the calls one asks for."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

from pydantic import BaseModel, Field
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class FaultKind(StrEnum):
    """What goes wrong."""

    LOST_ANSWER = "lost_answer"  # the call is carried out, and the connection drops
    LOST_CALL = "lost_call"  # the connection drops before anything is done
    ERROR = "error"  # 503 with a page that is no JSON
    THROTTLE = "throttle"  # the marketplace's own way to say: too fast
    SLOW = "slow"  # the answer comes after `seconds`
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - a fault's name, no secret
    DUPLICATE_PAGE = "duplicate_page"  # the items of a page come again on the next
    SHUFFLED = "shuffled"  # the items of a page come in another order
    MISSED_ITEM = "missed_item"  # a page leaves out one of its items
    MOVED_ITEM = "moved_item"  # an item changes once its page was told: it moves to the end


class Fault(BaseModel):
    """One kind of fault at every `every`-th matching call, `times` times (None: for ever)."""

    kind: FaultKind
    operation: str | None = Field(default=None, description="Only at this operation; any without.")
    every: int = Field(default=1, ge=1)
    times: int | None = Field(default=1, ge=1)
    seconds: float = Field(default=1.0, ge=0)


@dataclass
class _Armed:
    fault: Fault
    seen: int = 0
    fired: int = 0


class Faults:
    """The faults in force. Safe between threads."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []
        self._lock = Lock()

    def arm(self, fault: Fault) -> None:
        """Put a fault in force."""
        with self._lock:
            self._armed.append(_Armed(fault))

    def clear(self) -> None:
        """End all of them."""
        with self._lock:
            self._armed.clear()

    def strike(self, operation: str, *kinds: FaultKind) -> Fault | None:
        """The fault of one of `kinds` that this call of `operation` meets, counted as met."""
        with self._lock:
            for armed in self._armed:
                fault = armed.fault
                if fault.kind not in kinds or fault.operation not in {None, operation}:
                    continue
                if fault.times is not None and armed.fired >= fault.times:
                    continue
                armed.seen += 1
                if armed.seen % fault.every == 0:
                    armed.fired += 1
                    return fault
        return None


# Weather to practise in, by name.
PROFILES: Mapping[str, tuple[Fault, ...]] = {
    "calm": (),
    "busy": (
        Fault(kind=FaultKind.THROTTLE, every=7, times=None),
        Fault(kind=FaultKind.SLOW, every=5, times=None, seconds=1.5),
    ),
    "bad-day": (
        Fault(kind=FaultKind.LOST_ANSWER, every=11, times=None),
        Fault(kind=FaultKind.ERROR, every=9, times=None),
        Fault(kind=FaultKind.THROTTLE, every=13, times=None),
        Fault(kind=FaultKind.EXPIRED_TOKEN, every=40, times=None),
        Fault(kind=FaultKind.DUPLICATE_PAGE, every=3, times=None),
        Fault(kind=FaultKind.SHUFFLED, every=2, times=None),
    ),
    "down": (Fault(kind=FaultKind.ERROR, times=None),),
}

CONNECTION_FAULTS = (FaultKind.LOST_ANSWER, FaultKind.LOST_CALL, FaultKind.ERROR, FaultKind.SLOW)


class FaultyConnection:
    """ASGI middleware: the faults of a connection, the same for every marketplace.

    `operation` names a request (method, path, body) as the marketplace's documentation does, and
    answers None for what is not the marketplace's (the control endpoints, token endpoints).
    """

    def __init__(
        self, app: ASGIApp, faults: Faults, operation: Callable[[str, str, bytes], str | None]
    ) -> None:
        self._app, self._faults, self._operation = app, faults, operation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Carry the request through, or let it go wrong."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = await _whole_body(receive)
        operation = self._operation(scope["method"], scope["path"], body)
        fault = operation and self._faults.strike(operation, *CONNECTION_FAULTS)
        replay = _replay(body, receive)
        if not fault:
            await self._app(scope, replay, send)
            return
        match fault.kind:
            case FaultKind.LOST_CALL:
                await _drop(send)
            case FaultKind.LOST_ANSWER:
                await self._app(scope, replay, _unheard)
                await _drop(send)
            case FaultKind.ERROR:
                await _page(send, 503, b"<html><body>Service Unavailable</body></html>")
            case _:
                await asyncio.sleep(fault.seconds)
                await self._app(scope, replay, send)


async def _whole_body(receive: Receive) -> bytes:
    chunks, more = [], True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


def _replay(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return pending.pop() if pending else await receive()

    return again


async def _unheard(_message: Message) -> None:
    """Let the application speak to nobody."""


async def _drop(send: Send) -> None:
    # Promising more bytes than come makes the server close the connection in the middle.
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]}
    )
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _page(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/html"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
