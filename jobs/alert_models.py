"""The table of alerts: what an operator is woken for, told when it begins and when it is over."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from catalog.columns import Json, UtcDateTime, utc_now, words


class AlertKind(StrEnum):
    """What an operator is woken for."""

    CHANNEL_PAUSED = "channel_paused"
    ORDERS_LATE = "orders_late"
    REFUSALS = "refusals"
    CONFLICT = "conflict"
    GAP = "gap"


class Alert(SQLModel, table=True):
    """A state that needs a person. `subject` is a channel's code, or a conflict's order.

    `told` names the hooks that know of its beginning and not yet of its end: each is told on its
    own, so one that fails is tried again and the others hear nothing twice. Written after the
    telling, so a crash between the two tells twice, never not. One that ended is deleted once
    nobody is left to be told, so that the same may begin again.
    """

    __tablename__ = "alert"
    __table_args__ = (UniqueConstraint("kind", "subject"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: AlertKind = Field(sa_type=words(AlertKind))
    subject: str = Field(max_length=200)
    message: str
    told: list[str] = Field(default_factory=list, sa_type=Json)
    began_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
