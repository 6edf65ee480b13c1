"""Run an ASGI application on a loopback port, in a thread of this process."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import uvicorn
from starlette.types import ASGIApp

HOST = "127.0.0.1"
# A loaded machine may take seconds to start a thread; a server that is not up by then is broken.
START_TIMEOUT = 30.0
# Seconds between two looks whether to stop, and whether all is done. uvicorn's own tenths, once a
# test, are minutes of a run.
TICK = 0.01


class _Server(uvicorn.Server):
    async def main_loop(self) -> None:
        """Serve until told to stop."""
        ticks = count()
        while not await self.on_tick(next(ticks)):  # noqa: ASYNC110 - a thread sets the flag
            await asyncio.sleep(TICK)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take nothing more, and wait for what is in hand alone."""
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110 - uvicorn's
            await asyncio.sleep(TICK)


@contextmanager
def serve(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """The base address of `app`, served until the block ends. Port 0 takes any free port.

    Raises:
        OSError: the port is taken.
        RuntimeError: the application did not start.
    """
    # Named TCP, or asyncio leaves Nagle on, and an answer in two parts waits 40 ms for its second.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    config = uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off", ws="none")
    server = _Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        _wait_for_start(server)
        yield f"http://{HOST}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def _wait_for_start(server: uvicorn.Server) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not server.started:
        if time.monotonic() > deadline:
            raise RuntimeError("the sandbox did not start")
        time.sleep(0.005)
