"""Units sold twice: the latest order is proposed, whatever came first, and nothing is cancelled."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from catalog.models import MovementKind, StockMovement, Variant
from catalog.stock import move
from connectors.protocol import OrderStatus
from jobs.conflicts import OpenLine, look, proposed, watched
from jobs.order_models import Conflict, Settled
from jobs.proposals import keep, proposals
from tests.jobs.conftest import Atelier

DAWN = datetime(2026, 11, 23, 6, tzinfo=UTC)
OPEN_LINES = st.lists(
    st.builds(
        OpenLine,
        st.integers(1, 99),
        st.integers(0, 3).map(lambda hours: DAWN + timedelta(hours=hours)),
        st.integers(0, 3),
    ),
    unique_by=lambda line: line.line_id,
)


@given(lines=OPEN_LINES, shortage=st.integers(0, 12))
def test_the_latest_lines_cover_the_shortage_and_no_earlier_one_is_touched(
    lines: list[OpenLine], shortage: int
) -> None:
    wanted = proposed(lines, shortage)
    assert sum(wanted.values()) == min(shortage, sum(line.units for line in lines))
    kept = [line for line in lines if wanted.get(line.line_id, 0) < line.units]
    touched = [line for line in lines if line.line_id in wanted]
    assert all(
        (one.placed_at, one.line_id) >= (other.placed_at, other.line_id)
        for one in touched
        for other in kept
    )
    assert proposed(lines[::-1], shortage) == wanted


@pytest.fixture
def two(atelier: Atelier) -> Atelier:
    """One rug, shown on two channels."""
    atelier.channel("us")
    atelier.channel("eu", currency="EUR")
    atelier.product("BO-001", stock=1)
    atelier.sync()
    return atelier


def sell(atelier: Atelier, channel: str, hours: int, sku: str = "BO-001") -> str:
    """Somebody buys what the market still shows; placed so many hours after dawn there."""
    market = atelier.markets[channel]
    market.listings[market.find(sku) or ""].stock[sku] = 1
    order = market.order(market.buy({sku: 1}, "US"))
    market.orders[order.id] = replace(order, placed_at=DAWN + timedelta(hours=hours))
    return order.id


def told(atelier: Atelier, channel: str, order: str, *, cancelled: int) -> None:
    """The market says that so many units of an order are cancelled now."""
    market = atelier.markets[channel]
    atelier.clock.sleep(1)
    before = market.order(order)
    line = replace(before.lines[0], cancelled=cancelled)
    now = atelier.clock.now()
    market.orders[order] = replace(before, lines=(line,), updated_at=now)


def looked(atelier: Atelier) -> dict[str, tuple[int, Settled | None]]:
    """Pull, look, and what conflicts there are by order: units, and how it was settled."""
    atelier.sync()
    with atelier.session() as session:
        look(session, [v.id or 0 for v in session.exec(select(Variant))], atelier.clock.now())
        session.commit()
        return {
            f"{p.channel} {p.order}": (p.units, p.settled) for p in proposals(session, settled=True)
        }


def test_the_later_of_two_orders_is_proposed_and_nothing_is_cancelled(two: Atelier) -> None:
    late = sell(two, "us", hours=2)
    sell(two, "eu", hours=1)
    assert looked(two) == {f"us {late}": (1, None)}
    with two.session() as session:
        [one] = proposals(session)
        assert one.answer == (
            f"BO-001 was sold more often than there are pieces, and order {late}, placed on "
            "2026-11-23 at 08:00 UTC, is the latest. Open it in memory (channel us), cancel 1 x "
            "BO-001 there and write to the buyer; the next pull of orders then closes this. If a "
            f"piece can be delivered all the same: trade-ma conflicts keep {one.id}"
        )
        kinds = session.exec(select(StockMovement.kind).order_by("id")).all()
        assert kinds == [MovementKind.COUNT, MovementKind.SALE, MovementKind.SALE]


def test_looking_again_changes_nothing(two: Atelier) -> None:
    late = sell(two, "us", hours=2)
    sell(two, "eu", hours=1)
    first = looked(two)
    with two.session() as session:
        before = session.exec(select(Conflict)).one().model_dump()
    two.clock.sleep(60)
    assert looked(two) == first == {f"us {late}": (1, None)}
    with two.session() as session:
        assert session.exec(select(Conflict)).one().model_dump() == before


def test_every_order_beyond_the_first_is_proposed(two: Atelier) -> None:
    sell(two, "us", hours=1)
    second = sell(two, "eu", hours=2)
    assert looked(two) == {f"eu {second}": (1, None)}
    third = sell(two, "us", hours=3)
    assert looked(two) == {f"eu {second}": (1, None), f"us {third}": (1, None)}


def test_an_earlier_order_that_comes_in_late_is_not_the_one_to_cancel(two: Atelier) -> None:
    first = sell(two, "us", hours=3)
    late = sell(two, "eu", hours=4)
    assert looked(two) == {f"eu {late}": (1, None)}
    told(two, "eu", late, cancelled=1)
    assert looked(two) == {f"eu {late}": (1, Settled.CANCELLED)}
    sell(two, "eu", hours=1)
    # The order that was the first of two is now the later of two.
    assert looked(two) == {f"eu {late}": (1, Settled.CANCELLED), f"us {first}": (1, None)}


@pytest.mark.parametrize("hours", list(permutations((1, 2, 3))))
def test_in_whatever_order_orders_come_in_the_earliest_is_delivered(
    two: Atelier, hours: tuple[int, ...]
) -> None:
    came = {}
    for at in hours:
        came[at] = f"us {sell(two, 'us', at)}"
        found = looked(two)
    assert found == {came[2]: (1, None), came[3]: (1, None)}


def test_the_proposal_moves_on_where_the_times_turn_out_otherwise(two: Atelier) -> None:
    one, other = sell(two, "us", hours=1), sell(two, "eu", hours=2)
    assert looked(two) == {f"eu {other}": (1, None)}
    two.clock.sleep(1)
    market = two.markets["us"]
    market.orders[one] = replace(
        market.order(one), placed_at=DAWN + timedelta(hours=3), updated_at=two.clock.now()
    )
    assert looked(two) == {f"us {one}": (1, None)}


def test_a_conflict_closes_when_the_other_order_gives_its_unit_back(two: Atelier) -> None:
    late, early = sell(two, "us", hours=2), sell(two, "eu", hours=1)
    looked(two)
    told(two, "eu", early, cancelled=1)
    assert looked(two) == {f"us {late}": (1, Settled.STOCK)}


def test_a_conflict_closes_when_a_second_piece_is_found_and_opens_again_when_it_is_lost(
    two: Atelier,
) -> None:
    late = sell(two, "us", hours=2)
    sell(two, "eu", hours=1)
    looked(two)
    two.count("BO-001", 2, "found one")
    assert looked(two) == {f"us {late}": (1, Settled.STOCK)}
    with two.session() as session:
        variant = session.exec(select(Variant.id)).one()
        lost = StockMovement(
            variant_id=variant or 0,
            quantity=-1,
            kind=MovementKind.ADJUSTMENT,
            source="hand",
            reference="burnt",
        )
        session.add(lost)
        session.commit()
    assert looked(two) == {f"us {late}": (1, None)}


def test_an_order_that_a_person_keeps_is_not_proposed_again_and_no_other_in_its_place(
    two: Atelier,
) -> None:
    late = sell(two, "us", hours=2)
    sell(two, "eu", hours=1)
    looked(two)
    kept(two)
    assert looked(two) == {f"us {late}": (1, Settled.KEPT)}
    latest = sell(two, "eu", hours=5)
    assert looked(two) == {f"us {late}": (1, Settled.KEPT), f"eu {latest}": (1, None)}


def kept(atelier: Atelier) -> None:
    with atelier.session() as session:
        for one in proposals(session):
            keep(session, one.id, "Amina", atelier.clock.now())
        session.commit()


def test_what_was_kept_covers_no_later_shortage(two: Atelier) -> None:
    late = sell(two, "us", hours=2)
    sell(two, "eu", hours=1)
    looked(two)
    kept(two)
    # A second piece was made for it.
    two.count("BO-001", 2, "made another")
    assert looked(two) == {f"us {late}": (0, Settled.KEPT)}
    next_ = sell(two, "eu", hours=6)
    assert looked(two) == {f"us {late}": (0, Settled.KEPT), f"eu {next_}": (1, None)}


def test_a_kept_order_that_its_buyer_cancels_covers_nothing(two: Atelier) -> None:
    sell(two, "eu", hours=1)
    second = sell(two, "us", hours=2)
    looked(two)
    kept(two)
    third = sell(two, "eu", hours=3)
    looked(two)
    told(two, "us", second, cancelled=1)
    assert looked(two) == {f"us {second}": (0, Settled.KEPT), f"eu {third}": (1, None)}


def test_an_order_sent_all_the_same_is_no_conflict_any_more(two: Atelier) -> None:
    late = sell(two, "us", hours=2)
    sell(two, "eu", hours=1)
    looked(two)
    market = two.markets["us"]
    two.clock.sleep(1)
    market.orders[late] = replace(
        market.order(late), status=OrderStatus.SHIPPED, updated_at=two.clock.now()
    )
    found = looked(two)
    assert found.pop(f"us {late}") == (0, Settled.KEPT)
    # One order is left, and no piece for it.
    assert list(found.values()) == [(1, None)]


def test_an_order_refunded_without_its_unit_leaves_the_other_in_peace(two: Atelier) -> None:
    late = sell(two, "us", hours=2)
    sell(two, "eu", hours=1)
    looked(two)
    two.clock.sleep(1)
    market = two.markets["us"]
    market.orders[late] = replace(
        market.order(late), status=OrderStatus.REFUNDED, updated_at=two.clock.now()
    )
    for _ in range(2):
        assert looked(two) == {f"us {late}": (1, Settled.CANCELLED)}
    assert two.available("BO-001") == -1
    latest = sell(two, "us", hours=3)
    assert looked(two) == {f"us {late}": (1, Settled.CANCELLED), f"us {latest}": (1, None)}


def test_only_open_conflicts_and_kept_units_are_watched(two: Atelier) -> None:
    with two.session() as session:
        variant = session.exec(select(Variant.id)).one()
        assert watched(session) == []
    late = sell(two, "us", hours=2)
    sell(two, "eu", hours=1)
    looked(two)
    with two.session() as session:
        assert watched(session) == [variant]
    told(two, "us", late, cancelled=1)
    looked(two)
    with two.session() as session:
        assert watched(session) == []


@pytest.mark.parametrize("settled", list(Settled))
def test_what_is_settled_or_unknown_cannot_be_kept(two: Atelier, settled: Settled) -> None:
    sell(two, "us", hours=2)
    sell(two, "eu", hours=1)
    looked(two)
    with two.session() as session:
        conflict = session.exec(select(Conflict)).one()
        conflict.settled = settled
        with pytest.raises(ValueError, match=f"settled already: {settled}"):
            keep(session, conflict.id or 0, "Amina", DAWN)
        with pytest.raises(LookupError, match="no conflict 99"):
            keep(session, 99, "Amina", DAWN)


def test_a_piece_that_a_count_does_not_find_is_flagged_by_the_next_pass(two: Atelier) -> None:
    sell(two, "us", hours=1)
    two.sync()
    adjust(two, -1)
    two.sync()
    with two.session() as session:
        assert [(c.units, c.settled) for c in session.exec(select(Conflict))] == [(1, None)]
    adjust(two, 1)
    two.sync()
    with two.session() as session:
        assert [c.settled for c in session.exec(select(Conflict))] == [Settled.STOCK]


def adjust(atelier: Atelier, units: int) -> None:
    """A correction of the ledger by hand."""
    with atelier.session() as session:
        variant = session.exec(select(Variant)).one()
        kind = MovementKind.ADJUSTMENT
        move(session, variant, units, kind, source="test", reference=f"adjust {units}")
        session.commit()
