"""trade-ma sync: make every market show what the catalog says."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from apscheduler.schedulers.blocking import BlockingScheduler
from rich.markup import escape
from rich.table import Column, Table

from jobs.rates import old
from jobs.sync import ChannelPass, sync
from trade_ma.cli.app import err, out, print_json
from trade_ma.cli.bars import bars
from trade_ma.cli.options import ChannelOption, DryRunOption, JsonOption, read_channels
from trade_ma.cli.plan import plan_command
from trade_ma.collecting import collect_seldom
from trade_ma.installation import App, open_app
from trade_ma.workshop import workshop_of


def sync_command(
    channel: ChannelOption = None,
    once: Annotated[
        bool, typer.Option("--once", help="One pass, which is also what happens without --every.")
    ] = False,
    every: Annotated[
        int | None, typer.Option(min=10, help="Repeat, this many seconds apart, until stopped.")
    ] = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Pull orders, then bring every listing to what the catalog says. Exits with 1 on trouble."""
    if dry_run:
        plan_command(channel, as_json=as_json)
        return
    app = open_app()
    collect_seldom()
    if every and not once:
        _repeat(app, channel, every, as_json=as_json)
        return
    if any(_one_pass(app, channel, as_json=as_json)):
        raise typer.Exit(1)


def _repeat(app: App, codes: Sequence[str] | None, every: int, *, as_json: bool) -> None:
    scheduler = BlockingScheduler(timezone="UTC")
    scheduler.add_job(
        lambda: _one_pass(app, codes, as_json=as_json),
        "interval",
        seconds=every,
        # A pass that takes longer than the interval is not joined by a second one.
        max_instances=1,
        coalesce=True,
    )
    _one_pass(app, codes, as_json=as_json)
    try:
        scheduler.start()
    except (KeyboardInterrupt, SystemExit):
        err.print("stopped")


def _one_pass(app: App, codes: Sequence[str] | None, *, as_json: bool) -> list[str]:
    """Run a pass and print it; the troubles met."""
    found = read_channels(app, codes)
    with bars() as progress:
        shop = workshop_of(app, progress)
        passes = sync(shop, found)
    for warning in old(found, shop.rates, shop.clock.now().date()):
        err.print(f"[yellow]{escape(warning)}[/]", soft_wrap=True)
    paused = {c.code: c.paused_reason for c in found if c.paused_reason}
    if as_json:
        print_json({"channels": [_pass_json(one) for one in passes], "paused": paused})
    else:
        _print_passes(passes, paused)
    return [one.trouble for one in passes if one.trouble] + list(paused.values())


def _pass_json(one: ChannelPass) -> dict[str, Any]:
    return {
        "channel": one.channel.code,
        "outcomes": dict(one.desk.tally),
        "calls": dict(one.calls),
        "trouble": one.trouble,
    }


def _print_passes(passes: Sequence[ChannelPass], paused: dict[str, str]) -> None:
    names = ("accepted", "refused", "pending", "later", "orders", "calls", "trouble")
    # Whole: a channel cut short is taken for its neighbour.
    longest = max((len(one.channel.code) for one in passes), default=0)
    table = Table(Column("channel", min_width=longest), *names)
    for one in passes:
        tally = one.desk.tally
        counts = [tally[n] for n in ("accepted", "rejected", "pending", "deferred", "orders_new")]
        table.add_row(
            one.channel.code, *map(str, counts), str(one.calls.total()), one.trouble or ""
        )
    for code, reason in paused.items():
        table.add_row(code, "", "", "", "", "", "", f"paused: {reason}")
    out.print(table)
