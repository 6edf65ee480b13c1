"""Prices tried before they are made: another policy or another rate, and a SKU on every channel."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from catalog.pricing.policy import read_policy
from catalog.pricing.rates import Rate
from catalog.pricing.steps import Explained
from catalog.pricing.terms import PriceTerms
from catalog.refusals import Why, first_why
from connectors.registry import marketplace
from jobs import pricing
from jobs.channels import find
from jobs.models import Channel
from jobs.pricing import Repriced, Steady

# Of the prices that would change so many are kept; all are counted.
KEPT = 500


@dataclass(frozen=True, slots=True)
class Trial:
    """What would change on a channel, and what would stay, counted by what holds it."""

    channel: str
    changes: tuple[Repriced, ...]
    moved: int
    steady: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Offered:
    """A SKU on a channel: how its price comes about, or why there is none."""

    channel: str
    currency: str
    explained: Explained | None
    trouble: Why | None = None


def terms_if(
    channel: Channel, rates: Mapping[str, Rate], changes: Mapping[str, Any] | None = None
) -> PriceTerms:
    """What prices of `channel` would be made with, were its policy changed so.

    A change to None takes a setting back to its default; a margin takes the place of a multiple.

    Raises:
        LookupError: the channel's marketplace or site is gone.
        ValueError: the policy is none, or does not fit the channel.
    """
    site = marketplace(channel.marketplace).site(channel.site)
    policy = dict(channel.policy.get("price", {}))
    for one, other in (("margin", "multiple"), ("multiple", "margin")):
        if one in (changes or {}):
            policy.pop(other, None)
    policy |= changes or {}
    wanted = read_policy({name: value for name, value in policy.items() if value is not None})
    staleness = pricing.staleness_of(channel)
    return pricing.price_terms_under(wanted, channel.currency, site, rates, staleness)


def trial(
    session: Session,
    channel: Channel,
    terms: PriceTerms,
    now: datetime,
    maker_id: int | None = None,
) -> Trial:
    """What `terms` would change on `channel`, of all or of one maker's. Writes nothing."""
    changes: list[Repriced] = []
    steady: Counter[str] = Counter()
    moved = 0
    for one in pricing.simulate(session, channel, terms, now, maker_id):
        match one:
            case Steady(held=held):
                steady[held.value if held else "unmoved"] += 1
            case Repriced():
                moved += 1
                if moved <= KEPT:
                    changes.append(one)
    return Trial(channel.code, tuple(changes), moved, steady)


def everywhere(
    session: Session, sku: str, rates: Mapping[str, Rate], now: datetime
) -> Iterator[Offered]:
    """The price of `sku` on every channel, by the channels' codes."""
    for channel in find(session):
        try:
            told = pricing.explain(session, channel, sku, terms_if(channel, rates), now)
        except (LookupError, ValueError) as trouble:
            yield Offered(channel.code, channel.currency, None, first_why(trouble))
        else:
            yield Offered(channel.code, channel.currency, told)
