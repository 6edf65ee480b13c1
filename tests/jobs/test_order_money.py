"""Orders in dirhams, at the rate of the day they were placed, on both databases."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from moneyed import Money
from sqlalchemy import Engine
from sqlmodel import select

from catalog.pricing import history
from catalog.pricing.rates import Rate
from connectors.clock import VirtualClock
from jobs.models import Channel, OrderStage
from jobs.order_money import Unvalued, unvalued
from jobs.orders_repair import Repaired, repair
from tests.conftest import NOON
from tests.jobs.conftest import Atelier
from tests.jobs.tellings import kept, opened, order, pull

TODAY = date(2026, 11, 23)


@pytest.fixture
def either(engine: Engine, clock: VirtualClock) -> Atelier:
    return Atelier(engine, clock)


def keep(atelier: Atelier, *rates: tuple[date, str], held: bool = False) -> None:
    with atelier.session() as session:
        told = [Rate("USD", Decimal(rate), day, "test") for day, rate in rates]
        history.keep(session, told, NOON, held=held)
        session.commit()


def worth(atelier: Atelier) -> tuple[int | None, Decimal | None, date | None]:
    row = kept(atelier)
    return row.total_mad_minor, row.mad_rate, row.mad_rate_date


def mended(atelier: Atelier) -> Sequence[Repaired]:
    with atelier.session() as session:
        found = list(repair(session, session.exec(select(Channel)).one()))
        session.commit()
        return found


def test_an_order_is_worth_the_newest_rate_not_after_its_day(either: Atelier) -> None:
    friday, tomorrow = TODAY - timedelta(days=3), TODAY + timedelta(days=1)
    keep(either, (TODAY - timedelta(days=9), "8"), (friday, "9.123456789"), (tomorrow, "11"))
    pull(either, opened(either, order()))
    assert worth(either) == (912_35, Decimal("9.123456789"), friday)


def test_without_a_rate_it_is_worth_nothing_yet_and_a_later_pull_fills_it_in(
    either: Atelier,
) -> None:
    connector = opened(either, order())
    keep(either, (TODAY + timedelta(days=1), "11"))
    keep(either, (TODAY, "3"), held=True)
    pull(either, connector)
    assert worth(either) == (None, None, None)
    keep(either, (TODAY, "9"))
    connector.told = []
    pull(either, connector)
    assert worth(either) == (900_00, Decimal(9), TODAY)


def test_dirhams_are_dirhams(either: Atelier) -> None:
    pull(either, opened(either, order(total=Money("250.50", "MAD"))))
    assert worth(either) == (250_50, Decimal(1), TODAY)


def test_the_day_is_that_of_utc(either: Atelier) -> None:
    keep(either, (TODAY, "9"), (TODAY - timedelta(days=1), "8"))
    late = datetime(2026, 11, 22, 20, tzinfo=UTC)
    pull(either, opened(either, order(placed_at=late)))
    assert worth(either)[2] == TODAY - timedelta(days=1)


def test_repair_takes_a_better_rate_and_says_so(either: Atelier) -> None:
    keep(either, (TODAY - timedelta(days=3), "9"))
    pull(either, opened(either, order()))
    assert mended(either) == []
    keep(either, (TODAY, "10"))
    assert mended(either) == [
        Repaired(
            "us",
            "#1001",
            {
                "total_mad_minor": (900_00, 1000_00),
                "mad_rate": (Decimal(9), Decimal(10)),
                "mad_rate_date": (TODAY - timedelta(days=3), TODAY),
            },
        )
    ]
    assert mended(either) == []


def test_repair_gives_a_stage_to_orders_of_before(either: Atelier) -> None:
    pull(either, opened(either, order()))
    with either.session() as session:
        row = session.merge(kept(either))
        row.stage = None
        session.commit()
    assert [one.figures for one in mended(either)] == [{"stage": (None, OrderStage.TO_SHIP)}]


def test_orders_without_a_rate_are_told_by_currency_until_there_is_one(either: Atelier) -> None:
    connector = opened(either, order())
    pull(either, connector)
    with either.session() as session:
        assert unvalued(session) == [Unvalued("USD", 1, TODAY)]
    keep(either, (TODAY, "9"))
    pull(either, connector)
    with either.session() as session:
        assert unvalued(session) == []
