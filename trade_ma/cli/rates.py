"""trade-ma rates: what prices are converted by, and where it comes from."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer
from rich.table import Table

from catalog.pricing import history
from catalog.pricing.rates import Rate
from catalog.pricing.sources import RateSource, SourceName, SourceRejected, SourceUnavailable
from jobs import rates
from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.options import DryRunOption, JsonOption, pairs, rates_in_use
from trade_ma.installation import App, open_app
from trade_ma.sources import rate_source

app = typer.Typer(help="Exchange rates.", no_args_is_help=True)


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """The rates in use, and those that wait for a person."""
    opened = open_app()
    used = rates_in_use(opened)
    with opened.session() as session:
        held = history.waiting(session)
    if as_json:
        print_json({"rates": _shown(used.values()), "held": _shown(held.values())})
        return
    table = Table("currency", "dirhams for one", "of", "source")
    for rate in used.values():
        table.add_row(rate.currency, f"{rate.mad_per_unit:f}", str(rate.date), rate.source)
    out.print(table)
    _tell_held(held.values())


@app.command()
def fetch(
    source: Annotated[SourceName | None, typer.Option(help="Ask this one.")] = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Ask a source for the day's rates. Exits with 1 where it does not answer."""
    opened = open_app()
    asked = _source(opened, source or opened.settings.rates_source)
    try:
        taken = rates.fetch(
            opened.session,
            asked,
            datetime.now(UTC),
            file=opened.settings.rates_file,
            dry_run=dry_run,
        )
    except (SourceUnavailable, SourceRejected, ValueError) as error:
        print_json({"error": str(error)}) if as_json else out.print(str(error), markup=False)
        raise typer.Exit(1) from error
    _tell(taken, dry_run=dry_run, as_json=as_json)


@app.command("set")
def set_(
    rate: Annotated[list[str], typer.Argument(help="Such as USD=9.25: dirhams for one unit.")],
    on: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Its day; today.")
    ] = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Set rates of your own. One of a newer day, of any source, goes before them."""
    now = datetime.now(UTC)
    day = (on or now).date()
    given = [_by_hand(currency, figure, day) for currency, figure in pairs(rate).items()]
    opened = open_app()
    with opened.session() as session:
        try:
            taken = rates.take(session, given, now, opened.settings.rates_file)
        except ValueError as error:
            raise Fail(str(error)) from error
        if not dry_run:
            session.commit()
    _tell(taken, dry_run=dry_run, as_json=as_json)


@app.command()
def confirm(
    currency: Annotated[list[str], typer.Argument(help="Currencies whose held rate is right.")],
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Put rates to use that were held because they moved far."""
    with open_app().session() as session:
        try:
            freed = tuple(history.release(session, one.upper()) for one in currency)
        except LookupError as error:
            raise Fail(str(error)) from error
        if not dry_run:
            session.commit()
    _tell(rates.Taken(freed, ()), dry_run=dry_run, as_json=as_json)


def _source(opened: App, name: SourceName) -> RateSource:
    try:
        return rate_source(opened, name)
    except (OSError, ValueError) as error:
        raise Fail(str(error)) from error


def _by_hand(currency: str, figure: str, day: date) -> Rate:
    try:
        amount = Decimal(figure)
    except InvalidOperation as error:
        raise Fail(f"{currency}={figure}: write a number such as 9.25") from error
    if len(currency) != 3 or not amount.is_finite() or amount <= 0:  # noqa: PLR2004 - ISO 4217
        raise Fail(f"{currency}={figure}: write CODE=RATE, such as USD=9.25")
    return Rate(currency.upper(), amount, day, rates.BY_HAND)


def _tell(taken: rates.Taken, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json({"kept": _shown(taken.kept), "held": _shown(taken.held), "dry_run": dry_run})
        return
    for rate in taken.kept:
        out.print(f"{'Would keep' if dry_run else 'Kept'} {_line(rate)}", markup=False)
    _tell_held(taken.held)


def _tell_held(held: Iterable[Rate]) -> None:
    for rate in held:
        out.print(
            f"Held, since it moved by more than {rates.LARGEST_MOVE:.0%}: {_line(rate)}. "
            f"If it is right: trade-ma rates confirm {rate.currency}",
            markup=False,
            soft_wrap=True,
        )


def _line(rate: Rate) -> str:
    return f"{rate.currency} {rate.mad_per_unit:f} MAD of {rate.date}, {rate.source}"


def _shown(some: Iterable[Rate]) -> list[dict[str, str]]:
    return [
        {
            "currency": rate.currency,
            "mad_per_unit": f"{rate.mad_per_unit:f}",
            "date": rate.date.isoformat(),
            "source": rate.source,
        }
        for rate in some
    ]
