"""trade-ma images check: what would make photos sell better, in the words of who takes them."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from jobs import channels
from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.bars import counting
from trade_ma.cli.options import ChannelOption, JsonOption, Language, language_of
from trade_ma.installation import App, open_app

if TYPE_CHECKING:
    from jobs.photo_checks import CheckedPhoto

# Signs and not words: the sentence beside them is in the reader's language.
_SIGNS = {"advice": "[yellow]•[/]", "refused": "[red]✗[/]", "unreadable": "[red]✗[/]"}


def check_command(
    product: Annotated[
        list[str] | None, typer.Argument(help="Codes of products; all without.")
    ] = None,
    maker: Annotated[str | None, typer.Option(help="Only of this maker, by short name.")] = None,
    channel: ChannelOption = None,
    language: Annotated[
        Language | None, typer.Option(help="Of messages; as the environment says without.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Look for photos that are blurred, dark, small, framed, twice there, and say what to do.

    What a marketplace asks of sizes and of the first photo's ground is looked at for every
    channel, or for those given. All this is advice: the exit code is 0 with it, and 1 only where
    a photo cannot be read at all.
    """
    spoken = language or language_of(os.environ)
    checked = _checked(open_app(), product or (), maker, channel or ())
    told = [one for one in checked if one.findings]
    unreadable = sum(not one.readable for one in checked)
    if as_json:
        counts = {"photos": len(checked), "told_of": len(told), "unreadable": unreadable}
        print_json(counts | {"reports": [one.as_json(spoken) for one in told]})
    else:
        _print(told, spoken)
        out.print(
            f"{len(checked)} photos: {len(checked) - len(told)} well,"
            f" {len(told) - unreadable} with advice, {unreadable} that cannot be read"
        )
    if unreadable:
        raise typer.Exit(1)


def _checked(
    opened: App, products: Sequence[str], maker: str | None, codes: Sequence[str]
) -> "list[CheckedPhoto]":
    from jobs.photo_checks import check_photos

    with counting() as bar:
        task = bar.add_task("photos", total=None)
        try:
            # Without a channel photos can be checked as well: for what any shop would say.
            with opened.session() as session:
                found = channels.find(session, codes)
                session.expunge_all()
            return check_photos(
                opened.session,
                opened.photos,
                products=products,
                maker=maker,
                channels=found,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        except LookupError as error:
            raise Fail(str(error)) from error


def _print(told: "Sequence[CheckedPhoto]", language: Language) -> None:
    for one in told:
        shown = one.as_json(language)
        out.print(f"[bold]{escape(one.photo.product)}[/], {escape(one.photo.name)}")
        for finding in shown["findings"]:
            sign = _SIGNS[finding["severity"]]
            out.print(f"  {sign} {escape(finding['message'])}", soft_wrap=True)
