"""trade-ma channels pause, resume, credentials: what a channel needs once it is there."""

from typing import Annotated

import typer
from rich.markup import escape
from sqlmodel import Session

from connectors.registry import marketplace
from jobs import channel_care
from jobs.models import Channel
from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.options import DryRunOption, JsonOption, channels_named, pairs
from trade_ma.identity.audit import audit
from trade_ma.identity.principal import of_command_line
from trade_ma.installation import open_app

Code = Annotated[str, typer.Argument(help="The channel.")]


def pause(
    code: Code,
    reason: Annotated[str, typer.Option(help="What others are told.")] = channel_care.BY_HAND,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Leave a channel alone until it is resumed: no pass touches it."""
    if not (reason := reason.strip()):
        raise Fail("say why it is left alone: --reason")
    with open_app().session() as session:
        [channel] = channels_named(session, [code])
        was = channel.paused_reason
        channel_care.pause(channel, reason)
        _note(session, "channel.pause", channel, {"paused": reason})
        if not dry_run:
            session.commit()
    if as_json:
        print_json({"code": code, "paused": reason, "was_paused": was, "written": not dry_run})
    else:
        out.print(escape(f"{code} {'would be' if dry_run else 'is'} left alone: {reason}"))


def resume(
    code: Annotated[str, typer.Argument(help="The paused channel.")],
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Let a paused channel work again, once its credentials are right."""
    with open_app().session() as session:
        [channel] = channels_named(session, [code])
        was = channel.paused_reason
        channel_care.resume(channel)
        _note(session, "channel.resume", channel, {"was_paused": was})
        if not dry_run:
            session.commit()
    if as_json:
        print_json({"code": code, "was_paused": was, "written": not dry_run})
    else:
        out.print(f"{escape(code)} {'would be' if dry_run else 'is'} on again")


def credentials(
    code: Code,
    from_file: Annotated[
        typer.FileText | None,
        typer.Option(help="Lines of NAME=VALUE; - reads standard input. Asked for without."),
    ] = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Enter a channel's credentials anew, seal them, and let it work again.

    They are the account's: all its channels get them. Never give a secret as an argument, where
    other users of the machine and the shell's history can read it.
    """
    opened = open_app()
    with opened.session() as session:
        [channel] = channels_named(session, [code])
        asked = _asked_for(channel)
    given = {name: _prompt(name) for name in asked} if from_file is None else pairs(from_file)
    with opened.session() as session:
        [channel] = channels_named(session, [code])
        try:
            channel_care.enter_credentials(session, opened.sealer, channel, given)
        except (LookupError, ValueError) as error:
            raise Fail(str(error)) from error
        _note(session, "channel.credentials", channel, {"names": sorted(given)})
        if not dry_run:
            session.commit()
    if as_json:
        print_json({"code": code, "names": sorted(given), "written": not dry_run})
    else:
        done = "would be sealed, and it would work" if dry_run else "are sealed, and it works"
        out.print(escape(f"{code}: {', '.join(given)} {done} again"))


def _asked_for(channel: Channel) -> tuple[str, ...]:
    try:
        return tuple(marketplace(channel.marketplace).credentials)
    except LookupError as error:
        raise Fail(str(error)) from error


def _prompt(name: str) -> str:
    # On stderr, so that --json stays alone on stdout.
    entered: str = typer.prompt(name, hide_input=True, err=True)
    return entered.strip()


def _note(session: Session, action: str, channel: Channel, after: dict[str, object]) -> None:
    audit(session, of_command_line(), action, f"channel:{channel.code}", after=after)
