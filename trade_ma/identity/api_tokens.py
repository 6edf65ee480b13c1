"""Service tokens: issued once, known by their digest, revoked for good."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, select

from trade_ma.identity.models import ApiToken
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import Principal, of_token
from trade_ma.identity.tokens import digest, new_token

# What our tokens begin with, so that scanners for leaked secrets and people know one.
PREFIX = "tma_"
# How often the use of a token is written down.
USED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token: `secret` is shown once, and is kept nowhere."""

    secret: str
    token: ApiToken


def issue(
    session: Session,
    by: Principal,
    *,
    name: str,
    scopes: Collection[Permission],
    expires_at: datetime | None = None,
) -> Issued:
    """A new token for the program `name`, which may do no more than who issues it.

    Raises:
        ValueError: the name is taken, there is no scope, or one goes beyond the issuer's own.
    """
    if beyond := sorted(set(scopes) - by.permissions):
        raise ValueError(f"nobody can give what is not theirs: {', '.join(beyond)}")
    if not scopes:
        raise ValueError("a token without a scope is good for nothing: name one")
    if session.exec(select(ApiToken).where(ApiToken.name == name)).first():
        raise ValueError(f"there is a token {name!r} already")
    secret = PREFIX + new_token()
    token = ApiToken(
        name=name,
        token_digest=digest(secret),
        scopes=sorted(scopes),
        created_by=by.reference,
        expires_at=expires_at,
    )
    session.add(token)
    session.flush()
    return Issued(secret, token)


def find(session: Session, secret: str, now: datetime) -> Principal | None:
    """Whose token that is; None where it is unknown, over or revoked."""
    row = session.exec(select(ApiToken).where(ApiToken.token_digest == digest(secret))).first()
    if row is None or row.revoked_at is not None:
        return None
    over = row.expires_at is not None and row.expires_at <= now
    return None if over else of_token(row)


def touch(session: Session, token_id: int, now: datetime) -> bool:
    """Write down that a token is in use; whether there was something to write."""
    row = session.get(ApiToken, token_id)
    if row is None or (row.used_at is not None and now - row.used_at < USED_EVERY):
        return False
    row.used_at = now
    session.add(row)
    return True


def revoke(session: Session, token: ApiToken, now: datetime) -> None:
    """Let a token be good for nothing from now on."""
    token.revoked_at = token.revoked_at or now
    session.add(token)
