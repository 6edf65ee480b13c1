"""How a price came about, step by step: amounts and what explains each, as data without words."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import TypeAlias

from moneyed import Money

from catalog.pricing.fees import ZERO
from catalog.pricing.price import Cost, Hold, Priced, Shown, Solved, price, solve
from catalog.pricing.shipping import ASSUMED_WEIGHT_G
from catalog.pricing.terms import EXACT, ONE, Equations, PriceTerms, percent


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A rate that was used: dirhams for one unit of `currency`. `old` asks for a newer one."""

    currency: str
    mad_per_unit: Decimal
    date: date
    source: str
    age_days: int
    old: bool


@dataclass(frozen=True, slots=True)
class Charged:
    """What the marketplace keeps by one fee."""

    name: str
    percent: Decimal
    amount: Money
    at_minimum: bool
    source: str


@dataclass(frozen=True, slots=True)
class Base:
    """The maker's price."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """In the channel's currency. No rate where it is the same one."""

    rates: tuple[Exchanged, ...]


@dataclass(frozen=True, slots=True)
class Margin:
    """With what is kept above the maker's price: percent of the net price, or the multiple."""

    percent: Decimal
    multiple: Decimal


@dataclass(frozen=True, slots=True)
class Shipping:
    """With the share of a parcel. `assumed` says that nobody knew its weight."""

    share: Decimal
    parcel: Money
    zone: str
    weight_g: int
    assumed: bool
    source: str


@dataclass(frozen=True, slots=True)
class Fees:
    """With what the marketplace keeps of it: the net price."""

    fees: tuple[Charged, ...]


@dataclass(frozen=True, slots=True)
class TaxAdded:
    """With the tax that the price must include; percent 0 where it includes none."""

    country: str
    percent: Decimal
    checked: str
    source: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a person fixed for this SKU."""


@dataclass(frozen=True, slots=True)
class Floor:
    """Never less than `floor`, which keeps `percent` above the maker's price."""

    percent: Decimal
    floor: Money
    raised: bool


@dataclass(frozen=True, slots=True)
class Charmed:
    """Rounded up to a price that reads well. No endings where any does."""

    endings: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What is shown already, where it stays. `percent` is the hysteresis."""

    hold: Hold | None
    until: datetime | None
    shown: Money | None
    percent: Decimal


Why: TypeAlias = (
    Base | Exchange | Margin | Shipping | Fees | TaxAdded | Fixed | Floor | Charmed | Kept
)


@dataclass(frozen=True, slots=True)
class Step:
    """The price so far, rounded to minor units for the eye alone, and why it is so."""

    amount: Money
    why: Why

    @property
    def name(self) -> str:
        """One word for the step."""
        return type(self.why).__name__.lower()


@dataclass(frozen=True, slots=True)
class Explained:
    """A price with its steps in order."""

    priced: Priced
    steps: tuple[Step, ...]


def explain(cost: Cost, terms: PriceTerms, shown: Shown | None, now: datetime) -> Explained:
    """The price of `cost`, and how it came about.

    Raises:
        LookupError: a rate is missing, or too old to make a first price with (StaleRates).
    """
    priced = price(cost, terms, shown, now)
    equations = terms.equations(cost.price.currency.code)
    with localcontext(EXACT):
        solved = solve(cost, terms, equations)
        fixed = cost.sku in terms.policy.fixed
        made = _fixed(solved, terms) if fixed else _made(cost, terms, equations, solved, now.date())
        target = max(solved.target, solved.least).scaleb(-terms.precision)
        floor = Step(
            _read(target, terms),
            Floor(terms.policy.floor, priced.floor, priced.raised),
        )
    charm = () if fixed else (Step(priced.wanted, Charmed(terms.charm.endings, terms.charm.why)),)
    held = Kept(
        priced.held, priced.held_until, shown.price if shown else None, terms.policy.hysteresis
    )
    base = Step(cost.price, Base())
    return Explained(priced, (base, *made, floor, *charm, Step(priced.price, held)))


def _fixed(solved: Solved, terms: PriceTerms) -> tuple[Step, ...]:
    amount = solved.target.scaleb(-terms.precision)
    return (Step(_read(amount, terms), Fixed()),)


def _made(
    cost: Cost, terms: PriceTerms, equations: Equations, solved: Solved, today: date
) -> tuple[Step, ...]:
    """From the channel's currency to the price with tax: read off the solved price backwards."""
    policy = terms.policy
    gross = solved.target.scaleb(-terms.precision)
    net = gross / terms.tax_factor
    maker = cost.price.amount * equations.unit / equations.channel
    kept = maker * policy.multiple + percent(policy.margin) * net
    sent = terms.shipping(cost.weight_g) / equations.channel
    steps: tuple[tuple[Decimal, Why], ...] = (
        (maker, Exchange(_exchanged(terms, equations, today))),
        (kept, Margin(policy.margin, policy.multiple)),
        (kept + sent, _shipping(cost, terms)),
        (net, Fees(_charged(gross, terms, equations))),
        (gross, _tax(terms)),
    )
    return tuple(Step(_read(amount, terms), why) for amount, why in steps)


def _exchanged(terms: PriceTerms, equations: Equations, today: date) -> tuple[Exchanged, ...]:
    return tuple(
        Exchanged(
            rate.currency,
            rate.mad_per_unit,
            rate.date,
            rate.source,
            (today - rate.date).days,
            terms.staleness.is_old(rate.date, today),
        )
        for rate in equations.rates
    )


def _shipping(cost: Cost, terms: PriceTerms) -> Shipping:
    weight = ASSUMED_WEIGHT_G if cost.weight_g is None else cost.weight_g
    return Shipping(
        terms.policy.shipping_share,
        Money(terms.tariff.price(weight), "MAD"),
        terms.tariff.zone,
        weight,
        cost.weight_g is None,
        terms.tariff.source,
    )


def _charged(gross: Decimal, terms: PriceTerms, equations: Equations) -> tuple[Charged, ...]:
    charged = []
    for fee in terms.fees:
        own = percent(fee.percent) * gross + _here(fee.fixed, terms, equations)
        least = _here(fee.minimum, terms, equations)
        amount = _read(max(own, least), terms)
        charged.append(Charged(fee.name, fee.percent, amount, least > own, fee.source))
    return tuple(charged)


def _here(money: Money | None, terms: PriceTerms, equations: Equations) -> Decimal:
    """An amount of a fee in the channel's currency."""
    if money is None:
        return ZERO
    if money.currency.code == terms.currency:
        return Decimal(money.amount)
    rates = {rate.currency: rate.mad_per_unit for rate in equations.rates} | {"MAD": ONE}
    return Decimal(money.amount) * rates[money.currency.code] / equations.channel


def _tax(terms: PriceTerms) -> TaxAdded:
    if terms.tax is None:
        return TaxAdded(terms.country, ZERO, "", "")
    return TaxAdded(terms.country, terms.tax.percent, terms.tax.checked, terms.tax.source)


def _read(amount: Decimal, terms: PriceTerms) -> Money:
    step = ONE.scaleb(-terms.precision)
    return Money(amount.quantize(step, rounding=ROUND_HALF_UP), terms.currency)
