"""The steps of a price in the words of whoever reads the page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_percent
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
from trade_ma.console.formats import day, moment, money, number
from trade_ma.console.languages import marked
from trade_ma.console.rate_words import source_named
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
    Kept: marked("Shown"),
}


# The fees that our connectors know; a channel's own are called as its policy calls them.
FEES: Mapping[str, str] = {
    "card processing": marked("Card processing"),
    "listing fee": marked("Listing fee"),
    "payment processing": marked("Payment processing"),
    "referral fee": marked("Referral fee"),
    "transaction fee": marked("Transaction fee"),
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step: what it is, the price so far, and what explains it, a sentence a line."""

    name: str
    amount: str
    why: tuple[str, ...]


def step_lines(visit: Visit, explained: Explained) -> list[StepLine]:
    """Each step of a price as the visitor reads it."""
    return [
        StepLine(
            visit.say(NAMES[type(step.why)]),
            amount(visit, step.amount),
            tuple(_words(visit, step.why, step.amount)),
        )
        for step in explained.steps
    ]


def amount(visit: Visit, sum_of: Money) -> str:
    """An amount as the visitor writes it."""
    minor = sum_of.get_amount_in_sub_unit()
    return money(minor, sum_of.currency.code, locale=visit.language.locale)


def _share(visit: Visit, percents: Decimal) -> str:
    # With all its digits: a fee of 6.5 % is none of 6 %.
    return format_percent(percents / 100, locale=visit.language.locale, decimal_quantization=False)


def _number(visit: Visit, value: Decimal | int) -> str:
    return number(value, locale=visit.language.locale)


def _words(visit: Visit, why: Why, price: Money) -> Iterator[str]:
    match why:
        case Base():
            yield visit.say("As the catalog has it.")
        case Exchange(rates=()):
            yield visit.say("The same currency: nothing to exchange.")
        case Exchange(rates=rates):
            yield from (_rate(visit, rate) for rate in rates)
        case Margin():
            yield _margin(visit, why)
        case Shipping():
            yield from _shipping(visit, why)
        case Fees(fees=()):
            yield visit.say("None.")
        case Fees(fees=fees):
            yield from (_fee(visit, fee) for fee in fees)
        case TaxAdded():
            yield _tax(visit, why)
        case _:
            yield _settled(visit, why, price)


def _rate(visit: Visit, rate: Exchanged) -> str:
    values = {
        "currency": rate.currency,
        "rate": _number(visit, rate.mad_per_unit),
        "day": day(rate.date, locale=visit.language.locale),
        "source": source_named(visit, rate.source),
    }
    if rate.old:
        return visit.say(
            "1 %(currency)s = %(rate)s MAD on %(day)s, %(source)s: bring this rate up to date.",
            **values,
        )
    return visit.say("1 %(currency)s = %(rate)s MAD on %(day)s, %(source)s.", **values)


def _margin(visit: Visit, margin: Margin) -> str:
    if margin.percent:
        share = _share(visit, margin.percent)
        return visit.say("%(share)s of the price before tax is kept.", share=share)
    times = _number(visit, margin.multiple)
    return visit.say("%(times)s times the maker’s price.", times=times)


def _shipping(visit: Visit, shipping: Shipping) -> Iterator[str]:
    if not shipping.share:
        yield visit.say("The buyer pays it.")
        return
    yield visit.say(
        "%(share)s of it: a parcel of %(weight)s g to the zone %(zone)s costs %(cost)s.",
        share=_share(visit, shipping.share * 100),
        weight=_number(visit, shipping.weight_g),
        zone=shipping.zone,
        cost=amount(visit, shipping.parcel),
    )
    if shipping.assumed:
        yield visit.say("The weight is assumed: fill it in, and the price is right.")


def _fee(visit: Visit, fee: Charged) -> str:
    told = amount(visit, fee.amount)
    name = visit.say(FEES[fee.name]) if fee.name in FEES else fee.name
    if fee.at_minimum:
        return visit.say("%(fee)s: its minimum, %(sum)s.", fee=name, sum=told)
    share = _share(visit, fee.percent)
    return visit.say("%(fee)s: %(share)s, %(sum)s.", fee=name, share=share, sum=told)


def _tax(visit: Visit, tax: TaxAdded) -> str:
    if not tax.percent:
        return visit.say("None in the price.")
    share, territory = _share(visit, tax.percent), tax.country
    if not territory:
        return visit.say("%(share)s everywhere.", share=share)
    named = visit.language.locale.territories.get(territory, territory)
    return visit.say("%(share)s, %(country)s.", share=share, country=named)


def _settled(visit: Visit, why: Fixed | Floor | Charmed | Kept, price: Money) -> str:
    match why:
        case Fixed():
            return visit.say("The rules of the channel fix it for this SKU.")
        case Floor(raised=True):
            return visit.say("Raised to it: less would not pay.")
        case Floor(percent=above, floor=floor):
            values = {"floor": amount(visit, floor), "share": _share(visit, above)}
            return visit.say("Never under %(floor)s, %(share)s above the maker’s price.", **values)
        case Charmed(endings=()):
            return visit.say("Up to the next smallest coin.")
        case Charmed(endings=endings):
            return visit.say("Up to the next that ends in %(ends)s.", ends=" / ".join(endings))
        case Kept():
            return _kept(visit, why, price)


def _kept(visit: Visit, kept: Kept, price: Money) -> str:
    match kept.hold:
        case Hold.HYSTERESIS:
            share = _share(visit, kept.percent)
            return visit.say("It stays: the move is within %(share)s.", share=share)
        case Hold.MIN_DAYS if kept.until:
            until = moment(kept.until, locale=visit.language.locale)
            return visit.say("It stays until %(moment)s: it changed lately.", moment=until)
        case Hold.STALE_RATES:
            return visit.say("It stays: the exchange rates are too old to change it by.")
    if kept.shown is None:
        return visit.say("For the first time.")
    if kept.shown == price:
        return visit.say("As it is shown.")
    return visit.say("Instead of %(price)s.", price=amount(visit, kept.shown))
