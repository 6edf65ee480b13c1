"""A page of a list as the console asks for it: by the order and the cursor in its address."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlmodel import Session
from sqlmodel.sql.expression import SelectOfScalar

from trade_ma.api.paging import Paging, page
from trade_ma.console.tables import Query

T = TypeVar("T")

# What a phone scrolls through, and a screen shows at a glance.
ROWS = 24


def rows_of(
    session: Session, statement: SelectOfScalar[T], query: Query, sorts: Mapping[str, Any], key: Any
) -> tuple[list[T], str | None]:
    """The rows of a page, and the cursor of the next one, None on the last.

    Raises:
        Problem: 422 for an order or a cursor that is none.
    """
    found: list[T] = []
    asked = Paging(ROWS, query.after or None, query.sort or None)
    told = page(session, statement, asked, sorts, key, found.append)
    return found, told.next
