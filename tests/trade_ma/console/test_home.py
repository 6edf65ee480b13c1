"""The home page's figures, from both kinds of database."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from catalog.models import Maker, Product
from jobs.attention import Need
from jobs.models import Channel, Order, OrderStage, Run
from trade_ma.console.home import (
    DAYS,
    Beginning,
    ChannelGlance,
    Health,
    Recent,
    beginnings,
    channels_at_a_glance,
    exports_by_month,
    sales_by_day,
)

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def shop(engine: Engine) -> Iterator[Session]:
    """A channel that is well, one in trouble and one that is paused."""
    with Session(engine) as session:
        for code, paused, trouble in (
            ("amazon", None, None),
            ("etsy", None, "slow"),
            ("shopify", "refused", "slow"),
        ):
            session.add(
                Channel(
                    code=code,
                    marketplace=code,
                    site="world",
                    account=code,
                    currency="MAD",
                    paused_reason=paused,
                    trouble=trouble,
                )
            )
        session.flush()
        yield session


def order(session: Session, remote_id: str, days_ago: int, **more: Any) -> None:
    channel = session.exec(select(Channel).where(Channel.code == "amazon")).one()
    placed = NOON - timedelta(days=days_ago)
    values: dict[str, Any] = {"total_mad_minor": 100_00, "stage": OrderStage.SHIPPED, **more}
    session.add(
        Order(
            channel_id=channel.id or 0,
            remote_id=remote_id,
            placed_at=placed,
            updated_at=NOON,
            **values,
        )
    )
    session.flush()


def test_every_day_of_four_weeks_has_its_sales(shop: Session) -> None:
    order(shop, "a", 0)
    order(shop, "b", 0, total_mad_minor=None)
    order(shop, "c", DAYS - 1)
    order(shop, "never read", 0, stage=None)
    order(shop, "too old", DAYS)
    order(shop, "cancelled", 0, stage=OrderStage.CANCELLED)
    days = [(TODAY - timedelta(days=n)).isoformat() for n in reversed(range(DAYS))]
    told = [(one.key, one.orders, one.dirhams.sold_minor) for one in sales_by_day(shop, TODAY)]
    assert told == [
        (days[0], 1, 100_00),
        *((day, 0, 0) for day in days[1:-1]),
        (days[-1], 2, 100_00),
    ]


def test_what_left_the_country_is_told_by_the_month(shop: Session) -> None:
    order(shop, "a", 0, ship_to_country="FR")
    order(shop, "b", 40, ship_to_country="US")
    order(shop, "home", 0, ship_to_country="MA")
    told = exports_by_month(shop, TODAY)
    assert [(one.key, one.dirhams.sold_minor) for one in told[-3:]] == [
        ("2026-09", 0),
        ("2026-10", 100_00),
        ("2026-11", 100_00),
    ]
    assert len(told) == 12


def test_counts_that_take_long_are_kept_for_some_times_as_long() -> None:
    now = [0.0]
    counted: list[float] = []

    def count() -> dict[Need, int]:
        now[0] += 1.0
        counted.append(now[0])
        return {Need.TEXTS: len(counted)}

    recent = Recent(clock=lambda: now[0])
    told = [recent.of("shop", count)]
    now[0] = 20.0
    told += [recent.of("shop", count), recent.of("another", count)]
    now[0] = 21.5
    told.append(recent.of("shop", count))
    assert [one[Need.TEXTS] for one in told] == [1, 1, 2, 3]


def test_what_was_not_done_yet_is_asked_for_and_a_maker_counts_their_own_products(
    shop: Session,
) -> None:
    for slug in ("tifawin", "annasr"):
        shop.add(Maker(slug=slug, name=slug))
    shop.flush()
    before = beginnings(shop)
    shop.add(Product(maker_id=1, code="P", title="Tapis", language="fr"))
    shop.add(Run(channel_id=1, job="sync"))
    shop.flush()
    assert [before, beginnings(shop), beginnings(shop, 1), beginnings(shop, 2)] == [
        [Beginning.PRODUCTS, Beginning.SENDING],
        [],
        [],
        [Beginning.PRODUCTS],
    ]


def test_channels_that_need_a_person_come_first(shop: Session) -> None:
    for hours in (1, 2):
        shop.add(Run(channel_id=1, job="sync", finished_at=NOON - timedelta(hours=hours)))
    shop.flush()
    assert channels_at_a_glance(shop) == [
        ChannelGlance("shopify", Health.PAUSED, "refused", "slow", 0, None),
        ChannelGlance("etsy", Health.TROUBLED, None, "slow", 0, None),
        ChannelGlance("amazon", Health.WELL, None, None, 0, NOON - timedelta(hours=1)),
    ]
