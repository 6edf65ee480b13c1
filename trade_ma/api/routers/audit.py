"""What was done, by whom."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from trade_ma.api.access import DbSession, Installation, require
from trade_ma.api.exports import FILES, ROWS_AT_ONCE, Format, exported
from trade_ma.api.paging import Page, Paging, page, paging
from trade_ma.api.subject import Text, subject
from trade_ma.identity.models import AuditEntry
from trade_ma.identity.permissions import Permission
from trade_ma.installation import App

router = subject("audit")
Filter = Annotated[Text | None, Query(max_length=200)]
ObjectFilter = Annotated[Text | None, Query(alias="object", max_length=200)]
READ = [require(Permission.AUDIT_READ)]

COLUMNS: Mapping[str, Callable[[AuditEntry], Any]] = {
    "at": lambda entry: entry.at,
    "principal": lambda entry: entry.principal,
    "name": lambda entry: entry.principal_name,
    "action": lambda entry: entry.action,
    "object": lambda entry: entry.object,
    "before": lambda entry: json.dumps(entry.before, ensure_ascii=False),
    "after": lambda entry: json.dumps(entry.after, ensure_ascii=False),
}


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


@router.get("", dependencies=READ, summary="What was done, by whom")
def list_entries(
    session: DbSession,
    asked: Annotated[Paging, Depends(paging)],
    principal: Filter = None,
    obj: ObjectFilter = None,
    action: Filter = None,
) -> Page[AuditShown]:
    """Every write, the latest first; of one principal (user:3), one object, one action."""
    statement = select(AuditEntry).where(*wanted(principal, obj, action))
    sorts = {"-id": col(AuditEntry.id)}
    return page(session, statement, asked, sorts, col(AuditEntry.id), shown)


def wanted(principal: str | None, obj: str | None, action: str | None) -> list[ColumnElement[bool]]:
    """What selects the entries of that principal, object and action; None selects all."""
    sought = (
        (AuditEntry.principal, principal),
        (AuditEntry.object, obj),
        (AuditEntry.action, action),
    )
    return [col(column) == value for column, value in sought if value is not None]


@router.get(
    "/export",
    dependencies=READ,
    summary="The same as a file",
    response_class=StreamingResponse,
    responses=FILES,
)
def export_entries(
    installation: Installation,
    form: Annotated[Format, Query(alias="format")] = Format.CSV,
    principal: Filter = None,
    obj: ObjectFilter = None,
    action: Filter = None,
) -> StreamingResponse:
    """Every write, the earliest first."""
    statement = select(AuditEntry).where(*wanted(principal, obj, action))
    rows = _all(installation, statement.order_by(col(AuditEntry.id)))
    return exported(rows, COLUMNS, form, "audit")


def _all(installation: App, statement: SelectOfScalar[AuditEntry]) -> Iterator[AuditEntry]:
    with installation.session() as session:
        yield from session.exec(statement, execution_options={"yield_per": ROWS_AT_ONCE})
