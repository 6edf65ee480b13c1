"""Edits of many things at once: all or none, and a rehearsal before."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, Field
from sqlmodel import Session

from trade_ma.api.problems import FieldProblem, Problem

T = TypeVar("T")
R = TypeVar("R")

MOST = 500


class Edits(BaseModel, Generic[T]):
    """What to change. A rehearsal tells what would be changed, and changes nothing."""

    items: Annotated[list[T], Field(min_length=1, max_length=MOST)]
    dry_run: bool = False


class Edited(BaseModel, Generic[R]):
    """The things as they are now, or would be."""

    items: list[R]
    dry_run: bool


def edited(
    session: Session, edits: Sequence[T], edit: Callable[[T], R], *, dry_run: bool
) -> Edited[R]:
    """Each item edited; where one is refused none is, and every refusal is told.

    `edit` writes one item with its audit entry, and raises a Problem to refuse it.

    Raises:
        Problem: 422, as bulk-refused, with each item's place and reason.
    """
    done: list[R] = []
    refused: list[FieldProblem] = []
    for place, item in enumerate(edits):
        try:
            done.append(edit(item))
        except Problem as problem:
            refused.append(FieldProblem(field=f"body.items.{place}", message=problem.detail))
    if refused:
        told = f"{len(refused)} of {len(edits)} are refused: nothing was changed."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "bulk-refused", told, errors=refused)
    if dry_run:
        session.rollback()
    return Edited(items=done, dry_run=dry_run)
