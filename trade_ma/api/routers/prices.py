"""Prices: why one is what it is, the channels' policies, and what another would change."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field
from sqlmodel import Session

from catalog.pricing.rates import Rate
from catalog.pricing.terms import PriceTerms
from jobs import price_trials, pricing
from jobs.channels import find
from jobs.models import Channel
from jobs.price_trials import Trial, terms_if, trial
from jobs.pricing import Repriced, money_text
from trade_ma import price_words
from trade_ma.api.access import DbSession, Installation, require
from trade_ma.api.problems import conflict, invalid, not_found
from trade_ma.api.routers.rates import rates_in_use
from trade_ma.api.subject import Text, subject
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import Principal

router = subject("prices")
Reader = Annotated[Principal, require(Permission.PRICES_READ)]
Code = Annotated[Text, Query(max_length=60)]
Figure = Annotated[Decimal, Field(gt=0, lt=10**9, max_digits=18, decimal_places=8)]


class StepShown(BaseModel):
    """A step of a price: the price so far, and why."""

    step: str = Field(examples=["margin"])
    name: str
    amount: str = Field(examples=["89.00 USD"])
    why: str


class PriceExplained(BaseModel):
    """A price, and how it came about. Where there is none, `trouble` says why."""

    sku: str
    channel: str
    price: str | None
    steps: list[StepShown]
    trouble: str = ""


class PolicyShown(BaseModel):
    """What is decided about the prices of a channel."""

    channel: str
    currency: str
    policy: dict[str, Any]


class Policies(BaseModel):
    """Every channel's."""

    items: list[PolicyShown]


class Explanations(BaseModel):
    """A SKU on every channel."""

    items: list[PriceExplained]


class Wanted(BaseModel):
    """What to try: other settings of a channel's price policy, other rates, or both."""

    channel: Text = Field(max_length=60)
    policy: dict[Text, Any] = Field(default_factory=dict, max_length=20, examples=[{"margin": 20}])
    rates: dict[Text, Figure] = Field(
        default_factory=dict,
        max_length=20,
        description="Dirhams for one unit, by currency.",
        examples=[{"USD": "9.8"}],
    )


class Change(BaseModel):
    """A SKU whose price would be another."""

    sku: str
    shown: str | None
    new: str | None
    raised: bool = Field(description="Raised to the floor.")
    trouble: str | None


class Tried(BaseModel):
    """What would change. Nothing was changed."""

    channel: str
    moved: int
    steady: dict[str, int] = Field(description="SKUs that stay, by what holds them.")
    changes: list[Change] = Field(description=f"The first {price_trials.KEPT}.")


@router.get("/explain", summary="Why a SKU's price is what it is")
def explain_price(
    sku: Annotated[Text, Query(max_length=100)],
    session: DbSession,
    principal: Reader,
    installation: Installation,
    channel: Annotated[Text | None, Query(max_length=60)] = None,
) -> Explanations:
    """The steps of the price, on one channel or on all of them."""
    try:
        pricing.variant_of(session, sku, principal.maker_id)
    except LookupError as error:
        raise not_found(str(error)) from error
    rates = rates_in_use(session, installation)
    found = price_trials.everywhere(session, sku, rates, datetime.now(UTC))
    told = [_explained(sku, one) for one in found if channel in {None, one.channel}]
    if channel is not None and not told:
        raise not_found(f"There is no channel {channel}.")
    return Explanations(items=told)


def _explained(sku: str, one: price_trials.Offered) -> PriceExplained:
    if one.explained is None:
        return PriceExplained(
            sku=sku, channel=one.channel, price=None, steps=[], trouble=str(one.trouble or "")
        )
    lines = price_words.lines(one.explained)
    return PriceExplained(
        sku=sku,
        channel=one.channel,
        price=money_text(one.explained.priced.price),
        steps=[
            StepShown(step=step.name, name=name, amount=amount, why=why)
            for step, (name, amount, why) in zip(one.explained.steps, lines, strict=True)
        ],
    )


@router.get("/policies", summary="What is decided about prices")
def list_policies(session: DbSession, principal: Reader) -> Policies:
    """The price policy of every channel; what it leaves out keeps its default."""
    del principal
    return Policies(
        items=[
            PolicyShown(channel=one.code, currency=one.currency, policy=one.policy.get("price", {}))
            for one in find(session)
        ]
    )


@router.post("/simulate", summary="What another policy or rate would change")
def simulate_prices(
    body: Wanted, session: DbSession, principal: Reader, installation: Installation
) -> Tried:
    """The SKUs that would move, and by how much. Writes nothing."""
    channel = channel_of(session, body.channel)
    now = datetime.now(UTC)
    rates = dict(rates_in_use(session, installation)) | {
        code.upper(): Rate(code.upper(), figure, now.date(), "as asked for")
        for code, figure in body.rates.items()
        if code.upper() != "MAD"
    }
    told = trial(session, channel, _terms(channel, rates, body.policy), now, principal.maker_id)
    return _tried(told)


def channel_of(session: Session, code: str) -> Channel:
    """The channel of that code.

    Raises:
        Problem: 404 where there is none.
    """
    try:
        [channel] = find(session, [code])
    except LookupError as error:
        raise not_found(str(error)) from error
    return channel


def _terms(channel: Channel, rates: dict[str, Rate], policy: dict[str, Any]) -> PriceTerms:
    try:
        return terms_if(channel, rates, policy)
    except ValueError as error:
        raise invalid("body.policy", str(error)) from error
    except LookupError as error:
        raise conflict("channel-gone", str(error)) from error


def _tried(told: Trial) -> Tried:
    return Tried(
        channel=told.channel,
        moved=told.moved,
        steady=dict(told.steady),
        changes=[_change(one) for one in told.changes],
    )


def _change(one: Repriced) -> Change:
    return Change(
        sku=one.sku,
        shown=money_text(one.shown) if one.shown else None,
        new=money_text(one.new) if one.new else None,
        raised=one.raised,
        trouble=str(one.trouble) if one.trouble else None,
    )
