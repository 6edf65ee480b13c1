"""Exchange rates: those in use with their days and sources, and jumps that a person confirms."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from babel.numbers import format_decimal
from fastapi import Form
from starlette.responses import Response

from catalog.pricing import history
from catalog.pricing.rates import PRACTICE, Rate
from jobs import order_money
from jobs.rates import LARGEST_MOVE
from trade_ma.api.problems import Problem
from trade_ma.api.routers.rates import rates_in_use, released, shown, taken_from_source
from trade_ma.console.flashes import Tone
from trade_ma.console.rate_words import source_named
from trade_ma.console.recording import record
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission

router = page_router()
Reader = Annotated[Visit, allowed(Permission.PRICES_READ)]
Writer = Annotated[Visit, allowed(Permission.CHANNELS_WRITE)]
PATH = "/prices/rates"


@router.get(PATH)
def rates(visit: Reader) -> Response:
    """The rates that prices are made of."""
    used = rates_in_use(visit.session, visit.installation)
    in_use = {one["currency"]: one["said"] for one in _told(visit, used.values())}
    return visit.page(
        "prices/rates.html",
        used=_told(visit, used.values()),
        held=[
            {**one, "before": in_use.get(one["currency"], "")}
            for one in _told(visit, history.waiting(visit.session).values())
        ],
        most=LARGEST_MOVE,
        practised=not history.latest(visit.session)
        and any(one.source == PRACTICE for one in used.values()),
        unvalued=order_money.unvalued(visit.session),
        may_write=visit.principal.may(Permission.CHANNELS_WRITE),
    )


def _told(visit: Visit, rates: Iterable[Rate]) -> list[dict[str, Any]]:
    return [
        {
            "currency": one.currency,
            "figure": one.mad_per_unit,
            "said": _figure(visit, one.mad_per_unit),
            "date": one.date,
            "source": source_named(visit, one.source),
        }
        for one in rates
        if one.currency != "MAD"
    ]


def _figure(visit: Visit, value: Decimal) -> str:
    """A rate with all its digits, and no idle zeros."""
    return format_decimal(value, "#,##0.##########", locale=visit.language.locale)


@router.post(f"{PATH}/fetch")
def fetch(visit: Writer) -> Response:
    """Ask for the day's rates."""
    visit.session.rollback()
    try:
        taken = taken_from_source(visit.session, visit.installation)
    except Problem as problem:
        visit.session.rollback()
        told = visit.say("The rates could not be fetched: try again in a while. It was told:")
        return visit.to(PATH, told, Tone.ERROR, problem.detail)
    kept = {one.currency: str(one.mad_per_unit) for one in taken.kept}
    held = {one.currency: str(one.mad_per_unit) for one in taken.held}
    record(visit, "rates.fetch", "rates", after={"kept": kept, "held": held})
    words = visit.counted("%(count)s rate is new.", "%(count)s rates are new.", len(kept))
    return visit.to(PATH, words, Tone.WARNING if held else Tone.SUCCESS)


@router.post(f"{PATH}/confirm")
def confirm(
    visit: Writer,
    currency: Annotated[str, Form(max_length=3)],
    figure: Annotated[Decimal, Form()],
    day: Annotated[date, Form()],
) -> Response:
    """Put to use a rate that was held, as it was read."""
    try:
        freed = released(visit.session, currency, figure, day)
    except Problem:
        visit.session.rollback()
        told = visit.say("Another rate waits by now: look at it again.")
        return visit.to(PATH, told, Tone.ERROR)
    after = shown(freed).model_dump(mode="json")
    record(visit, "rates.confirm", f"rate:{currency}", after=after)
    return visit.to(PATH, visit.say("The rate of %(currency)s is in use.", currency=currency))
