"""Orders as they are looked for: by what they are, and by what a person must see to.

Each condition stands as an index has it, and a list is read by (placed_at, id): see Order.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from jobs.models import Channel, Order, OrderLine, OrderStage
from jobs.order_models import Conflict

# What a packer has still to see to.
TO_PACK = (OrderStage.TO_SHIP, OrderStage.PARTLY_SHIPPED)


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What is looked for; None and empty are no condition. Days are of UTC and included.

    `number` is an order's whole number or remote id. `conflict` are those that a person must
    decide about; `unreadable` those that nobody could read, whether at first or by now;
    `flagged` those that a person marked.
    """

    stages: Collection[OrderStage] = ()
    channel: str | None = None
    country: str | None = None
    first: date | None = None
    last: date | None = None
    number: str | None = None
    conflict: bool | None = None
    unreadable: bool | None = None
    flagged: bool | None = None


def looked_for(wanted: OrderFilter) -> SelectOfScalar[Order]:
    """The orders of that filter, in no order yet."""
    return select(Order).where(*_conditions(wanted))


def placed(wanted: OrderFilter) -> SelectOfScalar[Order]:
    """The same, of those whose moment is known: an order that was never read has none."""
    return looked_for(wanted).where(col(Order.placed_at).is_not(None))


def to_pack(session: Session) -> Sequence[Order]:
    """The orders that a packer has to see to, the one that waits longest first."""
    waiting = placed(OrderFilter(stages=TO_PACK))
    return session.exec(waiting.order_by(col(Order.placed_at), col(Order.id))).all()


def count_to_pack(session: Session) -> int:
    """How many these are."""
    waiting = placed(OrderFilter(stages=TO_PACK)).with_only_columns(func.count())
    return int(session.execute(waiting).scalar_one())


def _conditions(wanted: OrderFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.stages:
        yield col(Order.stage).in_(wanted.stages)
    if wanted.channel is not None:
        code = select(Channel.id).where(Channel.code == wanted.channel).scalar_subquery()
        yield col(Order.channel_id) == code
    if wanted.country is not None:
        yield col(Order.ship_to_country) == wanted.country
    if wanted.first is not None:
        yield col(Order.placed_at) >= datetime.combine(wanted.first, time(), UTC)
    if wanted.last is not None:
        yield col(Order.placed_at) < datetime.combine(wanted.last + timedelta(days=1), time(), UTC)
    if wanted.number is not None:
        yield (col(Order.number) == wanted.number) | (col(Order.remote_id) == wanted.number)
    if wanted.conflict is not None:
        order_id, in_conflict = col(Order.id), _in_conflict()
        yield order_id.in_(in_conflict) if wanted.conflict else order_id.not_in(in_conflict)
    if wanted.unreadable is not None:
        unread = col(Order.unreadable)
        yield unread.is_not(None) if wanted.unreadable else unread.is_(None)
    if wanted.flagged is not None:
        mark = col(Order.flagged_at)
        yield mark.is_not(None) if wanted.flagged else mark.is_(None)


def _in_conflict() -> SelectOfScalar[int]:
    return (
        select(OrderLine.order_id)
        .join(Conflict, col(Conflict.order_line_id) == col(OrderLine.id))
        .where(col(Conflict.settled).is_(None))
    )
