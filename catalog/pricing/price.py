"""The price of one SKU on a channel: enough for its maker, well rounded, and steady.

Exact in Decimal from the maker's price to the last step, which is whole minor units.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal, localcontext
from enum import StrEnum

from moneyed import Money

from catalog.money import minor_units
from catalog.pricing.staleness import StaleRates
from catalog.pricing.terms import EXACT, ONE, Equations, Line, PriceTerms, percent


@dataclass(frozen=True, slots=True)
class Cost:
    """What the maker asks for a SKU, and the grams it weighs where that is known."""

    price: Money
    weight_g: int | None = None
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """The price that the market shows now, and since when."""

    price: Money
    since: datetime


class Hold(StrEnum):
    """Why a shown price stays although another was computed."""

    HYSTERESIS = "hysteresis"
    MIN_DAYS = "min_days"
    STALE_RATES = "stale_rates"


@dataclass(frozen=True, slots=True)
class Priced:
    """The price to show, and how it came about.

    `wanted` is what it would be if nothing held it. `raised` says that the floor, and not the
    policy, decided `wanted`. `held_until` is the moment from which a change is free again, where
    time alone frees it.
    """

    price: Money
    floor: Money
    wanted: Money
    raised: bool = False
    held: Hold | None = None
    held_until: datetime | None = None

    @property
    def below_floor(self) -> bool:
        """Whether a price that stale rates hold is under the floor at those rates."""
        return self.price.amount < self.floor.amount


@dataclass(frozen=True, slots=True)
class Solved:
    """Exact prices in minor units: by the policy, the floor, and the well rounded one above."""

    target: Decimal
    least: Decimal
    wanted: int

    @property
    def floor(self) -> int:
        """The lowest whole price that is not under the floor."""
        return _ceiling(self.least)


def price(cost: Cost, terms: PriceTerms, shown: Shown | None, now: datetime) -> Priced:
    """What the channel should show for `cost`, given what it has `shown` until `now`.

    Raises:
        LookupError: a rate is missing, or too old to make a first price with (StaleRates).
    """
    equations = terms.equations(cost.price.currency.code)
    before = _comparable(shown, terms)
    stale = terms.stale(equations, now.date())
    if stale and before is None:
        raise StaleRates(stale, now.date())
    with localcontext(EXACT):
        solved = solve(cost, terms, equations)
        held = _hold(cost, terms, solved, before, now) if before and not stale else (None, None)
    hold, until = (Hold.STALE_RATES, None) if stale else held
    wanted = _money(solved.wanted, terms)
    return Priced(
        price=before.price if before and hold else wanted,
        floor=_money(solved.floor, terms),
        wanted=wanted,
        raised=solved.least > solved.target,
        held=hold,
        held_until=until,
    )


def solve(cost: Cost, terms: PriceTerms, equations: Equations) -> Solved:
    """The prices that `equations` ask for, before what is shown counts; in the context EXACT."""
    policy = terms.policy
    maker = cost.price.amount * equations.unit
    carried = terms.shipping(cost.weight_g)
    factor = terms.tax_factor
    target = _enough(factor * (maker * policy.multiple + carried), equations.wanted)
    least = _enough(factor * (maker * (ONE + percent(policy.floor)) + carried), equations.least)
    fixed = policy.fixed.get(cost.sku)
    if fixed is not None:
        target = fixed.scaleb(terms.precision)
        return Solved(target, least, _ceiling(max(target, least)))
    return Solved(target, least, terms.charm.at_least(_ceiling(max(target, least))))


def _enough(needed: Decimal, lines: tuple[Line, ...]) -> Decimal:
    return max((needed + line.constant) / line.slope for line in lines)


def _ceiling(minor: Decimal) -> int:
    return int(minor.to_integral_value(ROUND_CEILING))


def _money(minor: int, terms: PriceTerms) -> Money:
    return Money(Decimal(minor).scaleb(-terms.precision), terms.currency)


def _comparable(shown: Shown | None, terms: PriceTerms) -> Shown | None:
    """What is shown, where it is in the channel's currency: a channel may have changed its own."""
    return shown if shown and shown.price.currency.code == terms.currency else None


def _hold(
    cost: Cost, terms: PriceTerms, solved: Solved, shown: Shown, now: datetime
) -> tuple[Hold | None, datetime | None]:
    """Why the shown price stays, and until when; nothing where it moves or is right already."""
    before = minor_units(shown.price)
    # A fixed price is a person's word, and under the floor no price stays.
    if before == solved.wanted or before < solved.least or cost.sku in terms.policy.fixed:
        return None, None
    if _is_near(before, solved, terms):
        return Hold.HYSTERESIS, None
    free = shown.since + timedelta(days=terms.policy.min_days)
    return (Hold.MIN_DAYS, free) if now < free else (None, None)


def _is_near(before: int, solved: Solved, terms: PriceTerms) -> bool:
    """Whether the price asked for is within the hysteresis of those that `before` stands for.

    A well rounded price stands for all between the one below it and itself. Were it compared with
    the next well rounded price, a rate that moves by a thousandth could move it by a whole step.
    """
    asked = max(solved.target, solved.least)
    factor = ONE + percent(terms.policy.hysteresis)
    return asked <= before * factor and asked * factor > terms.charm.below(before)
