"""What a daemon tells of itself over HTTP: whether it is alive, and how the work goes."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Response
from starlette.types import ASGIApp

from jobs.queue_status import QueueStatus, queue_status
from jobs.schedule import accounts, dues, slowest_pulls
from jobs.work_queue import WorkQueue
from trade_ma.installation import App

if TYPE_CHECKING:
    from trade_ma.daemon import Daemon


def work_status(app: App, queue: WorkQueue) -> QueueStatus:
    """How the work of that installation goes."""
    from trade_ma.daemon import beats

    with app.session() as session:
        channels, slowest = accounts(session), slowest_pulls(session)
    planned = dues(beats(app.settings), channels, slowest)
    return queue_status(queue, app.locks, planned, datetime.now(UTC))


def health(daemon: "Daemon", hooks: ASGIApp | None = None) -> FastAPI:
    """GET /health: 200 while the daemon's threads are heard of, else 503. GET /status: the work.

    `hooks` takes what else is asked: the marketplaces' notifications, where the daemon has them.
    """
    app = FastAPI(title="Trade.ma daemon", openapi_url=None)

    @app.get("/health")
    def alive(response: Response) -> dict[str, bool]:
        told = daemon.alive()
        response.status_code = 200 if told else 503
        return {"alive": told}

    @app.get("/status")
    def status() -> dict[str, Any]:
        return work_status(daemon.app, daemon.queue).as_json()

    if hooks:
        app.mount("/", hooks)
    return app
