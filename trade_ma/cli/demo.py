"""trade-ma demo: the whole way on practice markets, and every figure by two witnesses."""

import tempfile
import threading
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from connectors.sandbox.registry import SANDBOXES
from trade_ma.cli.app import Fail, err, out, print_json
from trade_ma.cli.bars import bars
from trade_ma.cli.options import JsonOption
from trade_ma.demo.figures import Figure
from trade_ma.demo.markets import PracticeMarket, opened
from trade_ma.demo.run import Demo, FileReport, Remark, Result, Step
from trade_ma.demo.scenario import stalls


def demo(
    serve: Annotated[
        bool, typer.Option("--serve", help="Leave the practice markets open until Ctrl-C.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Six makers' files become listings on practice markets, are bought, and are counted.

    Nothing of yours is touched. Exits with 1 where the database and the markets disagree.
    """
    if not SANDBOXES:
        raise Fail("no practice market is installed")
    with (
        tempfile.TemporaryDirectory(prefix="trade-ma-demo-") as folder,
        opened(stalls(SANDBOXES)) as markets,
    ):
        with bars() as progress:
            result = Demo(Path(folder), markets, progress).run()
        if as_json:
            print_json(_as_json(result, markets))
        else:
            _print(result)
        if serve:
            _wait(markets)
    if not result.agrees:
        raise typer.Exit(1)


def _wait(markets: Sequence[PracticeMarket]) -> None:
    for market in markets:
        err.print(f"{market.stall.channel} is open at {market.url}")
    err.print("Ctrl-C closes them")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        err.print("closed")


def _print(result: Result) -> None:
    out.print(_files_table(result.reports))
    out.print(_steps_table(result.steps))
    out.print(_figures_table(result.figures))
    for trouble in result.troubles:
        out.print(f"[red]{trouble}[/]")
    if result.agrees:
        out.print("[green]The database and the markets agree in every figure.[/]")
    for figure in result.figures:
        if not figure.agrees:
            told = f"the database says {figure.database}, read back is {figure.witness}"
            out.print(f"[red]{figure.subject}: {figure.name}: {told}[/]")


def _files_table(reports: Sequence[FileReport]) -> Table:
    table = Table("file", "maker", "rows in", "refused", "what the maker is told")
    for report in reports:
        told = "\n".join(_remark(remark) for remark in report.remarks)
        counts = (str(report.accepted), str(report.rejected))
        table.add_row(report.workshop.file, report.workshop.name, *counts, told)
    return table


def _remark(remark: Remark) -> str:
    kind = "[red]refused[/]" if remark.refused else "[yellow]taken[/]"
    return f"row {remark.row} {escape(remark.sku)} {kind}: {escape(remark.message)}"


def _steps_table(steps: Sequence[Step]) -> Table:
    table = Table("step", "seconds", "calls", "which")
    for step in steps:
        which = ", ".join(f"{name} {n}" for name, n in step.calls.most_common())
        table.add_row(step.name, f"{step.seconds:.1f}", str(step.calls.total()), which)
    return table


def _figures_table(figures: Sequence[Figure]) -> Table:
    table = Table("where", "figure", "database", "read back", "")
    for figure in figures:
        sign = "[green]=[/]" if figure.agrees else "[red]differs[/]"
        table.add_row(figure.subject, figure.name, figure.database, figure.witness, sign)
    return table


def _as_json(result: Result, markets: Sequence[PracticeMarket]) -> dict[str, Any]:
    return {
        "files": [
            {
                "file": report.workshop.file,
                "maker": report.workshop.slug,
                "accepted": report.accepted,
                "rejected": report.rejected,
                "remarks": [asdict(remark) for remark in report.remarks],
            }
            for report in result.reports
        ],
        "steps": [
            {"name": s.name, "seconds": round(s.seconds, 2), "calls": dict(s.calls)}
            for s in result.steps
        ],
        "figures": [
            {
                "where": f.subject,
                "figure": f.name,
                "database": f.database,
                "read_back": f.witness,
                "agrees": f.agrees,
            }
            for f in result.figures
        ],
        "markets": {market.stall.channel: market.url for market in markets},
        "troubles": result.troubles,
        "agrees": result.agrees,
    }
