"""Orders that a person marked: packed only by somebody who has read why."""

from datetime import datetime

from sqlmodel import Session

from jobs.models import Order

# As wide as the column is: a note to whoever packs, no correspondence.
LONGEST = 200


def flag(session: Session, order: Order, reason: str, by: str, now: datetime) -> bool:
    """Mark `order` with a short reason; whether that changed anything. The caller commits.

    The reason may hold a buyer's data: it is in no log and no audit entry, and `jobs.buyers`
    erases it with what else is known of the buyer.

    Raises:
        ValueError: the reason is empty or too long.
    """
    # A zero is no character to PostgreSQL.
    said = " ".join(reason.replace("\0", " ").split())
    if not 0 < len(said) <= LONGEST:
        # Without the words themselves: they may be about the buyer.
        raise ValueError(f"a reason has 1 to {LONGEST} characters, and this one {len(said)}")
    if order.flagged_at and order.flag == said:
        return False
    order.flag, order.flagged_at, order.flagged_by = said, now, by
    session.add(order)
    session.flush()
    return True


def unflag(session: Session, order: Order) -> bool:
    """Take the mark off `order`; whether there was one. The caller commits."""
    if order.flagged_at is None:
        return False
    order.flag = order.flagged_at = order.flagged_by = None
    session.add(order)
    session.flush()
    return True
