"""trade-ma plan: what a sync would change, like a plan of infrastructure."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.tree import Tree

from connectors.errors import ConnectorError
from jobs.models import Channel
from jobs.plan import Action, Difference
from jobs.plan_report import PlannedListing, planned
from jobs.sync import preview
from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.options import ChannelOption, JsonOption, read_channels
from trade_ma.installation import open_app
from trade_ma.workshop import workshop_of

# A longer value is cut for the eye; JSON has it whole.
SHOWN = 60

_SIGN = {Action.CREATE: "[green]+", Action.END: "[red]-", Action.UPDATE: "[yellow]~"}


def plan_command(
    channel: ChannelOption = None,
    validate: Annotated[
        bool,
        typer.Option("--validate", help="Ask the marketplace too, where it can be asked."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what a sync would change, listing by listing, and change nothing."""
    app = open_app()
    shop = workshop_of(app)
    shown: dict[str, list[dict[str, Any]]] = {}
    for one in read_channels(app, channel):
        with app.session() as session:
            attached = session.get_one(Channel, one.id)
            try:
                previews = preview(session, attached, shop, ask=validate)
            except ConnectorError as error:
                raise Fail(f"{one.code}: {type(error).__name__}: {error}") from error
        changing = planned(previews)
        shown[one.code] = [p.as_json() for p in changing]
        if not as_json:
            _print(one.code, changing)
    if as_json:
        print_json({"channels": shown})


def _print(code: str, previews: Sequence[PlannedListing]) -> None:
    tree = Tree(f"[bold]{escape(code)}[/]")
    for one in previews:
        _add_branch(tree, one)
    counts = Counter(one.action for one in previews)
    told = ", ".join(f"{n} to {action}" for action, n in counts.items()) or "nothing to do"
    out.print(tree)
    out.print(f"{code}: {told}")


def _add_branch(tree: Tree, listing: PlannedListing) -> None:
    sign = _SIGN.get(listing.action, "[dim].")
    title = f"{escape(listing.key)}: {escape(listing.title)}"
    branch = tree.add(f"{sign} {listing.action}[/] {title}")
    # Of a new listing everything is new: its name says enough.
    if listing.action is not Action.CREATE:
        for facet, differences in listing.facets.items():
            for difference in differences:
                branch.add(f"{facet}: {_difference(difference)}")
    for issue in listing.refused:
        branch.add(f"[red]refused[/] {escape(issue.message)}")


def _difference(difference: Difference) -> str:
    old, new = (escape(str(value)[:SHOWN]) for value in (difference.old, difference.new))
    return f"{escape(difference.name)} {old} [dim]to[/] {new}"
