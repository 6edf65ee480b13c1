"""A subject of the API: a router whose every route is one transaction."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import AfterValidator, Field

from trade_ma.api.problems import MEDIA_TYPE
from trade_ma.api.unit import Unit

_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
# "default" stands for every failure; 422 is named, or FastAPI would describe its own shape.
PROBLEMS: dict[int | str, dict[str, Any]] = {
    422: {"description": "A value that cannot be.", "content": _PROBLEM},
    "default": {"description": "A problem; see its code.", "content": _PROBLEM},
}


def subject(path: str) -> APIRouter:
    """The router of /api/v1/`path`, to be added to trade_ma.api.routers.ROUTERS."""
    return APIRouter(prefix=f"/api/v1/{path}", tags=[path], route_class=Unit, responses=PROBLEMS)


def _storable(text: str) -> str:
    # JSON may escape halves of characters, which UTF-8 does not have.
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("a text cannot have a zero or half a character in it")
    return text


# A row's number in a path; beyond the limit no table has one, and PostgreSQL complains.
Id = Annotated[int, Path(ge=1, le=2**31 - 1, examples=[7])]
# A text that both databases can hold: PostgreSQL refuses a zero in one, and both half a character.
Text = Annotated[str, AfterValidator(_storable)]
# A day that trade may be asked of; the days around it are days as well.
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31), examples=["2026-11-23"])]
