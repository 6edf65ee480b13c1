"""The figures of the home page, from the tables: channels at a glance, and sales by the day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from jobs.models import Channel, Listing, Order, OrderStage, Run

# Whole weeks, so that the same weekdays are in both halves.
DAYS = 28
_NO_SALES = (OrderStage.CANCELLED, OrderStage.REFUNDED, OrderStage.RETURNED)


class Health(StrEnum):
    """How a channel is."""

    PAUSED = "paused"
    TROUBLED = "troubled"
    WELL = "well"


@dataclass(frozen=True, slots=True)
class ChannelGlance:
    """A channel at a glance; `why` is the reason of a pause or the trouble, in words."""

    code: str
    health: Health
    why: str
    listings: int
    last_run: datetime | None


@dataclass(frozen=True, slots=True)
class DaySales:
    """What was sold on a day (UTC), in minor units of MAD."""

    day: date
    mad_minor: int
    orders: int


def channels_at_a_glance(session: Session) -> list[ChannelGlance]:
    """Every channel, those that a person must see to first."""
    listings = _by_channel(session, Listing, func.count())
    runs = _by_channel(session, Run, func.max(Run.finished_at))
    glances = [
        _glance(one, listings.get(one.id, 0), runs.get(one.id))
        for one in session.exec(select(Channel).order_by(Channel.code))
    ]
    return sorted(glances, key=lambda glance: list(Health).index(glance.health))


def sales(session: Session, today: date) -> list[DaySales]:
    """The last days of sales, up to `today`, each of the `DAYS` of them; cancelled orders aside.

    What cannot be put into MAD, for want of a rate of its day, counts as an order of 0.
    """
    first = today - timedelta(days=DAYS - 1)
    on_day = func.date(Order.placed_at)
    rows = session.execute(
        select(on_day, func.coalesce(func.sum(Order.total_mad_minor), 0), func.count())
        .where(
            col(Order.placed_at) >= datetime.combine(first, time(), UTC),
            col(Order.stage).is_(None) | col(Order.stage).not_in(_NO_SALES),
        )
        .group_by(on_day)
    )
    # SQLite gives a day as text, PostgreSQL as a date.
    sold = {str(day): (int(total), count) for day, total, count in rows}
    days = [first + timedelta(days=number) for number in range(DAYS)]
    return [DaySales(day, *sold.get(day.isoformat(), (0, 0))) for day in days]


def _by_channel(session: Session, table: type[Listing | Run], figure: Any) -> dict[int | None, Any]:
    channel = col(table.channel_id)
    rows = session.execute(select(channel, figure).group_by(channel))
    return {row[0]: row[1] for row in rows}


def _glance(channel: Channel, listings: int, last_run: datetime | None) -> ChannelGlance:
    health = Health.TROUBLED if channel.trouble else Health.WELL
    return ChannelGlance(
        code=channel.code,
        health=Health.PAUSED if channel.paused_reason else health,
        why=channel.paused_reason or channel.trouble or "",
        listings=listings,
        last_run=last_run,
    )
