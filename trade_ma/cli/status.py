"""trade-ma status: how every channel stands."""

from datetime import UTC, datetime

from rich.markup import escape
from rich.table import Table

from jobs.rates import old
from jobs.status import ChannelStatus, status
from trade_ma.cli.app import out, print_json
from trade_ma.cli.options import ChannelOption, JsonOption, channels_named, rates_in_use
from trade_ma.installation import open_app


def status_command(channel: ChannelOption = None, as_json: JsonOption = False) -> None:
    """How every channel stands, and what a person must look at."""
    app = open_app()
    with app.session() as session:
        found = channels_named(session, channel)
        shown = [status(session, one) for one in found]
        warnings = list(old(found, rates_in_use(app), datetime.now(UTC).date()))
    if as_json:
        print_json({"channels": [one.as_json() for one in shown], "warnings": warnings})
        return
    for one in shown:
        _print_status(one)
    for warning in warnings:
        out.print(f"[yellow]{escape(warning)}[/]", soft_wrap=True)


def _print_status(one: ChannelStatus) -> None:
    counts = ", ".join(f"{n} {name}" for name, n in one.listings.items()) or "no listing yet"
    out.print(f"[bold]{one.code}[/]: {counts}; {one.orders} orders")
    for line in filter(None, (one.paused and f"paused: {one.paused}", one.trouble)):
        out.print(f"  [red]{line}[/]")
    if one.issues:
        table = Table("listing", "SKU", "facet", "what is wrong")
        for issue in one.issues:
            table.add_row(issue.key, issue.sku or "", issue.facet, escape(issue.message))
        out.print(table)
