"""The tables of identity: users, sessions, tokens, invitations, and what was done by whom."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from catalog.columns import Json, UtcDateTime, utc_now, words
from trade_ma.identity.permissions import Role


class User(SQLModel, table=True):
    """A person who signs in under `name`: an e-mail address or a short name, in small letters.

    One of the role maker belongs to `maker_id`. Without a `password_hash` the invitation is still
    open. `sealed_totp` asks for a second factor from `totp_confirmed_at` on; `totp_step` is the
    step of the last code that was taken, so that none is taken twice.
    """

    __tablename__ = "user_account"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=200)
    role: Role = Field(sa_type=words(Role))
    maker_id: int | None = Field(default=None, foreign_key="maker.id", index=True)
    locale: str = Field(default="fr", max_length=12)
    password_hash: str = Field(default="", max_length=200)
    sealed_totp: bytes | None = None
    totp_confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    totp_step: int = Field(default=0, sa_type=BigInteger)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class UserSession(SQLModel, table=True):
    """A browser that is signed in, known by the digest of its cookie.

    It ends at `expires_at`, which moves on while it is used.
    """

    __tablename__ = "user_session"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    token_digest: str = Field(unique=True, max_length=64)
    csrf_token: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class ApiToken(SQLModel, table=True):
    """A program that signs in by a token, known by the token's digest; it may do `scopes`."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=120)
    token_digest: str = Field(unique=True, max_length=64)
    scopes: list[str] = Field(default_factory=list, sa_type=Json)
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Invitation(SQLModel, table=True):
    """A link, used once, by which a user chooses a password.

    Without a user it makes the first one, an admin.
    """

    __tablename__ = "invitation"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int | None = Field(default=None, foreign_key="user_account.id", index=True)
    token_digest: str = Field(unique=True, max_length=64)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class AuditEntry(SQLModel, table=True):
    """One write: who, what, on which object, and its values before and after.

    Written in the transaction of the write itself, never changed, and without secrets or buyers'
    data. `principal` is such as user:3, `object` such as product:TAZ-12.
    """

    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime, index=True)
    principal: str = Field(max_length=80, index=True)
    principal_name: str = Field(max_length=200)
    action: str = Field(max_length=80)
    object: str = Field(max_length=200, index=True)
    before: dict[str, Any] | None = Field(default=None, sa_type=Json)
    after: dict[str, Any] | None = Field(default=None, sa_type=Json)
    request_id: str = Field(default="", max_length=64)


class IdempotentRequest(SQLModel, table=True):
    """A POST with an Idempotency-Key, and its answer once there is one.

    The answer is sealed: it may hold a token that is shown only once.
    """

    __tablename__ = "idempotent_request"
    __table_args__ = (UniqueConstraint("principal", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    principal: str = Field(max_length=80)
    key: str = Field(max_length=200)
    request_digest: str = Field(max_length=64)
    status: int | None = None
    sealed_answer: bytes | None = None
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class LoginAttempt(SQLModel, table=True):
    """A sign-in that was tried and did not succeed, kept while it counts towards a lock-out."""

    __tablename__ = "login_attempt"

    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(max_length=200, index=True)
    address: str = Field(max_length=64, index=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
