"""Signing in: a password, a second factor where there is one, and a lock-out for guessing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, func
from sqlmodel import Session, col, select

from trade_ma.identity import passwords, sessions, totp, users
from trade_ma.identity.models import LoginAttempt, User
from trade_ma.identity.sessions import Begun
from trade_ma.security import Sealer

# Failures within the window that lock an account, and an address that tries many accounts. A
# cooperative's people share one address, so that it has more.
WINDOW = timedelta(minutes=15)
MOST_OF_ACCOUNT, MOST_OF_ADDRESS = 10, 50


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody at the door says and where they come from."""

    name: str
    password: str
    address: str
    code: str = ""


class Reason(StrEnum):
    """Why somebody is not let in."""

    WRONG = "wrong"  # the name, the password or the code: which one is not told
    CODE_NEEDED = "code-needed"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Refused:
    """Not let in; the same try may have another end in `wait` seconds."""

    reason: Reason
    wait: float = 0


def sign_in(session: Session, sealer: Sealer, given: Credentials, now: datetime) -> Begun | Refused:
    """A new session, or why there is none.

    The attempt is committed before the password is looked at, so that guesses that come at once,
    on any number of processes, are all counted. The caller commits the session.
    """
    account = users.normal(given.name)[: users.LONGEST_NAME]
    if wait := _attempt(session, account, given.address, now):
        return Refused(Reason.LOCKED, wait)
    user = users.find(session, account)
    if not _known(user, given.password) or user is None:
        return Refused(Reason.WRONG)
    if user.totp_confirmed_at is not None:
        if not given.code:
            return Refused(Reason.CODE_NEEDED)
        if not totp.verify(session, sealer, user, given.code, now):
            return Refused(Reason.WRONG)
    session.execute(delete(LoginAttempt).where(col(LoginAttempt.account) == account))
    if passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hashed(given.password)
    return sessions.begin(session, user, now)


def _known(user: User | None, password: str) -> bool:
    """Takes the same time for a name that nobody has."""
    matches = passwords.matches(password, user.password_hash if user else "")
    return matches and user is not None and user.disabled_at is None


def _attempt(session: Session, account: str, address: str, now: datetime) -> float:
    """Count an attempt; the seconds to wait where there were too many, which is not one more."""
    session.execute(delete(LoginAttempt).where(col(LoginAttempt.at) <= now - WINDOW))
    attempt = LoginAttempt(account=account, address=address[:64], at=now)
    session.add(attempt)
    session.commit()
    wait = max(
        _wait(session, col(LoginAttempt.account) == account, MOST_OF_ACCOUNT, now),
        _wait(session, col(LoginAttempt.address) == address[:64], MOST_OF_ADDRESS, now),
    )
    if wait:
        session.delete(attempt)
        session.commit()
    return wait


def _wait(session: Session, those: ColumnElement[bool], most: int, now: datetime) -> float:
    count, oldest = session.exec(select(func.count(), func.min(LoginAttempt.at)).where(those)).one()
    return (oldest + WINDOW - now).total_seconds() if count > most else 0.0
