"""Users: added, invited, changed, disabled. The caller commits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from catalog.models import Maker
from catalog.refusals import Refused, because
from trade_ma.identity import passwords, sessions, totp
from trade_ma.identity.models import Invitation, User
from trade_ma.identity.permissions import Role
from trade_ma.identity.tokens import digest, new_token

INVITATION = timedelta(days=7)
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Invited:
    """A link's token, shown once, and when it is over."""

    token: str
    expires_at: datetime


def add(
    session: Session, *, name: str, role: Role, maker_id: int | None = None, locale: str = "fr"
) -> User:
    """A new user, who has no password yet: invite them, or set one.

    Raises:
        ValueError: the name is taken or none, or the maker does not fit; the message says which.
    """
    user = User(name=_name(session, name), role=role, maker_id=maker_id, locale=locale)
    _check_maker(session, role, maker_id)
    session.add(user)
    session.flush()
    return user


def _name(session: Session, name: str) -> str:
    plain = normal(name)
    if not plain or len(plain) > LONGEST_NAME or not plain.isprintable():
        raise Refused(
            because(
                "user_nameless",
                "a name has 1 to %(longest)s characters, and all can be seen",
                longest=LONGEST_NAME,
            )
        )
    if find(session, plain) is not None:
        raise Refused(because("user_taken", "there is a user '%(name)s' already", name=plain))
    return plain


def _check_maker(session: Session, role: Role, maker_id: int | None) -> None:
    if (role is Role.MAKER) != (maker_id is not None):
        raise Refused(
            because("user_maker", "a user of the role maker belongs to a maker, and no other does")
        )
    if maker_id is not None and session.get(Maker, maker_id) is None:
        raise Refused(because("maker_unknown", "there is no maker %(maker)s", maker=maker_id))


def normal(name: str) -> str:
    """A name as it is kept and looked up."""
    return name.strip().casefold()


def find(session: Session, name: str) -> User | None:
    """The user of that name."""
    return session.exec(select(User).where(User.name == normal(name))).first()


def invite(session: Session, user: User, now: datetime) -> Invited:
    """A link by which a user chooses a password; earlier ones are over."""
    session.execute(delete(Invitation).where(col(Invitation.user_id) == user.id))
    return _invitation(session, user.id, now)


def invite_first(session: Session, now: datetime) -> Invited | None:
    """A link by which the first admin is made; None where there is a user already."""
    if session.exec(select(User.id).limit(1)).first() is not None:
        return None
    session.execute(delete(Invitation).where(col(Invitation.user_id).is_(None)))
    return _invitation(session, None, now)


def _invitation(session: Session, user_id: int | None, now: datetime) -> Invited:
    told = Invited(new_token(), now + INVITATION)
    session.add(
        Invitation(user_id=user_id, token_digest=digest(told.token), expires_at=told.expires_at)
    )
    return told


def accept(session: Session, token: str, password: str, now: datetime) -> User:
    """The invited user, with the password they chose.

    A link is an admin's word for who they are: a second factor, whose phone may be lost, is
    forgotten with the password.

    Raises:
        LookupError: the link is unknown, used or over.
        ValueError: the password is no secret.
    """
    user = session.get(User, _used(session, token, now) or 0)
    if user is None or user.disabled_at is not None:
        raise LookupError(_NO_LINK)
    set_password(session, user, password)
    totp.forget(session, user)
    return user


def set_up(
    session: Session, token: str, *, name: str, password: str, locale: str, now: datetime
) -> User:
    """The first user, an admin.

    Raises:
        LookupError: the link is unknown, used or over, or there is a user already.
        ValueError: the name cannot be, or the password is no secret.
    """
    if _used(session, token, now) is not None or session.exec(select(User.id).limit(1)).first():
        raise LookupError(_NO_LINK)
    user = add(session, name=name, role=Role.ADMIN, locale=locale)
    set_password(session, user, password)
    return user


_NO_LINK = "this link is unknown, used or over: ask for a new one"


def _used(session: Session, token: str, now: datetime) -> int | None:
    """Whose link that was. Deleting it is what makes it count once, whoever comes at once."""
    gone = session.execute(
        delete(Invitation)
        .where(col(Invitation.token_digest) == digest(token), col(Invitation.expires_at) > now)
        .returning(col(Invitation.user_id))
    ).first()
    if gone is None:
        raise LookupError(_NO_LINK)
    user_id: int | None = gone[0]
    return user_id


def set_password(
    session: Session, user: User, password: str, *, session_id: int | None = None
) -> None:
    """A new password; every session but `session_id` is over.

    Raises:
        ValueError: it is no secret.
    """
    passwords.check(password, user.name)
    user.password_hash = passwords.hashed(password)
    session.add(user)
    sessions.end_all(session, user.id or 0, but=session_id)


def change(session: Session, user: User, *, role: Role, maker_id: int | None, locale: str) -> None:
    """Another role, maker or language.

    Raises:
        ValueError: the maker does not fit, or nobody would be left to administer.
    """
    _check_maker(session, role, maker_id)
    if role is not Role.ADMIN:
        _check_others(session, user)
    user.role, user.maker_id, user.locale = role, maker_id, locale
    session.add(user)


def disable(session: Session, user: User, now: datetime) -> None:
    """Let a user in no more; their sessions and their invitation are over.

    Raises:
        ValueError: nobody would be left to administer.
    """
    _check_others(session, user)
    user.disabled_at = user.disabled_at or now
    session.add(user)
    sessions.end_all(session, user.id or 0)
    session.execute(delete(Invitation).where(col(Invitation.user_id) == user.id))


def enable(session: Session, user: User) -> None:
    """Let a disabled user in again."""
    user.disabled_at = None
    session.add(user)


def _check_others(session: Session, user: User) -> None:
    others = session.exec(
        select(func.count()).where(
            User.role == Role.ADMIN, col(User.disabled_at).is_(None), User.id != user.id
        )
    ).one()
    if user.role is Role.ADMIN and user.disabled_at is None and not others:
        raise Refused(
            because(
                "only_admin",
                "%(name)s is the only admin: make another one first",
                name=user.name,
            )
        )
