"""Practice: publish to a market where nothing is real, look at it as a buyer, buy, and ship."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import Form, Request
from starlette.responses import HTMLResponse, Response

from connectors.errors import ConnectorError
from connectors.sandbox import control
from connectors.sandbox.control import ShownListing
from jobs.models import OrderStage
from jobs.order_book import OrderSummary
from jobs.status import OpenIssue
from trade_ma.api.problems import not_found
from trade_ma.console.complaint_words import complaint_told
from trade_ma.console.flashes import Tone
from trade_ma.console.languages import marked
from trade_ma.console.pages.runs import live_values
from trade_ma.console.recording import record
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission
from trade_ma.practice import Practice, Stall

router = page_router()
Learner = Annotated[Visit, allowed(Permission.PRACTICE_RUN)]
# The sandbox's page has a style of its own, and nothing else that runs.
BUYERS_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
# So many are shown: who mends these sees the others.
COMPLAINTS = 20
SHIPPABLE = frozenset({OrderStage.TO_SHIP, OrderStage.PARTLY_SHIPPED})
STAGES = {
    OrderStage.TO_SHIP: marked("To be shipped"),
    OrderStage.PARTLY_SHIPPED: marked("Partly shipped"),
    OrderStage.SHIPPED: marked("Shipped"),
}


@router.get("/practice")
def practice(visit: Learner) -> Response:
    """The practice markets, what is for sale there, and the orders that came of it."""
    market: Practice | None = visit.request.app.state.practice
    if market is None:
        return visit.page("practice/off.html")
    maker = visit.principal.maker_id
    return visit.page(
        "practice/practice.html",
        stalls=[_card(market, one, maker) for one in market.stalls.values()],
        complaints=[_complaint(visit, *one) for one in market.complaints(maker)[:COMPLAINTS]],
        orders=[_order(visit, one) for one in market.orders(maker)],
        only_ours=maker is not None,
        **live_values(market.passes.standings()),
    )


def _card(market: Practice, stall: Stall, maker: int | None) -> dict[str, Any]:
    listings = market.shown(stall.code, maker)
    return {
        "code": stall.code,
        "name": stall.market.name,
        "is_open": market.is_open(stall.code),
        "count": len(listings),
        "offers": [
            (offer.sku, one.title, offer.price, offer.currency)
            for one in listings[:12]
            for offer in one.offers
            if offer.available
        ],
    }


def _order(visit: Visit, one: OrderSummary) -> dict[str, Any]:
    stage = one.order.stage
    return {
        "channel": one.channel,
        "number": one.order.number,
        "lines": [(line.quantity, line.title or line.sku or "") for line in one.lines],
        "stage": visit.say(STAGES[stage]) if stage in STAGES else str(stage or ""),
        "may_ship": stage in SHIPPABLE,
    }


def _complaint(visit: Visit, code: str, issue: OpenIssue) -> Mapping[str, str]:
    told = complaint_told(visit, issue.code, issue.message)
    return {"code": code, "key": issue.key, "told": told}


def _running(request: Request) -> Practice:
    market: Practice | None = request.app.state.practice
    if market is None:
        raise not_found("There is no practice market.")
    return market


def _stall(market: Practice, code: str) -> Stall:
    if code not in market.stalls:
        raise not_found(f"There is no practice market {code}.")
    return market.stalls[code]


@router.post("/practice/publish")
def publish(visit: Learner) -> Response:
    """List one's own products there; a manager lists everybody's."""
    market = _running(visit.request)
    # The copy reads in a session of its own: no transaction of ours is open meanwhile.
    visit.session.rollback()
    count = market.publish(visit.principal.maker_id)
    if not count:
        words = visit.say("There is no product to publish yet: add or import one first.")
        return visit.to("/practice", words, Tone.WARNING)
    record(visit, "practice.publish", "practice")
    words = visit.counted(
        "%(count)s product goes to the practice markets: watch it here.",
        "%(count)s products go to the practice markets: watch them here.",
        count,
    )
    return visit.to("/practice", words)


@router.get("/practice/live")
def live(visit: Learner) -> Response:
    """How publishing stands: asked for again and again until it is over."""
    standings = _running(visit.request).passes.standings()
    return visit.page("practice/live.html", **live_values(standings))


@router.post("/practice/{code}/buy")
def buy(visit: Learner, code: str, sku: Annotated[str, Form()]) -> Response:
    """Buy one, as somebody far away would."""
    market = _running(visit.request)
    _stall(market, code)
    visit.session.rollback()
    try:
        market.buy(code, sku, visit.principal.maker_id)
    except (LookupError, ValueError):
        words = visit.say("That is not for sale any more.")
        return visit.to("/practice", words, Tone.WARNING)
    record(visit, "practice.buy", f"practice:{code}")
    return visit.to("/practice", visit.say("Sold! The order stands below: pack it and ship it."))


@router.post("/practice/{code}/ship")
def ship(
    visit: Learner,
    code: str,
    number: Annotated[str, Form()],
    tracking: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Hand a practice order to the carrier."""
    market = _running(visit.request)
    _stall(market, code)
    visit.session.rollback()
    tracking = tracking.strip() or f"PRACTICE{uuid4().hex[:8].upper()}"
    try:
        market.ship(code, number, tracking, visit.principal.maker_id)
    except (ConnectorError, LookupError, ValueError) as error:
        told = visit.say("It cannot be shipped.")
        return visit.to("/practice", told, Tone.WARNING, str(error))
    record(visit, "practice.ship", f"practice:{code}")
    return visit.to("/practice", visit.say("Shipped: the buyer was told the tracking number."))


@router.get("/practice/{code}/")
def buyers_page(visit: Learner, code: str) -> Response:
    """The market's page as a buyer sees it, its pictures fetched through here."""
    market = _running(visit.request)
    stall = _stall(market, code)
    listings = _through_here(code, market.shown(code, visit.principal.maker_id))
    headers = {"Content-Security-Policy": BUYERS_POLICY}
    return HTMLResponse(control.buyers_page(stall.market.name, listings), headers=headers)


def _through_here(code: str, listings: Sequence[ShownListing]) -> list[ShownListing]:
    def address(listing: ShownListing, number: int) -> str:
        asked = urlencode({"of": listing.remote_id, "number": number})
        return f"/practice/{code}/picture?{asked}"

    return [
        one.model_copy(update={"photos": [address(one, n) for n in range(len(one.photos))]})
        for one in listings
    ]


@router.get("/practice/{code}/picture")
def picture(visit: Learner, code: str, of: str, number: int = 0) -> Response:
    """A picture of a listing there."""
    market = _running(visit.request)
    _stall(market, code)
    listings = market.shown(code, visit.principal.maker_id)
    mine = any(one.remote_id == of for one in listings)
    found = market.picture(code, of, max(number, 0)) if mine else None
    if found is None:
        raise not_found("There is no such picture.")
    return Response(found[0], media_type=found[1])
