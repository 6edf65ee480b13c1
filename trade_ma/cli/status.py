"""trade-ma status: how every channel stands."""

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from connectors.protocol import Severity
from jobs.rates import old
from jobs.status import ChannelStatus, OpenIssue, status
from trade_ma.cli.app import out, print_json
from trade_ma.cli.options import ChannelOption, JsonOption, channels_named, rates_in_use
from trade_ma.installation import App, open_app

if TYPE_CHECKING:
    from jobs.queue_status import QueueStatus


def status_command(channel: ChannelOption = None, as_json: JsonOption = False) -> None:
    """How every channel stands, and what a person must look at."""
    app = open_app()
    with app.session() as session:
        found = channels_named(session, channel)
        shown = [status(session, one) for one in found]
        warnings = list(old(found, rates_in_use(app), datetime.now(UTC).date()))
    work = _work(app)
    if as_json:
        channels = [one.as_json() for one in shown]
        print_json({"channels": channels, "warnings": warnings, "work": work and work.as_json()})
        return
    for one in shown:
        _print_status(one)
    for warning in warnings:
        out.print(f"[yellow]{escape(warning)}[/]", soft_wrap=True)
    if work:
        _print_work(work)


def _work(app: App) -> "QueueStatus | None":
    """How the work goes; None where no daemon ever ran."""
    from jobs.work_queue import find_queue, queue_url
    from trade_ma.health import work_status

    queue = find_queue(queue_url(app.settings.sqlalchemy_url))
    if queue is None:
        return None
    with closing(queue):
        return work_status(app, queue)


def _print_work(work: "QueueStatus") -> None:
    alive = ", ".join(f"{name} ({process})" for name, process in work.executors.items())
    out.print(f"at work: {alive or 'nobody'}; {work.waiting} waiting", soft_wrap=True)
    for one in work.in_hand:
        out.print(f"  {one.executor}: {one.job} {escape(one.subject)} since {one.since}")
    table = Table("job", "channel", "began", "ended", "next")
    for due in work.jobs:
        table.add_row(due.job, due.subject, due.began, due.ended, due.next[:19])
    out.print(table)


def _print_status(one: ChannelStatus) -> None:
    counts = ", ".join(f"{n} {name}" for name, n in one.listings.items()) or "no listing yet"
    out.print(f"[bold]{one.code}[/]: {counts}; {one.orders} orders")
    for line in filter(None, (one.paused and f"paused: {one.paused}", one.trouble)):
        out.print(f"  [red]{line}[/]")
    errors = [issue for issue in one.issues if issue.severity == Severity.ERROR]
    if errors:
        table = Table("listing", "SKU", "facet", "what is wrong")
        for issue in errors:
            table.add_row(issue.key, issue.sku or "", issue.facet, escape(issue.message))
        out.print(table)
    _print_advice([issue for issue in one.issues if issue.severity == Severity.WARNING])


def _print_advice(issues: Sequence[OpenIssue]) -> None:
    """Each piece of advice once: where a setting is missing it is that of every listing."""
    advised: dict[str, dict[str, None]] = {}
    for issue in issues:
        advised.setdefault(issue.message, {})[issue.key] = None
    for message, (first, *others) in advised.items():
        more = f" and {len(others)} more" if others else ""
        out.print(f"  [yellow]{escape(f'{first}{more}: {message}')}[/]", soft_wrap=True)
