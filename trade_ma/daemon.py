"""A process that stays: the clock and a worker, or a worker alone, until it is told to stop."""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from jobs.engine import Worker
from jobs.schedule import Beat, Clockwork
from jobs.work_queue import RUNNING, WAITING, Job, WorkQueue, open_queue, queue_url
from trade_ma.duties import DUTIES, doing
from trade_ma.installation import App
from trade_ma.settings import Settings

log = logging.getLogger(__name__)

# Seconds in which what is in hand has to end after a signal; service managers kill after ten.
GRACE = 8
# A daemon whose threads were not heard of for so many seconds is not alive.
SILENT = 30.0
# At night where most of our buyers are: Europe sleeps, and America's evening is over at six UTC.
NIGHT = timedelta(hours=2)
HOST = "127.0.0.1"


def beats(settings: Settings) -> tuple[Beat, ...]:
    """What is due how often, of what a worker can do."""
    planned = (
        Beat(Job.ORDERS, timedelta(seconds=settings.orders_every)),
        Beat(Job.PUSH, timedelta(seconds=settings.push_every)),
        Beat(Job.RECONCILE, timedelta(seconds=settings.reconcile_every), NIGHT),
        Beat(Job.RATES, timedelta(seconds=settings.rates_every), NIGHT, of_channels=False),
        Beat(Job.ERASURE, timedelta(seconds=settings.erasure_every), NIGHT, of_channels=False),
        Beat(Job.ALERTS, timedelta(seconds=settings.alerts_every), of_channels=False),
        Beat(Job.PHOTOS, timedelta(seconds=settings.photos_every), of_channels=False),
        Beat(Job.TEXTS, timedelta(seconds=settings.texts_every), of_channels=False),
        Beat(Job.TIDY, timedelta(days=1), NIGHT, of_channels=False),
    )
    return tuple(beat for beat in planned if beat.job in DUTIES)


@dataclass
class Daemon:
    """A worker, with the clock beside it or without."""

    app: App
    queue: WorkQueue
    worker: Worker
    clockwork: Clockwork | None
    stopped: threading.Event = field(default_factory=threading.Event)

    def alive(self) -> bool:
        """Whether its threads were heard of lately."""
        heard = [self.worker.beat] + ([self.clockwork.beat] if self.clockwork else [])
        return time.monotonic() - min(heard) < SILENT

    def run(self, *, once: bool = False) -> bool:
        """Work until a signal comes, with `once` until nothing waits; whether all ended in time."""
        self.worker.start()
        if self.clockwork:
            self.clockwork.start()
        log.info("at work as %s", self.worker.executor)
        while not self.stopped.wait(0.2):
            if once and self._idle():
                break
        log.info("stopping: what is in hand ends first")
        if self.clockwork:
            self.clockwork.stop()
        ended = self.worker.stop(GRACE)
        self.queue.close()
        log.info("stopped" if ended else "stopped, and left work to be done again")
        return ended

    def _idle(self) -> bool:
        laid_out = self.clockwork is None or self.clockwork.beat > 0
        return laid_out and not self.queue.entries(WAITING, RUNNING, limit=1)


def daemon(app: App, *, clock: bool) -> Daemon:
    """A daemon for that installation; with `clock` it also says what is due."""
    queue = open_queue(queue_url(app.settings.sqlalchemy_url), app.locks)
    clockwork = Clockwork(queue, app.session, beats(app.settings)) if clock else None
    return Daemon(app, queue, Worker(queue, app.locks, doing(app, queue)), clockwork)


@contextmanager
def signals(stopped: threading.Event) -> Iterator[None]:
    """The first SIGTERM or SIGINT sets `stopped`; the second ends the process where it stands."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def served(app: ASGIApp, port: int, host: str = HOST) -> Iterator[int | None]:
    """The port where `app` is served while the block lasts; None where the port is taken."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            yield None
            return
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listener]}, name="http", daemon=True
        )
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(timeout=2.0)


def serve(app: App, *, clock: bool, once: bool, port: int, hooks: ASGIApp | None) -> None:
    """Run a daemon in this process, with its state on a loopback port. Ends the process."""
    from trade_ma.health import health

    running = daemon(app, clock=clock)
    with ExitStack() as stack:
        stack.enter_context(signals(running.stopped))
        if port:
            at = stack.enter_context(served(health(running, hooks), port))
            if at is None:
                log.warning("port %d is taken: no state is served here", port)
        ended = running.run(once=once)
    if not ended:
        # What is in hand hangs in a call; it is done again, and nobody waits for it here.
        logging.shutdown()
        os._exit(0)
