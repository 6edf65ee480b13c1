"""Where an order stands in its life: pure, from what its marketplace tells of it."""

from collections.abc import Sequence
from typing import Protocol

from connectors.protocol import OrderStatus
from jobs.models import OrderStage


class Units(Protocol):
    """The units of one line; `shipped`, `cancelled` and `returned` are running totals."""

    @property
    def quantity(self) -> int:
        """Units ordered."""
        ...

    @property
    def cancelled(self) -> int:
        """Units that will not be shipped."""
        ...

    @property
    def returned(self) -> int:
        """Units that are back."""
        ...

    @property
    def shipped(self) -> int:
        """Units that left."""
        ...


def open_units(line: Units) -> int:
    """Units of `line` that are still to leave.

    What came back had left, or never will: it is not open either way.
    """
    return max(0, line.quantity - line.cancelled - max(line.shipped, line.returned))


def has_left(status: OrderStatus, lines: Sequence[Units]) -> bool:
    """Whether all that will be shipped has been."""
    if status is OrderStatus.SHIPPED:
        return True
    return any(line.shipped for line in lines) and not any(map(open_units, lines))


def stage_of(
    status: OrderStatus,
    lines: Sequence[Units],
    *,
    total: int,
    refunded: int = 0,
    on_hold: bool = False,
) -> OrderStage:
    """The stage of an order. `total` and `refunded` are in minor units of one currency.

    What is still to be done comes first: an order of which a part was refunded is to be shipped
    until the rest has left. Goods that are all back make it returned, unless none had left and
    the money is back too, which is a refund.
    """
    match status:
        case OrderStatus.CANCELLED:
            return OrderStage.CANCELLED
        case OrderStatus.PENDING if not _all_cancelled(lines):
            return OrderStage.NEW
    return _come_to_nothing(status, lines, total, refunded) or _progress(
        status, lines, refunded, on_hold
    )


def _come_to_nothing(
    status: OrderStatus, lines: Sequence[Units], total: int, refunded: int
) -> OrderStage | None:
    """The stage of an order that came to nothing; None where it did not."""
    if _all_cancelled(lines):
        return OrderStage.CANCELLED
    money_back = status is OrderStatus.REFUNDED or 0 < total <= refunded
    if _all_returned(lines) and (_some_left(status, lines) or not money_back):
        return OrderStage.RETURNED
    return OrderStage.REFUNDED if money_back else None


def _progress(
    status: OrderStatus, lines: Sequence[Units], refunded: int, on_hold: bool
) -> OrderStage:
    """How far an order has come that stands."""
    if has_left(status, lines):
        return OrderStage.PARTLY_REFUNDED if refunded > 0 else OrderStage.SHIPPED
    if _some_left(status, lines):
        return OrderStage.PARTLY_SHIPPED
    return OrderStage.PAID if on_hold else OrderStage.TO_SHIP


def _some_left(status: OrderStatus, lines: Sequence[Units]) -> bool:
    told = status in {OrderStatus.SHIPPED, OrderStatus.PARTLY_SHIPPED}
    return told or any(line.shipped for line in lines)


def _all_cancelled(lines: Sequence[Units]) -> bool:
    return any(line.cancelled for line in lines) and all(
        line.cancelled >= line.quantity for line in lines
    )


def _all_returned(lines: Sequence[Units]) -> bool:
    return any(line.returned for line in lines) and all(
        line.cancelled + line.returned >= line.quantity for line in lines
    )
