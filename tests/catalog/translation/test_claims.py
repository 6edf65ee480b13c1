"""A segment is in one run's hands at a time, on each database."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from catalog.models import Maker, Product
from catalog.translation import claims, memory
from catalog.translation.gaps import Gap
from catalog.translation.models import Translation
from tests.conftest import NOON

ENGLISH = Gap("fr", "en")


@pytest.fixture
def database(engine: Engine) -> Engine:
    """One title that no language has yet."""
    with Session(engine) as session:
        session.add(Maker(id=1, slug="tifawin", name="Tifawin"))
        session.flush()
        session.add(Product(id=1, maker_id=1, code="R-1", title="Grand tapis"))
        session.flush()
        memory.register(session, memory.texts_of(session, [1]))
        session.commit()
    return engine


def free(database: Engine, gap: Gap = ENGLISH) -> list[int]:
    with Session(database) as session:
        return claims.free(session, gap, 10, 0, NOON)


def take(database: Engine, ids: list[int], run: str, *, later: bool = False) -> list[str]:
    with Session(database) as session:
        now = NOON + claims.LASTS if later else NOON
        taken = [one.text for one in claims.take(session, ENGLISH, ids, run, now)]
        session.commit()
    return taken


def test_what_one_run_has_in_hand_no_other_takes_until_it_lapses(database: Engine) -> None:
    ids = free(database)
    assert take(database, ids, "first") == ["Grand tapis"]
    assert take(database, ids, "second") == []
    assert free(database) == []
    assert free(database, Gap("fr", "de")) == ids
    assert take(database, ids, "second", later=True) == ["Grand tapis"]


def test_what_another_run_stored_meanwhile_is_not_taken(database: Engine) -> None:
    ids = free(database)
    take(database, ids, "first")
    with Session(database) as session:
        session.add(Translation(segment_id=ids[0], language="en", text="Rug", engine="x"))
        claims.release(session, "first")
        session.commit()
    assert take(database, ids, "second") == []


def test_what_is_released_is_free_but_for_what_is_kept(database: Engine) -> None:
    ids = free(database)
    take(database, ids, "first")
    with Session(database) as session:
        claims.release(session, "first", besides=ids)
        assert claims.in_hand(session, {"en", "de"}, NOON) == 1
        claims.release(session, "first")
        assert claims.in_hand(session, {"en", "de"}, NOON) == 0
