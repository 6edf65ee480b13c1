"""trade-ma suggestions: what products' own words say beyond their fields."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text
from sqlmodel import Session

from catalog.vocabulary.suggest import FIELDS, Suggestion, texts
from jobs.suggestions import Suggested, accept, suggested
from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.options import DryRunOption, JsonOption
from trade_ma.installation import open_app

app = typer.Typer(
    help="What titles, tags and descriptions say beyond the fields.", no_args_is_help=True
)

Named = Annotated[
    list[str] | None, typer.Argument(metavar="CODE...", help="SKUs or product codes.")
]
MakerOption = Annotated[str | None, typer.Option(help="Only this maker's, by its short name.")]

# Characters of a text that are shown on each side of the evidence.
AROUND = 40


@app.command("list")
def list_(named: Named = None, maker: MakerOption = None, as_json: JsonOption = False) -> None:
    """Every suggestion, with the words that say it."""
    with open_app().session() as session:
        found = _found(session, named, maker)
        shown = [_json(one, one.suggestions) for one in found]
        if as_json:
            print_json({"products": shown})
            return
        for one in found:
            out.print(_table(one, one.suggestions))
    out.print(f"Products with suggestions: {len(found)}")


@app.command("accept")
def accept_(
    named: Named = None,
    field: Annotated[
        list[str] | None,
        typer.Option(help=f"Only this one, even where it differs; of {', '.join(FIELDS)}."),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Of every product.")] = False,
    maker: MakerOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write suggestions into the catalog; what differs from a field only where --field names it.

    Materials, colours, techniques, motifs and rooms grow by what is accepted; a craft, a region
    or a size becomes it.
    """
    if not (named or all_ or maker):
        raise Fail("name products, or say --all")
    if unknown := set(field or ()) - set(FIELDS):
        raise Fail(f"no field is called {', '.join(sorted(unknown))}: say {', '.join(FIELDS)}")
    with open_app().session() as session:
        taken = [(one, accept(one, field or ())) for one in _found(session, named, maker)]
        changed = [(one, accepted) for one, accepted in taken if accepted]
        shown = [_json(one, accepted) for one, accepted in changed]
        tables = [_table(one, accepted) for one, accepted in changed]
        if not dry_run:
            session.commit()
    if as_json:
        print_json({"dry_run": dry_run, "products": shown})
        return
    for table in tables:
        out.print(table)
    out.print(f"Products {'would be changed' if dry_run else 'changed'}: {len(shown)}")


def _found(session: Session, named: list[str] | None, maker: str | None) -> list[Suggested]:
    try:
        return list(suggested(session, named or (), maker))
    except LookupError as error:
        raise Fail(str(error)) from error


def _json(one: Suggested, shown: tuple[Suggestion, ...]) -> dict[str, Any]:
    return {
        "code": one.product.code,
        "skus": [variant.sku for variant in one.variants],
        "title": one.product.title,
        "suggestions": [
            {
                "field": suggestion.field,
                "value": suggestion.value,
                "evidence": suggestion.evidence,
                "where": suggestion.where,
                "start": suggestion.start,
                "differs": suggestion.differs,
            }
            for suggestion in shown
        ],
    }


def _table(one: Suggested, shown: tuple[Suggestion, ...]) -> Table:
    table = Table("field", "suggested", "says", "in", title=one.product.code, title_justify="left")
    for row in _rows(one, shown):
        table.add_row(*row)
    return table


def _rows(one: Suggested, shown: tuple[Suggestion, ...]) -> Iterator[tuple[Text, ...]]:
    written = texts(one.product)
    for suggestion in shown:
        value = Text(f"{suggestion.value:g}" if _is_size(suggestion) else str(suggestion.value))
        if suggestion.differs:
            value.append(" differs", "red")
        context = _context(written[suggestion.where], suggestion)
        yield Text(suggestion.field), value, context, Text(suggestion.where)


def _is_size(suggestion: Suggestion) -> bool:
    return isinstance(suggestion.value, float)


def _context(text: str, suggestion: Suggestion) -> Text:
    """The evidence among the words around it, marked."""
    start, end = suggestion.start, suggestion.start + len(suggestion.evidence)
    first, last = max(0, start - AROUND), end + AROUND
    return Text.assemble(
        "…" if first else "",
        text[first:start],
        (suggestion.evidence, "bold reverse"),
        text[end:last],
        "…" if last < len(text) else "",
    )
