"""Units sold twice: which orders cannot all be delivered, and the one to cancel, for a person.

Level-triggered: what is flagged follows from the ledger and the order lines as they stand, in
whatever order they came. Nothing is cancelled by us.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from catalog.chunks import chunks
from catalog.stock import levels
from connectors.protocol import OrderStatus
from jobs.models import Order, OrderLine, OrderStage
from jobs.order_models import Conflict, Settled

# Variants looked at together: bounds what a query names.
CHUNK = 400

# Of such orders nothing is still to be delivered, whatever their lines say.
_VOID = (OrderStatus.CANCELLED, OrderStatus.REFUNDED)
_OVER = (*_VOID, OrderStatus.SHIPPED)

_UNDER_WAY = (
    OrderStage.NEW,
    OrderStage.PAID,
    OrderStage.TO_SHIP,
    OrderStage.PARTLY_SHIPPED,
    OrderStage.PARTLY_REFUNDED,
)


@dataclass(frozen=True, slots=True)
class OpenLine:
    """Units of an order line that are promised and have not left yet.

    `placed_at` is the marketplace's time.
    """

    line_id: int
    placed_at: datetime
    units: int


def proposed(lines: Collection[OpenLine], shortage: int) -> dict[int, int]:
    """Which lines to give up, the latest placed first, until `shortage` units are covered. Pure.

    Units by the id of the line; of lines placed at once, the one that came in last.
    """
    wanted: dict[int, int] = {}
    for line in sorted(lines, key=lambda one: (one.placed_at, one.line_id), reverse=True):
        if shortage <= 0:
            break
        if units := min(line.units, shortage):
            wanted[line.line_id] = units
            shortage -= units
    return wanted


def look(session: Session, variant_ids: Collection[int], now: datetime) -> int:
    """Bring the conflicts of those variants to what the ledger says; how many are new.

    Run again it changes nothing. The caller commits.
    """
    return sum(_look(session, chunk, now) for chunk in chunks(sorted(variant_ids), CHUNK))


def look_everywhere(session: Session, now: datetime) -> int:
    """Look at all that is promised and at what was flagged before; how many conflicts are new.

    Counts and corrections take units from orders as well, or bring them back. The caller commits.
    """
    return look(session, {*promised(session), *watched(session)}, now)


def promised(session: Session) -> list[int]:
    """The variants of which units may still have to leave: as many as open orders have."""
    ids = session.exec(
        select(OrderLine.variant_id)
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(col(Order.stage).in_(_UNDER_WAY))
        .distinct()
    )
    return [one for one in ids if one is not None]


def watched(session: Session) -> list[int]:
    """The variants of conflicts that may still change: open ones, and units kept against them."""
    open_ = col(Conflict.settled).is_(None)
    kept = (col(Conflict.settled) == Settled.KEPT) & (col(Conflict.units) > 0)
    return list(session.exec(select(Conflict.variant_id).where(open_ | kept).distinct()))


def _look(session: Session, variant_ids: Sequence[int], now: datetime) -> int:
    stock = levels(session, variant_ids)
    conflicts = session.exec(
        select(Conflict).where(col(Conflict.variant_id).in_(variant_ids))
    ).all()
    shortages = {one: max(0, -stock[one].available) for one in variant_ids}
    own = {one: dict[int, Conflict]() for one, missing in shortages.items() if missing}
    for conflict in conflicts:
        own.setdefault(conflict.variant_id, {})[conflict.order_line_id] = conflict
    if not own:
        return 0
    lines = _lines(session, sorted(own), conflicts)
    return sum(
        _settle(session, one, shortages[one], own[one], lines.get(one, ()), now)
        for one in sorted(own)
    )


@dataclass(frozen=True, slots=True)
class _Line:
    row: OrderLine
    open: OpenLine
    void: bool

    @property
    def held(self) -> int:
        """The units that the ledger holds for it, shipped or not."""
        row = self.row
        return max(0, row.quantity - row.cancelled - row.returned - row.released)


def _lines(
    session: Session, variant_ids: Sequence[int], conflicts: Sequence[Conflict]
) -> dict[int, list[_Line]]:
    """By variant, its order lines that are open or were flagged before."""
    promised = (col(OrderLine.quantity) > col(OrderLine.cancelled)) & (
        col(Order.status).not_in(_OVER)
    )
    flagged = col(OrderLine.id).in_([conflict.order_line_id for conflict in conflicts])
    found: dict[int, list[_Line]] = {}
    # The order's columns alone: a popular thing that was oversold has hundreds of orders.
    for row, status, placed_at, updated_at in session.exec(
        select(OrderLine, Order.status, Order.placed_at, Order.updated_at)
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(col(OrderLine.variant_id).in_(variant_ids), promised | flagged)
    ):
        open_ = OpenLine(row.id or 0, placed_at or updated_at, _open_units(row, status))
        line = _Line(row, open_, void=status in _VOID)
        found.setdefault(row.variant_id or 0, []).append(line)
    return found


def _open_units(line: OrderLine, status: str | None) -> int:
    """What of a line has still to be delivered; what came back must have left before."""
    if status in _OVER:
        return 0
    return max(0, line.quantity - line.cancelled - max(line.shipped, line.returned))


def _settle(
    session: Session,
    variant_id: int,
    shortage: int,
    own: Mapping[int, Conflict],
    lines: Sequence[_Line],
    now: datetime,
) -> int:
    by_id = {line.open.line_id: line for line in lines}
    for conflict in own.values():
        shortage -= _covered(conflict, by_id[conflict.order_line_id], shortage, now)
    free = [line.open for line in lines if not _is_kept(own.get(line.open.line_id))]
    wanted = proposed(free, shortage)
    for line_id, conflict in own.items():
        if conflict.settled is None and line_id not in wanted:
            _end(session, conflict, by_id[line_id], now, still_short=shortage > 0)
    return sum(
        _flag(session, variant_id, line_id, units, own.get(line_id), now)
        for line_id, units in wanted.items()
    )


def _is_kept(conflict: Conflict | None) -> bool:
    return conflict is not None and conflict.settled is Settled.KEPT


def _covered(conflict: Conflict, line: _Line, shortage: int, now: datetime) -> int:
    """The missing units that a settled conflict answers for: no other order is to give them up.

    Those of an order that a person keeps, and of one that was refunded without its units having
    been given back. They answer for the shortage that they were settled in, and for no later one.
    """
    if conflict.settled is None and line.void and line.held > line.row.shipped:
        conflict.settled, conflict.settled_at = Settled.CANCELLED, now
    refunded = conflict.settled is Settled.CANCELLED and line.held
    if not (refunded or conflict.settled is Settled.KEPT):
        return 0
    conflict.units = min(conflict.units, line.held, shortage)
    return conflict.units


def _end(
    session: Session, conflict: Conflict, line: _Line, now: datetime, *, still_short: bool
) -> None:
    """Close a conflict whose line need not be given up any more."""
    if not line.held:
        conflict.settled = Settled.CANCELLED
    elif not line.open.units:
        # It was sent all the same.
        conflict.settled, conflict.units = Settled.KEPT, 0
    elif still_short:
        # An order that was placed later came in: that one is proposed instead.
        session.delete(conflict)
        return
    else:
        conflict.settled = Settled.STOCK
    conflict.settled_at = now


def _flag(
    session: Session,
    variant_id: int,
    line_id: int,
    units: int,
    conflict: Conflict | None,
    now: datetime,
) -> bool:
    """Propose to give up so many units of a line; whether that is new."""
    known = conflict is not None and conflict.settled is None
    if conflict is None:
        conflict = Conflict(order_line_id=line_id, variant_id=variant_id, units=units, found_at=now)
        session.add(conflict)
    if not known:
        conflict.found_at, conflict.settled, conflict.settled_at = now, None, None
    conflict.units = units
    return not known
