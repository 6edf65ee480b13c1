"""What every price of one channel depends on, and the equations that follow from it.

A price g, in the channel's currency at r dirhams, is enough where

    r·g/(1+t) − fees(r·g) − margin·r·g/(1+t)  ≥  multiple·cost + shipping

with t the tax it includes. A fee is the higher of its share with its fixed part and its minimum,
so the left side is the lowest of some straight lines in g, one for each choice of these, and the
lowest g that is enough is the highest of their solutions: exact, whatever minimum binds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Context, Decimal, localcontext
from functools import cached_property
from itertools import product

from babel.numbers import get_currency_precision
from moneyed import Money

from catalog.pricing.charm import PLAIN, Charm, charm_of, charm_with
from catalog.pricing.fees import ZERO, Fee
from catalog.pricing.policy import PricePolicy, TaxRule
from catalog.pricing.rates import Rate
from catalog.pricing.shipping import ASSUMED_WEIGHT_G, Tariff, tariff_to
from catalog.pricing.staleness import Staleness
from catalog.pricing.taxes import TAXES, Tax
from catalog.refusals import Missing, Refused, because

BASE = "MAD"
ONE = Decimal(1)
# Products of prices, rates and percents fit in sixty digits, so only divisions are rounded, and
# those up: the ceiling of a figure that was rounded up there is the ceiling of the figure itself.
EXACT = Context(prec=60, rounding=ROUND_CEILING)


def percent(value: Decimal) -> Decimal:
    """A percentage as a share: 15 is 0.15."""
    return value.scaleb(-2)


@dataclass(frozen=True, slots=True)
class Line:
    """One straight line of the equation: a price of minor units is enough at (needs + c) / s."""

    slope: Decimal
    constant: Decimal


@dataclass(frozen=True, slots=True)
class Equations:
    """What prices of makers in one currency are solved with.

    `unit` is the dirhams of one unit of that currency, `channel` those of the channel's own; both
    are 1 where nothing has to be exchanged, and then `rates` is empty. `oldest` is the rate used
    that is older than all others.
    """

    unit: Decimal
    channel: Decimal
    wanted: tuple[Line, ...]
    least: tuple[Line, ...]
    rates: tuple[Rate, ...] = ()
    oldest: Rate | None = None


@dataclass(frozen=True)
class PriceTerms:
    """What a channel's prices are made with. `country` is the ISO 3166 code of its buyers, or ''.

    `fees` are the marketplace's or the policy's own. `tax` is None where none is included.

    Raises:
        ValueError: the policy does not fit the currency or the country, or fees, tax and margin
            leave nothing of any price.
    """

    currency: str
    country: str
    rates: Mapping[str, Rate]
    policy: PricePolicy = field(default_factory=PricePolicy)
    fees: tuple[Fee, ...] = ()
    tax: Tax | None = None
    staleness: Staleness = field(default_factory=Staleness)
    _equations: dict[str, Equations] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        shares = sum((percent(fee.percent) for fee in self.fees), ZERO)
        if ONE - percent(self.policy.margin) - self.tax_factor * shares <= 0:
            raise Refused(
                because(
                    "margin_whole",
                    "the margin of %(margin)s %%, the tax and the fees take the whole of any"
                    " price: lower the margin",
                    margin=self.policy.margin,
                )
            )
        # Read here, so that an ending that does not fit the currency is refused at once.
        _ = self.charm

    @cached_property
    def precision(self) -> int:
        """Decimals of the currency's minor unit (ISO 4217)."""
        return get_currency_precision(self.currency)

    @cached_property
    def tax_factor(self) -> Decimal:
        """What the price before tax is multiplied by."""
        return ONE + percent(self.tax.percent) if self.tax else ONE

    @cached_property
    def charm(self) -> Charm:
        """The prices that read well here."""
        match self.policy.charm:
            case "auto":
                return charm_of(self.currency)
            case "none":
                return PLAIN
            case endings:
                return charm_with(endings, self.currency)

    @cached_property
    def tariff(self) -> Tariff:
        """What parcels cost, in dirhams."""
        return self.policy.tariff or tariff_to(self.country)

    def shipping(self, weight_g: int | None) -> Decimal:
        """The dirhams of a parcel that its price carries."""
        share = self.policy.shipping_share
        if not share:
            return ZERO
        return share * self.tariff.price(ASSUMED_WEIGHT_G if weight_g is None else weight_g)

    def equations(self, currency: str) -> Equations:
        """The equations for makers' prices in `currency`.

        Raises:
            LookupError: a rate that they need is missing.
        """
        if currency not in self._equations:
            with localcontext(EXACT):
                self._equations[currency] = self._solved(currency)
        return self._equations[currency]

    def stale(self, equations: Equations, today: date) -> Rate | None:
        """The oldest rate of `equations`, where no price may be made or changed with it today."""
        oldest = equations.oldest
        return oldest if oldest and self.staleness.is_stale(oldest.date, today) else None

    def _solved(self, currency: str) -> Equations:
        used = {currency, self.currency}.union(*(fee.currencies for fee in self.fees))
        if self.policy.shipping_share:
            used.add(BASE)
        if used == {self.currency}:
            rates: Mapping[str, Decimal] = {currency: ONE}
            named: tuple[Rate, ...] = ()
        else:
            named = tuple(self._rate(code) for code in sorted(used - {BASE}))
            rates = {rate.currency: rate.mad_per_unit for rate in named} | {BASE: ONE}
        return Equations(
            unit=rates[currency],
            channel=rates[self.currency],
            wanted=tuple(self._lines(rates, percent(self.policy.margin))),
            least=tuple(self._lines(rates, ZERO)),
            rates=named,
            oldest=min(named, key=lambda rate: rate.date, default=None),
        )

    def _rate(self, currency: str) -> Rate:
        if currency not in self.rates:
            raise Missing(
                because(
                    "rate_missing",
                    "no exchange rate for %(currency)s: add it to the rates file",
                    currency=currency,
                )
            )
        return self.rates[currency]

    def _lines(self, rates: Mapping[str, Decimal], margin: Decimal) -> Iterator[Line]:
        """Every choice of share or minimum; see the head of this module. Prices in minor units."""
        for choice in product(*(_parts(fee, rates) for fee in self.fees)):
            share = sum((share for share, _ in choice), ZERO)
            amount = sum((amount for _, amount in choice), ZERO)
            slope = rates[self.currency] * (ONE - margin - self.tax_factor * share)
            yield Line(slope.scaleb(-self.precision), self.tax_factor * amount)


