"""The people who may come in: invited, given a role, disabled."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Form
from sqlmodel import col, select
from starlette.responses import Response

from catalog.models import Maker
from trade_ma.api.conditions import locked
from trade_ma.api.paging import Paging, page
from trade_ma.api.problems import not_found
from trade_ma.api.routers.users import shown
from trade_ma.api.subject import Id
from trade_ma.console.flashes import Tone
from trade_ma.console.languages import languages, marked
from trade_ma.console.recording import record
from trade_ma.console.refusal_words import refusal_told
from trade_ma.console.tables import Column, Query, Table
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity import users
from trade_ma.identity.models import User
from trade_ma.identity.permissions import Permission, Role

router = page_router()
Admin = Annotated[Visit, allowed(Permission.USERS_ADMIN)]
ALL, ONE = "users/users.html", "users/user.html"
ROWS = 50

ROLES: Mapping[Role, str] = {
    Role.MAKER: marked("Maker: their own products, texts and prices"),
    Role.MANAGER: marked("Manager: everything but users"),
    Role.SHIPPER: marked("Shipper: orders and parcels"),
    Role.VIEWER: marked("Viewer: looks, and changes nothing"),
    Role.ADMIN: marked("Administrator: everything"),
}


@router.get("/users")
def all_users(visit: Admin, after: str = "") -> Response:
    """Everybody, by name, and the form that invites another."""
    return visit.page(ALL, errors={}, **_all_values(visit, after, {}))


def _all_values(visit: Visit, after: str, given: Mapping[str, str]) -> dict[str, Any]:
    found = page(
        visit.session,
        select(User),
        Paging(ROWS, after or None, None),
        {"name": col(User.name)},
        col(User.id),
        shown,
    )
    table = Table(
        caption=visit.say("Users"),
        columns=(
            Column("name", visit.say("Name")),
            Column("role", visit.say("Role")),
            Column("standing", visit.say("How they stand")),
        ),
        rows=[
            {
                "id": one.id,
                "name": one.name,
                "role": visit.say(ROLES[one.role]).partition(":")[0],
                "standing": _standing(visit, disabled=one.disabled, is_in=one.has_password),
            }
            for one in found.items
        ],
        query=Query("/users", {}, after=after),
        next=found.next,
    )
    return {"table": table, "given": {"name": "", "role": Role.MAKER, **given}, **_options(visit)}


def _standing(visit: Visit, *, disabled: bool, is_in: bool) -> dict[str, str]:
    if disabled:
        return {"label": visit.say("Disabled"), "tone": "bad"}
    if is_in:
        return {"label": visit.say("May come in"), "tone": "good"}
    return {"label": visit.say("Invited"), "tone": "busy"}


def _options(visit: Visit) -> dict[str, Any]:
    makers = visit.session.exec(select(Maker.id, Maker.name).order_by(Maker.name))
    return {
        "role_options": [(role.value, visit.say(words)) for role, words in ROLES.items()],
        "maker_options": [("", visit.say("None")), *((str(id_), name) for id_, name in makers)],
        "locale_options": [(one.code, one.name) for one in languages()],
    }


@router.post("/users")
def invite(
    visit: Admin,
    name: Annotated[str, Form()] = "",
    role: Annotated[Role, Form()] = Role.MAKER,
    maker_id: Annotated[str, Form()] = "",
    locale: Annotated[str, Form()] = "fr",
) -> Response:
    """A new user, and the link by which they choose a password."""
    maker = _maker(role, maker_id)
    try:
        user = users.add(visit.session, name=name, role=role, maker_id=maker, locale=locale)
    except ValueError as error:
        given = {"name": name, "role": role, "maker_id": maker_id, "locale": locale}
        visit.session.rollback()
        values = _all_values(visit, "", given)
        return visit.refused(ALL, {"name": refusal_told(visit, error)}, **values)
    return _invited(visit, user)


def _maker(role: Role, maker_id: str) -> int | None:
    """The maker that was chosen; only the role maker has one."""
    return int(maker_id) if role is Role.MAKER and maker_id.isdigit() else None


def _invited(visit: Visit, user: User) -> Response:
    told = users.invite(visit.session, user, datetime.now(UTC))
    record(visit, "user.invite", f"user:{user.id}", after=shown(user))
    link = f"{str(visit.request.base_url).rstrip('/')}/invitation?token={told.token}"
    return visit.page("users/invited.html", user=shown(user), link=link, until=told.expires_at)


@router.post("/users/{user_id}/invitation")
def invite_again(visit: Admin, user_id: Id) -> Response:
    """Another link for somebody who lost theirs or forgot the password."""
    user = locked(visit.session, User, user_id, "user")
    if user.disabled_at is not None:
        words = visit.say("Enable this user first.")
        return visit.to(f"/users/{user_id}", words, Tone.WARNING)
    return _invited(visit, user)


@router.get("/users/{user_id}")
def one_user(visit: Admin, user_id: Id) -> Response:
    """One user: their role, language, and whether they may come in."""
    user = visit.session.get(User, user_id)
    if user is None:
        raise not_found(f"There is no user {user_id}.")
    return visit.page(ONE, errors={}, user=shown(user), **_options(visit))


@router.post("/users/{user_id}")
def change(
    visit: Admin,
    user_id: Id,
    role: Annotated[Role, Form()],
    maker_id: Annotated[str, Form()] = "",
    locale: Annotated[str, Form()] = "fr",
) -> Response:
    """Another role, maker or language."""
    user = locked(visit.session, User, user_id, "user")
    before = shown(user)
    try:
        users.change(visit.session, user, role=role, maker_id=_maker(role, maker_id), locale=locale)
    except ValueError as error:
        errors = {"role": refusal_told(visit, error)}
        return visit.refused(ONE, errors, user=before, **_options(visit))
    record(visit, "user.change", f"user:{user_id}", before=before, after=shown(user))
    return visit.to("/users", visit.say("%(name)s was changed.", name=before.name))


@router.post("/users/{user_id}/disabled")
def disable(visit: Admin, user_id: Id, disabled: Annotated[str, Form()] = "yes") -> Response:
    """Let somebody in no more, or again."""
    user = locked(visit.session, User, user_id, "user")
    before = shown(user)
    if disabled != "yes":
        users.enable(visit.session, user)
    else:
        try:
            users.disable(visit.session, user, datetime.now(UTC))
        except ValueError as error:
            visit.session.rollback()
            return visit.to(f"/users/{user_id}", refusal_told(visit, error), Tone.ERROR)
    record(visit, "user.change", f"user:{user_id}", before=before, after=shown(user))
    return visit.to("/users", visit.say("%(name)s was changed.", name=before.name))
