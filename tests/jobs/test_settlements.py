"""Bookings: kept once, summed up anew each time, matched with orders early and late."""

from datetime import timedelta

import pytest
from moneyed import Money
from sqlalchemy import Engine
from sqlmodel import select

from connectors.clock import VirtualClock
from connectors.protocol import OrderStatus, Settlement, SettlementKind
from jobs import settlements
from jobs.models import Channel, OrderStage
from jobs.order_models import SettlementEntry
from jobs.push import Desk
from tests.conftest import NOON
from tests.jobs.conftest import Atelier
from tests.jobs.tellings import (
    Telling,
    booking,
    channel_of,
    dollars,
    kept,
    later,
    line,
    opened,
    order,
    pull,
)

SALE, REFUND, OTHER = SettlementKind.SALE, SettlementKind.REFUND, SettlementKind.OTHER
SHIPPED = order(line(shipped=2), status=OrderStatus.SHIPPED)
HOUR = timedelta(hours=1)


@pytest.fixture
def either(engine: Engine, clock: VirtualClock) -> Atelier:
    return Atelier(engine, clock)


def settle(
    atelier: Atelier, connector: Telling, *books: Settlement, asked: bool = True, keep: bool = True
) -> Desk:
    connector.books = list(books) or connector.books
    desk = Desk(atelier.session, atelier.clock)
    settlements.pull(desk, connector, channel_of(atelier), asked=asked, keep=keep)
    return desk


def figures(atelier: Atelier) -> tuple[int, int | None, OrderStage | None]:
    row = kept(atelier)
    return row.refunded_minor, row.fees_minor, row.stage


def test_fees_and_refunds_come_from_the_books(either: Atelier) -> None:
    connector = opened(either, SHIPPED)
    pull(either, connector)
    assert figures(either) == (0, None, OrderStage.SHIPPED)
    sale, back = booking(1, SALE, "100", "10"), booking(2, REFUND, "-30", "-2.50")
    assert settle(either, connector, sale, back).tally == {"settlements_new": 2}
    assert figures(either) == (30_00, 7_50, OrderStage.PARTLY_REFUNDED)


def test_bookings_told_again_count_once(either: Atelier) -> None:
    connector = opened(either, SHIPPED)
    pull(either, connector)
    books = booking(1, SALE, "100", "10"), booking(2, REFUND, "-30", "-2.50")
    for _ in range(2):
        settle(either, connector, *books, books[0])
    assert settle(either, connector).tally == {"settlements_new": 0}
    assert figures(either) == (30_00, 7_50, OrderStage.PARTLY_REFUNDED)


def test_a_booking_that_was_corrected_counts_as_it_is_now(either: Atelier) -> None:
    connector = opened(either, SHIPPED)
    pull(either, connector)
    settle(either, connector, booking(1, SALE, "100", "10"))
    settle(either, connector, booking(1, SALE, "100", "12"))
    assert figures(either) == (0, 12_00, OrderStage.SHIPPED)


def test_an_order_that_comes_after_its_bookings_finds_them(either: Atelier) -> None:
    connector = opened(either)
    settle(either, connector, booking(1, SALE, "100", "10"), booking(2, REFUND, "-100", "-10"))
    pull(either, connector, SHIPPED)
    assert figures(either) == (100_00, 0, OrderStage.REFUNDED)


def test_what_the_order_tells_and_what_the_books_tell_are_the_same_money(either: Atelier) -> None:
    connector = opened(either, later(SHIPPED, refunded=dollars(30)))
    pull(either, connector)
    settle(either, connector, booking(2, REFUND, "-20", "0"))
    assert figures(either)[0] == 30_00
    settle(either, connector, booking(3, REFUND, "-10", "0"))
    assert figures(either)[0] == 30_00


def test_bookings_of_no_order_and_of_another_currency_are_kept_and_summed_nowhere(
    either: Atelier,
) -> None:
    connector = opened(either, SHIPPED)
    pull(either, connector)
    euros = Settlement("B9", "O1", SALE, NOON, Money(9, "EUR"), Money(1, "EUR"))
    settle(either, connector, booking(1, OTHER, "0", "39.99", None), euros)
    assert figures(either) == (0, None, OrderStage.SHIPPED)
    with either.session() as session:
        assert len(session.exec(select(SettlementEntry)).all()) == 2


def test_another_channels_order_of_the_same_id_is_another(either: Atelier) -> None:
    connector = opened(either, SHIPPED)
    pull(either, connector)
    either.channel("fr")
    with either.session() as session:
        other = session.exec(select(Channel).where(Channel.code == "fr")).one()
        settlements.take(session, other, [booking(1, SALE, "100", "10")])
        session.commit()
    assert figures(either) == (0, None, OrderStage.SHIPPED)


def test_books_are_read_at_most_once_an_hour_unless_somebody_asks(either: Atelier) -> None:
    connector = opened(either)
    settle(either, connector, asked=False)
    either.clock.sleep(HOUR.total_seconds() - 1)
    settle(either, connector, asked=False)
    assert connector.asked == [NOON - settlements.OVERLAP]
    settle(either, connector, asked=True)
    either.clock.sleep(HOUR.total_seconds())
    settle(either, connector, asked=False)
    asked = NOON + HOUR - timedelta(seconds=1)
    assert connector.asked[1:] == [NOON - settlements.OVERLAP, asked - settlements.OVERLAP]


def test_a_clock_that_was_ahead_closes_no_books(either: Atelier) -> None:
    connector = opened(either)
    with either.session() as session:
        session.merge(channel_of(either)).settled_until = NOON + timedelta(days=400)
        session.commit()
    settle(either, connector, asked=False)
    assert (connector.asked, channel_of(either).settled_until) == (
        [NOON - settlements.OVERLAP],
        NOON,
    )


def test_a_rehearsal_keeps_no_booking(either: Atelier) -> None:
    connector = opened(either, SHIPPED)
    pull(either, connector)
    told = settle(either, connector, booking(1, SALE, "100", "10"), keep=False)
    assert told.tally == {"settlements_new": 1}
    assert (figures(either)[1], channel_of(either).settled_until) == (None, None)
