"""Buyers: sealed, opened in one place, and forgotten for good."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from connectors.clock import VirtualClock
from connectors.protocol import Notice, NoticeKind, OrderStatus, RemoteOrder, UnreadableOrder
from jobs import buyers
from jobs.models import Channel, Order
from jobs.notifications import receive
from tests.conftest import NOON
from tests.jobs.conftest import Atelier
from tests.jobs.tellings import BUYER, kept, later, line, opened, order, pull

DAY = timedelta(days=1)
SHIPPED = order(line(shipped=2), status=OrderStatus.SHIPPED)
RAW = UnreadableOrder("O1", NOON, "no lines", "Jane Roe")


def known(atelier: Atelier) -> object:
    with atelier.session() as session:
        return buyers.buyer(session, session.exec(select(Order)).one(), atelier.sealer)


def erase_due(atelier: Atelier, after: timedelta) -> list[str]:
    """Erase what is due so long after noon; the orders it was."""
    with atelier.session() as session:
        due = buyers.due(session, NOON + after)
        buyers.erase(session, due, NOON + after)
        session.commit()
        return [one.remote_id for one in due]


def test_a_buyer_is_sealed_and_opened_in_one_place(atelier: Atelier) -> None:
    pull(atelier, opened(atelier, order()))
    row = kept(atelier)
    for secret in (BUYER.name, BUYER.city, BUYER.lines[0]):
        assert secret.encode() not in (row.sealed_buyer or b"")
        assert secret not in repr(row)
    assert known(atelier) == BUYER


def test_a_buyer_who_is_not_told_again_is_not_forgotten(atelier: Atelier) -> None:
    connector = opened(atelier, order())
    pull(atelier, connector)
    pull(atelier, connector, later(order(), ship_to=None))
    assert (known(atelier), kept(atelier).ship_to_country) == (BUYER, "GB")


def test_a_buyer_told_again_is_no_change(atelier: Atelier) -> None:
    connector = opened(atelier, order())
    pull(atelier, connector)
    sealed = kept(atelier).sealed_buyer
    assert pull(atelier, connector).tally == {}
    assert kept(atelier).sealed_buyer == sealed


def test_a_buyer_sealed_with_a_lost_key_is_sealed_anew_when_told_again(atelier: Atelier) -> None:
    connector = opened(atelier, order())
    pull(atelier, connector)
    other = Atelier(atelier.engine, atelier.clock, markets=atelier.markets)
    with pytest.raises(ValueError, match="sealed with another key"):
        known(other)
    pull(other, connector)
    assert known(other) == BUYER


@pytest.mark.parametrize(
    ("told", "kept_for"),
    [
        (SHIPPED, 30 * DAY),
        (later(SHIPPED, updated_at=NOON, delivered_at=NOON + 5 * DAY), 35 * DAY),
        (order(status=OrderStatus.CANCELLED), 30 * DAY),
        (order(status=OrderStatus.REFUNDED), 30 * DAY),
        (RAW, 30 * DAY),
    ],
)
def test_a_buyer_is_erased_thirty_days_after_the_end(
    engine: Engine, clock: VirtualClock, told: RemoteOrder | UnreadableOrder, kept_for: timedelta
) -> None:
    atelier = Atelier(engine, clock)
    pull(atelier, opened(atelier, told))
    assert erase_due(atelier, kept_for - timedelta(seconds=1)) == []
    assert erase_due(atelier, kept_for) == ["O1"]
    row = kept(atelier)
    assert (row.sealed_buyer, row.sealed_raw, row.buyer_erased_at) == (None, None, NOON + kept_for)
    assert erase_due(atelier, kept_for) == []


def test_each_day_those_who_are_due_are_erased(atelier: Atelier) -> None:
    pull(atelier, opened(atelier, SHIPPED, order(id="O2", number="#1002")))
    erased = [buyers.erase_due(atelier.session, NOON + days * DAY) for days in (29, 30, 31)]
    assert erased == [0, 1, 0]
    with atelier.session() as session:
        rows = session.exec(select(Order).order_by("remote_id")).all()
    assert [row.sealed_buyer is None for row in rows] == [True, False]


def test_an_order_that_waits_to_be_shipped_keeps_its_buyer(atelier: Atelier) -> None:
    pull(atelier, opened(atelier, order()))
    assert erase_due(atelier, 400 * DAY) == []


def test_the_figures_of_an_erased_buyer_stay(atelier: Atelier) -> None:
    pull(atelier, opened(atelier, SHIPPED))
    before = kept(atelier).model_dump(exclude={"sealed_buyer", "buyer_erased_at"})
    erase_due(atelier, 40 * DAY)
    assert kept(atelier).model_dump(exclude={"sealed_buyer", "buyer_erased_at"}) == before


@pytest.mark.parametrize("told", [SHIPPED, RAW])
def test_what_was_erased_never_comes_back(
    atelier: Atelier, told: RemoteOrder | UnreadableOrder
) -> None:
    connector = opened(atelier, told)
    pull(atelier, connector)
    erase_due(atelier, 30 * DAY)
    pull(atelier, connector)
    pull(atelier, connector, later(SHIPPED, status=OrderStatus.REFUNDED))
    pull(atelier, connector, UnreadableOrder("O1", NOON + DAY, "odd", "Jane Roe"))
    row = kept(atelier)
    assert (row.sealed_buyer, row.sealed_raw, known(atelier)) == (None, None, None)


@pytest.mark.parametrize(
    ("references", "erased"),
    [(("O1",), ["O1"]), ((), ["O1", "O2", "O3"]), (("somebody else",), [])],
)
def test_a_marketplace_that_asks_for_erasure_is_heard_at_once(
    atelier: Atelier, references: tuple[str, ...], erased: list[str]
) -> None:
    second, third = order(id="O2"), UnreadableOrder("O3", NOON, "odd", "Jane Roe")
    pull(atelier, opened(atelier, order(), second, third))
    with atelier.session() as session:
        channel = session.exec(select(Channel)).one()
        receive(session, channel, Notice("N1", NoticeKind.ERASURE, "redact", references))
        session.commit()
        rows = session.exec(select(Order).order_by("remote_id")).all()
    gone = [r.remote_id for r in rows if r.buyer_erased_at and not r.sealed_buyer]
    assert gone == erased
    assert [r.remote_id for r in rows if r.sealed_raw] == ["O3"][: "O3" not in erased]


def test_another_shops_request_erases_nothing_here(atelier: Atelier) -> None:
    pull(atelier, opened(atelier, order()))
    atelier.channel("fr")
    with atelier.session() as session:
        other = session.exec(select(Channel).where(Channel.code == "fr")).one()
        receive(session, other, Notice("N1", NoticeKind.ERASURE, "shop/redact"))
        session.commit()
    assert known(atelier) == BUYER
