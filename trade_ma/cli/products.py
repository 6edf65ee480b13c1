"""trade-ma products: what is decided about single products."""

from typing import Annotated

import typer

from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.options import DryRunOption, JsonOption
from trade_ma.installation import open_app

app = typer.Typer(help="What is decided about single products.", no_args_is_help=True)


@app.command()
def exclusive(
    code: Annotated[str, typer.Argument(help="The product's code.")],
    channel: Annotated[str | None, typer.Argument(help="The one channel that may list it.")] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Let every channel list it.")] = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Sell a product on one channel alone: the next sync ends its listings elsewhere."""
    from jobs.exclusivity import set_exclusive

    if (channel is None) != clear:
        raise Fail("name the one channel that may list it, or give --clear")
    with open_app().session() as session:
        try:
            changed = set_exclusive(session, code, channel)
        except LookupError as error:
            raise Fail(str(error)) from error
        if not dry_run:
            session.commit()
    if as_json:
        print_json({"code": code, "exclusive_to": channel, "changed": changed})
        return
    would = "would be" if dry_run else "is"
    out.print(f"{code} {would} for {f'{channel} alone' if channel else 'every channel'}")
