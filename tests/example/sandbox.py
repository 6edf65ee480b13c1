"""PlainShop itself, to practise on: what an author brings along for the conformance tests."""

import base64
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp

from connectors.clock import Clock
from connectors.sandbox.control import POISON, ShownListing, ShownOffer, control_router
from connectors.sandbox.faults import FaultKind, Faults, FaultyConnection

PAGE = 50
TITLE = 120
TOKEN = "a-practice-token"


@dataclass
class PlainShopMarket:
    """One shop's listings and orders."""

    clock: Clock
    name: str = "PlainShop"
    faults: Faults = field(default_factory=Faults)
    calls: Counter[str] = field(default_factory=Counter)
    credentials: Mapping[str, str] = field(default_factory=lambda: {"token": TOKEN})
    settings: Mapping[str, str] = field(default_factory=dict)
    listings: dict[str, dict[str, Any]] = field(default_factory=dict)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    _ids: Any = field(default_factory=lambda: count(1))

    def app(self) -> ASGIApp:
        """The shop over HTTP."""
        app = FastAPI()
        app.include_router(control_router(self))
        for add in (_add_door, _add_listings, _add_orders):
            add(app, self)
        return FaultyConnection(app, self.faults, _operation)

    def shown(self) -> list[ShownListing]:
        """What a buyer sees."""
        return [_shown(key, listing) for key, listing in self.listings.items()]

    def buy(self, lines: Mapping[str, int], country: str) -> str:
        """A paid order."""
        order_id = f"P{next(self._ids):04}"
        told = [self._sold(str(n), *line) for n, line in enumerate(lines.items(), start=1)]
        now = self.clock.now().isoformat()
        self.orders[order_id] = {
            "id": order_id,
            "status": "paid",
            "placed_at": now,
            "updated_at": now,
            "currency": "MAD",
            "refunded": "0.00",
            "total": str(sum(Decimal(line["price"]) * line["quantity"] for line in told)),
            "lines": told,
            "ship_to": {
                "name": "A buyer",
                "street": "1 Street",
                "city": "Town",
                "postcode": "10000",
                "country": country,
            },
        }
        return order_id

    def _sold(self, number: str, sku: str, quantity: int) -> dict[str, Any]:
        listing = self._selling(sku)
        if not listing["on_sale"]:
            raise LookupError(f"{sku} is not for sale")
        if listing["stock"][sku] < quantity:
            raise ValueError(f"{listing['stock'][sku]} of {sku} are left")
        listing["stock"][sku] -= quantity
        return {
            "id": number,
            "sku": sku,
            "title": listing["title"],
            "quantity": quantity,
            "price": listing["prices"][sku],
            "cancelled": 0,
            "returned": 0,
            "shipped": 0,
        }

    def _selling(self, sku: str) -> dict[str, Any]:
        for listing in self.listings.values():
            if sku in listing["stock"]:
                return listing
        raise LookupError(f"{sku} is not for sale")

    def cancel(self, order_id: str, lines: Mapping[str, int] | None, *, restock: bool) -> None:
        """Cancel units."""
        self._give_back(order_id, lines, "cancelled", restock=restock)

    def refund(self, order_id: str, lines: Mapping[str, int] | None, *, restock: bool) -> None:
        """Refund units."""
        self._give_back(order_id, lines, "returned", restock=restock)

    def _give_back(
        self, order_id: str, units: Mapping[str, int] | None, kind: str, *, restock: bool
    ) -> None:
        order = self._order(order_id)
        for line in order["lines"]:
            back = line["quantity"] if units is None else units.get(line["sku"], 0)
            refunded = Decimal(order["refunded"]) + back * Decimal(line["price"])
            order["refunded"] = str(refunded)
            if restock:
                line[kind] += back
                self._selling(line["sku"])["stock"][line["sku"]] += back
        if all(line["cancelled"] == line["quantity"] for line in order["lines"]):
            order["status"] = "cancelled"
        order["updated_at"] = self.clock.now().isoformat()

    def _order(self, order_id: str) -> dict[str, Any]:
        if order_id not in self.orders:
            raise LookupError(f"no order {order_id}")
        return self.orders[order_id]

    def deliver(self, order_id: str) -> None:
        """A parcel arrives, and PlainShop does not hear of it."""
        self._order(order_id)

    def poison(self, order_id: str) -> None:
        """Tell an order in a currency that nobody can count."""
        self._order(order_id).update(currency=POISON, updated_at=self.clock.now().isoformat())

    def heal(self, order_id: str) -> None:
        """Tell it in dirhams again."""
        self._order(order_id).update(currency="MAD", updated_at=self.clock.now().isoformat())


