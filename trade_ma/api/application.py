"""The API, put together."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from trade_ma.api.problems import FieldProblem, ProblemDetails, tell_problems
from trade_ma.api.routers import ROUTERS
from trade_ma.api.safeguards import Rates, Safeguards
from trade_ma.import_work import ImportWork
from trade_ma.installation import App
from trade_ma.passes import Passes

DESCRIPTION = """\
Sign in at `POST /api/v1/auth/login` and keep the cookie: unsafe requests then repeat the answer's
`csrf_token` in the header `X-CSRF-Token`. A program sends `Authorization: Bearer` with a service
token instead.

Lists answer `{"items": [...], "next": "..."}`: send `next` as `cursor` for the page that follows.
Writes of one thing want `If-Match` with the `ETag` of what was read. A POST with an
`Idempotency-Key` is done once however often it is sent. Failures are problem details (RFC 9457).
"""


def api(installation: App) -> FastAPI:
    """The admin API of an installation, under /api/v1; its description is openapi.json there."""
    app = FastAPI(
        title="Trade.ma core",
        version="1",
        description=DESCRIPTION,
        openapi_url="/api/v1/openapi.json",
        # Their pages load scripts from other people's servers.
        docs_url=None,
        redoc_url=None,
    )
    app.state.installation = installation
    app.state.imports = ImportWork(installation)
    app.state.rates = Rates(installation.settings.requests_per_second)
    app.state.passes = Passes(installation)
    tell_problems(app)
    for router in ROUTERS:
        app.include_router(router)
    app.add_middleware(Safeguards, rates=app.state.rates)
    describe(app)
    return app


def describe(app: FastAPI) -> None:
    """Let the OpenAPI document know the shape of problems and the two ways to sign in."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's own way of extending it


def _document(app: FastAPI) -> dict[str, Any]:
    told = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    parts = told.setdefault("components", {})
    shapes = parts.setdefault("schemas", {})
    template = "#/components/schemas/{model}"
    shapes["ProblemDetails"] = ProblemDetails.model_json_schema(ref_template=template)
    shapes["ProblemDetails"].pop("$defs", None)
    shapes["FieldProblem"] = FieldProblem.model_json_schema()
    parts["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": "trade_ma_session"},
        "token": {"type": "http", "scheme": "bearer"},
    }
    told["security"] = [{"session": []}, {"token": []}]
    return told
