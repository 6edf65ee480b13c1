"""Prices: a SKU's on every channel with its steps, and another policy or rate tried."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel
from starlette.responses import Response

from catalog.pricing.rates import Rate
from jobs import price_trials, pricing
from jobs.channels import find
from jobs.models import Channel
from jobs.price_trials import Offered, Trial, terms_if, trial
from jobs.pricing import Repriced
from trade_ma.api.routers.rates import rates_in_use
from trade_ma.console.price_steps import amount, step_lines
from trade_ma.console.refusal_words import refusal_told, trouble_told
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission

router = page_router()
Reader = Annotated[Visit, allowed(Permission.PRICES_READ)]
# Of the prices that would change so many are shown.
SHOWN = 50


class Wish(BaseModel):
    """What to try on a channel, as it is written in the form."""

    channel: str = ""
    margin: str = ""
    currency: str = ""
    rate: str = ""


@router.get("/prices")
def prices(visit: Reader, sku: str = "") -> Response:
    """A SKU's price on each channel, with its steps in words."""
    sku = sku.strip().replace("\0", "")
    errors: dict[str, str] = {}
    offered: list[Offered] = []
    if sku:
        try:
            pricing.variant_of(visit.session, sku, visit.principal.maker_id)
        except LookupError:
            errors["sku"] = visit.say("No product has this SKU.")
        else:
            rates = rates_in_use(visit.session, visit.installation)
            offered = list(price_trials.everywhere(visit.session, sku, rates, datetime.now(UTC)))
    return visit.page(
        "prices/prices.html",
        sku=sku,
        errors=errors,
        offers=[_offer(visit, one) for one in offered],
        any_channel=bool(find(visit.session)),
    )


def _offer(visit: Visit, one: Offered) -> Mapping[str, Any]:
    if one.explained is None:
        trouble = trouble_told(visit, one.trouble)
        return {"channel": one.channel, "trouble": trouble, "price": "", "lines": []}
    return {
        "channel": one.channel,
        "trouble": "",
        "price": amount(visit, one.explained.priced.price),
        "lines": step_lines(visit, one.explained),
    }


@router.get("/prices/try")
def try_prices(visit: Reader, wish: Annotated[Wish, Query()]) -> Response:
    """What another margin or rate would change on a channel; it changes nothing."""
    channels = find(visit.session)
    errors: dict[str, str] = {}
    tried = None
    if wish.channel:
        chosen = next((one for one in channels if one.code == wish.channel), None)
        tried = _tried(visit, chosen, wish, errors)
    return visit.page(
        "prices/try.html",
        wish=wish,
        channels=[(one.code, f"{one.code} ({one.currency})") for one in channels],
        errors=errors,
        tried=_trial(visit, tried) if tried else None,
        status=422 if errors else 200,
    )


def _tried(
    visit: Visit, channel: Channel | None, wish: Wish, errors: dict[str, str]
) -> Trial | None:
    """The trial, or None with what is wrong in `errors`."""
    if channel is None:
        errors["channel"] = visit.say("There is no such channel.")
        return None
    margin = _figure(visit, wish.margin, "margin", errors)
    rate = _figure(visit, wish.rate, "rate", errors)
    if errors:
        return None
    now, session = datetime.now(UTC), visit.session
    rates = dict(rates_in_use(session, visit.installation))
    code = wish.currency.upper().strip()[:3] or channel.currency
    if rate:
        rates[code] = Rate(code, rate, now.date(), visit.say("as asked for"))
    policy = {} if margin is None else {"margin": str(margin)}
    try:
        terms = terms_if(channel, rates, policy)
    except (LookupError, ValueError) as trouble:
        errors["margin"] = refusal_told(visit, trouble)
        return None
    return trial(session, channel, terms, now, visit.principal.maker_id)


def _figure(visit: Visit, text: str, field: str, errors: dict[str, str]) -> Decimal | None:
    if not text.strip():
        return None
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value < 10**6 or (field == "rate" and not value):
        errors[field] = visit.say("Write a number, such as 9.8.")
        return None
    return value


def _trial(visit: Visit, told: Trial) -> Mapping[str, Any]:
    return {
        "moved": told.moved,
        "steady": sum(told.steady.values()),
        "changes": [_change(visit, one) for one in told.changes[:SHOWN]],
        "more": max(0, told.moved - SHOWN),
    }


def _change(visit: Visit, one: Repriced) -> Mapping[str, str]:
    raised = visit.say("Raised to the floor") if one.raised else ""
    return {
        "sku": one.sku,
        "shown": amount(visit, one.shown) if one.shown else "–",
        "new": amount(visit, one.new) if one.new else "–",
        "move": _move(one),
        "trouble": trouble_told(visit, one.trouble) or raised,
    }


def _move(one: Repriced) -> str:
    if not (one.shown and one.new and one.shown.amount and one.shown.currency == one.new.currency):
        return ""
    return f"{(one.new.amount / one.shown.amount - 1) * 100:+.1f} %"
