"""The console, added to the application that serves the API."""

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from trade_ma.console import assets
from trade_ma.console.errors import error_page
from trade_ma.console.pages import ROUTERS


def add_console(app: FastAPI) -> None:
    """Serve every page of the console at the root of `app`, and its failures as pages."""
    app.mount(assets.address(), assets.Assets(directory=assets.folder()))
    for router in ROUTERS:
        app.include_router(router)
    app.state.first_pages = frozenset(path for router in ROUTERS for path in _paths(router))
    app.state.error_page = error_page


def _paths(router: APIRouter) -> list[str]:
    """The addresses of its pages: a section is in the menu once its first page is among them."""
    return [route.path for route in router.routes if isinstance(route, APIRoute)]
