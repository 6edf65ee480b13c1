"""One recording layer for all tests: what connectors send and sandboxes answer, judged by contract.

A sandbox under test is wrapped in `Recorder`; every exchange goes to the marketplace's judge.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer, as bytes on the wire. Header names are lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    status: int
    answer_headers: dict[str, str]
    answer: bytes


class Judge(Protocol):
    """A marketplace's official description, as a judge of exchanges."""

    @property
    def operations(self) -> frozenset[str]:
        """The operations that the description knows."""
        ...

    def operation(self, exchange: Exchange) -> str | None:
        """The operation's official name; None for what the description does not cover."""
        ...

    def faults(self, exchange: Exchange) -> list[str]:
        """What the description says against the request or the answer."""
        ...


@dataclass
class Verdicts:
    """What all judges found: calls by marketplace and operation, and the invalid ones."""

    calls: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    known: dict[str, int] = field(default_factory=dict)
    invalid: list[str] = field(default_factory=list)


class Recorder:
    """ASGI middleware that keeps every exchange of the wrapped application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.exchanges: list[Exchange] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, keeping both sides of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked: list[bytes] = []
        told: list[Message] = []

        async def hear() -> Message:
            message = await receive()
            asked.append(message.get("body", b""))
            return message

        async def tell(message: Message) -> None:
            told.append(message)
            await send(message)

        await self._app(scope, hear, tell)
        if told:
            self.exchanges.append(_exchange(scope, b"".join(asked), told))


def _exchange(scope: Scope, body: bytes, told: list[Message]) -> Exchange:
    return Exchange(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode(),
        headers=_headers(scope["headers"]),
        body=body,
        status=told[0]["status"],
        answer_headers=_headers(told[0].get("headers", [])),
        answer=b"".join(message.get("body", b"") for message in told[1:]),
    )


def _headers(pairs: list[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in pairs}
