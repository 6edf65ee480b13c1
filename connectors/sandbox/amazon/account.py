"""What concerns the account: its tokens, the stores it sells in, and the money given back."""

from collections.abc import Mapping
from typing import Annotated, Any, Protocol
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from connectors.clock import Clock
from connectors.sandbox.amazon.answers import body_of, invalid, moment, read_moment
from connectors.sandbox.amazon.order_book import OrderBook, Refund
from connectors.sandbox.amazon.stores import STORES
from connectors.sandbox.amazon.tokens import Tokens

Json = dict[str, Any]
Body = Annotated[dict[str, Any], Depends(body_of)]
STORE_NAME = "Sandbox Crafts"


class AccountHolder(Protocol):
    """What these addresses need of their market."""

    clock: Clock
    tokens: Tokens
    book: OrderBook
    credentials: Mapping[str, str]


def account_router(market: AccountHolder) -> APIRouter:
    """Login with Amazon, and the Tokens, Sellers and Finances APIs."""
    router = APIRouter()

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

    @router.get("/finances/2024-06-19/transactions")
    def list_transactions(request: Request) -> Json:
        seller_id = market.credentials["seller_id"]
        found = _refunds(market.book, request)
        told = [_transaction(market.book, refund, seller_id) for refund in found]
        return {"payload": {"transactions": told}}

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


def _refunds(book: OrderBook, request: Request) -> list[Refund]:
    query = request.query_params
    if query.get("relatedIdentifierName") == "ORDER_ID":
        asked = query.get("relatedIdentifierValue")
        return [refund for refund in book.refunds if refund.order_id == asked]
    if "postedAfter" not in query:
        raise invalid("postedAfter, or a related identifier, must be provided.")
    after = read_moment(query["postedAfter"], "postedAfter")
    return [refund for refund in book.refunds if refund.posted >= after]


def _transaction(book: OrderBook, refund: Refund, seller_id: str) -> Json:
    """A refund as the Finances API 2024-06-19 tells it: money that leaves, by SKU and units."""
    order = book.order(refund.order_id)
    store = order.store
    lines = [(line, refund.lines[line.sku]) for line in order.lines if refund.lines[line.sku]]
    return {
        "sellingPartnerMetadata": {
            "sellingPartnerId": seller_id,
            "accountType": "PAYABLE",
            "marketplaceId": store.id,
        },
        "relatedIdentifiers": [
            {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": order.id},
            {"relatedIdentifierName": "REFUND_ID", "relatedIdentifierValue": refund.id},
        ],
        "transactionType": "Refund",
        "transactionId": refund.id,
        "transactionStatus": "RELEASED",
        "postedDate": moment(refund.posted),
        "totalAmount": {
            "currencyAmount": float(-refund.amount),
            "currencyCode": store.currency,
        },
        "marketplaceDetails": {"marketplaceId": store.id, "marketplaceName": store.name},
        "items": [
            {
                "description": line.title,
                "totalAmount": {
                    "currencyAmount": float(-line.unit_price * units),
                    "currencyCode": store.currency,
                },
                "contexts": [
                    {
                        "contextType": "ProductContext",
                        "asin": line.asin,
                        "sku": line.sku,
                        "quantityShipped": units,
                        "fulfillmentNetwork": "MFN",
                    }
                ],
            }
            for line, units in lines
        ],
    }