def _shown(key: str, listing: Mapping[str, Any]) -> ShownListing:
    return ShownListing(
        remote_id=key,
        title=listing["title"],
        description=listing["description"],
        present=listing["on_sale"],
        photos=[f"data:image/jpeg;base64,{photo}" for photo in listing["photos"]],
        offers=[
            ShownOffer(
                sku=sku,
                price=price,
                currency="MAD",
                available=listing["stock"][sku],
                options=listing["options"].get(sku, {}),
            )
            for sku, price in listing["prices"].items()
        ],
    )


def _operation(method: str, path: str, _body: bytes) -> str | None:
    return None if path.startswith("/_sandbox") or path == "/" else f"{method} {path.split('/')[1]}"


def _add_door(app: FastAPI, market: PlainShopMarket) -> None:
    @app.middleware("http")
    async def guard(request: Request, call_next: Any) -> Any:
        operation = _operation(request.method, request.url.path, b"")
        if operation is None:
            return await call_next(request)
        market.calls[operation] += 1
        if market.faults.strike(operation, FaultKind.THROTTLE):
            return JSONResponse({}, 429, {"retry-after": "1"})
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse({}, 401)
        return await call_next(request)

    @app.get("/shop")
    def shop() -> dict[str, str]:
        return {"id": "1", "name": "Dar Sanaa", "currency": "MAD"}


def _add_listings(app: FastAPI, market: PlainShopMarket) -> None:
    @app.put("/listings/{key}")
    def put(key: str, listing: dict[str, Any]) -> Any:
        return _refusal(listing) or _kept(market, key, listing)

    @app.patch("/listings/{key}")
    def patch(key: str, changes: dict[str, Any]) -> Any:
        return _refusal(changes) or _kept(market, key, market.listings[key] | changes)

    @app.get("/listings")
    def listings(after: str = "") -> dict[str, Any]:
        items = [{"key": key, **one} for key, one in market.listings.items()]
        return _page(sorted(items, key=lambda item: str(item["key"])), "key", after)


def _add_orders(app: FastAPI, market: PlainShopMarket) -> None:
    @app.get("/orders")
    def orders(since: str, after: str = "") -> dict[str, Any]:
        changed = [
            {**order, "place": f"{order['updated_at']} {order['id']}"}
            for order in market.orders.values()
            if order["updated_at"] >= since
        ]
        return _page(sorted(changed, key=lambda order: str(order["place"])), "place", after)

    @app.post("/orders/{order_id}/shipments")
    def ship(order_id: str, parcel: dict[str, Any]) -> Any:
        if order_id not in market.orders:
            error = {"code": "no_order", "field": None, "message": f"no order {order_id}"}
            return JSONResponse({"errors": [error]}, 404)
        order = market.orders[order_id]
        if parcel["tracking"] in order.setdefault("parcels", []):
            return {}
        order["parcels"].append(parcel["tracking"])
        order |= {"status": "shipped", "updated_at": market.clock.now().isoformat()}
        for line in order["lines"]:
            line["shipped"] += parcel["lines"].get(line["id"], 0)
        return {}


def _refusal(listing: Mapping[str, Any]) -> JSONResponse | None:
    if len(listing.get("title", "")) <= TITLE:
        return None
    error = {"code": "long", "field": "title", "message": f"a title has {TITLE} characters"}
    return JSONResponse({"errors": [error]}, 422)


def _kept(market: PlainShopMarket, key: str, listing: dict[str, Any]) -> dict[str, Any]:
    for photo in listing["photos"]:
        if not base64.b64decode(photo).startswith(b"\xff\xd8"):
            raise HTTPException(400, "photos are JPEG")
    market.listings[key] = listing
    return {}


def _page(items: list[dict[str, Any]], place: str, after: str) -> dict[str, Any]:
    rest = [item for item in items if str(item[place]) > after]
    more = len(rest) > PAGE
    return {"items": rest[:PAGE], "next": rest[PAGE - 1][place] if more else None}
