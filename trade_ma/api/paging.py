"""Lists, a page at a time, by keyset: a page costs the same however far into the list it is."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import BigInteger, TypeDecorator, literal, tuple_
from sqlmodel import Session
from sqlmodel.sql.expression import SelectOfScalar

from trade_ma.api.problems import invalid

T = TypeVar("T")
R = TypeVar("R")

MOST, USUAL = 200, 50
NO_CURSOR = "this is no cursor that a page gave as next"


class Page(BaseModel, Generic[T]):
    """A page of a list; `next` is the cursor of the one that follows, null on the last."""

    items: list[T]
    next: str | None = Field(default=None, examples=["WyItY3JlYXRlZF9hdCIsIFtdLCA3XQ"])


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page is asked for."""

    limit: int
    cursor: str | None
    sort: str | None


def paging(
    limit: Annotated[int, Query(ge=1, le=MOST, description="At most so many items.")] = USUAL,
    cursor: Annotated[
        str | None, Query(max_length=1000, description="`next` of the page before.")
    ] = None,
    sort: Annotated[
        str | None,
        Query(max_length=60, description="A field, with - before it for the largest first."),
    ] = None,
) -> Paging:
    """The paging of a request, for `Annotated[Paging, Depends(paging)]`."""
    return Paging(limit, cursor, sort)


def page(
    session: Session,
    statement: SelectOfScalar[R],
    asked: Paging,
    sorts: Mapping[str, Any],
    key: Any,
    shown: Callable[[R], T],
) -> Page[T]:
    """A page of what `statement` selects, each row as `shown`.

    `sorts` maps what may be sorted by to columns that are never null; the first is usual, and may
    have a - before it. `key` is the unique column that tells equals apart; an index over a column
    and the key is what makes a page quick.

    Raises:
        Problem: 422 for a sort that is none, or a cursor of another list.
    """
    sort = asked.sort or next(iter(sorts))
    falls, column = _order(sort, sorts)
    columns = [key] if column is key else [column, key]
    if asked.cursor is not None:
        after = tuple_(*_values(asked.cursor, sort, columns))
        here = tuple_(*columns)
        statement = statement.where(here < after if falls else here > after)
    ordered = statement.order_by(*[one.desc() if falls else one.asc() for one in columns])
    rows: Sequence[R] = session.exec(ordered.limit(asked.limit + 1)).all()
    shown_rows = rows[: asked.limit]
    follows = None
    if len(rows) > asked.limit:
        last = shown_rows[-1]
        follows = _cursor(sort, [getattr(last, one.key) for one in columns])
    return Page(items=[shown(row) for row in shown_rows], next=follows)


def beginning(asked: Paging, sorts: Mapping[str, Any], key: Any) -> tuple[bool, Any]:
    """Whether the list of `page` falls, and the value that the page asked for begins at, or None.

    For a statement that is made for its page.

    Raises:
        Problem: 422 for a sort that is none, or a cursor of another list.
    """
    sort = asked.sort or next(iter(sorts))
    falls, column = _order(sort, sorts)
    if asked.cursor is None:
        return falls, None
    [first, *_] = _values(asked.cursor, sort, [column, key])
    return falls, first.value


def page_of(
    values: Iterable[R],
    asked: Paging,
    sort: str,
    key: Callable[[R], tuple[str, ...]],
    shown: Callable[[R], T],
) -> Page[T]:
    """A page of values that no table holds, in the order of their keys, which is called `sort`.

    All of `values` are worked out for each page; a page that follows begins after the key of the
    last, so that none is told twice where others came or went.

    Raises:
        Problem: 422 for a sort that is none, or a cursor of another list.
    """
    if asked.sort not in {None, sort}:
        raise invalid("query.sort", f"this list is sorted by {sort}")
    ordered = sorted(values, key=key)
    if asked.cursor is not None:
        after = tuple(map(str, _decoded(asked.cursor, sort)))
        ordered = [one for one in ordered if key(one) > after]
    some = ordered[: asked.limit]
    follows = _cursor(sort, key(some[-1])) if len(ordered) > asked.limit else None
    return Page(items=[shown(one) for one in some], next=follows)


def _order(sort: str, sorts: Mapping[str, Any]) -> tuple[bool, Any]:
    named = {name.removeprefix("-"): column for name, column in sorts.items()}
    column = named.get(sort.removeprefix("-"))
    if column is None:
        raise invalid("query.sort", f"this list is sorted by {', '.join(named)}")
    return sort.startswith("-"), column


def _cursor(sort: str, values: Sequence[Any]) -> str:
    plain = [one.isoformat() if isinstance(one, date) else one for one in values]
    return base64.urlsafe_b64encode(json.dumps([sort, *plain]).encode()).decode().rstrip("=")


def _values(cursor: str, sort: str, columns: Sequence[Any]) -> list[Any]:
    values = _decoded(cursor, sort)
    try:
        return [_typed(value, one) for value, one in zip(values, columns, strict=True)]
    except (ValueError, TypeError) as error:
        raise invalid("query.cursor", NO_CURSOR) from error


def _decoded(cursor: str, sort: str) -> list[Any]:
    values: list[Any]
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        named, *values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise invalid("query.cursor", NO_CURSOR) from error
    if named != sort:
        raise invalid("query.cursor", "this cursor is of a list in another order")
    return values


def _typed(value: Any, column: Any) -> Any:
    """A value of the column's own type, or the database would complain of it."""
    declared = column.type
    inner = declared.impl_instance if isinstance(declared, TypeDecorator) else declared
    kind = inner.python_type
    if issubclass(kind, datetime):
        value = datetime.fromisoformat(value)
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
    elif not isinstance(value, kind) or isinstance(value, bool) != (kind is bool):
        raise TypeError("a value of another type")
    elif isinstance(value, str) and "\0" in value:
        raise ValueError("a text with a zero in it")
    elif isinstance(value, int) and abs(value) >= _end_of(column):
        raise ValueError("a number that this column cannot hold")
    return literal(value, column.type)


def _end_of(column: Any) -> int:
    return 2**63 if isinstance(column.type, BigInteger) else 2**31
