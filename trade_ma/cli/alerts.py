"""trade-ma alerts: what needs a person now, and a trial of the hooks that tell of it."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape

from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.options import JsonOption
from trade_ma.installation import open_app
from trade_ma.settings import Settings


def alerts_command(
    test: Annotated[
        bool, typer.Option("--test", help="Send a trial by every hook that is set.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what needs a person now. The daemon tells of it; this changes and sends nothing.

    With --test a trial is sent instead; exits with 1 where a hook failed.
    """
    app = open_app()
    if test:
        _test(app.settings, as_json=as_json)
        return
    from jobs.alerts import conditions
    from trade_ma.alerting import hooks_of, limits_of

    with app.session() as session:
        found = conditions(session, limits_of(app.settings), datetime.now(UTC))
    hooks = [hook.name for hook in hooks_of(app.settings)]
    if as_json:
        print_json({"alerts": [asdict(one) for one in found], "hooks": hooks})
        return
    for one in found:
        head = f"[bold]{one.kind}[/] {escape(one.subject)}"
        out.print(f"{head}: {escape(one.message)}", soft_wrap=True)
    if not found:
        out.print("Nothing needs a person")
    if not hooks:
        out.print("Nobody is told: set TRADE_MA_ALERT_EMAIL_TO or TRADE_MA_ALERT_WEBHOOK_URL")


def _test(settings: Settings, *, as_json: bool) -> None:
    from trade_ma.alerting import rehearse

    tried = rehearse(settings, datetime.now(UTC))
    if not tried.told and not tried.failed:
        raise Fail("no hook is set: TRADE_MA_ALERT_EMAIL_TO or TRADE_MA_ALERT_WEBHOOK_URL")
    if as_json:
        print_json({"told": list(tried.told), "failed": dict(tried.failed)})
    for name in () if as_json else tried.told:
        out.print(f"{name}: a trial was sent")
    for name, why in () if as_json else tried.failed.items():
        out.print(f"[red]{name}: {escape(why)}[/]")
    if tried.failed:
        raise typer.Exit(1)
