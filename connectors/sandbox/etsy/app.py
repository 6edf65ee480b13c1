"""Etsy's addresses: every call comes through one door, and is carried out or refused there."""

import math
from collections import Counter
from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import UploadFile

from connectors.sandbox.etsy import lifecycle, views
from connectors.sandbox.etsy.call import Call, Refusal
from connectors.sandbox.etsy.images import images
from connectors.sandbox.etsy.inventory import inventory
from connectors.sandbox.etsy.listings import listings
from connectors.sandbox.etsy.oauth import Authority, expired
from connectors.sandbox.etsy.operations import PREFIX, Operation, find
from connectors.sandbox.etsy.payments import payments
from connectors.sandbox.etsy.profiles import profiles
from connectors.sandbox.etsy.quotas import Quotas
from connectors.sandbox.etsy.receipts import receipts
from connectors.sandbox.etsy.shop import SHOP_ID, USER_ID, Shop
from connectors.sandbox.etsy.taxonomy import taxonomy
from connectors.sandbox.etsy.translations import translations
from connectors.sandbox.etsy.variation_images import variation_images
from connectors.sandbox.faults import FaultKind

OPERATIONS: Sequence[Operation] = (
    *listings, *inventory, *images, *variation_images, *translations,
    *receipts, *payments, *profiles, *taxonomy,
)  # fmt: skip


class Door:
    """Lets calls in: the application's key, its quotas, the seller's token, then the operation."""

    def __init__(
        self, shop: Shop, authority: Authority, quotas: Quotas, calls: Counter[str], key: str
    ) -> None:
        self._shop, self._authority, self._quotas = shop, authority, quotas
        self._calls, self._key = calls, key

    async def answer(self, request: Request) -> Response:
        """The answer to one call, with the headers that tell of the quotas."""
        found = find(OPERATIONS, request.method, request.url.path)
        if found is None:
            return JSONResponse({"error": "Resource not found"}, 404)
        operation, call = found
        content = await _content(request)
        with self._shop.lock:
            try:
                self._admit(operation, call, request)
                response = _carry_out(operation, _filled(call, request, content), self._shop)
            except Refusal as refusal:
                response = JSONResponse(refusal.body, refusal.status, refusal.headers)
            response.headers.update(self._quotas.headers())
        return response

    def _admit(self, operation: Operation, call: Call, request: Request) -> None:
        self._calls[operation.name] += 1
        # Etsy refuses a keystring without its secret since 2026-02-09.
        if request.headers.get("x-api-key") != self._key:
            raise Refusal(403, "Invalid API key: should be in the format 'keystring:shared_secret'")
        faults = self._shop.faults
        wait = 1.0 if faults.strike(call.operation, FaultKind.THROTTLE) else self._quotas.take()
        if wait:
            raise Refusal(429, "Exceeded rate limit", retry_after=math.ceil(wait))
        if operation.scope and faults.strike(call.operation, FaultKind.EXPIRED_TOKEN):
            raise expired()
        self._authority.check(request.headers.get("authorization"), operation.scope)
        if call.path.get("shop_id", str(SHOP_ID)) != str(SHOP_ID):
            foreign = f"User {USER_ID} does not own Shop {call.path['shop_id']}"
            raise Refusal(403 if operation.scope else 404, foreign)


Content = tuple[dict[str, list[str]], bytes | None, bytes]


async def _content(request: Request) -> Content:
    """A request's form fields, its file, and its body where it is no form."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        return {}, None, await request.body()
    fields: dict[str, list[str]] = {}
    upload = None
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                upload = await value.read()
            else:
                fields.setdefault(name, []).append(value)
    return fields, upload, b""


def _filled(call: Call, request: Request, content: Content) -> Call:
    query = request.query_params
    parameters = {name: query.getlist(name) for name in query}
    return Call(call.operation, call.path, parameters, *content)


def _carry_out(operation: Operation, call: Call, shop: Shop) -> Response:
    lifecycle.settle_time(shop)
    told = operation.act(shop, call)
    return Response(status_code=204) if told is None else JSONResponse(told, operation.status)


def etsy_app(door: Door, shop: Shop) -> FastAPI:
    """The API, and the small pictures that the page for buyers shows."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    methods = sorted({operation.method for operation in OPERATIONS})
    app.add_route(PREFIX + "/{rest:path}", door.answer, methods=methods)

    @app.get(views.IMAGE_ADDRESS + "/{number}.jpg")
    def preview(number: int) -> Response:
        with shop.lock:
            for listing in shop.listings.values():
                for picture in listing.images:
                    if picture.id == number:
                        return Response(picture.preview, media_type="image/jpeg")
        return Response(status_code=404)

    return app
