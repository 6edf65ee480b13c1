"""trade-ma images: photos made ready for the marketplaces, and a sheet to look at them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from images.store import write
from jobs.photos import PhotoReport, PhotoTask, render_photos, tasks
from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.bars import counting
from trade_ma.cli.options import ChannelOption, DryRunOption, JsonOption, channels_named
from trade_ma.installation import App, open_app

app = typer.Typer(help="Photos as each marketplace wants them.", no_args_is_help=True)


@app.command()
def render(
    channel: ChannelOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make every rendition that is not made yet. Exits with 1 where a photo cannot be used."""
    opened = open_app()
    reports = list(_with_bar(opened, _tasks(opened, channel), dry_run))
    told = {
        "photos": len(reports),
        "made": sum(report.made for report in reports),
        "kept": sum(report.kept for report in reports),
        "refused": sum(report.refused for report in reports),
    }
    if as_json:
        print_json(told | {"reports": [one.as_json() for one in reports if one.issues]})
    else:
        _print(reports)
        verb = "would be made" if dry_run else "made"
        out.print(
            f"{told['photos']} photos: {told['made']} renditions {verb}, {told['kept']} there"
            f" before, {told['refused']} photos that some marketplace cannot have"
        )
    if told["refused"]:
        raise typer.Exit(1)


@app.command()
def sheet(
    file: Annotated[Path, typer.Argument(help="Where to write it: .html or .png.")],
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write one page, or one picture, that shows every photo of the catalog."""
    from images.sheet import html_sheet, png_sheet
    from jobs.photos import on_sheet

    if file.suffix.lower() not in {".html", ".png"}:
        raise Fail(f"a sheet is an .html or a .png file, not {file.name!r}")
    opened = open_app()
    with opened.session() as session:
        found = tasks(session, [])
    shown = list(on_sheet(found, opened.photos))
    if file.suffix.lower() == ".png":
        content = png_sheet(shown)
    else:
        content = html_sheet(shown, "Photos").encode()
    if not dry_run:
        write(file, content)
    told = {"file": str(file), "photos": len(shown), "bytes": len(content)}
    verb = "Would write" if dry_run else "Wrote"
    print_json(told) if as_json else out.print(f"{verb} {len(shown)} photos to {file}")


def _tasks(opened: App, channel: Sequence[str] | None) -> list[PhotoTask]:
    with opened.session() as session:
        try:
            return tasks(session, channels_named(session, channel))
        except LookupError as error:
            raise Fail(str(error)) from error


def _with_bar(opened: App, found: Sequence[PhotoTask], dry_run: bool) -> Iterator[PhotoReport]:
    with counting() as bar:
        task = bar.add_task("photos", total=len(found))
        for report in render_photos(found, opened.photos, dry_run=dry_run):
            bar.advance(task)
            yield report


def _print(reports: Sequence[PhotoReport]) -> None:
    for report in reports:
        for issue in report.issues:
            sign = "[red]refused[/]" if issue.refused else "[yellow]small[/]"
            where = f"{report.task.product}, {report.task.name}"
            out.print(f"{sign} {escape(where)}: {escape(issue.message)}", soft_wrap=True)
