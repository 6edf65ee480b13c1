"""trade-ma users: who may come in."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlmodel import Session, col, select

from catalog.models import Maker
from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.options import DryRunOption, JsonOption
from trade_ma.identity import users
from trade_ma.identity.audit import audit
from trade_ma.identity.models import User
from trade_ma.identity.permissions import Role
from trade_ma.identity.principal import of_command_line
from trade_ma.identity.users import Invited
from trade_ma.installation import open_app

app = typer.Typer(help="Who may come in.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="What they sign in with: an e-mail or a short name.")]


@app.command()
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="What they are to the cooperative.")],
    maker: Annotated[str | None, typer.Option(help="The maker of a maker, short name.")] = None,
    locale: Annotated[str, typer.Option(help="The language they read.")] = "fr",
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Add a user, and print the link by which they choose a password."""
    with open_app().session() as session:
        maker_id = _maker(session, maker)
        try:
            user = users.add(session, name=name, role=role, maker_id=maker_id, locale=locale)
        except ValueError as error:
            raise Fail(str(error)) from error
        invited = users.invite(session, user, datetime.now(UTC))
        _note(session, "user.invite", user)
        shown = _shown(user)
        if not dry_run:
            session.commit()
    _tell_link(shown, None if dry_run else invited, as_json=as_json)


def _maker(session: Session, slug: str | None) -> int | None:
    if slug is None:
        return None
    found = session.exec(select(Maker.id).where(Maker.slug == slug)).first()
    if found is None:
        raise Fail(f"there is no maker {slug!r}")
    return found


def _tell_link(shown: dict[str, object], invited: Invited | None, *, as_json: bool) -> None:
    link = f"/invitation?token={invited.token}" if invited else None
    if as_json:
        print_json(shown | {"invitation": link})
    elif link:
        out.print(f"{escape(str(shown['name']))} chooses a password at", link, soft_wrap=True)
    else:
        out.print(f"Would invite {escape(str(shown['name']))}")


def _note(session: Session, action: str, user: User) -> None:
    audit(session, of_command_line(), action, f"user:{user.id}", after=_shown(user))


def _shown(user: User) -> dict[str, object]:
    return {
        "name": user.name,
        "role": user.role.value,
        "maker_id": user.maker_id,
        "locale": user.locale,
        "has_password": bool(user.password_hash),
        "has_totp": user.totp_confirmed_at is not None,
        "disabled": user.disabled_at is not None,
    }


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Every user."""
    with open_app().session() as session:
        shown = [_shown(user) for user in session.exec(select(User).order_by(col(User.name)))]
    if as_json:
        print_json(shown)
        return
    table = Table("name", "role", "state")
    for one in shown:
        state = "disabled" if one["disabled"] else "" if one["has_password"] else "invited"
        table.add_row(escape(str(one["name"])), str(one["role"]), state)
    out.print(table)


@app.command()
def disable(name: Name, dry_run: DryRunOption = False, as_json: JsonOption = False) -> None:
    """Let a user in no more, and end their sessions."""
    with open_app().session() as session:
        user = _named(session, name)
        try:
            users.disable(session, user, datetime.now(UTC))
        except ValueError as error:
            raise Fail(str(error)) from error
        _note(session, "user.disable", user)
        shown = _shown(user)
        if not dry_run:
            session.commit()
    if as_json:
        print_json(shown)
    else:
        out.print(f"{escape(str(shown['name']))} {'would be' if dry_run else 'is'} disabled")


@app.command()
def password(name: Name, dry_run: DryRunOption = False, as_json: JsonOption = False) -> None:
    """Print a new link for a user who forgot the password, or lost the phone with the codes."""
    with open_app().session() as session:
        user = _named(session, name)
        invited = users.invite(session, user, datetime.now(UTC))
        _note(session, "user.invite", user)
        shown = _shown(user)
        if not dry_run:
            session.commit()
    _tell_link(shown, None if dry_run else invited, as_json=as_json)


def _named(session: Session, name: str) -> User:
    user = users.find(session, name)
    if user is None:
        raise Fail(f"there is no user {name!r}")
    return user
