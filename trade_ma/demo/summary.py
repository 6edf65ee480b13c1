"""The demo's result, for people and for programs."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from trade_ma.demo.run import FileReport, Result
from trade_ma.price_words import as_json as explained_as_json
from trade_ma.price_words import lines

# Operations of a step, and refusals of a market, that a table names; JSON has all.
SHOWN = 6


def printed(result: Result) -> RenderableType:
    """Tables of files, steps and figures, and last what disagrees."""
    return Group(
        _files(result),
        *(line for report in result.reports for line in _remarks(report)),
        _steps(result),
        _figures(result),
        *_windows(result),
        *_refusals(result),
        *_verdict(result),
    )


def _files(result: Result) -> Table:
    table = Table("file", "maker", "rows taken", "rows refused")
    for report in result.reports:
        counts = (str(report.accepted), str(report.rejected))
        table.add_row(report.workshop.file, report.workshop.name, *counts)
    return table


def _remarks(report: FileReport) -> Iterator[str]:
    for remark in report.remarks:
        kind = "[red]refused[/]" if remark.refused else "[yellow]taken, but[/]"
        row = f"{report.workshop.file} row {remark.row} {kind}"
        yield f"{row} {escape(remark.message)}"


def _steps(result: Result) -> Table:
    table = Table("step", "seconds", "calls", "which the markets answered")
    for step in result.steps:
        which = ", ".join(f"{name} {n}" for name, n in step.calls.most_common(SHOWN))
        which += ", ..." if len(step.calls) > SHOWN else ""
        table.add_row(step.name, f"{step.seconds:.1f}", str(step.calls.total()), which)
    return table


def _figures(result: Result) -> Table:
    table = Table("where", "figure", "database", "read back", "")
    for figure in result.figures:
        sign = "[green]=[/]" if figure.agrees else "[red]differs[/]"
        table.add_row(figure.subject, figure.name, figure.database, figure.witness, sign)
    return table


def _windows(result: Result) -> Iterator[RenderableType]:
    """The same piece in each market, side by side; JSON has the reasons of every step."""
    if not result.windows:
        return
    table = Table("the same piece", *(window.channel for window in result.windows))
    table.add_row("written in", *(window.written_in for window in result.windows))
    table.add_row("title", *(escape(window.title) for window in result.windows))
    steps = [list(lines(window.explained)) for window in result.windows]
    for step in zip(*steps, strict=True):
        table.add_row(step[0][0], *(price for _, price, _ in step))
    yield table


def _refusals(result: Result) -> Iterator[RenderableType]:
    """What each market does not take, a line a listing; `trade-ma status` would say all of it."""
    table = Table("market", "does not take", "for")
    for channel, issues in result.refusals.items():
        first = {issue.key: issue for issue in reversed(issues)}
        for key, issue in sorted(first.items())[:SHOWN]:
            table.add_row(channel, key, escape(issue.message))
        if len(first) > SHOWN:
            table.add_row(channel, f"and {len(first) - SHOWN} more", "")
    if table.row_count:
        yield table


def _verdict(result: Result) -> Iterator[str]:
    for trouble in result.troubles:
        yield f"[red]{escape(trouble)}[/]"
    for figure in result.figures:
        if not figure.agrees:
            told = f"the database says {figure.database}, read back is {figure.witness}"
            yield f"[red]{figure.subject}: {figure.name}: {told}[/]"
    if result.agrees:
        yield "[green]The database and the markets agree in every figure.[/]"


def as_dict(result: Result, addresses: Mapping[str, str]) -> dict[str, Any]:
    """The result as JSON has it; `addresses` are the markets' pages by channel."""
    return {
        "files": [_file(report) for report in result.reports],
        "steps": [
            {"name": step.name, "seconds": round(step.seconds, 2), "calls": dict(step.calls)}
            for step in result.steps
        ],
        "refusals": {
            channel: [{"key": i.key, "code": i.code, "message": i.message} for i in issues]
            for channel, issues in result.refusals.items()
        },
        "figures": [asdict(figure) | {"agrees": figure.agrees} for figure in result.figures],
        "windows": [
            {
                "channel": window.channel,
                "locale": window.locale,
                "written_in": window.written_in,
                "title": window.title,
                "description": window.description,
                "price": window.price,
                "explained": explained_as_json(window.explained),
                "remarks": list(window.remarks),
            }
            for window in result.windows
        ],
        "markets": dict(addresses),
        "troubles": result.troubles,
        "agrees": result.agrees,
    }


def _file(report: FileReport) -> dict[str, Any]:
    return {
        "file": report.workshop.file,
        "maker": report.workshop.slug,
        "accepted": report.accepted,
        "rejected": report.rejected,
        "remarks": [asdict(remark) for remark in report.remarks],
    }
