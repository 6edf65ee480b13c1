"""trade-ma keys: another key for what is sealed at rest."""

from collections.abc import Sequence

import typer
from cryptography.fernet import Fernet

from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.options import DryRunOption, JsonOption
from trade_ma.identity.resealing import Resealed, reseal
from trade_ma.installation import App, open_app
from trade_ma.security import key_file

app = typer.Typer(help="The key that seals credentials and buyers.", no_args_is_help=True)


@app.callback()
def keys() -> None:
    """The key that seals credentials and buyers."""


@app.command()
def rotate(dry_run: DryRunOption = False, as_json: JsonOption = False) -> None:
    """Make another key, and seal everything with it; the old one is then good for nothing.

    May be killed and run again, and others may work meanwhile: the old key stays until the last
    value is sealed anew. With the key in the environment, put the new one before the old one
    first, TRADE_MA_KEY=new,old, and take the old one away after.
    """
    opened = open_app()
    if keys := opened.settings.sealing_keys:
        if len(keys) == 1:
            raise Fail("the key is in the environment: set TRADE_MA_KEY=new,old and run this again")
        told = _resealed(opened, dry_run=dry_run)
        done = "take the old key out of TRADE_MA_KEY now"
    else:
        told = _rotate_file(opened, dry_run=dry_run)
        done = "the old key is gone"
    _tell(told, "nothing was changed" if dry_run else done, as_json=as_json)
    if any(one.lost for one in told):
        raise typer.Exit(1)


def _rotate_file(opened: App, *, dry_run: bool) -> list[Resealed]:
    file = key_file(opened.settings).made()
    if dry_run:
        # With a key that nothing is sealed with, everything counts.
        sealer = type(opened.sealer)(Fernet.generate_key(), *file.read())
        return reseal(opened.session, sealer, dry_run=True)
    file.write([Fernet.generate_key(), *file.read()])
    told = _resealed(opened, dry_run=False)
    file.write(file.read()[:1])
    return told


def _resealed(opened: App, *, dry_run: bool) -> list[Resealed]:
    first = reseal(opened.session, opened.sealer, dry_run=dry_run)
    last = first
    # Who sealed with the old key at the moment of its change has written by the next pass.
    while not dry_run and any(one.fresh for one in last):
        last = reseal(opened.session, opened.sealer)
    return first


def _tell(told: Sequence[Resealed], done: str, *, as_json: bool) -> None:
    if as_json:
        columns = {one.column: {"sealed": one.fresh, "lost": one.lost} for one in told}
        print_json({"columns": columns, "done": done})
        return
    for one in told:
        lost = f"; [red]{one.lost} cannot be opened with any key[/]" if one.lost else ""
        out.print(f"{one.column}: {one.fresh}{lost}")
    out.print(done)
