"""Units that an order will never take, given back to stock though its marketplace never says so.

An order may be refunded or cancelled before it left, and not restocked by its marketplace: what it
had is reserved until a person releases it. Released units are a figure of the order's lines, and
the ledger follows the lines (`jobs.order_lines`): a release is written once, and what the
marketplace gives back itself, however late, is released no more.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, update

from jobs import conflicts
from jobs.models import Channel, Order, OrderLine, OrderStage
from jobs.order_lines import lines_of, settle_ledger
from jobs.parcels import open_units

# Of such orders nothing will be sent any more.
_OVER = (OrderStage.CANCELLED, OrderStage.REFUNDED)


def releasable(session: Session, order: Order) -> dict[int, int]:
    """The units of each line, by its id, that `release` would give back; lines of none left out.

    A parcel that was packed has left, whether its marketplace counts it yet or not.
    """
    if _why_not(order):
        return {}
    left = open_units(session, order)
    units = {
        line.id or 0: left[line.id or 0] - line.released
        for line in lines_of(session, order)
        if line.variant_id
    }
    return {line_id: count for line_id, count in units.items() if count > 0}


def release(session: Session, channel: Channel, order: Order, now: datetime) -> dict[str, int]:
    """Give the units back that `order` still holds; how many by SKU. The caller commits.

    Nothing is left to give back the second time.

    Raises:
        ValueError: the order stands, or nobody can read what its marketplace told last.
    """
    # Written, and so locked on every database: a telling at the same time neither misses the
    # release nor is missed by it.
    session.execute(update(Order).where(col(Order.id) == order.id).values(flag=Order.flag))
    session.refresh(order)
    if reason := _why_not(order):
        number = order.number or order.remote_id
        raise ValueError(f"nothing of order {number} can be released: {reason}")
    left, lines = releasable(session, order), lines_of(session, order)
    released: dict[str, int] = {}
    for line in lines:
        if units := left.get(line.id or 0, 0):
            line.released += units
            sku = line.sku or line.remote_id
            released[sku] = released.get(sku, 0) + units
    session.flush()
    settle_ledger(session, channel, order, lines)
    conflicts.look(session, {line.variant_id for line in lines if line.variant_id}, now)
    return released


def hold_again(
    session: Session, channel: Channel, order: Order, lines: Sequence[OrderLine]
) -> None:
    """Take back what was released and is accounted for in another way by now. The caller commits.

    That is all of an order that stands again after all, and of one that does not whatever its
    marketplace gave back itself, or was packed.
    """
    if not any(line.released for line in lines):
        return
    left = open_units(session, order) if order.stage in _OVER else {}
    for line in lines:
        line.released = min(line.released, left.get(line.id or 0, 0))
    session.flush()
    settle_ledger(session, channel, order, lines)


def _why_not(order: Order) -> str | None:
    if order.unreadable:
        return "nobody can read what its marketplace told last"
    if order.stage not in _OVER:
        return "it is neither cancelled nor refunded"
    return None
