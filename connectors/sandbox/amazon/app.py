"""The sandbox's application: Amazon's addresses, behind its gate and its weather."""

from typing import Protocol

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from connectors.sandbox.amazon.account import AccountHolder, account_router
from connectors.sandbox.amazon.answers import Refusal
from connectors.sandbox.amazon.definitions import definitions_router
from connectors.sandbox.amazon.feeds import FeedTaker, feeds_router
from connectors.sandbox.amazon.finances import Books, finances_router
from connectors.sandbox.amazon.gate import Gate, Guarded
from connectors.sandbox.amazon.listings import Seller, listings_router
from connectors.sandbox.amazon.operations import operation_of
from connectors.sandbox.amazon.orders import orders_router
from connectors.sandbox.amazon.orders_v0 import RestrictedDesk, orders_v0_router
from connectors.sandbox.control import Market, control_router
from connectors.sandbox.faults import FaultyConnection


class ServedAmazon(
    Market, Guarded, Seller, FeedTaker, AccountHolder, Books, RestrictedDesk, Protocol
):
    """All that the addresses need of their market."""


def amazon_app(market: ServedAmazon) -> ASGIApp:
    """Everything that `market` serves."""
    app = FastAPI(openapi_url=None)
    app.include_router(definitions_router())
    app.include_router(listings_router(market))
    app.include_router(feeds_router(market))
    app.include_router(orders_router(market))
    app.include_router(orders_v0_router(market))
    app.include_router(account_router(market))
    app.include_router(finances_router(market))
    app.include_router(control_router(market))

    @app.exception_handler(Refusal)
    async def refused(request: Request, refusal: Refusal) -> Response:
        return refusal.answer(request.scope["path"])

    @app.exception_handler(404)
    async def unknown_address(request: Request, error: HTTPException) -> Response:
        if request.scope["path"].startswith("/_"):
            return JSONResponse({"detail": error.detail}, 404)
        # As the gateway in front of Amazon's addresses says it: no list of errors.
        return JSONResponse({"message": "Missing Authentication Token"}, 403)

    return FaultyConnection(Gate(app, market), market.faults, _operation)


def _operation(method: str, path: str, _body: bytes) -> str | None:
    operation = operation_of(method, path)
    return operation.id if operation else None
