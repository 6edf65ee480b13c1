"""A listing beside its source, with the pictures as its marketplace gets them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from starlette.responses import Response

from catalog.pricing.rates import Rate
from connectors.clock import SystemClock
from connectors.protocol import Facet, Marketplace
from images.errors import BadPhoto
from images.renditions import rendition
from jobs import rates
from jobs.listing_sides import Coming, Sides, SkuPrice, coming, pictures, prices, sides
from jobs.listing_states import approve, hold
from jobs.plan import Action, ListingPlan
from jobs.planning import Undraftable
from trade_ma.api.problems import not_found
from trade_ma.api.subject import Id
from trade_ma.console import listing_words as words
from trade_ma.console.complaint_words import complaints_told
from trade_ma.console.price_steps import amount, step_lines
from trade_ma.console.recording import record
from trade_ma.console.refusal_words import refusal_told, trouble_told
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission
from trade_ma.workshop import market_of

router = page_router()
Reader = Annotated[Visit, allowed(Permission.LISTINGS_READ)]
Decider = Annotated[Visit, allowed(Permission.SYNC_RUN)]


@router.get("/listings/{listing_id}")
def listing(visit: Reader, listing_id: Id) -> Response:
    """What the market shows beside what the product says, and what the next pass would send."""
    one = _found(visit, listing_id)
    market = _market(one)
    known = _rates(visit)
    return visit.page(
        "listings/listing.html",
        one=one,
        state=words.state_told(visit, one.row.listing.state),
        may_decide=visit.principal.may(Permission.SYNC_RUN),
        facets=[_facet(visit, one, facet) for facet in Facet],
        issues=[words.issue_told(visit, issue) for issue in one.row.issues],
        texts=one.accepted(Facet.CONTENT).get("texts", {}),
        prices=_prices(visit, one, market, known),
        stock=_stock(one),
        pictures=_pictures(visit, one, market),
        coming=_coming(visit, one, market, known),
    )


@router.post("/listings/{listing_id}/hold")
def hold_it(visit: Decider, listing_id: Id) -> Response:
    """Send nothing of it until a person approves it; what is on sale stays so."""
    one = _found(visit, listing_id)
    by = visit.principal.name
    hold(visit.session, one.channel, one.row.product.id or 0, by, datetime.now(UTC))
    record(visit, "listing.hold", _object(one), after={"held_by": by})
    return visit.to(f"/listings/{listing_id}", visit.say("Nothing is sent until you approve it."))


@router.post("/listings/{listing_id}/approve")
def approve_it(visit: Decider, listing_id: Id) -> Response:
    """Let it go: the next pass sends what it shows."""
    one = _found(visit, listing_id)
    before = {"held_by": one.row.listing.held_by}
    approve(visit.session, one.channel, one.row.product.id or 0)
    record(visit, "listing.approve", _object(one), before=before)
    return visit.to(f"/listings/{listing_id}", visit.say("Approved: the next pass sends it."))


def _object(one: Sides) -> str:
    return f"listing:{one.channel.code}:{one.row.product.code}"


@router.get("/listings/{listing_id}/photos/{place}")
def picture(visit: Reader, listing_id: Id, place: int) -> Response:
    """The photo at that place, from 0, as the marketplace gets it."""
    one = _found(visit, listing_id)
    market = _market(one)
    found = [each for each in (pictures(one, market) if market else []) if each.place == place]
    # No transaction is open while a photo is rendered.
    visit.session.rollback()
    if not found or found[0].rule is None:
        raise not_found(f"There is no photo {place} of listing {listing_id}.")
    try:
        content = rendition(visit.installation.photos, found[0].sha256, found[0].rule)
    except (BadPhoto, FileNotFoundError) as error:
        raise not_found(f"Photo {place} of listing {listing_id} cannot be rendered.") from error
    kept = {"Cache-Control": "private, max-age=300"}
    return Response(content, media_type=found[0].rule.media_type, headers=kept)


def _found(visit: Visit, listing_id: int) -> Sides:
    try:
        return sides(visit.session, listing_id, visit.principal.maker_id)
    except LookupError as error:
        raise not_found(f"There is no listing {listing_id}.") from error


def _market(one: Sides) -> Marketplace | None:
    """The listing's marketplace; None where it is not installed any more."""
    try:
        return market_of(one.channel)
    except LookupError:
        return None


