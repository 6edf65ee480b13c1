"""Which alerts begin and which are over, and who has been told: each hook once of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from jobs.alert_models import Alert, AlertKind
from jobs.alerts import Condition


class Turn(StrEnum):
    """What is new about an alert."""

    BEGAN = "began"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class News:
    """Something that a hook has not been told yet."""

    alert_id: int
    turn: Turn
    kind: AlertKind
    subject: str
    message: str
    began_at: datetime


def note(session: Session, found: Sequence[Condition], now: datetime) -> None:
    """Write which alerts begin and which are over. The caller commits."""
    known = {(alert.kind, alert.subject): alert for alert in session.exec(select(Alert))}
    for condition in found:
        alert = known.pop((condition.kind, condition.subject), None) or Alert(
            kind=condition.kind, subject=condition.subject, message="", began_at=now
        )
        # One that stands again before its end was told has not ended, for who hears of it.
        alert.message, alert.ended_at = condition.message, None
        session.add(alert)
    for alert in known.values():
        alert.ended_at = alert.ended_at or now


def news(session: Session, hook: str) -> list[News]:
    """What `hook` has not been told yet, the oldest first."""
    alerts = session.exec(select(Alert).order_by(col(Alert.began_at), col(Alert.id))).all()
    return [
        News(
            one.id or 0,
            Turn.ENDED if one.ended_at else Turn.BEGAN,
            one.kind,
            one.subject,
            one.message,
            one.began_at,
        )
        for one in alerts
        if (hook in one.told) == (one.ended_at is not None)
    ]


def told(session: Session, hook: str, heard: Sequence[News]) -> None:
    """Write that `hook` was told. The caller commits."""
    turns = {one.alert_id: one.turn for one in heard}
    for alert in session.exec(select(Alert).where(col(Alert.id).in_(turns))):
        others = [name for name in alert.told if name != hook]
        alert.told = [*others, hook] if turns[alert.id or 0] is Turn.BEGAN else others


def forget(session: Session, hooks: Sequence[str]) -> None:
    """Delete what is over and known to be over by all of `hooks`. The caller commits."""
    for alert in session.exec(select(Alert).where(col(Alert.ended_at).is_not(None))):
        if not set(alert.told) & set(hooks):
            session.delete(alert)
