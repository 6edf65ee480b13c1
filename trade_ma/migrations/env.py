"""Alembic's entry: runs on the connection that trade_ma.database hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON
from sqlmodel import AutoString, SQLModel


def _render_item(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write our own column types by our own names, and SQLModel's strings as plain ones."""
    if kind == "type" and isinstance(item, JSON):
        return "catalog.columns.Json"
    if kind == "type" and isinstance(item, AutoString):
        length: int | None = getattr(item.impl, "length", None)
        return f"sa.String({length or ''})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=_render_item,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
