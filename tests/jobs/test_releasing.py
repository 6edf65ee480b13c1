"""Releases: units of an order that came to nothing are given back once, whoever tells of it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import col, select

from catalog.models import MovementKind
from catalog.stock import Levels
from connectors.clock import VirtualClock
from connectors.protocol import OrderStatus, RemoteOrder, RemoteOrderLine, UnreadableOrder
from jobs import ledger, orders_repair, stock_taking
from jobs.models import Order, OrderLine
from jobs.order_models import Settled
from jobs.orders import bring_in
from jobs.parcels import pack
from jobs.proposals import proposals
from jobs.releasing import releasable, release
from tests.conftest import NOON
from tests.jobs.conftest import Atelier
from tests.jobs.tellings import Telling, channel_of, dollars, later, line, opened, order, pull
from tests.jobs.test_order_tellings import lives, movements

REFUNDED = order(status=OrderStatus.REFUNDED, refunded=dollars(100))
SALE, BACK = MovementKind.SALE, MovementKind.CANCELLATION


def released(atelier: Atelier, remote_id: str = "O1") -> dict[str, int]:
    """Release what an order holds; the units by SKU."""
    with atelier.session() as session:
        row = session.exec(select(Order).where(Order.remote_id == remote_id)).one()
        units = release(session, channel_of(atelier), row, atelier.clock.now())
        session.commit()
        return units


def agrees(atelier: Atelier) -> bool:
    """Whether the ledger says what the lines say, and no figure of an order is to be mended."""
    with atelier.session() as session:
        mended = list(orders_repair.repair(session, channel_of(atelier)))
        return (ledger.differences(session), mended) == ([], [])


@pytest.fixture
def telling(engine: Engine, clock: VirtualClock) -> tuple[Atelier, Telling]:
    """Ten of CS-101, two of them of an order that was refunded and not restocked."""
    atelier = Atelier(engine, clock)
    connector = opened(atelier)
    pull(atelier, connector, order())
    pull(atelier, connector, REFUNDED)
    assert atelier.levels("CS-101") == Levels(available=8, reserved=2)
    return atelier, connector


def test_units_are_given_back_once(telling: tuple[Atelier, Telling]) -> None:
    atelier, connector = telling
    assert [released(atelier), released(atelier)] == [{"CS-101": 2}, {}]
    pull(atelier, connector, REFUNDED)
    assert movements(atelier) == [(SALE, -2), (BACK, 2)]
    assert atelier.levels("CS-101") == Levels(available=10, reserved=0)
    assert agrees(atelier)


@pytest.mark.parametrize(
    "restocked", [line(cancelled=2), line(returned=2), line(cancelled=1, returned=1), line(0)]
)
def test_what_the_marketplace_restocks_later_is_not_given_back_twice(
    telling: tuple[Atelier, Telling], restocked: RemoteOrderLine
) -> None:
    atelier, connector = telling
    released(atelier)
    pull(atelier, connector, later(REFUNDED, lines=(restocked,)))
    assert atelier.levels("CS-101") == Levels(available=10, reserved=0)
    assert (released(atelier), agrees(atelier)) == ({}, True)


def test_restocked_by_its_marketplace_nothing_is_left_to_release(
    telling: tuple[Atelier, Telling],
) -> None:
    atelier, connector = telling
    pull(atelier, connector, later(REFUNDED, lines=(line(returned=2),)))
    assert atelier.levels("CS-101") == Levels(available=10, reserved=0)
    assert (released(atelier), agrees(atelier)) == ({}, True)


def test_units_that_left_after_all_are_gone(telling: tuple[Atelier, Telling]) -> None:
    atelier, connector = telling
    released(atelier)
    pull(atelier, connector, later(REFUNDED, lines=(line(shipped=2),)))
    assert atelier.levels("CS-101") == Levels(available=8, reserved=0)
    assert agrees(atelier)


def test_an_order_that_stands_again_holds_its_units_again(
    telling: tuple[Atelier, Telling],
) -> None:
    atelier, connector = telling
    released(atelier)
    pull(atelier, connector, later(order(), updated_at=NOON.replace(hour=13)))
    assert atelier.levels("CS-101") == Levels(available=8, reserved=2)
    assert agrees(atelier)
    with pytest.raises(ValueError, match="it is neither cancelled nor refunded"):
        released(atelier)


def test_a_count_of_what_stands_there_changes_nothing_after_it(
    telling: tuple[Atelier, Telling],
) -> None:
    atelier, _ = telling
    released(atelier)
    with atelier.session() as session:
        counted = stock_taking.count(session, "CS-101", 10, NOON)
        assert counted.before == counted.after == Levels(available=10, reserved=0)


def test_what_was_packed_is_not_given_back(atelier: Atelier) -> None:
    connector = opened(atelier, order())
    pull(atelier, connector)
    with atelier.session() as session:
        parcel = {"carrier": "DHL", "tracking_number": "1", "shipped_at": NOON}
        pack(session, channel_of(atelier), "O1", units={"CS-101": 1}, **parcel)  # type: ignore[arg-type]
        session.commit()
    pull(atelier, connector, REFUNDED)
    assert released(atelier) == {"CS-101": 1}
    assert atelier.levels("CS-101") == Levels(available=9, reserved=1)
    # Its marketplace cancels the same unit by itself: the packed one is the only one left.
    lines = (line(cancelled=1),)
    pull(atelier, connector, later(REFUNDED, lines=lines))
    assert atelier.levels("CS-101") == Levels(available=9, reserved=1)
    assert agrees(atelier)


def test_a_cancelled_order_is_released_as_well_and_a_standing_one_is_not(
    atelier: Atelier,
) -> None:
    connector = opened(atelier, order())
    pull(atelier, connector)
    with atelier.session() as session:
        assert releasable(session, session.exec(select(Order)).one()) == {}
    pull(atelier, connector, later(order(), status=OrderStatus.CANCELLED))
    assert released(atelier) == {"CS-101": 2}


def test_an_order_that_nobody_can_read_is_left_alone(
    telling: tuple[Atelier, Telling],
) -> None:
    atelier, connector = telling
    pull(atelier, connector, UnreadableOrder("O1", NOON.replace(hour=13), "odd", "odd"))
    with pytest.raises(ValueError, match="nobody can read"):
        released(atelier)
    assert atelier.levels("CS-101") == Levels(available=8, reserved=2)


def test_a_shortage_is_over_with_what_is_given_back(atelier: Atelier) -> None:
    connector = opened(atelier)
    first: RemoteOrder = replace(REFUNDED, lines=(line(8),))
    second = order(line(3), id="O2", number="#1002")
    pull(atelier, connector, replace(first, status=OrderStatus.PAID, refunded=None), second)
    pull(atelier, connector, first)
    with atelier.session() as session:
        assert [(one.order, one.units) for one in proposals(session)] == [("#1002", 1)]
    assert released(atelier) == {"CS-101": 8}
    with atelier.session() as session:
        assert [one.settled for one in proposals(session, settled=True)] == [Settled.STOCK]
    assert atelier.levels("CS-101") == Levels(available=7, reserved=3)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(life=lives(), at=st.sets(st.integers(0, 5)))
def test_released_units_alone_make_the_difference_in_the_end(
    atelier: Atelier, life: list[RemoteOrder], at: set[int]
) -> None:
    if not atelier.markets:
        opened(atelier)
    moved, given_back = _moved(atelier, life, at)
    assert _moved(atelier, life, set()) == (moved - given_back, 0)


def _moved(atelier: Atelier, life: Sequence[RemoteOrder], at: set[int]) -> tuple[int, int]:
    """Bring a life in, released `at` these moments: units of it in the ledger, and released."""
    channel = channel_of(atelier)
    with atelier.session() as session:
        remote_id = f"O{len(session.exec(select(Order)).all())}"
        for moment, one in enumerate(life):
            bring_in(session, channel, replace(one, id=remote_id), atelier.sealer)
            row = session.exec(select(Order).where(Order.remote_id == remote_id)).one()
            if moment in at and releasable(session, row):
                release(session, channel, row, NOON)
            session.commit()
            assert ledger.differences(session) == []
        lines = session.exec(select(OrderLine).where(col(OrderLine.order_id) == row.id))
        held = sum(
            units
            for kind, units in movements(atelier, f"order:us:{remote_id}")
            if kind is not MovementKind.SHIPMENT
        )
        return held, sum(one.released for one in lines)
