"""The steps of a price in the words of the console; trade_ma.price_words has the command line's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency, format_decimal
from moneyed import Money

from catalog.pricing.price import Hold
from catalog.pricing.steps import (
    Base,
    Charged,
    Charmed,
    Exchange,
    Exchanged,
    Explained,
    Fees,
    Fixed,
    Floor,
    Kept,
    Margin,
    Shipping,
    TaxAdded,
    Why,
)
from trade_ma.console.formats import day, moment
from trade_ma.console.languages import marked
from trade_ma.console.visits import Visit

NAMES: Mapping[type[Why], str] = {
    Base: marked("The maker’s price"),
    Exchange: marked("At the exchange rate"),
    Margin: marked("With our margin"),
    Shipping: marked("With shipping"),
    Fees: marked("With the fees"),
    TaxAdded: marked("With the tax"),
    Fixed: marked("Fixed price"),
    Floor: marked("Not under the floor"),
    Charmed: marked("Well rounded"),
    Kept: marked("Shown to buyers"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A step: what it is, the price so far, and why, in sentences."""

    name: str
    amount: str
    why: tuple[str, ...]


def amount(visit: Visit, money: Money) -> str:
    """An amount as the visitor writes it."""
    return format_currency(money.amount, money.currency.code, locale=visit.language.locale)


def figure(value: Decimal, locale: Locale) -> str:
    """A figure with all its digits, such as a rate's, and no idle zeros."""
    return format_decimal(value, "#,##0.##########", locale=locale)


def lines(visit: Visit, explained: Explained) -> Iterator[Line]:
    """Every step of a price."""
    for step in explained.steps:
        name = visit.say(NAMES[type(step.why)])
        yield Line(name, amount(visit, step.amount), tuple(filter(None, _why(visit, step.why))))


def _why(visit: Visit, why: Why) -> list[str]:
    match why:
        case Exchange(rates=rates):
            same = [visit.say("The same currency: nothing to exchange.")]
            told = [_rate(visit, one) for one in rates] or same
        case Fees(fees=fees):
            told = [_fee(visit, one) for one in fees] or [visit.say("None.")]
        case Margin():
            told = [_margin(visit, why)]
        case Shipping():
            told = [_shipping(visit, why)]
        case TaxAdded():
            told = _tax(visit, why)
        case _:
            told = [_settled(visit, why)]
    return told


def _margin(visit: Visit, margin: Margin) -> str:
    if margin.percent:
        kept = _p(visit, margin.percent)
        return visit.say("%(percent)s %% of the price before tax is kept.", **kept)
    return visit.say("%(times)s × the maker’s price.", times=_number(visit, margin.multiple))


def _tax(visit: Visit, tax: TaxAdded) -> list[str]:
    if not tax.percent:
        return [visit.say("None in the price.")]
    country = str(visit.language.locale.territories.get(tax.country, tax.country))
    said = visit.say("%(percent)s %% in %(country)s.", country=country, **_p(visit, tax.percent))
    return [said, tax.source]


def _settled(visit: Visit, why: Base | Fixed | Floor | Charmed | Kept) -> str:
    match why:
        case Base():
            said = visit.say("As the catalog has it.")
        case Fixed():
            said = visit.say("The channel’s policy fixes it for this SKU.")
        case Floor(floor=floor, raised=True):
            said = visit.say("Raised to %(floor)s.", floor=amount(visit, floor))
        case Floor(floor=floor):
            said = visit.say("Never under %(floor)s.", floor=amount(visit, floor))
        case Charmed(endings=endings):
            ends = visit.say("Up to the next that ends in %(ends)s.", ends=", ".join(endings))
            said = ends if endings else ""
        case Kept():
            said = _kept(visit, why)
    return said


def _kept(visit: Visit, kept: Kept) -> str:
    match kept.hold:
        case Hold.HYSTERESIS:
            return visit.say(
                "It stays: the move is within %(percent)s %%.", **_p(visit, kept.percent)
            )
        case Hold.MIN_DAYS:
            until = moment(kept.until, locale=visit.language.locale) if kept.until else ""
            return visit.say("It stays until %(until)s: it changed a short while ago.", until=until)
        case Hold.STALE_RATES:
            return visit.say("It stays: the exchange rates are too old.")
        case None:
            if kept.shown is None:
                return visit.say("For the first time.")
            return visit.say("Instead of %(price)s.", price=amount(visit, kept.shown))


def _rate(visit: Visit, rate: Exchanged) -> str:
    said = visit.say(
        "1 %(currency)s = %(figure)s MAD on %(day)s, %(source)s.",
        currency=rate.currency,
        figure=_number(visit, rate.mad_per_unit),
        day=day(rate.date, locale=visit.language.locale),
        source=rate.source,
    )
    return f"{said} {visit.say('It is old: bring it up to date.')}" if rate.old else said


def _shipping(visit: Visit, shipping: Shipping) -> str:
    if not shipping.share:
        return visit.say("The buyer pays it.")
    return visit.say(
        "%(percent)s %% of a parcel of %(grams)s g, which costs %(price)s.",
        grams=_number(visit, Decimal(shipping.weight_g)),
        price=amount(visit, shipping.parcel),
        **_p(visit, shipping.share * 100),
    )


def _fee(visit: Visit, fee: Charged) -> str:
    share = f"{fee.name}: {amount(visit, fee.amount)}"
    return share if fee.at_minimum else f"{share} ({_number(visit, fee.percent)} %)"


def _p(visit: Visit, percent: Decimal) -> dict[str, str]:
    return {"percent": _number(visit, percent)}


def _number(visit: Visit, value: Decimal) -> str:
    return figure(value, visit.language.locale)
