"""All that an installation serves: the API and the marketplaces' notifications."""

from fastapi import FastAPI

from trade_ma.api import api
from trade_ma.installation import App
from trade_ma.webhooks import notifications


def site(installation: App) -> FastAPI:
    """The API under /api/v1, and /webhooks/{channel}."""
    app = api(installation)
    app.include_router(notifications(installation))
    return app
