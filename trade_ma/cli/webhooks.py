"""trade-ma webhooks: take the marketplaces' notifications."""

from typing import Annotated

import typer

from trade_ma.cli.app import err
from trade_ma.installation import open_app

app = typer.Typer(help="Notifications of marketplaces.", no_args_is_help=True)


@app.command("serve")
def serve_command(
    host: Annotated[str, typer.Option(help="Where to listen; put TLS in front of it.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port.")] = 8765,
) -> None:
    """Take notifications at /webhooks/CHANNEL until stopped."""
    import uvicorn

    from trade_ma.webhooks import webhooks

    err.print(f"http://{host}:{port}/webhooks/CHANNEL")
    uvicorn.run(webhooks(open_app()), host=host, port=port, log_level="warning")
