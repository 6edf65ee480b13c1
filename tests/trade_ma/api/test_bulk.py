"""Edits of many things at once: all or none."""

import pytest
from sqlmodel import Session, select

from catalog.models import Maker
from trade_ma.api.bulk import Edited, edited
from trade_ma.api.problems import Problem, not_found


def rename(session: Session, slug: str) -> str:
    if slug == "nobody":
        raise not_found("There is no maker nobody.")
    session.add(Maker(slug=slug, name=slug))
    session.flush()
    return slug


def makers(session: Session) -> int:
    return len(session.exec(select(Maker)).all())


@pytest.mark.parametrize(("dry_run", "left"), [(False, 2), (True, 0)])
def test_a_rehearsal_tells_the_same_and_writes_nothing(
    session: Session, dry_run: bool, left: int
) -> None:
    told = edited(session, ["a", "b"], lambda slug: rename(session, slug), dry_run=dry_run)
    assert (told, makers(session)) == (Edited(items=["a", "b"], dry_run=dry_run), left)


def test_every_refusal_is_told_with_its_place(session: Session) -> None:
    with pytest.raises(Problem) as refused:
        edited(session, ["a", "nobody", "b", "nobody"], lambda s: rename(session, s), dry_run=False)
    told = [(one.field, one.message) for one in refused.value.errors]
    missing = "There is no maker nobody."
    assert told == [("body.items.1", missing), ("body.items.3", missing)]
    assert refused.value.detail == "2 of 4 are refused: nothing was changed."
