"""trade-ma tokens: what programs sign in with."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlmodel import col, select

from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.options import DryRunOption, JsonOption
from trade_ma.identity import api_tokens
from trade_ma.identity.audit import audit
from trade_ma.identity.models import ApiToken
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import of_command_line
from trade_ma.installation import open_app

app = typer.Typer(help="What programs sign in with.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The program's name.")]


@app.command()
def add(
    name: Name,
    scope: Annotated[list[Permission], typer.Option(help="What it may do; repeated.")],
    days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="Good for so many days; for ever without.")
    ] = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Issue a token, and print it this once."""
    by = of_command_line()
    expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
    with open_app().session() as session:
        try:
            issued = api_tokens.issue(session, by, name=name, scopes=scope, expires_at=expires_at)
        except ValueError as error:
            raise Fail(str(error)) from error
        shown = _shown(issued.token)
        audit(session, by, "token.issue", f"token:{issued.token.id}", after=shown)
        if not dry_run:
            session.commit()
    secret = None if dry_run else issued.secret
    if as_json:
        print_json(shown | {"secret": secret})
    else:
        out.print(secret or f"Would issue a token for {escape(name)}", soft_wrap=True)


def _shown(token: ApiToken) -> dict[str, object]:
    return {
        "name": token.name,
        "scopes": token.scopes,
        "expires_at": token.expires_at.isoformat() if token.expires_at else None,
        "used_at": token.used_at.isoformat() if token.used_at else None,
        "revoked_at": token.revoked_at.isoformat() if token.revoked_at else None,
    }


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Every token, without its secret."""
    with open_app().session() as session:
        found = session.exec(select(ApiToken).order_by(col(ApiToken.name))).all()
        shown = [_shown(token) for token in found]
    if as_json:
        print_json(shown)
        return
    table = Table("name", "scopes", "expires", "revoked")
    for token in found:
        over = f"{token.expires_at:%Y-%m-%d}" if token.expires_at else ""
        gone = f"{token.revoked_at:%Y-%m-%d}" if token.revoked_at else ""
        table.add_row(escape(token.name), " ".join(token.scopes), over, gone)
    out.print(table)


@app.command()
def revoke(name: Name, dry_run: DryRunOption = False, as_json: JsonOption = False) -> None:
    """Let a token be good for nothing from now on."""
    with open_app().session() as session:
        token = session.exec(select(ApiToken).where(ApiToken.name == name)).first()
        if token is None:
            raise Fail(f"there is no token {name!r}")
        before = _shown(token)
        api_tokens.revoke(session, token, datetime.now(UTC))
        shown = _shown(token)
        obj = f"token:{token.id}"
        audit(session, of_command_line(), "token.revoke", obj, before=before, after=shown)
        if not dry_run:
            session.commit()
    if as_json:
        print_json(shown)
    else:
        out.print(f"{escape(name)} {'would be' if dry_run else 'is'} revoked")
