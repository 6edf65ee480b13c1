"""trade-ma daemon and trade-ma worker: processes that stay and do what is due."""

import logging
from typing import Annotated

import typer

from trade_ma.installation import App, open_app

OnceOption = Annotated[
    bool, typer.Option("--once", help="Do what is due now, and end when nothing waits.")
]
PortOption = Annotated[
    int | None,
    typer.Option(min=0, max=65535, help="The loopback port of /health and /status; 0 for none."),
]


def daemon_command(
    once: OnceOption = False,
    port: PortOption = None,
    webhooks: Annotated[
        bool,
        typer.Option("--webhooks", help="Take the marketplaces' notifications on that port too."),
    ] = False,
) -> None:
    """Pull, push and keep in step, day and night. Ctrl-C ends it when what is in hand is done."""
    app = _opened()
    _serve(app, clock=True, once=once, port=port, webhooks=webhooks)


def worker_command(once: OnceOption = False, port: PortOption = 0) -> None:
    """Do what daemons find due, beside them: any number, on PostgreSQL on any machine."""
    _serve(_opened(), clock=False, once=once, port=port, webhooks=False)


def _opened() -> App:
    from trade_ma.collecting import collect_seldom

    # What we say ourselves; of libraries only what is wrong.
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    for ours in ("trade_ma", "jobs", "connectors", "catalog", "images"):
        logging.getLogger(ours).setLevel(logging.INFO)
    collect_seldom()
    return open_app()


def _serve(app: App, *, clock: bool, once: bool, port: int | None, webhooks: bool) -> None:
    from trade_ma.daemon import serve
    from trade_ma.webhooks import webhooks as hooks

    at = app.settings.status_port if port is None else port
    serve(app, clock=clock, once=once, port=at, hooks=hooks(app) if webhooks else None)
