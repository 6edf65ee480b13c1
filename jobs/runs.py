"""Runs of long ago, forgotten: a channel makes thousands of passes a day."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from jobs.models import Run

# As long as anybody asks what happened: a season.
KEPT = timedelta(days=90)


def forget_old(session: Session, now: datetime) -> None:
    """Forget runs older than that, but for a channel's last. The caller commits."""
    last = select(func.max(Run.id)).group_by(col(Run.channel_id))
    old = col(Run.started_at) < now - KEPT
    session.execute(delete(Run).where(old, col(Run.id).not_in(last)))
