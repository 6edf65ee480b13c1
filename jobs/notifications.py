"""What marketplaces tell us of their own accord: kept once, and acted on where a pass would not."""

from sqlmodel import Session, col, select

from connectors.protocol import Notice, NoticeKind
from jobs.models import Channel, Notification, Order


def receive(session: Session, channel: Channel, notice: Notice) -> bool:
    """Keep a notice and do what it asks for; whether it is new. The caller commits.

    Most notices ask for nothing at once: the next pass reads the market anyway, and a notice only
    says that it is worth having soon.
    """
    again = session.exec(
        select(Notification).where(
            Notification.channel_id == channel.id, Notification.remote_id == notice.id
        )
    ).first()
    if again:
        return False
    session.add(
        Notification(
            channel_id=channel.id or 0,
            remote_id=notice.id,
            kind=notice.kind,
            topic=notice.topic,
            references=list(notice.references),
        )
    )
    match notice.kind:
        case NoticeKind.GONE:
            channel.paused_reason = "the shop has removed this app: install it again there"
            session.add(channel)
        case NoticeKind.ERASURE:
            _forget(session, channel, notice)
        case _:
            pass
    return True


def _forget(session: Session, channel: Channel, notice: Notice) -> None:
    """Drop what may hold a buyer's data: the raw text of orders that could not be read.

    Nothing else here has any: see jobs.models.Order.
    """
    kept = select(Order).where(Order.channel_id == channel.id, col(Order.sealed_raw).is_not(None))
    for order in session.exec(kept):
        if not notice.references or order.remote_id in notice.references:
            order.sealed_raw = None
            session.add(order)
