"""The control endpoints that every sandbox has: buyers, faults, the clock, and what a buyer sees.

They stand under /_sandbox, beside the marketplace's own addresses, and are the same for all.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Protocol

from babel import Locale, UnknownLocaleError
from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field
from starlette.types import ASGIApp

from connectors.clock import Clock, VirtualClock
from connectors.sandbox.faults import Fault, Faults


class ShownOffer(BaseModel):
    """One SKU as a buyer sees it."""

    sku: str
    price: str = Field(description="Amount in the listing's currency, such as 89.00")
    currency: str
    available: int
    options: dict[str, str] = {}


class ShownListing(BaseModel):
    """One listing as a buyer sees it."""

    remote_id: str
    title: str
    description: str = ""
    offers: list[ShownOffer]
    present: bool
    photos: list[str] = Field(default=[], description="Addresses of the pictures, main one first.")
    texts: dict[str, str] = Field(default={}, description="Title by locale, where translated.")


class Basket(BaseModel):
    """What a simulated buyer orders: quantities by SKU."""

    lines: dict[str, int]
    country: str = "US"


class GivenBack(BaseModel):
    """Units of an order cancelled before shipping, or refunded after it. All without `lines`."""

    lines: dict[str, int] | None = None
    restock: bool = True


# What a poisoned order is told in: a currency that marketplaces know and no list of currencies
# does, so that the marketplace's contract allows it and nobody can count it.
POISON = "USDC"


class Market(Protocol):
    """What a sandbox marketplace offers to its control endpoints."""

    name: str
    clock: Clock
    faults: Faults
    calls: Counter[str]

    def shown(self) -> list[ShownListing]:
        """Every listing, as a buyer would see it; ended ones say so by `present`."""
        ...

    def buy(self, lines: Mapping[str, int], country: str) -> str:
        """Place a paid order and take its units off the market; the order's id.

        Raises LookupError for a SKU that is not for sale, ValueError where too few are left.
        """
        ...

    def cancel(self, order_id: str, lines: Mapping[str, int] | None, *, restock: bool) -> None:
        """Cancel units of an unshipped order. Raises LookupError for an unknown order."""
        ...

    def refund(self, order_id: str, lines: Mapping[str, int] | None, *, restock: bool) -> None:
        """Refund units of an order. Raises LookupError for an unknown order."""
        ...

    def deliver(self, order_id: str) -> None:
        """What was shipped of an order arrives. Raises LookupError where nothing was shipped."""
        ...

    def poison(self, order_id: str) -> None:
        """Tell of an order as nobody can read it. Raises LookupError for an unknown order."""
        ...

    def heal(self, order_id: str) -> None:
        """Tell of a poisoned order as it is, as changed now. Raises LookupError for another."""
        ...


class ServedMarket(Market, Protocol):
    """A sandbox marketplace that speaks the marketplace's own HTTP.

    `credentials` open the one account it has; `settings` are what that account's channel needs
    beside them.
    """

    credentials: Mapping[str, str]
    settings: Mapping[str, str]

    def app(self) -> ASGIApp:
        """The marketplace's own addresses, its token endpoint, and the control endpoints."""
        ...


def control_router(market: Market) -> APIRouter:
    """The control endpoints of `market`."""
    router = APIRouter()
    _add_buyers(router, market)
    _add_weather(router, market)

    @router.get("/_sandbox/listings")
    def listings() -> list[ShownListing]:
        return market.shown()

    @router.get("/_sandbox/calls")
    def calls() -> dict[str, int]:
        return dict(market.calls)

    @router.get("/", response_class=HTMLResponse)
    def page() -> str:
        return buyers_page(market.name, [shown for shown in market.shown() if shown.present])

    return router


