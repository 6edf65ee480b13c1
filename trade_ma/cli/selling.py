"""trade-ma plan, sync and status: what would change, making it so, and how things stand."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from apscheduler.schedulers.blocking import BlockingScheduler
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.tree import Tree
from sqlmodel import Session

from connectors.protocol import Rejected
from jobs import channels
from jobs.models import Channel
from jobs.plan import Action, Difference, ListingPlan
from jobs.status import ChannelStatus, status
from jobs.sync import ChannelPass, preview, sync
from trade_ma.cli.app import App, Fail, err, open_app, out, print_json
from trade_ma.workshop import workshop_of

ChannelOption = Annotated[
    list[str] | None, typer.Option("--channel", help="Only this channel; repeat for more.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]

# A longer value in a plan is cut for the eye; JSON has it whole.
SHOWN = 60


def _channels(session: Session, codes: Sequence[str] | None) -> list[Channel]:
    try:
        found = channels.find(session, codes or ())
    except LookupError as error:
        raise Fail(str(error)) from error
    if not found:
        raise Fail("there is no channel yet: add one with trade-ma channels add")
    return found


def plan(channel: ChannelOption = None, as_json: JsonOption = False) -> None:
    """Show what a sync would change, listing by listing, and change nothing."""
    app = open_app()
    shop = workshop_of(app)
    shown: dict[str, list[dict[str, Any]]] = {}
    for one in read_channels(app, channel):
        with app.session() as session:
            attached = session.get_one(Channel, one.id)
            planned = preview(session, attached, shop)
        shown[one.code] = [
            _plan_json(p, refusal) for p, refusal in planned if p.action is not Action.NOTHING
        ]
        if not as_json:
            _print_plan(one.code, [(p, r) for p, r in planned if p.action is not Action.NOTHING])
    if as_json:
        print_json({"channels": shown})


def read_channels(app: App, codes: Sequence[str] | None) -> list[Channel]:
    """The channels of those codes, or all; fails in words where there is none."""
    with app.session() as session:
        found = _channels(session, codes)
        session.expunge_all()
    return found


def _plan_json(plan: ListingPlan, refusal: Rejected | None) -> dict[str, Any]:
    return {
        "key": plan.draft.key,
        "title": plan.draft.texts[0].title,
        "action": plan.action,
        "facets": {
            facet: [{"name": d.name, "old": d.old, "new": d.new} for d in differences]
            for facet, differences in plan.facets.items()
        },
        "refused": [
            {"code": i.code, "field": i.field, "sku": i.sku, "message": i.message}
            for i in (refusal.issues if refusal else ())
        ],
    }


_SIGN = {Action.CREATE: "[green]+", Action.END: "[red]-", Action.UPDATE: "[yellow]~"}


def _print_plan(code: str, planned: Sequence[tuple[ListingPlan, Rejected | None]]) -> None:
    tree = Tree(f"[bold]{code}[/]")
    for plan, refusal in planned:
        sign = _SIGN.get(plan.action, "[dim].")
        branch = tree.add(f"{sign} {plan.action}[/] {plan.draft.key}: {plan.draft.texts[0].title}")
        for facet, differences in plan.facets.items() if plan.action is not Action.CREATE else ():
            for difference in differences:
                branch.add(f"{facet}: {_difference(difference)}")
        for issue in refusal.issues if refusal else ():
            branch.add(f"[red]refused[/] {issue.message}")
    counts = Counter(plan.action for plan, _ in planned)
    told = ", ".join(f"{n} to {action}" for action, n in counts.items()) or "nothing to do"
    out.print(tree)
    out.print(f"{code}: {told}")


def _difference(difference: Difference) -> str:
    old, new = (str(value)[:SHOWN] for value in (difference.old, difference.new))
    return f"{difference.name} {old} [dim]to[/] {new}"


class _Bars:
    """Progress of a pass on stderr: one bar a channel."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def stage(self, channel: str, stage: str, total: int) -> None:
        """Begin a stage of a channel."""
        label = f"{channel} {stage}"
        if channel in self._tasks:
            self._progress.update(self._tasks[channel], description=label, total=total)
        else:
            self._tasks[channel] = self._progress.add_task(label, total=total or None)

    def advance(self, channel: str) -> None:
        """One listing is through."""
        self._progress.advance(self._tasks[channel])


@contextmanager
def _bars() -> Iterator[_Bars]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        yield _Bars(progress)


def sync_command(
    channel: ChannelOption = None,
    once: Annotated[
        bool, typer.Option("--once", help="One pass, which is also what happens without --every.")
    ] = False,
    every: Annotated[
        int | None, typer.Option(min=10, help="Repeat, this many seconds apart, until stopped.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the plan, and send nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Pull orders, then bring every listing to what the catalog says. Exits with 1 on trouble."""
    if dry_run:
        plan(channel, as_json)
        return
    app = open_app()
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
    with _bars() as bars:
        passes = sync(workshop_of(app, bars), found)
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
    table = Table(
        "channel", "accepted", "refused", "pending", "later", "orders", "calls", "trouble"
    )
    for one in passes:
        tally = one.desk.tally
        counts = [tally[n] for n in ("accepted", "rejected", "pending", "deferred", "orders_new")]
        table.add_row(
            one.channel.code, *map(str, counts), str(one.calls.total()), one.trouble or ""
        )
    for code, reason in paused.items():
        table.add_row(code, "", "", "", "", "", "", f"paused: {reason}")
    out.print(table)


def status_command(channel: ChannelOption = None, as_json: JsonOption = False) -> None:
    """How every channel stands, and what a person must look at."""
    app = open_app()
    with app.session() as session:
        shown = [status(session, one) for one in _channels(session, channel)]
    if as_json:
        print_json({"channels": [one.as_json() for one in shown]})
        return
    for one in shown:
        _print_status(one)


def _print_status(one: ChannelStatus) -> None:
    counts = ", ".join(f"{n} {name}" for name, n in one.listings.items()) or "no listing yet"
    out.print(f"[bold]{one.code}[/]: {counts}; {one.orders} orders")
    for line in filter(None, (one.paused and f"paused: {one.paused}", one.trouble)):
        out.print(f"  [red]{line}[/]")
    if one.issues:
        table = Table("listing", "SKU", "facet", "what is wrong")
        for issue in one.issues:
            table.add_row(issue.key, issue.sku or "", issue.facet, issue.message)
        out.print(table)
