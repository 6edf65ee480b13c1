"""ETag and If-Match: nobody overwrites what they have not seen."""

import hashlib
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from fastapi import Header, Response
from pydantic import BaseModel
from sqlmodel import Session, SQLModel

from trade_ma.api.problems import Problem, not_found

M = TypeVar("M", bound=SQLModel)

IfMatch = Annotated[
    str | None, Header(description="The ETag of what was read; 428 without, 412 if it has changed.")
]


def etag(shown: BaseModel) -> str:
    """The ETag of a thing as it is shown: of its content, so that no table has to count."""
    return f'"{hashlib.sha256(shown.model_dump_json().encode()).hexdigest()[:32]}"'


def tagged(response: Response, shown: BaseModel) -> None:
    """Give the answer the ETag of what it shows."""
    response.headers["ETag"] = etag(shown)


def must_match(if_match: str | None, shown: BaseModel) -> None:
    """Refuse a write by somebody who has not seen the thing as it is now.

    Raises:
        Problem: 428 without If-Match, 412 where it is another's.
    """
    if if_match is None:
        told = "Read it first, and send its ETag in If-Match."
        raise Problem(HTTPStatus.PRECONDITION_REQUIRED, "if-match-needed", told)
    given = {one.strip().removeprefix("W/") for one in if_match.split(",")}
    if not given & {"*", etag(shown)}:
        told = "It has changed since you read it: read it again."
        raise Problem(HTTPStatus.PRECONDITION_FAILED, "changed-meanwhile", told)


def locked(session: Session, model: type[M], key: Any, called: str) -> M:
    """The row of that key, which nobody else writes until this request is done.

    Raises:
        Problem: 404 where there is none; `called` is such as user.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        if not driver.in_transaction:
            # SQLite has no lock of a row: this is the one of all writers.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    row = session.get(model, key, with_for_update=True, populate_existing=True)
    if row is None:
        raise not_found(f"There is no {called} {key}.")
    return row
