"""Notifications as hints: each brings the next pull of its channel forward, and none is truth."""

from sqlalchemy import func
from sqlmodel import Session, col, select

from connectors.protocol import NoticeKind
from jobs.models import Channel, Notification
from jobs.work_queue import Job, Tick

# A pull also asks for the answers that a marketplace owes, so that all of these are read by it.
HINTS = (NoticeKind.ORDERS, NoticeKind.STOCK, NoticeKind.OPERATION, NoticeKind.LISTINGS)


def hints(session: Session) -> list[Tick]:
    """A pull of every channel that has notifications nobody took up yet.

    Its name is the newest of them, so that a storm makes one pull.
    """
    rows = session.exec(
        select(Channel.code, Channel.account, func.max(Notification.id))
        .join(Notification, col(Notification.channel_id) == col(Channel.id))
        .where(
            col(Notification.handled_at).is_(None),
            col(Notification.kind).in_(HINTS),
            col(Channel.paused_reason).is_(None),
        )
        .group_by(col(Channel.code), col(Channel.account))
    )
    return [Tick(Job.ORDERS, code, account, f"hint {newest}") for code, account, newest in rows]
