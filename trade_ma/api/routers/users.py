"""The people who may come in."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Response
from pydantic import BaseModel, Field
from sqlmodel import col, select

from trade_ma.api.access import DbSession, require
from trade_ma.api.conditions import IfMatch, locked, must_match, tagged
from trade_ma.api.paging import Page, Paging, page, paging
from trade_ma.api.problems import conflict, invalid, not_found
from trade_ma.api.recording import Recorder
from trade_ma.api.routers.auth import Locale, Name
from trade_ma.api.subject import Id, subject
from trade_ma.identity import users
from trade_ma.identity.models import User
from trade_ma.identity.permissions import Permission, Role
from trade_ma.identity.users import Invited

router = subject("users")
ADMIN = [require(Permission.USERS_ADMIN)]
MakerId = Annotated[int | None, Field(ge=1, le=2**31 - 1, description="For the role maker.")]


class UserShown(BaseModel):
    """A user."""

    id: int
    name: str
    role: Role
    maker_id: int | None
    locale: str
    has_password: bool = Field(description="False while the invitation is open.")
    has_totp: bool
    disabled: bool
    created_at: datetime


class Invitation(BaseModel):
    """A one-time link, shown once: `path` behind the console's address."""

    token: str
    path: str = Field(examples=["/invitation?token=..."])
    expires_at: datetime


class UserInvited(UserShown):
    """A new user, and the link by which they choose a password."""

    invitation: Invitation


class NewUser(BaseModel):
    """A user to invite."""

    name: Name
    role: Role
    maker_id: MakerId = None
    locale: Locale = "fr"


class UserChange(BaseModel):
    """What a user is from now on; fields that are left out stay."""

    role: Role | None = None
    maker_id: MakerId = None
    locale: Locale | None = None
    disabled: bool | None = None


def shown(user: User) -> UserShown:
    """A user as an admin sees them."""
    return UserShown(**_fields(user))


def _fields(user: User) -> dict[str, object]:
    return {
        "id": user.id,
        "name": user.name,
        "role": user.role,
        "maker_id": user.maker_id,
        "locale": user.locale,
        "has_password": bool(user.password_hash),
        "has_totp": user.totp_confirmed_at is not None,
        "disabled": user.disabled_at is not None,
        "created_at": user.created_at,
    }


def _invitation(invited: Invited) -> Invitation:
    path = f"/invitation?token={invited.token}"
    return Invitation(token=invited.token, path=path, expires_at=invited.expires_at)


@router.get("", dependencies=ADMIN, summary="Every user")
def list_users(
    session: DbSession, asked: Annotated[Paging, Depends(paging)], role: Role | None = None
) -> Page[UserShown]:
    """Users, by name; or sorted by id."""
    statement = select(User)
    if role is not None:
        statement = statement.where(User.role == role)
    sorts = {"name": col(User.name), "id": col(User.id)}
    return page(session, statement, asked, sorts, col(User.id), shown)


@router.get("/{user_id}", dependencies=ADMIN, summary="One user")
def read_user(user_id: Id, session: DbSession, response: Response) -> UserShown:
    """A user, with the ETag that a change of them wants."""
    user = session.get(User, user_id)
    if user is None:
        raise not_found(f"There is no user {user_id}.")
    tagged(response, found := shown(user))
    return found


@router.post("", status_code=201, dependencies=ADMIN, summary="Invite a user")
def invite_user(body: NewUser, session: DbSession, record: Recorder) -> UserInvited:
    """Add a user, who chooses a password by the link in the answer."""
    try:
        user = users.add(session, **body.model_dump())
    except ValueError as error:
        raise invalid("body", str(error)) from error
    invited = users.invite(session, user, datetime.now(UTC))
    record("user.invite", f"user:{user.id}", after=shown(user))
    return UserInvited(**_fields(user), invitation=_invitation(invited))


@router.post("/{user_id}/invitation", status_code=201, dependencies=ADMIN, summary="A new link")
def invite_again(user_id: Id, session: DbSession, record: Recorder) -> Invitation:
    """Another link for a user who lost theirs or forgot the password; earlier ones are over."""
    user = locked(session, User, user_id, "user")
    if user.disabled_at is not None:
        raise conflict("user-disabled", "This user is disabled: enable them first.")
    invited = users.invite(session, user, datetime.now(UTC))
    record("user.invite", f"user:{user.id}")
    return _invitation(invited)


@router.patch("/{user_id}", dependencies=ADMIN, summary="Change a user")
def change_user(
    user_id: Id,
    body: UserChange,
    session: DbSession,
    response: Response,
    record: Recorder,
    if_match: IfMatch = None,
) -> UserShown:
    """Another role, maker or language, or disabled: then their sessions are over."""
    user = locked(session, User, user_id, "user")
    must_match(if_match, before := shown(user))
    try:
        _change(session, user, body)
    except ValueError as error:
        raise conflict("user-change", str(error)) from error
    record("user.change", f"user:{user.id}", before=before, after=(after := shown(user)))
    tagged(response, after)
    return after


def _change(session: DbSession, user: User, body: UserChange) -> None:
    wanted = body.model_dump(exclude_unset=True)
    role = body.role or user.role
    maker_id = wanted.get("maker_id", user.maker_id if role is Role.MAKER else None)
    locale = body.locale or user.locale
    users.change(session, user, role=role, maker_id=maker_id, locale=locale)
    if body.disabled is True:
        users.disable(session, user, datetime.now(UTC))
    elif body.disabled is False:
        users.enable(session, user)
