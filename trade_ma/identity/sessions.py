"""Sessions of browsers: begun at sign-in, carried on while used, ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from trade_ma.identity.models import User, UserSession
from trade_ma.identity.principal import Principal, of_user
from trade_ma.identity.tokens import digest, new_token

# A session that is not used for this long is over, and any is after the longer time.
IDLE = timedelta(days=7)
LONGEST = timedelta(days=30)
# How often use is written down: not a write for every page.
SEEN_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Begun:
    """A new session: `token` goes into the cookie, and is kept nowhere."""

    token: str
    principal: Principal
    expires_at: datetime


def begin(session: Session, user: User, now: datetime) -> Begun:
    """A new session of `user`, with a token of its own: none is ever carried over a sign-in."""
    token = new_token()
    row = UserSession(
        user_id=user.id or 0,
        token_digest=digest(token),
        csrf_token=new_token(),
        created_at=now,
        seen_at=now,
        expires_at=now + IDLE,
    )
    session.execute(delete(UserSession).where(col(UserSession.expires_at) <= now))
    session.add(row)
    session.flush()
    return Begun(token, of_user(user, row), row.expires_at)


def resume(session: Session, token: str, now: datetime) -> Principal | None:
    """Whose session `token` is; None where it is nobody's, over, or its user is disabled."""
    found = session.exec(
        select(UserSession, User)
        .join(User, col(User.id) == col(UserSession.user_id))
        .where(UserSession.token_digest == digest(token), col(User.disabled_at).is_(None))
    ).first()
    if found is None:
        return None
    row, user = found
    return of_user(user, row) if row.expires_at > now else None


def touch(session: Session, session_id: int, now: datetime) -> bool:
    """Carry a session on; whether there was something to write."""
    row = session.get(UserSession, session_id)
    if row is None or now - row.seen_at < SEEN_EVERY:
        return False
    row.seen_at = now
    row.expires_at = min(now + IDLE, row.created_at + LONGEST)
    session.add(row)
    return True


def end(session: Session, session_id: int) -> None:
    """End one session."""
    session.execute(delete(UserSession).where(col(UserSession.id) == session_id))


def end_all(session: Session, user_id: int, *, but: int | None = None) -> None:
    """End every session of a user, but one."""
    mine = delete(UserSession).where(col(UserSession.user_id) == user_id)
    session.execute(mine if but is None else mine.where(col(UserSession.id) != but))
