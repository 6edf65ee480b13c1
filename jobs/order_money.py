"""What an order is worth in dirhams, at the rate of the day it was placed.

The day is that of UTC. A rate is the newest of the history that is not after that day, as a
bookkeeper takes the last rate published before a weekend; those that are shipped for practice
never count.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from moneyed import Money
from sqlalchemy import func
from sqlmodel import Session, col, select

from catalog.money import minor_units, money_from_minor
from catalog.pricing import history
from catalog.pricing.models import ExchangeRate
from catalog.pricing.rates import Rate
from jobs.models import Channel, Order
from jobs.statistics import NO_SALE, for_practice

# Filled in after one pull; the rest is the next one's.
FILLED_IN = 500
DIRHAM = "MAD"


def value(session: Session, order: Order) -> None:
    """Write the dirhams of `order` down, with the rate and its day; none where no rate is known."""
    rate = _rate(session, order.currency, order.placed_at)
    order.total_mad_minor = order.mad_rate = order.mad_rate_date = None
    if rate and order.total_minor is not None and order.currency:
        total = money_from_minor(order.total_minor, order.currency)
        order.total_mad_minor = minor_units(Money(total.amount * rate.mad_per_unit, DIRHAM))
        order.mad_rate, order.mad_rate_date = rate.mad_per_unit, rate.date


def _rate(session: Session, currency: str | None, placed_at: datetime | None) -> Rate | None:
    if currency is None or placed_at is None:
        return None
    day = _day(placed_at)
    if currency == DIRHAM:
        return Rate(DIRHAM, Decimal(1), day, "by definition")
    return history.on(session, currency, day)


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def fill_in(session: Session, channel: Channel) -> int:
    """Value orders of `channel` that had no rate, and have one now; how many.

    At most FILLED_IN at once. The caller commits.
    """
    without = (
        (col(Order.channel_id) == channel.id)
        & col(Order.total_mad_minor).is_(None)
        & col(Order.total_minor).is_not(None)
    )
    filled = 0
    for currency in session.exec(select(Order.currency).where(without).distinct()).all():
        first = _first_day(session, currency)
        if first is None:
            continue
        since = datetime.combine(first, time(), UTC)
        ready = without & (col(Order.currency) == currency) & (col(Order.placed_at) >= since)
        for order in session.exec(select(Order).where(ready).limit(FILLED_IN)):
            value(session, order)
            session.add(order)
            filled += 1
    return filled


@dataclass(frozen=True, slots=True)
class Unvalued:
    """Orders in a currency that have no rate of their day yet, the first placed on `first`."""

    currency: str
    orders: int
    first: date


def unvalued(session: Session) -> list[Unvalued]:
    """The orders that count in no figure in dirhams, by currency."""
    rows = session.exec(
        select(Order.currency, func.count(), func.min(Order.placed_at))
        .where(
            col(Order.total_mad_minor).is_(None),
            col(Order.total_minor).is_not(None),
            col(Order.currency).is_not(None),
            col(Order.placed_at).is_not(None),
            col(Order.stage).not_in(NO_SALE),
            col(Order.channel_id).not_in(for_practice(session)),
        )
        .group_by(col(Order.currency))
        .order_by(col(Order.currency))
    )
    return [
        Unvalued(currency, count, _day(first))
        for currency, count, first in rows
        if currency and first
    ]


def _first_day(session: Session, currency: str | None) -> date | None:
    used = (col(ExchangeRate.currency) == currency) & col(ExchangeRate.held).is_(False)
    return session.exec(select(func.min(ExchangeRate.date)).where(used)).one()
