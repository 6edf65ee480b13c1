"""The stages of an order, by table and by what must hold for any order."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.protocol import OrderStatus
from jobs.models import OrderStage
from jobs.order_life import has_left, open_units, stage_of

PENDING, PAID, SHIPPED = OrderStatus.PENDING, OrderStatus.PAID, OrderStatus.SHIPPED
PARTLY, CANCELLED, REFUNDED = (
    OrderStatus.PARTLY_SHIPPED,
    OrderStatus.CANCELLED,
    OrderStatus.REFUNDED,
)
TOTAL = 100_00


@dataclass(frozen=True)
class Line:
    quantity: int
    cancelled: int = 0
    returned: int = 0
    shipped: int = 0


OPEN, GONE = Line(2), Line(2, shipped=2)


@pytest.mark.parametrize(
    ("status", "lines", "refunded", "on_hold", "stage"),
    [
        (PENDING, [OPEN], 0, False, OrderStage.NEW),
        (PENDING, [Line(2, cancelled=2)], 0, False, OrderStage.CANCELLED),
        (PAID, [OPEN], 0, True, OrderStage.PAID),
        (PAID, [OPEN], 0, False, OrderStage.TO_SHIP),
        (PAID, [], 0, False, OrderStage.TO_SHIP),
        (PAID, [Line(2, cancelled=1)], 0, False, OrderStage.TO_SHIP),
        (PAID, [OPEN], 10_00, False, OrderStage.TO_SHIP),
        (PAID, [Line(2, shipped=1)], 0, False, OrderStage.PARTLY_SHIPPED),
        (PAID, [GONE, OPEN], 0, True, OrderStage.PARTLY_SHIPPED),
        (PARTLY, [OPEN], 0, False, OrderStage.PARTLY_SHIPPED),
        (PARTLY, [GONE, OPEN], 10_00, False, OrderStage.PARTLY_SHIPPED),
        (PAID, [GONE], 0, False, OrderStage.SHIPPED),
        (PAID, [Line(2, cancelled=1, shipped=1)], 0, False, OrderStage.SHIPPED),
        (SHIPPED, [OPEN], 0, False, OrderStage.SHIPPED),
        (SHIPPED, [GONE], 10_00, False, OrderStage.PARTLY_REFUNDED),
        (SHIPPED, [Line(2, shipped=2, returned=1)], 50_00, False, OrderStage.PARTLY_REFUNDED),
        (SHIPPED, [GONE], TOTAL, False, OrderStage.REFUNDED),
        (PAID, [OPEN], TOTAL, False, OrderStage.REFUNDED),
        (REFUNDED, [OPEN], 0, False, OrderStage.REFUNDED),
        (REFUNDED, [Line(2, returned=2)], TOTAL, False, OrderStage.REFUNDED),
        (REFUNDED, [Line(2, shipped=2, returned=2)], TOTAL, False, OrderStage.RETURNED),
        (SHIPPED, [Line(2, returned=2)], 0, False, OrderStage.RETURNED),
        (SHIPPED, [Line(1, cancelled=1), Line(1, returned=1)], 0, False, OrderStage.RETURNED),
        (CANCELLED, [OPEN], 0, False, OrderStage.CANCELLED),
        (PAID, [Line(2, cancelled=2)], TOTAL, False, OrderStage.CANCELLED),
    ],
)
def test_an_order_stands_where_its_units_and_its_money_are(
    status: OrderStatus, lines: list[Line], refunded: int, on_hold: bool, stage: OrderStage
) -> None:
    assert stage_of(status, lines, total=TOTAL, refunded=refunded, on_hold=on_hold) is stage


def test_what_was_given_away_is_not_taken_for_refunded() -> None:
    assert stage_of(PAID, [OPEN], total=0) is OrderStage.TO_SHIP


@st.composite
def any_line(draw: st.DrawFn) -> Line:
    quantity = draw(st.integers(1, 5))
    cancelled = draw(st.integers(0, quantity))
    shipped = draw(st.integers(0, quantity - cancelled))
    return Line(quantity, cancelled, draw(st.integers(0, shipped)), shipped)


lines = st.lists(any_line(), min_size=1, max_size=4)
statuses = st.sampled_from(OrderStatus)
money = st.integers(0, TOTAL)


@given(status=statuses, lines=lines, refunded=money, on_hold=st.booleans())
def test_only_an_order_with_open_units_asks_to_be_packed(
    status: OrderStatus, lines: list[Line], refunded: int, on_hold: bool
) -> None:
    stage = stage_of(status, lines, total=TOTAL, refunded=refunded, on_hold=on_hold)
    if stage in {OrderStage.TO_SHIP, OrderStage.PAID}:
        assert any(map(open_units, lines))
    if stage in {OrderStage.SHIPPED, OrderStage.PARTLY_REFUNDED}:
        assert has_left(status, lines)


@given(status=statuses, lines=lines, refunded=money)
def test_a_hold_matters_only_before_anything_left(
    status: OrderStatus, lines: list[Line], refunded: int
) -> None:
    held = stage_of(status, lines, total=TOTAL, refunded=refunded, on_hold=True)
    free = stage_of(status, lines, total=TOTAL, refunded=refunded)
    assert held is free or (held, free) == (OrderStage.PAID, OrderStage.TO_SHIP)


@given(status=statuses, lines=lines, refunded=money, on_hold=st.booleans())
def test_the_order_of_lines_says_nothing(
    status: OrderStatus, lines: list[Line], refunded: int, on_hold: bool
) -> None:
    stages = {
        stage_of(status, told, total=TOTAL, refunded=refunded, on_hold=on_hold)
        for told in (lines, lines[::-1])
    }
    assert len(stages) == 1
