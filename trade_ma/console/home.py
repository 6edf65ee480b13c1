"""The figures of the home page, from the tables: channels at a glance, and sales by the day."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import func
from sqlmodel import Session, col, select

from catalog.models import Product
from jobs.alert_models import Alert, AlertKind
from jobs.models import Channel, Listing, Run
from jobs.statistics import (
    By,
    Question,
    Sales,
    last_days,
    last_months,
    months_up_to,
    none_sold,
    statistics,
)

T = TypeVar("T")

# Whole weeks, so that the same weekdays are in both halves.
DAYS = 28
MONTHS = 12
# A figure is kept for so many times as long as it took.
TIMES = 20
TOLD = (AlertKind.ORDERS_LATE, AlertKind.REFUSALS, AlertKind.GAP)


class Health(StrEnum):
    """How a channel is."""

    PAUSED = "paused"
    TROUBLED = "troubled"
    WELL = "well"


class Beginning(StrEnum):
    """What a new installation does first, in this order."""

    PRODUCTS = "products"  # there is none in the catalog
    CHANNEL = "channel"  # there is none
    SENDING = "sending"  # no pass was ever made over a channel


@dataclass(frozen=True, slots=True)
class ChannelGlance:
    """A channel at a glance, with the reason of its pause and its trouble."""

    code: str
    health: Health
    paused: str | None
    trouble: str | None
    listings: int
    last_run: datetime | None


def beginnings(session: Session, maker_id: int | None = None) -> list[Beginning]:
    """What was not done yet since the installation is there; of products, a maker's own count."""
    products = select(Product.id)
    if maker_id is not None:
        products = products.where(Product.maker_id == maker_id)
    done = {
        Beginning.PRODUCTS: products,
        Beginning.CHANNEL: select(Channel.id),
        Beginning.SENDING: select(Run.id),
    }
    return [one for one, query in done.items() if session.exec(query.limit(1)).first() is None]


def channels_at_a_glance(session: Session) -> list[ChannelGlance]:
    """Every channel, those that a person must see to first."""
    listings = _by_channel(session, Listing, func.count())
    runs = _by_channel(session, Run, func.max(Run.finished_at))
    glances = [
        _glance(one, listings.get(one.id, 0), runs.get(one.id))
        for one in session.exec(select(Channel).order_by(Channel.code))
    ]
    return sorted(glances, key=lambda glance: list(Health).index(glance.health))


def sales_by_day(session: Session, today: date, maker_id: int | None = None) -> list[Sales]:
    """The last days of sales up to `today`, each of the `DAYS` of them; one maker's own alone."""
    question = Question(By.DAY, last_days(today, DAYS), maker_id)
    days = [today - timedelta(days=number) for number in reversed(range(DAYS))]
    return _filled(statistics(session, question), [day.isoformat() for day in days])


def exports_by_month(session: Session, today: date, maker_id: int | None = None) -> list[Sales]:
    """What left the country in each of the last months."""
    question = Question(By.MONTH, last_months(today, MONTHS), maker_id, exports=True)
    return _filled(statistics(session, question), months_up_to(today, MONTHS))


def _filled(found: Sequence[Sales], keys: Sequence[str]) -> list[Sales]:
    known = {one.key: one for one in found}
    return [known.get(key, none_sold(key)) for key in keys]


def standing(session: Session) -> list[Alert]:
    """The alerts that stand, as the daemon noted them last; pauses and conflicts are needs."""
    wanted = (col(Alert.ended_at).is_(None)) & col(Alert.kind).in_(TOLD)
    return list(session.exec(select(Alert).where(wanted).order_by(col(Alert.began_at))))


@dataclass(slots=True)
class Recent:
    """Figures that a moment ago are as good as now: each is kept for some times what it took.

    In a small catalog that is next to nothing. With a million products a count takes seconds, and
    is not made anew for everybody who opens the page. To be shared by a whole process.
    """

    clock: Callable[[], float] = monotonic
    _kept: dict[Hashable, tuple[float, Any]] = field(default_factory=dict)

    def of(self, key: Hashable, figure: Callable[[], T]) -> T:
        """What `figure` says, or said a moment ago for that key."""
        began = self.clock()
        if key in self._kept and began < self._kept[key][0]:
            kept: T = self._kept[key][1]
            return kept
        found = figure()
        done = self.clock()
        self._kept[key] = (done + TIMES * (done - began), found)
        return found


def _by_channel(session: Session, table: type[Listing | Run], figure: Any) -> dict[int | None, Any]:
    channel = col(table.channel_id)
    rows = session.execute(select(channel, figure).group_by(channel))
    return {row[0]: row[1] for row in rows}


def _glance(channel: Channel, listings: int, last_run: datetime | None) -> ChannelGlance:
    health = Health.TROUBLED if channel.trouble else Health.WELL
    return ChannelGlance(
        code=channel.code,
        health=Health.PAUSED if channel.paused_reason else health,
        paused=channel.paused_reason,
        trouble=channel.trouble,
        listings=listings,
        last_run=last_run,
    )
