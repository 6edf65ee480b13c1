"""Orders looked for: what each filter finds, and the index that its list is walked along."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from catalog.models import Maker, Product, Variant
from jobs.models import Channel, Order, OrderLine, OrderStage
from jobs.order_models import Conflict, Settled
from jobs.order_search import TO_PACK, OrderFilter, count_to_pack, looked_for, placed
from jobs.proposals import count_open
from tests.conftest import NOON

DAY = date(2026, 11, 23)
FOUND = [
    (OrderFilter(), ["A", "B", "C", "D"]),
    (OrderFilter(stages=TO_PACK), ["A", "B"]),
    (OrderFilter(channel="etsy"), ["A", "B", "C", "D"]),
    (OrderFilter(channel="nowhere"), []),
    (OrderFilter(country="FR"), ["A"]),
    (OrderFilter(first=DAY, last=DAY), ["A", "B", "C"]),
    (OrderFilter(number="#B"), ["B"]),
    (OrderFilter(number="C"), ["C"]),
    (OrderFilter(conflict=True), ["B"]),
    (OrderFilter(conflict=False), ["A", "C", "D"]),
    (OrderFilter(unreadable=True), ["C", "D"]),
    (OrderFilter(unreadable=False), ["A", "B"]),
    (OrderFilter(flagged=True), ["A"]),
    (OrderFilter(flagged=False), ["B", "C", "D"]),
]
WALKED = [
    (OrderFilter(), "ix_sales_order_placed"),
    (OrderFilter(stages=(OrderStage.TO_SHIP,)), "ix_sales_order_of_stage"),
    (OrderFilter(channel="etsy"), "ix_sales_order_of_channel"),
    (OrderFilter(country="FR"), "ix_sales_order_of_country"),
    (OrderFilter(first=DAY, last=DAY), "ix_sales_order_placed"),
    (OrderFilter(conflict=False), "ix_sales_order_placed"),
    (OrderFilter(unreadable=True), "ix_sales_order_unreadable"),
    (OrderFilter(unreadable=False), "ix_sales_order_placed"),
    (OrderFilter(flagged=True), "ix_sales_order_flagged"),
    (OrderFilter(flagged=False), "ix_sales_order_placed"),
]
# Of these a handful is looked up, and then put in order.
LOOKED_UP = [
    (OrderFilter(stages=TO_PACK), ["ix_sales_order_of_stage"]),
    (OrderFilter(number="#1"), ["ix_sales_order_number", "ix_sales_order_remote_id"]),
    (OrderFilter(conflict=True), ["INTEGER PRIMARY KEY", "ix_conflict_settled"]),
]


def order(remote_id: str, **facts: Any) -> Order:
    """An order of noon, unless `facts` say otherwise."""
    usual: dict[str, Any] = {"channel_id": 1, "placed_at": NOON, "updated_at": NOON}
    return Order(remote_id=remote_id, **(usual | facts))


def fill(session: Session) -> None:
    """Four orders: flagged, sold twice, unreadable by now, and never read."""
    session.add(Maker(id=1, slug="tifawin", name="Tifawin"))
    session.add(
        Channel(id=1, code="etsy", marketplace="etsy", site="world", account="etsy", currency="EUR")
    )
    session.flush()
    session.add(Product(id=1, maker_id=1, code="TIF-1", title="Tapis"))
    session.flush()
    session.add(Variant(id=1, product_id=1, sku="TIF-1", price_minor=1))
    to_ship, partly = TO_PACK
    session.add_all(
        [
            order("A", stage=to_ship, ship_to_country="FR", flagged_at=NOON, flag="Damaged"),
            order("B", number="#B", stage=partly),
            order("C", stage=OrderStage.SHIPPED, unreadable="odd"),
            order("D", placed_at=None, unreadable="odd"),
        ]
    )
    session.flush()
    for sold in session.exec(select(Order).where(col(Order.remote_id).in_(["A", "B"]))):
        line = OrderLine(order_id=sold.id or 0, remote_id="1", quantity=1, unit_price_minor=1)
        session.add(line)
        session.flush()
        settled = None if sold.remote_id == "B" else Settled.KEPT
        session.add(Conflict(order_line_id=line.id or 0, variant_id=1, units=1, settled=settled))
    session.commit()


def test_each_filter_finds_its_orders_on_each_database(engine: Engine) -> None:
    with Session(engine) as session:
        fill(session)
        found = [
            (wanted, sorted(one.remote_id for one in session.exec(looked_for(wanted))))
            for wanted, _ in FOUND
        ]
        assert found == FOUND
        assert (count_to_pack(session), count_open(session)) == (2, 1)


def plan(engine: Engine, statement: SelectOfScalar[Order]) -> str:
    """How SQLite reads the first orders of a list, nobody having counted its tables."""
    told = statement.limit(51).compile(engine, compile_kwargs={"literal_binds": True})
    with engine.connect() as connection:
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {told}")
        return "\n".join(step[-1] for step in steps)


def newest(wanted: OrderFilter) -> SelectOfScalar[Order]:
    return placed(wanted).order_by(col(Order.placed_at).desc(), col(Order.id).desc())


@pytest.mark.parametrize(("wanted", "index"), WALKED)
def test_a_list_is_walked_along_the_index_of_its_filter(
    sqlite: Engine, wanted: OrderFilter, index: str
) -> None:
    steps = plan(sqlite, newest(wanted))
    assert f"SEARCH sales_order USING INDEX {index} " in steps
    assert "ORDER BY" not in steps


@pytest.mark.parametrize(("wanted", "indexes"), LOOKED_UP)
def test_the_few_of_a_filter_are_looked_up(
    sqlite: Engine, wanted: OrderFilter, indexes: list[str]
) -> None:
    steps = plan(sqlite, newest(wanted))
    assert [index for index in indexes if index not in steps] == []
    assert "SCAN" not in steps


def test_the_unreadable_are_walked_by_id_as_well(sqlite: Engine) -> None:
    wanted = looked_for(OrderFilter(unreadable=True)).order_by(col(Order.id).desc())
    assert plan(sqlite, wanted) == "SCAN sales_order USING INDEX ix_sales_order_unread"
