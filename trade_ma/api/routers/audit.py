"""What was done, by whom."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import BaseModel
from sqlmodel import col, select

from trade_ma.api.access import DbSession, require
from trade_ma.api.paging import Page, Paging, page, paging
from trade_ma.api.subject import Text, subject
from trade_ma.identity.models import AuditEntry
from trade_ma.identity.permissions import Permission

router = subject("audit")
Filter = Annotated[Text | None, Query(max_length=200)]


class AuditShown(BaseModel):
    """One write."""

    id: int
    at: datetime
    principal: str
    principal_name: str
    action: str
    object: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request_id: str


def shown(entry: AuditEntry) -> AuditShown:
    """An entry as it is told."""
    return AuditShown.model_validate(entry, from_attributes=True)


@router.get("", dependencies=[require(Permission.AUDIT_READ)], summary="What was done, by whom")
def list_entries(
    session: DbSession,
    asked: Annotated[Paging, Depends(paging)],
    principal: Filter = None,
    obj: Annotated[Text | None, Query(alias="object", max_length=200)] = None,
    action: Filter = None,
) -> Page[AuditShown]:
    """Every write, the latest first; of one principal (user:3), one object, one action."""
    statement = select(AuditEntry)
    wanted = {
        col(AuditEntry.principal): principal,
        col(AuditEntry.object): obj,
        col(AuditEntry.action): action,
    }
    for column, value in wanted.items():
        if value is not None:
            statement = statement.where(column == value)
    sorts = {"-id": col(AuditEntry.id)}
    return page(session, statement, asked, sorts, col(AuditEntry.id), shown)
