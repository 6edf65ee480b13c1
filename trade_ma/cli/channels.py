"""trade-ma channels: add, list and check the accounts we sell on."""

import sys
from contextlib import closing
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from connectors import registry
from connectors.clock import SystemClock
from connectors.errors import ConnectorError
from jobs import channels
from jobs.models import Channel
from jobs.policies import TextRule
from trade_ma.cli.app import Fail, err, out, print_json
from trade_ma.cli.options import DryRunOption, JsonOption, channels_named, pairs
from trade_ma.installation import App, open_app
from trade_ma.workshop import connector_of

app = typer.Typer(help="The accounts we sell on.", no_args_is_help=True)

Pairs = Annotated[list[str] | None, typer.Option(help="NAME=VALUE, repeated.")]


@app.command()
def add(
    code: Annotated[str, typer.Argument(help="Your short name for it, such as shopify-us.")],
    marketplace: Annotated[str, typer.Argument(help="shopify, etsy, amazon ...")],
    site: Annotated[str | None, typer.Option(help="The country's market, such as us.")] = None,
    account: Annotated[
        str | None, typer.Option(help="Channels of one account share its quotas; your name for it.")
    ] = None,
    currency: Annotated[str | None, typer.Option(help="ISO 4217; the site's own without.")] = None,
    locale: Annotated[list[str] | None, typer.Option(help="Such as en-US, repeated.")] = None,
    credential: Pairs = None,
    credentials_from: Annotated[
        typer.FileText | None,
        typer.Option(help="Lines of NAME=VALUE; - reads standard input, and nothing in history."),
    ] = None,
    setting: Pairs = None,
    base_url: Annotated[str | None, typer.Option(help="Another server: the sandbox.")] = None,
    buffer: Annotated[int, typer.Option(min=0, help="Units held back from this channel.")] = 0,
    text: Annotated[
        TextRule | None,
        typer.Option(help="Which translations it shows; reviewed ones without."),
    ] = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Add a channel, its credentials sealed."""
    opened = open_app()
    given = pairs(credential) | pairs(credentials_from)
    settings = pairs(setting) | ({"base_url": base_url} if base_url else {})
    with opened.session() as session:
        try:
            channel = channels.add(
                session,
                opened.sealer,
                code=code,
                account=account,
                marketplace_code=marketplace,
                site_code=site,
                credentials=given,
                settings=settings,
                currency=currency,
                locales=locale or (),
                policy={"buffer": buffer} | ({"text": text.value} if text else {}),
            )
        except (LookupError, ValueError) as error:
            raise Fail(str(error)) from error
        shown = _shown(channel)
        if not dry_run:
            session.commit()
    print_json(shown) if as_json else out.print(
        f"{'Would add' if dry_run else 'Added'} {code}: {channel_line(shown)}"
    )


def _shown(channel: Channel) -> dict[str, object]:
    return {
        "code": channel.code,
        "marketplace": channel.marketplace,
        "site": channel.site,
        "currency": channel.currency,
        "locales": channel.locales,
        "policy": channel.policy,
        "paused": channel.paused_reason,
        "trouble": channel.trouble,
    }


def channel_line(shown: dict[str, object]) -> str:
    """A channel in one line."""
    return f"{shown['marketplace']} {shown['site']}, {shown['currency']}"


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Every channel, and how it stands."""
    with open_app().session() as session:
        shown = [_shown(channel) for channel in channels.find(session)]
    if as_json:
        print_json(shown)
        return
    table = Table("channel", "marketplace", "currency", "state")
    for one in shown:
        state = one["paused"] or one["trouble"] or "well"
        table.add_row(
            str(one["code"]),
            f"{one['marketplace']} {one['site']}",
            str(one["currency"]),
            str(state),
        )
    out.print(table)


@app.command()
def check(
    code: Annotated[list[str] | None, typer.Argument(help="Channels; all without.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask each marketplace who we are there. Exits with 1 where one does not know us."""
    opened = open_app()
    with opened.session() as session:
        found = channels_named(session, code)
    answers = [_answer(opened, channel) for channel in found]
    if as_json:
        print_json(answers)
    for answer in () if as_json else answers:
        out.print(f"{answer['code']}: {answer.get('error') or answer['shop']}")
    if any("error" in answer for answer in answers):
        raise typer.Exit(1)


def _answer(opened: App, channel: Channel) -> dict[str, object]:
    try:
        with closing(connector_of(opened, channel)) as connector:
            shop = connector.check()
    except ConnectorError as error:
        return {"code": channel.code, "error": f"{type(error).__name__}: {error}"}
    return {"code": channel.code, "shop": shop.name, "id": shop.id, "currency": shop.currency}


@app.command()
def consent(
    marketplace: Annotated[str, typer.Argument(help="One that asks in a browser, such as etsy.")],
    redirect_uri: Annotated[str, typer.Option(help="The address registered with your app.")],
    credential: Pairs = None,
    base_url: Annotated[str | None, typer.Option(help="Another server: the sandbox.")] = None,
) -> None:
    """Get an account's credentials from its owner in a browser.

    They are printed as NAME=VALUE lines, for `channels add --credentials-from -`.
    """
    try:
        desk = registry.marketplace(marketplace).consent
    except LookupError as error:
        raise Fail(str(error)) from error
    if desk is None:
        raise Fail(f"{marketplace} does not ask for consent in a browser: give --credential")
    try:
        asked = desk.start(given := pairs(credential), redirect_uri)
        err.print("Let the owner of the shop open this address:", escape(asked.url), soft_wrap=True)
        came_back = typer.prompt("The address where the browser ended", err=True)
        told = desk.finish(given, asked, came_back, clock=SystemClock(), base_url=base_url)
    except KeyError as missing:
        raise Fail(f"give --credential {missing.args[0]}=...") from missing
    except ConnectorError as error:
        raise Fail(str(error)) from error
    for name, value in told.items():
        sys.stdout.write(f"{name}={value}\n")
