"""Orders in the ledger: each told once, units given back, and none in the way of another."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moneyed import Money
from sqlmodel import select

from catalog.models import MovementKind, StockMovement
from catalog.stock import Levels
from connectors.errors import Unavailable
from connectors.memory import MemoryConnector
from connectors.protocol import (
    OrderStatus,
    RemoteOrder,
    RemoteOrderLine,
    UnreadableOrder,
)
from jobs.models import Channel, Order, OrderLine
from jobs.order_book import recent
from tests.jobs.conftest import Atelier


def movements(atelier: Atelier) -> list[tuple[MovementKind, int]]:
    with atelier.session() as session:
        rows = session.exec(select(StockMovement).order_by("id")).all()
    return [(row.kind, row.quantity) for row in rows if row.kind is not MovementKind.COUNT]


def test_a_sale_a_cancellation_and_a_return_each_move_stock_once(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("CS-101", stock=10)
    atelier.sync()
    order = market.buy({"CS-101": 5}, "US")
    atelier.sync()
    market.cancel(order, {"CS-101": 1}, restock=True)
    atelier.sync()
    market.book.ship(order, {"1": 3}, "JD1")
    market.refund(order, {"CS-101": 2}, restock=True)
    atelier.sync()
    atelier.sync()
    assert movements(atelier) == [
        (MovementKind.SALE, -5),
        (MovementKind.CANCELLATION, 1),
        (MovementKind.SHIPMENT, -3),
        (MovementKind.RETURN, 2),
    ]
    assert atelier.levels("CS-101") == Levels(available=8, reserved=1)


def test_an_order_that_was_cancelled_before_we_heard_of_it_moves_nothing(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("CS-101", stock=3)
    atelier.sync()
    market.cancel(market.buy({"CS-101": 2}, "US"), None, restock=True)
    atelier.sync()
    assert (atelier.available("CS-101"), len(movements(atelier))) == (3, 0)


def test_what_is_told_late_does_not_undo_what_is_newer(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("CS-101", stock=10)
    atelier.sync()
    order_id = market.buy({"CS-101": 5}, "US")
    for _ in range(2):
        atelier.clock.sleep(1)
        market.cancel(order_id, {"CS-101": 1}, restock=True)
    newest = market.order(order_id)
    once = replace(newest.lines[0], cancelled=1)
    older = replace(newest, lines=(once,), updated_at=newest.updated_at - timedelta(seconds=1))
    for told in (newest, older, newest):
        market.orders[order_id] = told
        atelier.sync()
    assert atelier.available("CS-101") == 7


def test_units_taken_off_an_order_come_back(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("CS-101", stock=10)
    atelier.sync()
    order = market.order(market.buy({"CS-101": 5}, "US"))
    atelier.sync()
    atelier.clock.sleep(1)
    fewer = replace(order.lines[0], quantity=3)
    now = atelier.clock.now()
    market.orders[order.id] = replace(order, lines=(fewer,), updated_at=now)
    for _ in range(2):
        atelier.sync()
    assert movements(atelier) == [(MovementKind.SALE, -5), (MovementKind.CANCELLATION, 2)]


def test_two_changes_within_a_moment_are_both_heard(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("CS-101", stock=10)
    atelier.sync()
    order_id = market.buy({"CS-101": 5}, "US")
    atelier.sync()
    market.cancel(order_id, {"CS-101": 1}, restock=True)
    [one] = atelier.sync()
    assert (one.desk.tally["orders_changed"], atelier.available("CS-101")) == (1, 6)
    [one] = atelier.sync()
    assert one.desk.tally["orders_changed"] == 0


def test_a_line_whose_sku_becomes_ours_moves_stock_then(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("CS-101", stock=3)
    atelier.sync()
    order = market.order(market.buy({"CS-101": 1}, "US"))
    market.orders[order.id] = replace(order, lines=(replace(order.lines[0], sku="LATER"),))
    atelier.sync()
    atelier.product("LATER", stock=5)
    atelier.sync()
    assert (atelier.available("CS-101"), atelier.available("LATER")) == (3, 4)


def test_goods_refunded_without_coming_back_stay_gone(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("CS-101", stock=3)
    atelier.sync()
    market.refund(market.buy({"CS-101": 2}, "US"), None, restock=False)
    atelier.sync()
    assert atelier.available("CS-101") == 1


def test_a_line_of_a_sku_that_is_not_ours_is_kept_and_moves_nothing(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("CS-101", stock=3)
    atelier.sync()
    order = market.order(market.buy({"CS-101": 1}, "US"))
    stranger = replace(order.lines[0], id="9", sku="ELSEWHERE")
    market.orders[order.id] = replace(order, lines=(*order.lines, stranger))
    atelier.sync()
    with atelier.session() as session:
        lines = session.exec(select(OrderLine).order_by("remote_id")).all()
        assert [(line.sku, line.variant_id is None) for line in lines] == [
            ("CS-101", False),
            ("ELSEWHERE", True),
        ]
    assert atelier.available("CS-101") == 2


def test_an_order_that_cannot_be_read_is_kept_sealed_and_blocks_nothing(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("CS-101", stock=3)
    atelier.sync()
    now = atelier.clock.now()
    market.orders["BROKEN"] = UnreadableOrder("BROKEN", now, "no lines", '{"name": "Jane"}')
    market.buy({"CS-101": 1}, "US")
    [one] = atelier.sync()
    assert (one.trouble, one.desk.tally) == (
        None,
        {"orders_unreadable": 1, "orders_new": 1, "accepted": 1},
    )
    with atelier.session() as session:
        kept = session.exec(select(Order).where(Order.remote_id == "BROKEN")).one()
        assert (kept.unreadable, b"Jane" in (kept.sealed_raw or b"")) == ("no lines", False)
        assert atelier.sealer.open(kept.sealed_raw or b"") == '{"name": "Jane"}'


def test_an_order_read_after_all_takes_the_place_of_its_raw_text(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("CS-101", stock=3)
    atelier.sync()
    order = market.order(market.buy({"CS-101": 1}, "US"))
    market.orders[order.id] = UnreadableOrder(order.id, order.updated_at, "odd", "raw")
    atelier.sync()
    market.orders[order.id] = order
    atelier.sync()
    with atelier.session() as session:
        [kept] = session.exec(select(Order)).all()
        assert (kept.unreadable, kept.sealed_raw, kept.status) == (None, None, OrderStatus.PAID)
    assert atelier.available("CS-101") == 2


def test_pages_that_were_not_reached_are_asked_for_again(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("CS-101", stock=10)
    atelier.sync()
    for _ in range(3):
        market.buy({"CS-101": 1}, "US")
        atelier.clock.sleep(timedelta(hours=1).total_seconds())

    class Breaking(MemoryConnector):
        def orders(self, since: datetime) -> Iterator[RemoteOrder | UnreadableOrder]:
            yield from list(super().orders(since))[1:]
            raise Unavailable("the last page did not come")

    def connect(channel: Channel) -> Breaking:
        opened = atelier.connect(channel)
        assert isinstance(opened, MemoryConnector)
        return Breaking(market, opened._account)

    [one] = atelier.sync(connect)
    assert (one.trouble, atelier.available("CS-101")) == (
        "Unavailable: the last page did not come",
        8,
    )
    atelier.sync()
    assert atelier.available("CS-101") == 7


def test_orders_are_listed_newest_first_with_their_lines(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("CS-101", stock=10)
    atelier.sync()
    market.buy({"CS-101": 1}, "US")
    atelier.clock.sleep(60)
    market.buy({"CS-101": 2}, "FR")
    atelier.sync()
    with atelier.session() as session:
        found = recent(session, channel="us")
    assert [(o.order.ship_to_country, [line.quantity for line in o.lines]) for o in found] == [
        ("FR", [2]),
        ("US", [1]),
    ]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    story=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=6),
    repeats=st.integers(1, 3),
)
def test_whatever_is_given_back_and_however_often_told_the_ledger_has_the_last_word(
    atelier: Atelier, story: list[tuple[int, int]], repeats: int
) -> None:
    """Running totals only grow; told in any number of repeats, their last value counts once."""
    if not atelier.markets:
        atelier.channel("us")
        atelier.product("CS-101", stock=100)
        atelier.sync()
    before = atelier.available("CS-101")
    market = atelier.markets["us"]
    order = market.order(market.buy({"CS-101": 20}, "US"))
    line = order.lines[0]
    for cancelled, returned in story:
        line = replace(
            line, cancelled=line.cancelled + cancelled, returned=line.returned + returned
        )
        for _ in range(repeats):
            atelier.clock.sleep(1)
            now = atelier.clock.now()
            market.orders[order.id] = replace(order, lines=(line,), updated_at=now)
            atelier.sync()
    assert atelier.available("CS-101") == before - 20 + line.cancelled + line.returned
    atelier.count("CS-101", 100 + atelier.levels("CS-101").reserved, f"again {order.id}")
    atelier.sync()


def test_money_without_cents_is_kept_whole(atelier: Atelier) -> None:
    market = atelier.channel("jp", currency="JPY")
    atelier.product("BO-001", price=600_00)
    atelier.sync()
    order = market.order(market.buy({"BO-001": 1}, "JP"))
    assert order.total == Money(10000, "JPY")
    atelier.sync()
    with atelier.session() as session:
        [kept] = session.exec(select(Order)).all()
        assert (kept.total_minor, kept.currency) == (10000, "JPY")


@pytest.mark.parametrize("lines", [()])
def test_an_order_without_lines_is_kept(
    atelier: Atelier, lines: tuple[RemoteOrderLine, ...]
) -> None:
    market = atelier.channel("us")
    atelier.product("BO-001")
    atelier.sync()
    order = market.order(market.buy({"BO-001": 1}, "US"))
    market.orders[order.id] = replace(order, lines=lines)
    [one] = atelier.sync()
    assert one.desk.tally["orders_new"] == 1
