"""trade-ma reconcile: compare with the world, and say that nothing differs or exactly what."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from jobs.order_gaps import Day
from jobs.reconcile import DAYS, reconcile
from jobs.reconcile_report import Reconciled
from trade_ma.cli.app import err, out, print_json
from trade_ma.cli.bars import bars
from trade_ma.cli.options import ChannelOption, DryRunOption, JsonOption, read_channels
from trade_ma.installation import open_app
from trade_ma.workshop import workshop_of

# Letters of a text that a table shows of each side.
SHOWN = 60


def reconcile_command(
    channel: ChannelOption = None,
    days: Annotated[
        int, typer.Option(min=1, max=365, help="Compare the orders that changed in so many days.")
    ] = DAYS,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Compare every listing and order with its marketplace, and settle what differs.

    Exits with 0 where nothing differs or all of it was settled by the channel's policy, and with
    1 where a channel was in trouble or something is left to a person. A rehearsal pulls no
    orders, so what was sold since the last pass shows as a missing order and fewer units.
    """
    app = open_app()
    found = read_channels(app, channel)
    with bars() as progress:
        shop = workshop_of(app, progress)
        results = [reconcile(shop, one, days=days, dry_run=dry_run) for one in found]
    if as_json:
        print_json({"dry_run": dry_run, "channels": [_json(result) for result in results]})
    else:
        _print(results, dry_run=dry_run)
    if not all(result.is_settled for result in results):
        raise typer.Exit(1)


def _json(result: Reconciled) -> dict[str, Any]:
    return {
        "channel": result.channel,
        "trouble": result.trouble,
        "settled": result.is_settled,
        "counts": dict(result.counts),
        "orders": [_day(day) for day in result.days],
        "differences": [asdict(found) for found in result.found],
    }


def _day(day: Day) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "currency": day.currency,
        "ours": asdict(day.ours),
        "theirs": asdict(day.theirs),
    }


def _print(results: Sequence[Reconciled], *, dry_run: bool) -> None:
    for result in results:
        code, counts = escape(result.channel), result.counts
        compared = f"{counts['listings_theirs']} listings and {counts['orders']} orders compared"
        if result.trouble:
            err.print(f"[red]{code}: {escape(result.trouble)}[/]", soft_wrap=True)
        elif not result.found:
            out.print(f"{code}: nothing differs ({compared})")
        if result.found:
            out.print(_table(result))
        for day in result.days:
            if not day.agrees:
                out.print(
                    f"{code}: orders of {day.day} in {day.currency}: {day.ours.orders} here, "
                    f"{day.theirs.orders} there"
                )
    if dry_run:
        out.print("Nothing was changed: a rehearsal")


def _table(result: Reconciled) -> Table:
    table = Table("what", "of", "ours", "theirs", "done", title=result.channel)
    for found in result.found:
        cells = (found.kind, found.subject, found.ours, found.theirs, found.answer)
        table.add_row(*(escape(_short(str(cell))) for cell in cells))
    return table


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"