def _add_buyers(router: APIRouter, market: Market) -> None:
    @router.post("/_sandbox/orders", status_code=201)
    def buy(basket: Basket) -> dict[str, str]:
        try:
            return {"order_id": market.buy(basket.lines, basket.country)}
        except (LookupError, ValueError) as error:
            raise HTTPException(409, str(error)) from error

    @router.post("/_sandbox/orders/{order_id:path}/cancel", status_code=204)
    def cancel(order_id: str, given_back: GivenBack) -> None:
        _known_order(lambda: market.cancel(order_id, given_back.lines, restock=given_back.restock))

    @router.post("/_sandbox/orders/{order_id:path}/refund", status_code=204)
    def refund(order_id: str, given_back: GivenBack) -> None:
        _known_order(lambda: market.refund(order_id, given_back.lines, restock=given_back.restock))

    @router.post("/_sandbox/orders/{order_id:path}/deliver", status_code=204)
    def deliver(order_id: str) -> None:
        _known_order(lambda: market.deliver(order_id))

    @router.post("/_sandbox/orders/{order_id:path}/poison", status_code=204)
    def poison(order_id: str) -> None:
        _known_order(lambda: market.poison(order_id))

    @router.post("/_sandbox/orders/{order_id:path}/heal", status_code=204)
    def heal(order_id: str) -> None:
        _known_order(lambda: market.heal(order_id))


def _add_weather(router: APIRouter, market: Market) -> None:
    @router.post("/_sandbox/faults", status_code=204)
    def arm(fault: Fault) -> None:
        market.faults.arm(fault)

    @router.delete("/_sandbox/faults", status_code=204)
    def clear() -> None:
        market.faults.clear()

    @router.post("/_sandbox/clock", status_code=204)
    def advance(seconds: float) -> None:
        if not isinstance(market.clock, VirtualClock):
            raise HTTPException(409, "this sandbox runs on real time")
        market.clock.sleep(seconds)


def _known_order(act: Callable[[], None]) -> None:
    try:
        act()
    except LookupError as error:
        raise HTTPException(404, str(error)) from error


def buyers_page(name: str, listings: Sequence[ShownListing]) -> str:
    """The market's page: what a buyer sees of those listings."""
    cards = "".join(_card(listing) for listing in listings)
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(name)} sandbox</title>"
        "<meta name=viewport content='width=device-width'>"
        f"<style>{_STYLE}</style><h1>{escape(name)}, the practice market</h1>"
        f"<p>{len(listings)} listings on sale</p><main>{cards}</main></html>"
    )


def _card(listing: ShownListing) -> str:
    picture = (
        f"<img loading=lazy alt='' src='{escape(listing.photos[0])}'>" if listing.photos else ""
    )
    offers = "".join(
        f"<li>{escape(' / '.join(offer.options.values()) or offer.sku)}: "
        f"<b>{escape(offer.price)} {escape(offer.currency)}</b> ({offer.available} left)</li>"
        for offer in listing.offers
    )
    return (
        f"<article>{picture}<h2 dir=auto>{escape(listing.title)}</h2><ul>{offers}</ul>"
        f"<p dir=auto>{escape(listing.description[:200])}</p>{_translations(listing)}</article>"
    )


def _translations(listing: ShownListing) -> str:
    """The titles in other languages, each in the direction that its language is written."""
    return "".join(
        f"<p lang='{escape(tag.replace('_', '-'))}' dir={_direction(tag)}>{escape(title)}</p>"
        for tag, title in listing.texts.items()
        if title != listing.title
    )


def _direction(tag: str) -> str:
    """Rtl or ltr, by the language of a tag such as ar or ar_AE."""
    language = tag.replace("-", "_").partition("_")[0]
    try:
        order = Locale.parse(language).character_order
    except (UnknownLocaleError, ValueError):
        return "auto"
    return "rtl" if order == "right-to-left" else "ltr"


_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem;color:#222}"
    "main{display:grid;grid-template-columns:repeat(auto-fill,minmax(16rem,1fr));gap:1.5rem}"
    "article{border:1px solid #ddd;border-radius:.5rem;padding:1rem;overflow:hidden}"
    "img{width:100%;aspect-ratio:1;object-fit:cover;border-radius:.25rem}"
    "h2{font-size:1rem}ul{padding-left:1rem}p{color:#555}"
)
