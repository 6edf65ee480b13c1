"""What concerns the account: its tokens, and the stores it sells in."""

from typing import Annotated, Any, Protocol
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from connectors.sandbox.amazon.answers import body_of
from connectors.sandbox.amazon.stores import STORES
from connectors.sandbox.amazon.tokens import Tokens

Json = dict[str, Any]
Body = Annotated[dict[str, Any], Depends(body_of)]
STORE_NAME = "Sandbox Crafts"


class AccountHolder(Protocol):
    """What these addresses need of their market."""

    tokens: Tokens


def account_router(market: AccountHolder) -> APIRouter:
    """Login with Amazon, and the Tokens and Sellers APIs."""
    router = APIRouter()

    @router.get("/apps/authorize/consent")
    def consent(request: Request) -> Response:
        """Seller Central's page where a seller agrees (here: always)."""
        back = market.tokens.authorize(dict(request.query_params))
        if back is None:
            return JSONResponse({"error": "MD1000"}, 400)
        return RedirectResponse(back, 302)

    @router.post("/auth/o2/token")
    async def token(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        status, body = market.tokens.grant(form)
        return JSONResponse(body, status)

    @router.post("/tokens/2021-03-01/restrictedDataToken")
    def create_restricted_data_token(body: Body) -> Json:
        return market.tokens.restrict(body)

    @router.get("/sellers/v1/marketplaceParticipations")
    def get_marketplace_participations() -> Json:
        return {"payload": _participations()}

    return router


def _participations() -> list[Json]:
    return [
        {
            "marketplace": {
                "id": store.id,
                "name": store.name,
                "countryCode": store.country,
                "defaultCurrencyCode": store.currency,
                "defaultLanguageCode": store.languages[0],
                "domainName": f"www.amazon.{store.domain}",
            },
            "participation": {"isParticipating": True, "hasSuspendedListings": False},
            "storeName": STORE_NAME,
        }
        for store in STORES.values()
    ]
