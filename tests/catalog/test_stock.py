"""The ledger's levels: what is free, what is promised, what stands there, whatever happened."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, create_engine, select

from catalog.models import Maker, MovementKind, Product, Variant
from catalog.stock import Levels, Movement, levels, move_all


@dataclass(frozen=True)
class Told:
    """An order of one line, in its totals."""

    sold: int
    cancelled: int
    shipped: int
    returned: int


@st.composite
def tales(draw: st.DrawFn) -> Told:
    """What may come of an order: some is cancelled, some leaves, some of that comes back."""
    sold = draw(st.integers(1, 5))
    cancelled = draw(st.integers(0, sold))
    shipped = draw(st.integers(0, sold - cancelled))
    return Told(sold, cancelled, shipped, draw(st.integers(0, shipped)))


def variant(session: Session) -> int:
    maker = Maker(slug="tifawin", name="Tifawin")
    session.add(maker)
    session.flush()
    product = Product(maker_id=maker.id or 0, code="BO-001", title="Tapis")
    session.add(product)
    session.flush()
    added = Variant(product_id=product.id or 0, sku="BO-001", price_minor=100)
    session.add(added)
    session.flush()
    return added.id or 0


def record(
    session: Session, variant_id: int, source: str, moved: Sequence[tuple[MovementKind, int]]
) -> None:
    for kind, units in moved:
        move_all(session, [Movement(variant_id, units, kind)], kind, source=source)


@settings(max_examples=40, deadline=None)
@given(counted=st.integers(0, 9), orders=st.lists(tales(), max_size=4))
def test_what_stands_there_is_what_was_counted_less_what_left(
    counted: int, orders: list[Told]
) -> None:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        one = variant(session)
        record(session, one, "count", [(MovementKind.COUNT, counted)])
        for number, order in enumerate(orders):
            told = [
                (MovementKind.SALE, -order.sold),
                (MovementKind.CANCELLATION, order.cancelled),
                (MovementKind.SHIPMENT, -order.shipped),
                (MovementKind.RETURN, order.returned),
            ]
            record(session, one, f"order:us:{number}", told)
        found = levels(session, [one])[one]
    engine.dispose()
    kept = sum(o.sold - o.cancelled for o in orders)
    returned = sum(o.returned for o in orders)
    shipped = sum(o.shipped for o in orders)
    assert found == Levels(available=counted - kept + returned, reserved=kept - shipped)
    assert found.on_hand == counted - shipped + returned


@given(st.integers(-5, 9), st.integers(0, 9), st.integers(0, 9))
def test_counting_twice_is_counting_once_and_oversells_nothing(
    available: int, reserved: int, figure: int
) -> None:
    before = Levels(available, reserved)
    after = Levels(available + before.counted(figure), reserved)
    assert after.counted(figure) == 0
    assert after.on_hand == figure or after.available == min(available, 0)


def test_an_order_that_gave_back_what_it_had_shipped_takes_nothing_from_another(
    engine: Engine,
) -> None:
    with Session(engine) as session:
        one = variant(session)
        record(session, one, "count", [(MovementKind.COUNT, 5)])
        gone_and_back = [
            (MovementKind.SALE, -2),
            (MovementKind.SHIPMENT, -2),
            (MovementKind.CANCELLATION, 2),
        ]
        record(session, one, "order:us:1", gone_and_back)
        record(session, one, "order:us:2", [(MovementKind.SALE, -1)])
        assert levels(session, [one, 99]) == {
            one: Levels(available=4, reserved=1),
            99: Levels(available=0, reserved=0),
        }


def test_what_leaves_is_no_news_to_any_listing(engine: Engine) -> None:
    with Session(engine) as session:
        one = variant(session)
        revisions = []
        for kind in (MovementKind.COUNT, MovementKind.SALE, MovementKind.SHIPMENT):
            record(session, one, "order:us:1", [(kind, -1)])
            session.expire_all()
            revisions.append(session.exec(select(Product.stock_revision)).one())
    assert revisions == [2, 3, 3]


@pytest.mark.parametrize(
    ("before", "figure", "moved"),
    [
        (Levels(3, 0), 5, 2),
        (Levels(3, 2), 5, 0),
        (Levels(3, 2), 4, -1),
        (Levels(3, 2), 0, -3),
        (Levels(0, 1), 0, 0),
        # One piece, sold twice: that it stands there is no news.
        (Levels(-1, 2), 1, 0),
        (Levels(-1, 2), 0, 0),
        (Levels(-1, 2), 2, 1),
    ],
)
def test_a_count_moves_to_what_stands_there(before: Levels, figure: int, moved: int) -> None:
    assert before.counted(figure) == moved
