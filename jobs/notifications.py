"""What marketplaces tell us of their own accord: kept once, and acted on where a pass would not."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from catalog.columns import utc_now
from connectors.protocol import Notice, NoticeKind
from jobs import buyers
from jobs.models import Channel, Notification

# Longer than any marketplace delivers again what it delivered before: Amazon's queues keep a
# message for 14 days at most, Shopify tries for 4 hours.
# Sources: Amazon SQS quotas, message retention; shopify.dev, changelog of 10 September
# 2024.
KEPT = timedelta(days=30)
APP_REMOVED = "the shop has removed this app: install it again there"


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
            channel.paused_reason = APP_REMOVED
            session.add(channel)
        case NoticeKind.ERASURE:
            _forget(session, channel, notice)
        case _:
            pass
    return True


def _forget(session: Session, channel: Channel, notice: Notice) -> None:
    """Erase the buyers of the orders that a notice names; of all the channel's without any.

    Shopify asks so for one buyer (customers/redact) and for a shop that left (shop/redact).
    Source: shopify.dev/docs/apps/build/compliance/privacy-law-compliance.
    """
    buyers.erase(session, buyers.asked_for(session, channel, notice.references), utc_now())


def taken_up(
    session: Session, channel: Channel, kinds: Collection[NoticeKind], before: datetime
) -> None:
    """Mark the notices of `kinds` as handled that were received up to `before`.

    `before` is when the pass began that read what they speak of: what came after may speak of
    something that it did not see. The caller commits.
    """
    session.execute(
        update(Notification)
        .where(
            col(Notification.channel_id) == channel.id,
            col(Notification.kind).in_(kinds),
            col(Notification.handled_at).is_(None),
            col(Notification.received_at) <= before,
        )
        .values(handled_at=before)
        .execution_options(synchronize_session=False)
    )


def forget_old(session: Session, now: datetime) -> None:
    """Forget the notices that were handled long ago. The caller commits."""
    session.execute(delete(Notification).where(col(Notification.handled_at) < now - KEPT))
