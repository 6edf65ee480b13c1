"""trade-ma stock: levels and movements of a SKU, a stock-taking, and the ledger held to account."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.options import DryRunOption, JsonOption
from trade_ma.installation import open_app

if TYPE_CHECKING:
    from catalog.stock import Levels
    from jobs.ledger import LedgerDifference

app = typer.Typer(help="Stock: what stands here, and what of it is sold.", no_args_is_help=True)

Sku = Annotated[str, typer.Argument(help="The SKU.")]


@app.command()
def show(sku: Sku, as_json: JsonOption = False) -> None:
    """The units of a SKU that stand here, that are sold, and that may be sold."""
    from jobs.stock_taking import levels_of

    with open_app().session() as session:
        try:
            found = levels_of(session, sku)
        except LookupError as error:
            raise Fail(str(error)) from error
    if as_json:
        print_json({"sku": sku} | _levels_json(found))
    else:
        out.print(f"{escape(sku)}: {_levels_line(found)}")


def _levels_json(found: "Levels") -> dict[str, int]:
    return {
        "on_hand": found.on_hand,
        "reserved": found.reserved,
        "available": max(0, found.available),
        "oversold": max(0, -found.available),
    }


def _levels_line(found: "Levels") -> str:
    told = (
        f"{found.on_hand} on hand, {found.reserved} reserved, {max(0, found.available)} available"
    )
    return f"{told}, {-found.available} oversold" if found.available < 0 else told


@app.command()
def history(
    sku: Sku,
    limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """The movements of a SKU, newest first."""
    from jobs import stock_taking

    with open_app().session() as session:
        try:
            found = stock_taking.history(session, sku, limit)
        except LookupError as error:
            raise Fail(str(error)) from error
    if as_json:
        print_json([one.model_dump(mode="json", exclude={"variant_id"}) for one in found])
        return
    table = Table("at", "units", "why", "of", "key")
    for one in found:
        cells = (f"{one.at:%Y-%m-%d %H:%M}", f"{one.quantity:+}", one.kind)
        table.add_row(*cells, escape(one.source), escape(one.reference))
    out.print(table)


@app.command()
def count(
    sku: Sku,
    pieces: Annotated[int, typer.Argument(min=0, help="How many stand there, sold ones too.")],
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Record a stock-taking: the pieces that stand there, those sold and not sent among them."""
    from jobs import stock_taking

    with open_app().session() as session:
        try:
            counted = stock_taking.count(session, sku, pieces, datetime.now(UTC))
        except LookupError as error:
            raise Fail(str(error)) from error
        if not dry_run:
            session.commit()
    before, after = counted.before, counted.after
    if as_json:
        print_json({"sku": sku, "before": _levels_json(before), "after": _levels_json(after)})
        return
    out.print(f"{escape(sku)}: {_levels_line(after)} (before: {_levels_line(before)})")
    if pieces < after.on_hand:
        out.print(
            f"[yellow]You counted {pieces}, and {after.reserved} are sold and not shipped yet: "
            "ship or cancel those orders[/]"
        )


@app.command()
def repair(dry_run: DryRunOption = False, as_json: JsonOption = False) -> None:
    """Hold the ledger against the orders, and make up for what differs; there should be nothing.

    With --dry-run nothing is written, and it exits with 1 where something differs.
    """
    from jobs import conflicts
    from jobs.ledger import LineDifference, differences, repair

    with open_app().session() as session:
        found = differences(session)
        if not dry_run:
            repair(session, found)
            touched = {one.key.variant_id for one in found if isinstance(one, LineDifference)}
            conflicts.look(session, touched, datetime.now(UTC))
            session.commit()
    if as_json:
        print_json(
            {"differences": [_difference_json(one) for one in found], "written": not dry_run}
        )
    else:
        for one in found:
            out.print(escape(str(one)), soft_wrap=True)
        done = "Would be repaired" if dry_run else "Repaired"
        out.print(f"{done}: {len(found)}" if found else "Nothing differs")
    if found and dry_run:
        raise typer.Exit(1)


def _difference_json(one: "LedgerDifference") -> dict[str, Any]:
    return asdict(one) | {"message": str(one)}
