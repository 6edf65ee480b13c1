"""The gate before the markets: it counts calls, and lets things happen at the n-th of them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

Deed = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Moment:
    """A call of a pass, counted from 1 over all markets: before it is carried out, or after.

    `after` is in seconds from its answer; None is before.
    """

    call: int
    after: float | None = None


@dataclass
class Gate:
    """Counts the calls that the markets get, and does deeds at their moments, one at a time."""

    seen: int = 0
    deeds: list[tuple[Moment, Deed]] = field(default_factory=list)
    in_hand: RLock = field(default_factory=RLock)

    def reset(self, *deeds: tuple[Moment, Deed]) -> None:
        """Count from the start, with these deeds to come, once what is in hand is done."""
        with self.in_hand:
            self.seen, self.deeds = 0, list(deeds)

    def before(self, app: ASGIApp) -> ASGIApp:
        """`app`, with the gate before it."""

        async def passage(scope: Scope, receive: Receive, send: Send) -> None:
            await self._pass(app, scope, receive, send)

        return passage

    async def _pass(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen += scope["type"] == "http"
        due = [(moment, deed) for moment, deed in self.deeds if moment.call == self.seen]
        for moment, deed in due:
            if moment.after is None:
                # In a thread: a deed may ask a market that is served by this loop.
                await run_in_threadpool(self._do, deed)
        await app(scope, receive, send)
        for moment, deed in due:
            if moment.after is not None:
                await asyncio.sleep(moment.after)
                await run_in_threadpool(self._do, deed)

    def _do(self, deed: Deed) -> None:
        with self.in_hand:
            deed()
