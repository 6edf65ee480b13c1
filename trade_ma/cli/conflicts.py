"""trade-ma conflicts: units sold twice, and what a person decides about them."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.options import DryRunOption, JsonOption
from trade_ma.installation import open_app

if TYPE_CHECKING:
    from jobs.proposals import Proposal

app = typer.Typer(help="Units that were sold twice.", no_args_is_help=True)


@app.command("list")
def list_(
    settled: Annotated[bool, typer.Option("--all", help="Those that are settled as well.")] = False,
    as_json: JsonOption = False,
) -> None:
    """The orders that cannot be delivered, with the proposed answer. Nothing is cancelled by us."""
    from jobs.proposals import proposals

    with open_app().session() as session:
        found = proposals(session, settled=settled)
    if as_json:
        print_json([_json(one) for one in found])
        return
    for one in found:
        by = f" by {escape(one.settled_by)}" if one.settled_by else ""
        words = f"{one.settled}{by}" if one.settled else escape(one.answer)
        head = f"[bold]{one.id}[/] {escape(one.channel)} {escape(one.order)}"
        out.print(f"{head}, {one.units} x {escape(one.sku)}: {words}", soft_wrap=True)
    if not found:
        out.print("No unit is sold twice")


def _json(one: "Proposal") -> dict[str, Any]:
    return asdict(one) | {
        "placed_at": one.placed_at.isoformat() if one.placed_at else None,
        "found_at": one.found_at.isoformat(),
        "answer": None if one.settled else one.answer,
    }


@app.command()
def keep(
    conflict: Annotated[int, typer.Argument(help="Its number, as conflicts list shows it.")],
    by: Annotated[str, typer.Option(envvar="USER", help="Who decides.")],
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Deliver the order all the same: it is not proposed again."""
    from jobs import proposals

    with open_app().session() as session:
        try:
            proposals.keep(session, conflict, by, datetime.now(UTC))
        except (LookupError, ValueError) as error:
            raise Fail(str(error)) from error
        if not dry_run:
            session.commit()
    if as_json:
        print_json({"id": conflict, "settled": "kept", "settled_by": by, "written": not dry_run})
    else:
        out.print(f"Conflict {conflict} {'would be' if dry_run else 'is'} kept, by {escape(by)}")
