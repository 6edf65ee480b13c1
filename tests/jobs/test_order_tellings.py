"""Tellings of one order: repeated, late and shuffled, they end where its last word is."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import col, select

from catalog.models import MovementKind, StockMovement
from catalog.stock import Levels
from connectors.clock import VirtualClock
from connectors.protocol import OrderStatus, RemoteOrder, RemoteOrderLine
from jobs import ledger
from jobs.models import Order, OrderLine, OrderStage
from jobs.order_models import Conflict
from jobs.orders import bring_in
from tests.conftest import NOON
from tests.jobs.conftest import Atelier
from tests.jobs.tellings import channel_of, dollars, kept, later, line, opened, order, pull


def movements(atelier: Atelier, source: str = "order:us:O1") -> list[tuple[MovementKind, int]]:
    with atelier.session() as session:
        rows = session.exec(
            select(StockMovement).where(StockMovement.source == source).order_by("id")
        ).all()
    return [(row.kind, row.quantity) for row in rows]


def test_units_that_leave_are_told_to_the_ledger_once(atelier: Atelier) -> None:
    connector, paid = opened(atelier), order(line(5))
    some = later(paid, lines=(line(5, shipped=2),))
    rest = later(some, lines=(line(5, shipped=4, cancelled=1),))
    for told in (paid, some, some, rest, rest):
        pull(atelier, connector, told)
    assert movements(atelier) == [
        (MovementKind.SALE, -5),
        (MovementKind.SHIPMENT, -2),
        (MovementKind.CANCELLATION, 1),
        (MovementKind.SHIPMENT, -2),
    ]
    assert atelier.levels("CS-101") == Levels(available=6, reserved=0)


def test_units_shipped_by_mistake_are_reserved_again_until_they_leave(atelier: Atelier) -> None:
    connector = opened(atelier)
    told = order(line(5))
    for shipped in (2, 0, 3):
        told = later(told, lines=(line(5, shipped=shipped),))
        pull(atelier, connector, told)
    assert movements(atelier) == [
        (MovementKind.SALE, -5),
        (MovementKind.SHIPMENT, -2),
        (MovementKind.SHIPMENT, 2),
        (MovementKind.SHIPMENT, -3),
    ]
    assert atelier.levels("CS-101") == Levels(available=5, reserved=2)


def test_an_order_edited_down_and_up_again_takes_what_it_has_last(atelier: Atelier) -> None:
    connector = opened(atelier)
    told = order(line(5))
    for quantity in (5, 3, 5, 3, 4):
        told = later(told, lines=(line(quantity),))
        pull(atelier, connector, told)
    assert sum(units for _, units in movements(atelier)) == -4
    assert atelier.levels("CS-101") == Levels(available=6, reserved=4)


def test_a_line_keeps_its_variant_when_the_marketplace_forgets_the_sku(atelier: Atelier) -> None:
    connector, paid = opened(atelier), order(line(2))
    pull(atelier, connector, paid)
    pull(atelier, connector, later(paid, lines=(line(2, sku=None, cancelled=1),)))
    assert movements(atelier) == [(MovementKind.SALE, -2), (MovementKind.CANCELLATION, 1)]


def test_the_stage_is_kept_with_the_day_it_left(atelier: Atelier) -> None:
    connector, paid = opened(atelier), order(on_hold=True)
    pull(atelier, connector, paid)
    assert kept(atelier).stage is OrderStage.PAID
    pull(atelier, connector, later(paid, on_hold=False))
    assert (kept(atelier).stage, kept(atelier).shipped_at) == (OrderStage.TO_SHIP, None)
    shipped = later(paid, status=OrderStatus.SHIPPED, lines=(line(shipped=2),), on_hold=False)
    pull(atelier, connector, shipped)
    row = kept(atelier)
    assert (row.stage, row.shipped_at) == (OrderStage.SHIPPED, shipped.updated_at)


def test_money_given_back_counts_as_a_change(atelier: Atelier) -> None:
    connector, paid = opened(atelier), order()
    pull(atelier, connector, paid)
    part = later(paid, refunded=dollars("12.50"))
    assert pull(atelier, connector, part).tally == {"orders_changed": 1}
    assert pull(atelier, connector, part).tally == {}
    assert kept(atelier).refunded_minor == 12_50


def test_an_order_is_brought_in_on_each_database(engine: Engine, clock: VirtualClock) -> None:
    atelier = Atelier(engine, clock)
    connector, paid = opened(atelier), order(line(5))
    pull(atelier, connector, paid)
    pull(atelier, connector, later(paid, lines=(line(5, shipped=2),)))
    pull(atelier, connector, paid)
    assert movements(atelier) == [(MovementKind.SALE, -5), (MovementKind.SHIPMENT, -2)]
    assert kept(atelier).stage is OrderStage.PARTLY_SHIPPED


@st.composite
def lives(draw: st.DrawFn) -> list[RemoteOrder]:
    """An order as it was told at each moment: its totals grow, and its quantity may fall."""
    told = order(first := line(8), second := replace(line(3), id="2"))
    life, step = [told], st.integers(0, 1)
    for _ in range(draw(st.integers(1, 4))):
        first = replace(
            first,
            quantity=first.quantity - draw(step),
            cancelled=first.cancelled + draw(step),
            returned=first.returned + draw(step),
            shipped=first.shipped + draw(step),
        )
        second = replace(second, cancelled=second.cancelled + draw(step))
        told = later(
            told,
            lines=tuple(draw(st.permutations([first, second]))),
            status=draw(st.sampled_from(OrderStatus)),
            refunded=dollars(draw(st.integers(0, 100))),
        )
        life.append(told)
    return life


@st.composite
def tellings(draw: st.DrawFn) -> tuple[list[RemoteOrder], list[RemoteOrder]]:
    """A life, and what is heard of it: any of its moments, often and late, its last one sure."""
    life = draw(lives())
    heard = draw(st.lists(st.sampled_from(life), max_size=8))
    return life, draw(st.permutations([*heard, life[-1]]))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(told=tellings())
def test_in_whatever_order_and_however_often_told_the_last_word_holds(
    atelier: Atelier, told: tuple[list[RemoteOrder], list[RemoteOrder]]
) -> None:
    if not atelier.markets:
        opened(atelier)
    life, heard = told
    assert _end(atelier, heard) == _end(atelier, life)


def _end(atelier: Atelier, told: Sequence[RemoteOrder]) -> object:
    """Bring `told` in as a new order, and what is known of it then."""
    channel = channel_of(atelier)
    with atelier.session() as session:
        remote_id = f"O{len(session.exec(select(Order)).all())}"
        for one in told:
            bring_in(session, channel, replace(one, id=remote_id), atelier.sealer)
            session.commit()
        row = session.exec(select(Order).where(Order.remote_id == remote_id)).one()
        lines = session.exec(
            select(OrderLine).where(OrderLine.order_id == row.id).order_by(col(OrderLine.id))
        ).all()
        figures = (row.stage, row.status, row.refunded_minor, row.updated_at)
        units = [(li.remote_id, li.quantity, li.cancelled, li.returned, li.shipped) for li in lines]
        assert ledger.differences(session) == []
        return figures, sorted(units), _levels(atelier, f"order:us:{remote_id}")


def _levels(atelier: Atelier, source: str) -> dict[str, int]:
    """What an order did to the ledger: units taken off the shelf for it, and units that left."""
    levels = defaultdict[str, int](int)
    for kind, units in movements(atelier, source):
        levels["left" if kind is MovementKind.SHIPMENT else "taken"] += units
    return {name: units for name, units in levels.items() if units}


def test_a_moment_in_the_future_hides_no_later_telling(atelier: Atelier) -> None:
    connector = opened(atelier)
    odd = order(updated_at=NOON + timedelta(days=400))
    assert pull(atelier, connector, odd).tally == {"orders_new": 1}
    assert pull(atelier, connector, odd).tally == {}
    atelier.clock.sleep(60)
    cancelled = replace(odd, updated_at=atelier.clock.now(), lines=(line(cancelled=1),))
    assert pull(atelier, connector, cancelled).tally == {"orders_changed": 1}


def test_an_order_for_what_is_sold_already_is_flagged(atelier: Atelier) -> None:
    connector = opened(atelier)
    pull(atelier, connector, order(line(8)), order(line(3), id="O2", number="#1002"))
    with atelier.session() as session:
        [conflict] = session.exec(select(Conflict)).all()
    assert conflict.units == 1


def test_a_sku_longer_than_any_of_ours_stops_nothing(engine: Engine, clock: VirtualClock) -> None:
    atelier = Atelier(engine, clock)
    pull(atelier, opened(atelier), order(line(2, sku="X" * 255)))
    with atelier.session() as session:
        [row] = session.exec(select(OrderLine)).all()
    assert (row.sku, row.variant_id) == ("X" * 100, None)


def test_two_lines_of_one_sku_are_two(atelier: Atelier) -> None:
    connector = opened(atelier)
    second: RemoteOrderLine = replace(line(3), id="2")
    pull(atelier, connector, order(line(2), second))
    assert movements(atelier) == [(MovementKind.SALE, -2), (MovementKind.SALE, -3)]
