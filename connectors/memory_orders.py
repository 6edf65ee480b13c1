"""The order book of the marketplace in this process: what was bought, and what became of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import reduce
from itertools import count
from operator import add
from typing import Literal

from moneyed import Money

from connectors.clock import Clock
from connectors.protocol import (
    Address,
    OrderStatus,
    RemoteOrder,
    RemoteOrderLine,
    Settlement,
    SettlementKind,
    UnreadableOrder,
)
from connectors.sandbox.control import POISON

# What the market keeps of a sale, and gives back with a refund.
FEE = Decimal("0.1")
GaveBack = Literal["cancelled", "returned"]


@dataclass(slots=True)
class OrderBook:
    """All orders, readable or not, and the bookings that they made."""

    clock: Clock
    orders: dict[str, RemoteOrder | UnreadableOrder] = field(default_factory=dict)
    bookings: list[Settlement] = field(default_factory=list)
    _parcels: set[tuple[str, str]] = field(default_factory=set)
    _poisoned: dict[str, RemoteOrder] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def order(self, order_id: str) -> RemoteOrder:
        """The order of that id. Raises LookupError where there is none that can be read."""
        match self.orders.get(order_id):
            case RemoteOrder() as order:
                return order
            case _:
                raise LookupError(f"no order {order_id}")

    def place(self, lines: Sequence[RemoteOrderLine], country: str) -> str:
        """Keep a paid order of those lines; its id."""
        order_id, now = f"O{next(self._ids)}", self.clock.now()
        total = reduce(add, (line.unit_price * line.quantity for line in lines))
        self.orders[order_id] = RemoteOrder(
            order_id,
            order_id,
            OrderStatus.PAID,
            now,
            now,
            total,
            tuple(lines),
            Address("A buyer", ("1 Street",), "Town", "00000", country),
            refunded=Money(0, total.currency),
        )
        self._book(order_id, SettlementKind.SALE, total)
        return order_id

    def give_back(
        self, order_id: str, units: Mapping[str, int] | None, kind: GaveBack, *, restock: bool
    ) -> dict[str, int]:
        """Give back units (all without), and what they cost; the units by SKU."""
        order = self.order(order_id)
        back = {line.id: _back(line, units) for line in order.lines}
        amount = reduce(add, (line.unit_price * back[line.id] for line in order.lines))
        lines = [_less(line, back[line.id], kind) if restock else line for line in order.lines]
        refunded = (order.refunded or Money(0, amount.currency)) + amount
        whole = OrderStatus.CANCELLED if kind == "cancelled" else OrderStatus.REFUNDED
        status = whole if refunded >= order.total else order.status
        self._keep(replace(order, lines=tuple(lines), refunded=refunded, status=status))
        self._book(order_id, SettlementKind.REFUND, -amount)
        return {line.sku or "": back[line.id] for line in order.lines}

    def ship(self, order_id: str, units: Mapping[str, int], tracking: str) -> None:
        """Units left, by line, in a parcel told once. LookupError where there is no such order."""
        order = self.order(order_id)
        if (order_id, tracking) in self._parcels:
            return
        self._parcels.add((order_id, tracking))
        lines = [replace(li, shipped=li.shipped + units.get(li.id, 0)) for li in order.lines]
        whole = all(li.shipped >= li.quantity - li.cancelled for li in lines)
        status = OrderStatus.SHIPPED if whole else OrderStatus.PARTLY_SHIPPED
        self._keep(replace(order, lines=tuple(lines), status=status))

    def deliver(self, order_id: str) -> None:
        """All that was shipped arrived. Raises LookupError where nothing was shipped."""
        order = self.order(order_id)
        if not any(line.shipped for line in order.lines):
            raise LookupError(f"nothing of order {order_id} was shipped")
        self._keep(replace(order, delivered_at=self.clock.now()))

    def poison(self, order_id: str) -> None:
        """Tell of an order as nobody can read it, until it is healed."""
        order, now = self.order(order_id), self.clock.now()
        self._poisoned[order_id] = order
        raw = f"{order_id} {POISON}"
        self.orders[order_id] = UnreadableOrder(order_id, now, f"told in {POISON}", raw)

    def heal(self, order_id: str) -> None:
        """Tell of a poisoned order as it is. Raises LookupError where it is not poisoned."""
        self._keep(self._poisoned.pop(order_id))

    def reread(self, raw: str) -> RemoteOrder | UnreadableOrder:
        """The order that `raw` is about, unless it still is poison."""
        order_id, _, poison = raw.partition(" ")
        kept = self._poisoned.get(order_id) or self.orders.get(order_id)
        if kept and not (poison == POISON and order_id in self._poisoned):
            return kept
        return UnreadableOrder(order_id, self.clock.now(), "cannot be understood", raw)

    def changed(self, since: datetime) -> list[RemoteOrder | UnreadableOrder]:
        """Orders changed at or after `since`, the oldest change first."""
        found = (order for order in self.orders.values() if order.updated_at >= since)
        return sorted(found, key=lambda order: order.updated_at)

    def posted(self, since: datetime) -> list[Settlement]:
        """Bookings posted at or after `since`."""
        return [booking for booking in self.bookings if booking.posted_at >= since]

    def _keep(self, order: RemoteOrder) -> None:
        self.orders[order.id] = replace(order, updated_at=self.clock.now())

    def _book(self, order_id: str, kind: SettlementKind, gross: Money) -> None:
        booking_id = f"B{len(self.bookings) + 1}"
        booking = Settlement(booking_id, order_id, kind, self.clock.now(), gross, gross * FEE)
        self.bookings.append(booking)


def _back(line: RemoteOrderLine, units: Mapping[str, int] | None) -> int:
    left = line.quantity - line.cancelled - line.returned
    return left if units is None else min(left, units.get(line.sku or "", 0))


def _less(line: RemoteOrderLine, units: int, kind: GaveBack) -> RemoteOrderLine:
    if kind == "cancelled":
        return replace(line, cancelled=line.cancelled + units)
    return replace(line, returned=line.returned + units)
