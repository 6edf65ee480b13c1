"""trade-ma price: why a price is what it is, and what another rate would change."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table
from sqlmodel import Session

from catalog.pricing.rates import Rate
from catalog.pricing.terms import PriceTerms
from connectors.clock import SystemClock
from connectors.registry import marketplace
from jobs import pricing
from jobs.models import Channel
from jobs.pricing import Repriced, Steady, money_text
from trade_ma import price_words
from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.options import ChannelOption, JsonOption, channels_named, pairs, rates_in_use
from trade_ma.installation import open_app

app = typer.Typer(help="Why prices are what they are.", no_args_is_help=True)

# Of a channel's changes so many are shown; JSON has them all.
SHOWN = 20


def _terms(channel: Channel, rates: Mapping[str, Rate]) -> PriceTerms:
    try:
        site = marketplace(channel.marketplace).site(channel.site)
        return pricing.price_terms_of(channel, site, rates)
    except (LookupError, ValueError) as error:
        raise Fail(f"{channel.code}: {error}") from error


@app.command()
def explain(
    sku: Annotated[str, typer.Argument(help="The SKU of the variant.")],
    channel: Annotated[str, typer.Option(help="The channel that shows it.")],
    as_json: JsonOption = False,
) -> None:
    """Show how a price comes about, step by step."""
    opened = open_app()
    rates = rates_in_use(opened)
    with opened.session() as session:
        [found] = channels_named(session, [channel])
        try:
            told = pricing.explain(session, found, sku, _terms(found, rates), SystemClock().now())
        except LookupError as error:
            raise Fail(f"{channel}: {error}") from error
    if as_json:
        print_json({"sku": sku, "channel": channel, **price_words.as_json(told)})
        return
    table = Table("", "price so far", "why", title=f"{escape(sku)} on {escape(channel)}")
    table.columns[1].justify = "right"
    for name, amount, why in price_words.lines(told):
        table.add_row(name, amount, escape(why))
    out.print(table)


@dataclass(frozen=True, slots=True)
class _Simulated:
    """What would change on one channel, and what would stay, counted by what holds it."""

    code: str
    changes: tuple[Repriced, ...]
    steady: Counter[str]


@app.command()
def simulate(
    rate: Annotated[list[str], typer.Option(help="CURRENCY=dirhams, such as USD=9.8; repeated.")],
    channel: ChannelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show which prices would change at other exchange rates, and change nothing."""
    opened = open_app()
    rates = {**rates_in_use(opened), **_asked(rate)}
    with opened.session() as session:
        told = [_simulate(session, one, rates) for one in channels_named(session, channel)]
    if as_json:
        print_json({"channels": [_json(one) for one in told]})
        return
    for one in told:
        _print(one)


def _asked(lines: Iterable[str]) -> dict[str, Rate]:
    today = SystemClock().now().date()
    return {
        code.upper(): Rate(code.upper(), _above_zero(code, text), today, "as asked for")
        for code, text in pairs(lines).items()
    }


def _above_zero(code: str, text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(0)
    if code.upper() == "MAD" or not (value.is_finite() and value > 0):
        raise Fail(f"write --rate USD=9.8, the dirhams of one unit, not {code}={text}")
    return value


def _simulate(session: Session, channel: Channel, rates: Mapping[str, Rate]) -> _Simulated:
    changes: list[Repriced] = []
    steady: Counter[str] = Counter()
    terms = _terms(channel, rates)
    for one in pricing.simulate(session, channel, terms, SystemClock().now()):
        match one:
            case Steady(held=held):
                steady[held.value if held else "unmoved"] += 1
            case Repriced():
                changes.append(one)
    return _Simulated(channel.code, tuple(changes), steady)


def _json(told: _Simulated) -> dict[str, Any]:
    return {
        "code": told.code,
        "steady": dict(told.steady),
        "changes": [
            {
                "sku": one.sku,
                "shown": money_text(one.shown) if one.shown else None,
                "new": money_text(one.new) if one.new else None,
                "reason": _reason(one),
            }
            for one in told.changes
        ],
    }


def _reason(one: Repriced) -> str:
    if one.trouble:
        return str(one.trouble)
    if one.raised:
        return "raised to the floor"
    return "beyond the hysteresis" if one.shown else "not shown yet"


def _print(told: _Simulated) -> None:
    stays = ", ".join(f"{n} {name}" for name, n in told.steady.items()) or "none"
    out.print(f"[bold]{escape(told.code)}[/]: {len(told.changes)} would change; stay: {stays}")
    if not told.changes:
        return
    table = Table("SKU", "shown", "new", "reason")
    for one in told.changes[:SHOWN]:
        shown, new = (money_text(money) if money else "none" for money in (one.shown, one.new))
        table.add_row(escape(one.sku), shown, new, escape(_reason(one)))
    out.print(table)
    if len(told.changes) > SHOWN:
        out.print(f"  and {len(told.changes) - SHOWN} more: --json has them all")
