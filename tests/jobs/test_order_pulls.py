"""Pulls: where they begin, what they leave behind, and clocks that jump."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from connectors.errors import Unavailable
from connectors.protocol import RemoteOrder, UnreadableOrder
from jobs import orders
from jobs.models import Channel, Order
from jobs.push import Desk
from tests.conftest import NOON
from tests.jobs.conftest import Atelier
from tests.jobs.tellings import Telling, channel_of, kept, line, opened, order, pull

MINUTE = timedelta(minutes=1)


def test_a_pull_begins_a_little_before_the_last_change_it_knows(atelier: Atelier) -> None:
    connector = opened(atelier, order())
    for _ in range(2):
        pull(atelier, connector)
    assert connector.asked == [NOON - orders.OVERLAP] * 2


def test_a_whole_pull_says_when_it_was(atelier: Atelier) -> None:
    connector = opened(atelier)
    assert channel_of(atelier).orders_pulled_at is None
    pull(atelier, connector)
    assert channel_of(atelier).orders_pulled_at == NOON + MINUTE


def test_a_pull_that_broke_off_says_nothing_and_keeps_what_it_read(atelier: Atelier) -> None:
    opened(atelier)

    class Breaking(Telling):
        def orders(self, since: datetime) -> Iterator[RemoteOrder | UnreadableOrder]:
            del since
            yield order()
            raise Unavailable("the last page did not come")

    with pytest.raises(Unavailable):
        pull(atelier, Breaking(atelier))
    channel = channel_of(atelier)
    assert (channel.orders_pulled_at, channel.orders_seen_until) == (None, None)
    assert kept(atelier).number == "#1001"


def test_an_interrupted_pull_finishes_the_order_in_hand_and_begins_anew_next_time(
    atelier: Atelier,
) -> None:
    connector = opened(atelier, order(), order(id="O2", number="#1002"))
    desk = Desk(atelier.session, atelier.clock, interrupted=lambda: True)
    orders.pull(desk, connector, channel_of(atelier), atelier.sealer)
    assert (desk.tally, channel_of(atelier).orders_seen_until) == ({"orders_new": 1}, None)
    assert pull(atelier, connector).tally == {"orders_new": 1}
    assert len(set(connector.asked)) == 1


def test_an_order_of_tomorrow_hides_none_of_today(atelier: Atelier) -> None:
    connector = opened(atelier, order(updated_at=NOON + timedelta(days=400)))
    pull(atelier, connector)
    assert channel_of(atelier).orders_seen_until == NOON + MINUTE


def test_a_clock_that_was_ahead_is_forgiven(atelier: Atelier) -> None:
    connector = opened(atelier)
    with atelier.session() as session:
        ahead = session.exec(select(Channel)).one()
        ahead.orders_seen_until = NOON + timedelta(days=400)
        session.commit()
    pull(atelier, connector)
    assert connector.asked == [NOON + MINUTE - orders.OVERLAP]
    assert channel_of(atelier).orders_seen_until == NOON + MINUTE


def test_an_order_on_two_pages_is_one(atelier: Atelier) -> None:
    again = replace(order(), lines=(line(),))
    connector = opened(atelier, order(), again, order())
    assert pull(atelier, connector).tally == {"orders_new": 1}
    assert atelier.available("CS-101") == 8


def test_a_rehearsed_pull_counts_and_keeps_nothing(atelier: Atelier) -> None:
    connector = opened(atelier, order())
    desk = Desk(atelier.session, atelier.clock)
    orders.pull(desk, connector, channel_of(atelier), atelier.sealer, keep=False)
    with atelier.session() as session:
        assert session.exec(select(Order)).all() == []
    assert (desk.tally, channel_of(atelier).orders_pulled_at) == ({"orders_new": 1}, None)
