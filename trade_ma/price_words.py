"""The steps of a price in words that a founder understands, and as JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

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
from jobs.pricing import money_text, plain

NAMES: Mapping[type[Why], str] = {
    Base: "the maker's price",
    Exchange: "at the exchange rate",
    Margin: "with our margin",
    Shipping: "with shipping",
    Fees: "with the fees",
    TaxAdded: "with the tax",
    Fixed: "fixed price",
    Floor: "not under the floor",
    Charmed: "well rounded",
    Kept: "shown",
}


def lines(explained: Explained) -> Iterator[tuple[str, str, str]]:
    """Each step: what it is, the price so far, and why."""
    for step in explained.steps:
        same = isinstance(step.why, Kept) and not step.why.hold and step.why.shown == step.amount
        told = "as it is shown" if same else words(step.why)
        yield NAMES[type(step.why)], money_text(step.amount), told


def words(why: Why) -> str:
    """What explains a step."""
    match why:
        case Exchange(rates=rates):
            told = "\n".join(map(_rate, rates)) or "the same currency: nothing to exchange"
        case Margin(percent=margin, multiple=multiple):
            kept = f"{number(margin)} % of the price before tax is kept"
            told = kept if margin else f"{number(multiple)} × the maker's price"
        case Shipping():
            told = _shipping(why)
        case Fees(fees=fees):
            told = "\n".join(map(_fee, fees)) or "none"
        case TaxAdded():
            told = _tax(why)
        case _:
            told = _settled(why)
    return told


def _settled(why: Base | Fixed | Floor | Charmed | Kept) -> str:
    match why:
        case Base():
            return "as the catalog has it"
        case Fixed():
            return "the channel's policy fixes it for this SKU"
        case Floor(percent=percent, floor=floor, raised=raised):
            rule = f"never under {money_text(floor)}: {number(percent)} % above the maker's price"
            return f"{rule}: RAISED to it" if raised else rule
        case Charmed(endings=endings, why=reason):
            ends = f"up to the next that ends in {' or '.join(endings)}: {reason}"
            return ends if endings else "up to the next minor unit"
        case Kept():
            return _kept(why)


def _rate(rate: Exchanged) -> str:
    dated = f"1 {rate.currency} = {number(rate.mad_per_unit)} MAD on {rate.date}"
    age = f"; {rate.age_days} days old: bring it up to date" if rate.old else ""
    return f"{dated}, {rate.source}{age}"


def _shipping(shipping: Shipping) -> str:
    if not shipping.share:
        return "the buyer pays it"
    weight = f"{shipping.weight_g} g" + (" (assumed: it is unknown)" if shipping.assumed else "")
    parcel = f"a parcel of {weight} to the zone {shipping.zone} costs {money_text(shipping.parcel)}"
    return f"{number(shipping.share * 100)} % of it: {parcel}, {shipping.source}"


def _fee(fee: Charged) -> str:
    share = "its minimum" if fee.at_minimum else f"{number(fee.percent)} %"
    return f"{fee.name}: {share} = {money_text(fee.amount)}, {fee.source}"


def _tax(tax: TaxAdded) -> str:
    if not tax.percent:
        return "none in the price"
    place = tax.country or "everywhere"
    return f"{number(tax.percent)} % in {place}, {tax.source} ({tax.checked})"


def _kept(kept: Kept) -> str:
    match kept.hold:
        case None:
            return f"instead of {money_text(kept.shown)}" if kept.shown else "for the first time"
        case Hold.HYSTERESIS:
            return f"stays: the move is within {number(kept.percent)} %"
        case Hold.MIN_DAYS:
            return f"stays until {kept.until:%Y-%m-%d %H:%M}: it changed a short while ago"
        case Hold.STALE_RATES:
            return "stays: the exchange rates are too old to change it by"


def number(value: Decimal) -> str:
    """A number without idle zeros."""
    return f"{value.normalize():f}"


def as_json(explained: Explained) -> dict[str, Any]:
    """A price and its steps as JSON; money as '89.00 USD'."""
    told: dict[str, Any] = _tree(explained.priced)
    steps = [
        {"step": step.name, "amount": money_text(step.amount), **_tree(step.why)}
        for step in explained.steps
    ]
    return told | {"below_floor": explained.priced.below_floor, "steps": steps}


def _tree(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case tuple():
            return [_tree(part) for part in value]
        case _ if is_dataclass(value):
            return {part.name: _tree(getattr(value, part.name)) for part in fields(value)}
        case _:
            return plain(value)
