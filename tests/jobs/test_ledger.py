"""The ledger against the order lines: nothing differs, and what does is made up for once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select, update

from catalog.models import MovementKind, Product, StockMovement, Variant
from catalog.stock import Levels, move
from connectors.clock import VirtualClock
from connectors.protocol import OrderStatus
from jobs.ledger import (
    Figures,
    LineDifference,
    LineKey,
    RevisionDifference,
    compare,
    differences,
    figures_moved,
    missing,
    repair,
)
from jobs.models import Listing, Order, OrderLine
from tests.jobs.conftest import Atelier

UNITS = st.integers(0, 3)
FIGURES = st.builds(Figures, UNITS, UNITS, UNITS)
LINES = st.dictionaries(
    st.builds(LineKey, st.just("order:us:1"), st.sampled_from("ab"), st.integers(1, 2)), FIGURES
)


def sell_some(atelier: Atelier) -> Atelier:
    """Ten cushions, five of them sold, one of those cancelled."""
    market = atelier.channel("us")
    atelier.product("CS-101", stock=10)
    atelier.sync()
    order = market.buy({"CS-101": 5}, "US")
    atelier.sync()
    market.cancel(order, {"CS-101": 1}, restock=True)
    atelier.sync()
    return atelier


@pytest.fixture
def sold(atelier: Atelier) -> Atelier:
    """The same, on SQLite."""
    return sell_some(atelier)


def repaired(atelier: Atelier) -> list[str]:
    """What differs, in words, after which it is repaired."""
    with atelier.session() as session:
        found = differences(session)
        repair(session, found)
        session.commit()
    return [str(one) for one in found]


def movements(session: Session) -> list[tuple[MovementKind, int]]:
    rows = session.exec(select(StockMovement).order_by("id")).all()
    return [(row.kind, row.quantity) for row in rows if row.source.startswith("order:")]


def test_after_passes_the_ledger_and_the_orders_agree(sold: Atelier) -> None:
    assert repaired(sold) == []


def test_shipments_that_were_never_counted_are_written_from_the_order_lines(sold: Atelier) -> None:
    with sold.session() as session:
        # As an order stands that was shipped before shipments were counted.
        session.exec(update(Order).values(stage=None, status=OrderStatus.SHIPPED))
        session.commit()
    assert sold.levels("CS-101") == Levels(available=6, reserved=4)
    [told] = repaired(sold)
    [order] = sold.markets["us"].orders
    assert told == (
        f"CS-101, order:us:{order} line 1: the order says 4 sold, 4 shipped, and the ledger 4 sold"
    )
    assert sold.levels("CS-101") == Levels(available=6, reserved=0)
    assert repaired(sold) == []


@pytest.mark.parametrize(
    ("wrong", "written"),
    [
        ({"quantity": 7}, (MovementKind.SALE, -2)),
        ({"quantity": 4}, (MovementKind.CANCELLATION, 1)),
        ({"cancelled": 2}, (MovementKind.CANCELLATION, 1)),
        ({"cancelled": 0}, (MovementKind.SALE, -1)),
        ({"shipped": 3}, (MovementKind.SHIPMENT, -3)),
        # Back without having left: it is reserved no more.
        ({"returned": 1}, (MovementKind.CANCELLATION, 1)),
    ],
)
def test_what_the_ledger_missed_is_made_up_for_by_a_movement(
    sold: Atelier, wrong: dict[str, int], written: tuple[MovementKind, int]
) -> None:
    with sold.session() as session:
        before = movements(session)
        session.exec(update(OrderLine).values(**wrong))
        session.commit()
    assert len(repaired(sold)) == 1
    with sold.session() as session:
        assert movements(session) == [*before, written]
    assert repaired(sold) == []


def test_two_who_repair_the_same_state_do_it_once(sold: Atelier) -> None:
    with sold.session() as session:
        session.exec(update(OrderLine).values(quantity=7))
        session.commit()
        found = differences(session)
        for _ in range(2):
            repair(session, found)
        session.commit()
    assert (sold.available("CS-101"), repaired(sold)) == (4, [])


def test_the_same_thing_may_go_wrong_and_be_repaired_again(sold: Atelier) -> None:
    for quantity in (7, 5, 7):
        with sold.session() as session:
            session.exec(update(OrderLine).values(quantity=quantity))
            session.commit()
        assert (len(repaired(sold)), repaired(sold)) == (1, [])
        assert sold.available("CS-101") == 10 - quantity + 1


def test_movements_of_a_line_that_nobody_knows_are_given_back(sold: Atelier) -> None:
    with sold.session() as session:
        variant = session.exec(select(Variant)).one()
        sale = MovementKind.SALE
        move(session, variant, -2, sale, source="order:us:O9", reference="gid://Line/1:sale:2")
        session.commit()
        assert differences(session) == [
            LineDifference(
                LineKey("order:us:O9", "gid://Line/1", variant.id or 0),
                "CS-101",
                line=Figures(),
                moved=Figures(sold=2),
                last_movement=4,
            )
        ]
    repaired(sold)
    assert (sold.available("CS-101"), repaired(sold)) == (6, [])


def test_a_stock_change_that_no_revision_counted_is_looked_at_again(sold: Atelier) -> None:
    with sold.session() as session:
        product = session.exec(select(Product)).one()
        product.stock_revision = 1
        seen = session.exec(select(Listing.seen_stock)).one()
        session.commit()
        assert differences(session) == [
            RevisionDifference(product.id or 0, "CS-101", revision=1, least=seen + 1)
        ]
    repaired(sold)
    assert repaired(sold) == []
    with sold.session() as session:
        assert session.exec(select(Product.stock_revision)).one() == seen + 1


def test_both_databases_are_read_and_repaired_alike(engine: Engine, clock: VirtualClock) -> None:
    atelier = sell_some(Atelier(engine, clock))
    assert repaired(atelier) == []
    with atelier.session() as session:
        session.exec(update(OrderLine).values(quantity=7, returned=1))
        session.exec(update(Product).values(stock_revision=1))
        session.commit()
    assert len(repaired(atelier)) == 2
    assert repaired(atelier) == []
    assert atelier.levels("CS-101") == Levels(available=5, reserved=5)
    engine.dispose()


@given(ordered=LINES, moved=LINES)
def test_what_is_added_for_every_difference_leaves_none(
    ordered: dict[LineKey, Figures], moved: dict[LineKey, Figures]
) -> None:
    made_up = dict(moved)
    for key, line, had in compare(ordered, moved):
        for kind, units in missing(line, had).items():
            made_up[key] = made_up.get(key, Figures()) + figures_moved(kind, units)
    assert list(compare(ordered, made_up)) == []
    assert list(compare(moved, moved)) == []