def _parts(fee: Fee, rates: Mapping[str, Decimal]) -> tuple[tuple[Decimal, Decimal], ...]:
    """The (share of the price, dirhams) that a fee may be: its own, and its minimum."""
    own = (percent(fee.percent), _dirhams(fee.fixed, rates))
    return (own, (ZERO, _dirhams(fee.minimum, rates))) if fee.minimum else (own,)


def _dirhams(money: Money | None, rates: Mapping[str, Decimal]) -> Decimal:
    return money.amount * rates[money.currency.code] if money else ZERO


def tax_for(country: str, policy: PricePolicy) -> Tax | None:
    """The tax that a price for buyers in `country` includes under `policy`; None for none.

    Raises:
        ValueError: the policy wants it included, and nothing says how much it is.
    """
    known = TAXES.get(country)
    included = policy.tax is TaxRule.INCLUDED or (
        policy.tax is TaxRule.AUTO and known is not None and known.included
    )
    if not included:
        return None
    if policy.tax_percent is not None:
        since = known.date if known else date.min
        return Tax(country, policy.tax_percent, True, since, "policy", "this channel's policy")
    if known is None or not known.percent:
        raise Refused(
            because(
                "tax_unknown",
                "no rate of tax is known for %(country)s: set price.tax_percent, or price.country",
                country=country or "buyers everywhere",
            )
        )
    return known
