"""Flags on orders: kept with who and when, and their reasons erased with the buyer."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from connectors.clock import VirtualClock
from connectors.protocol import OrderStatus
from jobs import buyers, flags
from jobs.models import Channel, Order
from tests.conftest import NOON
from tests.jobs.conftest import Atelier
from tests.jobs.tellings import kept, later, line, opened, order, pull

REASON = "Jane asks for another address"
SHIPPED = order(line(shipped=2), status=OrderStatus.SHIPPED, ship_to=None)


def flag(atelier: Atelier, reason: str = REASON, after: timedelta = timedelta()) -> bool:
    with atelier.session() as session:
        changed = flags.flag(
            session, session.exec(select(Order)).one(), reason, "samir", NOON + after
        )
        session.commit()
        return changed


def mark(atelier: Atelier) -> tuple[object, ...]:
    row = kept(atelier)
    return row.flag, row.flagged_at, row.flagged_by


@pytest.fixture
def marked(engine: Engine, clock: VirtualClock) -> Atelier:
    """An order of noon that somebody flagged, on each database."""
    atelier = Atelier(engine, clock)
    pull(atelier, opened(atelier, order()))
    assert flag(atelier, f"  {REASON}\n")
    return atelier


def test_who_marked_an_order_and_when_is_kept_until_it_is_taken_off(marked: Atelier) -> None:
    assert mark(marked) == (REASON, NOON, "samir")
    assert not flag(marked, after=timedelta(hours=1))
    assert mark(marked) == (REASON, NOON, "samir")
    assert flag(marked, "Damaged", after=timedelta(hours=1))
    assert mark(marked) == ("Damaged", NOON + timedelta(hours=1), "samir")
    with marked.session() as session:
        row = session.exec(select(Order)).one()
        assert [flags.unflag(session, row), flags.unflag(session, row)] == [True, False]
        session.commit()
    assert mark(marked) == (None, None, None)


def test_what_a_database_cannot_keep_is_left_out_of_a_reason(marked: Atelier) -> None:
    assert flag(marked, "Dam\0aged")
    assert mark(marked)[0] == "Dam aged"


def test_the_reason_on_an_order_that_was_never_read_is_erased_as_well(marked: Atelier) -> None:
    with marked.session() as session:
        row = session.exec(select(Order)).one()
        row.stage = row.sealed_buyer = row.sealed_raw = None
        row.unreadable = "odd"
        session.commit()
        assert buyers.due(session, NOON + buyers.KEPT - timedelta(hours=1)) == []
        later_on = NOON + buyers.KEPT + timedelta(days=1)
        assert [one.id for one in buyers.due(session, later_on)] == [row.id]


def test_a_later_telling_leaves_the_mark(atelier: Atelier) -> None:
    connector = opened(atelier, order())
    pull(atelier, connector)
    flag(atelier)
    pull(atelier, connector, later(order(), status=OrderStatus.PENDING))
    assert mark(atelier) == (REASON, NOON, "samir")


@pytest.mark.parametrize("reason", ["", " \n", "Jane Roe " * 23])
def test_a_reason_is_short_and_is_not_repeated_where_it_is_refused(
    marked: Atelier, reason: str
) -> None:
    with pytest.raises(ValueError, match="a reason has 1 to 200 characters") as refused:
        flag(marked, reason)
    assert "Jane" not in str(refused.value)
    assert REASON not in repr(kept(marked))


def test_a_reason_is_erased_with_the_buyer_and_the_mark_stays(marked: Atelier) -> None:
    with marked.session() as session:
        buyers.erase(session, session.exec(select(Order)).all(), NOON)
        session.commit()
    assert mark(marked) == (None, NOON, "samir")


def test_a_reason_is_due_where_nobody_told_of_a_buyer(engine: Engine, clock: VirtualClock) -> None:
    atelier = Atelier(engine, clock)
    pull(atelier, opened(atelier, SHIPPED))
    flag(atelier)
    erased = [
        buyers.erase_due(atelier.session, NOON + timedelta(days=days)) for days in (29, 30, 31)
    ]
    assert (erased, mark(atelier)[0]) == ([0, 1, 0], None)


def test_a_request_for_erasure_finds_what_was_written_after_an_earlier_one(
    marked: Atelier,
) -> None:
    with marked.session() as session:
        buyers.erase(session, session.exec(select(Order)).all(), NOON)
        session.commit()
    flag(marked)
    with marked.session() as session:
        channel = session.exec(select(Channel)).one()
        buyers.erase(session, buyers.asked_for(session, channel, ["O1"]), NOON)
        assert buyers.asked_for(session, channel, []) == []
        session.commit()
    assert mark(marked)[0] is None
