"""The HTTP side: Admin GraphQL, the token endpoint, uploads, pictures and bulk results."""

import json
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Header, HTTPException, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel
from starlette.types import ASGIApp

from connectors.sandbox.control import control_router
from connectors.sandbox.faults import FaultKind, FaultyConnection
from connectors.sandbox.shopify.execution import told
from connectors.sandbox.shopify.media import MediaImage
from connectors.sandbox.shopify.operation import Invalid, read_operation
from connectors.sandbox.shopify.uploads import PREFIX, uploads_router
from connectors.shopify.documents import API_VERSION

if TYPE_CHECKING:
    from connectors.sandbox.shopify.market import ShopifyMarket

GRAPHQL = f"/admin/api/{API_VERSION}/graphql.json"
_STRANGER = "[API] Invalid API key or access token (unrecognized login or wrong password)"


class Query(BaseModel):
    """The body of a GraphQL request."""

    query: str
    variables: dict[str, Any] | None = None
    operationName: str | None = None  # noqa: N815 - GraphQL's own name


def shopify_app(market: "ShopifyMarket") -> ASGIApp:
    """All addresses of the practice shop."""
    app = FastAPI(openapi_url=None)
    app.include_router(control_router(market))
    app.include_router(uploads_router(market.store.uploads))
    _add_graphql(app, market)
    _add_tokens(app, market)
    _add_files(app, market)
    return FaultyConnection(app, market.faults, operation_name)


def operation_name(method: str, path: str, body: bytes) -> str | None:
    """What a request asks for, by the name of its GraphQL operation; None for other addresses."""
    if path.startswith(PREFIX):
        return "stagedUpload"
    if method != "POST" or path != GRAPHQL:
        return None
    try:
        asked = Query.model_validate_json(body)
        return read_operation(asked.query, asked.operationName).name
    except (ValueError, Invalid):
        return "invalid"


def _add_graphql(app: FastAPI, market: "ShopifyMarket") -> None:
    @app.post(GRAPHQL)
    def graphql(
        asked: Query,
        request: Request,
        x_shopify_access_token: Annotated[str | None, Header()] = None,
    ) -> Response:
        try:
            operation = read_operation(asked.query, asked.operationName)
        except Invalid as invalid:
            return _answer({"errors": [told(error) for error in invalid.errors]})
        if market.faults.strike(operation.name, FaultKind.EXPIRED_TOKEN):
            market.tokens.expire()
            return _answer({"errors": _STRANGER}, 401)
        if not market.tokens.are_good(x_shopify_access_token):
            return _answer({"errors": _STRANGER}, 401)
        base_url = str(request.base_url).rstrip("/")
        return _answer(market.answer(operation, asked.variables or {}, base_url))


def _answer(content: dict[str, Any], status: int = 200) -> Response:
    headers = {"x-shopify-api-version": API_VERSION}
    return JSONResponse(content, status, headers=headers)


def _add_tokens(app: FastAPI, market: "ShopifyMarket") -> None:
    @app.get("/admin/oauth/authorize")
    def consent(request: Request) -> Response:
        """The page where an owner agrees (here: always)."""
        back = market.tokens.authorize(dict(request.query_params))
        if back is None:
            return JSONResponse({"error": "application_cannot_be_found"}, 400)
        return RedirectResponse(back, 302)

    @app.post("/admin/oauth/access_token")
    async def token(request: Request) -> Response:
        body = await request.body()
        is_json = "json" in request.headers.get("content-type", "")
        given: dict[str, Any] = json.loads(body) if is_json else dict(await request.form())
        issued = market.tokens.issue(given)
        if issued is None:
            refusal = {"error": "invalid_client", "error_description": "Unknown client"}
            return JSONResponse(refusal, 401)
        return JSONResponse(issued)


def _add_files(app: FastAPI, market: "ShopifyMarket") -> None:
    @app.get("/cdn/{number}")
    def picture(number: int) -> Response:
        found = market.store.find(MediaImage, f"gid://shopify/MediaImage/{number}")
        if found is None or found.looked.code:
            raise HTTPException(404, "no such picture")
        return Response(found.content, media_type=found.looked.media_type)

    @app.get("/bulk/{number}")
    def results(number: int) -> Response:
        content = market.results(number)
        if content is None:
            raise HTTPException(404, "no such results")
        return Response(content, media_type="application/jsonl")
