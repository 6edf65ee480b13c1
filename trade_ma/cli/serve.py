"""trade-ma serve: the API and the marketplaces' notifications, over HTTP."""

from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Annotated

import typer

from trade_ma.cli.app import err
from trade_ma.identity import users
from trade_ma.installation import App, open_app


def serve_command(
    host: Annotated[str, typer.Option(help="Where to listen; put TLS in front of it.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port.")] = 8000,
    practice: Annotated[
        bool, typer.Option("--practice", help="With practice markets, where nothing is real.")
    ] = False,
) -> None:
    """Serve the API under /api/v1, and notifications at /webhooks/CHANNEL, until stopped.

    Where there is no user yet, prints the link by which the first admin is made.
    """
    import uvicorn

    from trade_ma.collecting import collect_in_small_steps
    from trade_ma.practice import practising
    from trade_ma.site import site

    opened = open_app()
    address = f"http://{host}:{port}"
    err.print(address)
    if (path := set_up_path(opened)) is not None:
        told = f"Nobody may come in yet. The first admin is made at {address}{path}"
        err.print(told, soft_wrap=True)
    # A proxy on this machine is believed about the address and the scheme; others are not.
    with practising(opened) if practice else nullcontext() as market:
        app = site(opened, market)
        collect_in_small_steps()
        uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)


def set_up_path(opened: App) -> str | None:
    """The one-time link of the first admin; None where there is a user."""
    with opened.session() as session:
        invited = users.invite_first(session, datetime.now(UTC))
        session.commit()
    return f"/set-up?token={invited.token}" if invited else None
