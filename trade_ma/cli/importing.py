"""trade-ma import: a cooperative's files into the catalog, with a report of every row."""

import os
import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from catalog.importing.headers import field_names
from catalog.importing.problems import message
from catalog.importing.report import RowReport, Totals
from catalog.importing.tables import Unreadable
from jobs.importing import FileImport, import_file
from trade_ma.cli.app import Fail, err
from trade_ma.cli.import_report import JsonReport, Report, ScreenReport
from trade_ma.cli.options import Language, language_of
from trade_ma.database import take_statistics
from trade_ma.installation import App, open_app

_SLUG = re.compile(r"[\w-]{1,80}")


def import_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV, TSV or XLSX.")],
    maker: Annotated[
        str | None, typer.Option(help="Whose the files are: a short name such as tifawin.")
    ] = None,
    photos: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="The folder of photos that files name."),
    ] = None,
    fetch: Annotated[
        bool,
        typer.Option("--fetch", help="Fetch photos that files name by https addresses."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report, and change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    lang: Annotated[
        Language | None, typer.Option(help="Of messages; as the environment says without.")
    ] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="HEADER=FIELD", help="What a column means; repeated."),
    ] = None,
) -> None:
    """Take files into the catalog. Each is one transaction; bad rows never stop the good ones.

    Rows with a new SKU make products, rows with a known one update them. What a file does not
    name stays. With --json one file gives one report, several give a list of reports.

    Exits with 0 when every row was accepted, with 1 when some were refused (the others are in),
    with 2 when a file could not be read or an option is wrong.
    """
    if maker is not None and not _SLUG.fullmatch(maker):
        raise Fail(f"a maker's short name is letters, digits and hyphens, not {maker!r}")
    mapping = _mapping(map_ or [])
    language = lang or language_of(os.environ)
    several = len(files) > 1
    report: Report = JsonReport(language, several) if as_json else ScreenReport(language)
    app = open_app()
    wanted = [FileImport(path, maker, photos, mapping, dry_run, fetch) for path in files]
    with closing(report):
        codes = [_import(app, one, report, language) for one in wanted]
    if worst := max(codes):
        raise typer.Exit(worst)


def _mapping(pairs: list[str]) -> Mapping[str, str]:
    mapping = {}
    for pair in pairs:
        header, _, name = pair.rpartition("=")
        if not header or name not in field_names():
            raise Fail(f"write HEADER=FIELD, not {pair!r}; fields are {', '.join(field_names())}")
        mapping[header.strip()] = name
    return mapping


def _import(app: App, wanted: FileImport, report: Report, language: Language) -> int:
    """Import one file and tell of it; the exit code that it asks for."""
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}"), console=err
    ) as bars:
        progress = _Bars(bars, report, bars.add_task(wanted.path.name, total=None))
        try:
            totals = import_file(wanted, app.session, app.photos, progress)
        except Unreadable as unreadable:
            said = message(unreadable.reason, unreadable.details, language)
            report.failed(wanted.path, unreadable.reason.partition(".")[0], said)
            return 2
        if not wanted.dry_run:
            take_statistics(app.engine)
        bars.update(progress.rows, total=totals.accepted + totals.rejected)
    report.done(wanted.path, totals)
    return _exit_code(totals)


def _exit_code(totals: Totals) -> int:
    return 1 if totals.rejected else 0


@dataclass(slots=True)
class _Bars:
    """Progress on stderr: rows, and photos before them."""

    bars: Progress
    report: Report
    rows: TaskID
    photo_task: TaskID | None = None

    def photos(self, done: int, total: int) -> None:
        """Show the photos kept."""
        if self.photo_task is None:
            self.photo_task = self.bars.add_task("photos", total=total)
        self.bars.update(self.photo_task, completed=done)

    def row(self, report: RowReport) -> None:
        """Show and report a row."""
        self.report.row(report)
        self.bars.advance(self.rows)