def _rates(visit: Visit) -> Mapping[str, Rate]:
    """The rates in use; none where their file cannot be read, which each price then says."""
    try:
        return rates.current(visit.session, visit.installation.settings.rates_file)
    except (OSError, ValueError):
        return {}


def _facet(visit: Visit, one: Sides, facet: Facet) -> Mapping[str, Any]:
    side = next(side for side in one.facets if side.facet is facet)
    label, tone = words.STANDINGS[side.standing]
    return {
        "name": visit.say(words.FACETS[facet]),
        "state": {"label": visit.say(label), "tone": tone},
        "accepted_at": side.accepted_at,
    }


def _prices(
    visit: Visit, one: Sides, market: Marketplace | None, known: Mapping[str, Rate]
) -> Mapping[str, Any]:
    """Each SKU's price with its steps, or why there is none."""
    if market is None:
        return {"rows": [], "trouble": visit.say("Its marketplace is not installed any more.")}
    try:
        priced = prices(one, market, known, datetime.now(UTC))
    except (LookupError, ValueError) as error:
        return {"rows": [], "trouble": refusal_told(visit, error)}
    shown = one.accepted(Facet.PRICE)
    own = {variant.sku: variant.price for variant in one.source.variants} if one.source else {}
    return {"rows": [_price(visit, each, own, shown) for each in priced], "trouble": ""}


def _price(
    visit: Visit, priced: SkuPrice, own: Mapping[str, Any], shown: Mapping[str, str]
) -> Mapping[str, Any]:
    told = shown.get(priced.sku)
    return {
        "sku": priced.sku,
        "own": amount(visit, own[priced.sku]),
        "shown": words.price_told(visit, told) if told else "",
        "steps": step_lines(visit, priced.explained) if priced.explained else [],
        "trouble": trouble_told(visit, priced.trouble),
    }


def _stock(one: Sides) -> list[Mapping[str, Any]]:
    shown = one.accepted(Facet.STOCK)
    available = one.source.available if one.source else {}
    return [
        {"sku": sku, "available": max(0, units), "shown": shown.get(sku)}
        for sku, units in available.items()
    ]


def _pictures(visit: Visit, one: Sides, market: Marketplace | None) -> list[Mapping[str, Any]]:
    if market is None:
        return []
    return [
        {
            "source": f"/listings/{one.row.listing.id}/photos/{each.place}" if each.rule else "",
            "alt": each.alt or one.row.product.title,
            "rule": words.rule_told(visit, each.rule) if each.rule else "",
        }
        for each in pictures(one, market)
    ]


def _coming(
    visit: Visit, one: Sides, market: Marketplace | None, known: Mapping[str, Rate]
) -> Mapping[str, Any]:
    """What the next pass would do, in words."""
    if market is None:
        return _nothing(visit.say("Its marketplace is not installed any more."))
    match coming(visit.session, one, market, known, SystemClock()):
        case Coming(planned=None, trouble=None):
            return _nothing(visit.say("The product has no variant yet: there is nothing to sell."))
        case Coming(planned=None, trouble=trouble):
            return _nothing(trouble_told(visit, trouble))
        case Coming(planned=planned) if planned:
            match planned.plan:
                case Undraftable():
                    return _nothing(complaints_told(visit, planned.remarks))
                case ListingPlan() as plan:
                    return _plan(visit, plan)
    raise AssertionError


def _nothing(trouble: str) -> Mapping[str, Any]:
    return {"words": "", "changes": [], "trouble": trouble, "held": False}


def _plan(visit: Visit, plan: ListingPlan) -> Mapping[str, Any]:
    listed = [] if plan.action is Action.CREATE else plan.facets.items()
    changes = [
        (visit.say(words.FACETS[facet]), list(words.changes(visit, facet, differences)))
        for facet, differences in listed
    ]
    told = visit.say(words.ACTIONS[plan.action])
    return {"words": told, "changes": changes, "trouble": "", "held": plan.held}
