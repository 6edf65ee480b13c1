"""trade-ma texts: list translations, and have people review them in tools of their own."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from catalog.translation.models import TextState
from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.options import DryRunOption, JsonOption
from trade_ma.installation import App, open_app

if TYPE_CHECKING:
    from catalog.translation.exchange import Unit
    from jobs.reviewing import Reviewing

app = typer.Typer(help="Texts in other languages.", no_args_is_help=True)
review = typer.Typer(help="Out to a translator's tool, and back.", no_args_is_help=True)
app.add_typer(review, name="review")

LanguageOption = Annotated[
    list[str] | None,
    typer.Option("--language", help="Such as en, repeated; those of the channels without."),
]
StateOption = Annotated[
    list[str] | None,
    typer.Option("--state", help="missing, held, machine, reviewed or rejected, repeated."),
]
AnywayOption = Annotated[
    bool, typer.Option("--accept-anyway", help="Take texts that fail a check; it is recorded.")
]
Ids = Annotated[list[str], typer.Argument(help="Ids, as texts list shows them: 12-en.")]
_OPEN = ("missing", "held", "machine")


@app.command("list")
def list_(
    language: LanguageOption = None, state: StateOption = None, as_json: JsonOption = False
) -> None:
    """Texts that wait for a person, or those in the states you name."""
    from jobs.reviewing import standing

    units = _units(open_app(), language, state or _OPEN)
    if as_json:
        print_json([asdict(unit) | {"id": _id(unit)} for unit in units])
        return
    table = Table("id", "state", "source", "translation", "problems")
    for unit in units:
        cells = (_id(unit), standing(unit), unit.source, unit.translation)
        table.add_row(*map(escape, cells), escape("; ".join(unit.problems)))
    out.print(table)


@review.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="To write: .xlf, .xliff or .csv.")],
    language: LanguageOption = None,
    state: StateOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the texts that wait for a person to a file for their tool."""
    from catalog.translation.exchange import to_csv, to_xliff

    write = {".csv": to_csv, ".xlf": to_xliff, ".xliff": to_xliff}.get(file.suffix.lower())
    if write is None:
        raise Fail("name a file that ends in .xlf, .xliff or .csv")
    units = _units(open_app(), language, state or _OPEN, write=not dry_run)
    if units and not dry_run:
        file.write_bytes(write(units))
    if as_json:
        print_json({"file": str(file), "texts": len(units)})
    else:
        out.print(f"{len(units)} texts {'would go' if dry_run else 'went'} to {file}", markup=False)


@review.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="As it came back: .xlf, .xliff or .csv.")],
    accept_anyway: AnywayOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Take back what a translator did. Exits with 1 where a text could not be taken."""
    from catalog.translation.exchange import BadExchange, from_csv, from_xliff
    from jobs.reviewing import take_back

    read = from_csv if file.suffix.lower() == ".csv" else from_xliff
    try:
        returned = read(file.read_bytes())
    except (BadExchange, OSError) as error:
        raise Fail(f"{file}: {error}") from error
    told = take_back(
        returned,
        open_app().session,
        datetime.now(UTC),
        accept_anyway=accept_anyway,
        dry_run=dry_run,
    )
    _tell(told, as_json=as_json)


@app.command()
def approve(
    ids: Ids,
    accept_anyway: AnywayOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Say that these translations are right as they stand."""
    _judge(ids, TextState.REVIEWED, accept_anyway, dry_run, as_json)


@app.command()
def reject(ids: Ids, dry_run: DryRunOption = False, as_json: JsonOption = False) -> None:
    """Say that these translations must not be shown."""
    _judge(ids, TextState.REJECTED, False, dry_run, as_json)


def _judge(
    ids: list[str], state: TextState, accept_anyway: bool, dry_run: bool, as_json: bool
) -> None:
    from jobs.reviewing import judge

    try:
        told = judge(
            ids,
            state,
            open_app().session,
            datetime.now(UTC),
            accept_anyway=accept_anyway,
            dry_run=dry_run,
        )
    except LookupError as error:
        raise Fail(str(error)) from error
    _tell(told, as_json=as_json)


def _tell(told: "Sequence[Reviewing]", *, as_json: bool) -> None:
    from jobs.reviewing import Verdict

    if as_json:
        print_json([asdict(one) for one in told])
    else:
        _print(told)
    if any(one.verdict in {Verdict.CONFLICT, Verdict.FAILED_CHECKS} for one in told):
        raise typer.Exit(1)


def _print(told: "Sequence[Reviewing]") -> None:
    from jobs.reviewing import Verdict

    for one in told:
        if one.verdict is not Verdict.UNCHANGED:
            why = f": {one.why}" if one.why else ""
            out.print(f"{one.place}: {one.verdict}{why}", markup=False)
    counts = Counter(one.verdict for one in told)
    said = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict])
    out.print(said or "the file has no texts")
    if counts[Verdict.FAILED_CHECKS]:
        out.print("what failed stays as it was: correct it, or take it with --accept-anyway")


def _units(
    opened: App, languages: list[str] | None, states: Sequence[str], *, write: bool = False
) -> "list[Unit]":
    """The texts wanted. Only with `write` are the segments of products kept that are new."""
    from jobs.channels import find
    from jobs.reviewing import Standing, Wanted, to_review
    from jobs.texts import register
    from jobs.translating import work_for

    known = {str(one): one for one in Standing}
    if unknown := set(states) - known.keys():
        raise Fail(f"no state {', '.join(sorted(unknown))}: write {', '.join(known)}")
    wanted = frozenset(known[state] for state in states)
    with opened.session() as session:
        register(session, commit=write)
        targets = frozenset(languages or ()) or work_for(find(session)).languages
        return to_review(session, Wanted(targets, wanted))


def _id(unit: "Unit") -> str:
    return f"{unit.segment_id}-{unit.target_language}"
