"""trade-ma adopt: take over listings that stand on a marketplace already."""

import getpass
from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table
from sqlmodel import Session

from jobs import adoption_decisions
from jobs.adoption import Adopted, adopt
from jobs.adoption_decisions import Proposal
from jobs.drift_models import AdoptionState
from trade_ma.cli.app import Fail, err, out, print_json
from trade_ma.cli.bars import bars
from trade_ma.cli.options import (
    ChannelOption,
    DryRunOption,
    JsonOption,
    channels_named,
    read_channels,
)
from trade_ma.installation import open_app
from trade_ma.workshop import workshop_of

app = typer.Typer(help="Take over listings that stand on a marketplace already.")

Number = Annotated[int, typer.Argument(help="The proposal's number, as adopt list shows it.")]


@app.callback(invoke_without_command=True)
def adopt_(
    context: typer.Context,
    channel: ChannelOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Match every listing that is not ours yet with a product.

    By SKU or GTIN it is taken over at once: the next sync changes it and makes no second one.
    What only looks alike is proposed: see adopt list. Exits with 1 on trouble.
    """
    if context.invoked_subcommand:
        return
    opened = open_app()
    found = read_channels(opened, channel)
    with bars() as progress:
        shop = workshop_of(opened, progress)
        results = [adopt(shop, one, dry_run=dry_run) for one in found]
    if as_json:
        print_json({"dry_run": dry_run, "channels": [_json(result) for result in results]})
    for result in () if as_json else results:
        _print(result, dry_run=dry_run)
    if any(result.trouble for result in results):
        raise typer.Exit(1)


def _json(result: Adopted) -> dict[str, Any]:
    return {
        "channel": result.channel,
        "trouble": result.trouble,
        "listings": result.told,
        "matched": [
            {
                "remote_id": one.remote_id,
                "title": one.title,
                "product": one.product,
                "likeness": one.likeness,
                "score": one.score,
                "state": one.state,
                "why": one.why,
            }
            for one in result.matched
        ],
    }


def _print(result: Adopted, *, dry_run: bool) -> None:
    if result.trouble:
        err.print(f"[red]{escape(result.channel)}: {escape(result.trouble)}[/]", soft_wrap=True)
        return
    adopted = len(result.in_state(AdoptionState.ADOPTED))
    proposed = len(result.in_state(AdoptionState.PROPOSED))
    would = "would be taken over" if dry_run else "taken over"
    out.print(
        f"{escape(result.channel)}: {result.told} listings there, {adopted} {would}, "
        f"{proposed} for a person to decide"
    )


@app.command("list")
def list_(
    channel: ChannelOption = None,
    state: Annotated[
        AdoptionState, typer.Option(help="Those that were decided so.")
    ] = AdoptionState.PROPOSED,
    as_json: JsonOption = False,
) -> None:
    """Listings that wait for a person, the likeliest first."""
    with open_app().session() as session:
        codes = [one.code for one in channels_named(session, channel)]
        found = adoption_decisions.proposals(session, codes, state)
        shown = [_shown(one) for one in found]
    if as_json:
        print_json(shown)
        return
    table = Table("number", "channel", "listing", "product", "by", "score", "why")
    for one in shown:
        table.add_row(*(escape(str("" if cell is None else cell)) for cell in one.values()))
    out.print(table)


def _shown(one: Proposal) -> dict[str, Any]:
    row = one.adoption
    return {
        "number": row.id,
        "channel": one.channel,
        "listing": f"{row.title} ({row.remote_id})",
        "product": one.product.code if one.product else None,
        "by": row.likeness,
        "score": row.score,
        "why": row.remote.get("why", ""),
    }


@app.command()
def accept(
    number: Number,
    product: Annotated[
        str | None, typer.Option(help="The code of another product than the proposed one.")
    ] = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Take a proposed listing over: the next sync brings it to what the catalog says."""

    def decide(session: Session, by: str) -> Proposal:
        return adoption_decisions.accept(session, number, by, product)

    _decide(decide, dry_run=dry_run, as_json=as_json)


@app.command()
def decline(number: Number, dry_run: DryRunOption = False, as_json: JsonOption = False) -> None:
    """Say that a listing is none of ours: it is not asked about again."""

    def decide(session: Session, by: str) -> Proposal:
        return adoption_decisions.decline(session, number, by)

    _decide(decide, dry_run=dry_run, as_json=as_json)


def _decide(decide: Callable[[Session, str], Proposal], *, dry_run: bool, as_json: bool) -> None:
    with open_app().session() as session:
        try:
            decided = decide(session, getpass.getuser())
        except (LookupError, ValueError) as error:
            raise Fail(str(error)) from error
        state, shown = decided.adoption.state, _shown(decided)
        if not dry_run:
            session.commit()
    if as_json:
        print_json({**shown, "state": state, "dry_run": dry_run})
    else:
        would = "would be" if dry_run else "is"
        out.print(f"{escape(shown['listing'])} {would} {state}")
