"""All that an installation serves: the API, the console and the marketplaces' notifications."""

from fastapi import FastAPI

from trade_ma.api.application import api
from trade_ma.console.app import add_console
from trade_ma.installation import App
from trade_ma.practice import Practice
from trade_ma.webhooks import notifications


def site(installation: App, practice: Practice | None = None) -> FastAPI:
    """The API under /api/v1, /webhooks/{channel}, and the console at all other addresses.

    With `practice` the console has a practice market.
    """
    app = api(installation)
    app.state.practice = practice
    app.include_router(notifications(installation))
    add_console(app)
    return app
