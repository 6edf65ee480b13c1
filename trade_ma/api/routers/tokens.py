"""Service tokens: what programs sign in with."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends
from pydantic import AwareDatetime, BaseModel, Field
from sqlmodel import col, select

from trade_ma.api.access import DbSession, require
from trade_ma.api.conditions import locked
from trade_ma.api.paging import Page, Paging, page, paging
from trade_ma.api.problems import invalid
from trade_ma.api.recording import Recorder
from trade_ma.api.subject import Id, Text, subject
from trade_ma.identity import api_tokens
from trade_ma.identity.models import ApiToken
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import Principal

router = subject("tokens")


class TokenShown(BaseModel):
    """A service token, without its secret."""

    id: int
    name: str
    scopes: list[str]
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


class TokenIssued(TokenShown):
    """A new service token; its secret is shown this once."""

    secret: str = Field(examples=["tma_..."])


class NewToken(BaseModel):
    """A token to issue."""

    name: Annotated[Text, Field(min_length=1, max_length=120, examples=["accounting"])]
    scopes: Annotated[set[Permission], Field(min_length=1, examples=[["orders:read"]])]
    expires_at: AwareDatetime | None = None


def shown(token: ApiToken) -> TokenShown:
    """A token as an admin sees it."""
    return TokenShown.model_validate(token, from_attributes=True)


@router.get("", dependencies=[require(Permission.USERS_ADMIN)], summary="Every token")
def list_tokens(session: DbSession, asked: Annotated[Paging, Depends(paging)]) -> Page[TokenShown]:
    """Service tokens, by name; or sorted by id."""
    sorts = {"name": col(ApiToken.name), "id": col(ApiToken.id)}
    return page(session, select(ApiToken), asked, sorts, col(ApiToken.id), shown)


@router.post("", status_code=201, summary="Issue a token")
def issue_token(
    body: NewToken,
    session: DbSession,
    principal: Annotated[Principal, require(Permission.USERS_ADMIN)],
    record: Recorder,
) -> TokenIssued:
    """A new token, which may do no more than who issues it."""
    if body.expires_at is not None and body.expires_at <= datetime.now(UTC):
        raise invalid("body.expires_at", "This moment is over already.")
    try:
        issued = api_tokens.issue(session, principal, **body.model_dump())
    except ValueError as error:
        raise invalid("body", str(error)) from error
    after = shown(issued.token)
    record("token.issue", f"token:{after.id}", after=after)
    return TokenIssued(**after.model_dump(), secret=issued.secret)


@router.delete(
    "/{token_id}",
    status_code=204,
    dependencies=[require(Permission.USERS_ADMIN)],
    summary="Revoke a token",
)
def revoke_token(token_id: Id, session: DbSession, record: Recorder) -> None:
    """Let a token be good for nothing from now on. It stays in the list."""
    token = locked(session, ApiToken, token_id, "token")
    before = shown(token)
    api_tokens.revoke(session, token, datetime.now(UTC))
    record("token.revoke", f"token:{token_id}", before=before, after=shown(token))
