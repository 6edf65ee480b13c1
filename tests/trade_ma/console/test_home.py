"""The home page's figures, from both kinds of database."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from jobs.models import Channel, Order, OrderStage, Run
from trade_ma.console.home import (
    DAYS,
    ChannelGlance,
    DaySales,
    Health,
    channels_at_a_glance,
    sales,
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
    order(shop, "c", DAYS - 1, stage=None)
    order(shop, "too old", DAYS)
    order(shop, "cancelled", 0, stage=OrderStage.CANCELLED)
    told = sales(shop, TODAY)
    assert [one.day for one in told] == [TODAY - timedelta(days=n) for n in reversed(range(DAYS))]
    assert [one for one in told if one.orders] == [
        DaySales(TODAY - timedelta(days=DAYS - 1), 100_00, 1),
        DaySales(TODAY, 100_00, 2),
    ]


def test_channels_that_need_a_person_come_first(shop: Session) -> None:
    for hours in (1, 2):
        shop.add(Run(channel_id=1, job="sync", finished_at=NOON - timedelta(hours=hours)))
    shop.flush()
    assert channels_at_a_glance(shop) == [
        ChannelGlance("shopify", Health.PAUSED, "refused", 0, None),
        ChannelGlance("etsy", Health.TROUBLED, "slow", 0, None),
        ChannelGlance("amazon", Health.WELL, "", 0, NOON - timedelta(hours=1)),
    ]
