"""Orders as Amazon keeps them: bought, shipped, cancelled, refunded."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import count, cycle
from typing import Any, Literal

from connectors.sandbox.amazon.listing import Listing
from connectors.sandbox.amazon.stores import STORES, Store
from connectors.sandbox.control import POISON


@dataclass(frozen=True, slots=True)
class Buyer:
    """An invented person, and where the parcel goes."""

    name: str
    street: str
    city: str
    region: str
    postal_code: str
    country: str
    phone: str = "+0 000 000 0000"


# Invented people in invented streets.
_PEOPLE = (
    ("Ada Sample", "1 Example Street", "Exampleton", "EX", "00001"),
    ("Bruno Muster", "2 Beispielweg", "Musterstadt", "MU", "00002"),
    ("Chloé Exemple", "3 rue de l’Essai", "Exempleville", "EX", "00003"),
    ("Dina Ejemplo", "4 Calle Muestra", "Villamuestra", "VM", "00004"),
)


@dataclass
class Line:
    """One line of an order: units ordered, and what became of them."""

    id: str
    sku: str
    asin: str
    title: str
    quantity: int
    unit_price: Decimal
    shipped: int = 0
    cancelled: int = 0
    refunded: int = 0

    @property
    def left(self) -> int:
        """Units that are still to be shipped."""
        return self.quantity - self.cancelled - self.shipped

    @property
    def total(self) -> Decimal:
        """What the buyer pays for the units that were not cancelled."""
        return self.unit_price * (self.quantity - self.cancelled)


@dataclass(frozen=True, slots=True)
class Booking:
    """Money that was paid for units shipped, or given back for units: units by SKU."""

    id: str
    order_id: str
    posted: datetime
    kind: Literal["Shipment", "Refund"]
    lines: Mapping[str, int]

    @property
    def is_refund(self) -> bool:
        """Whether the money was given back."""
        return self.kind == "Refund"


@dataclass
class Order:
    """An order, paid when it is placed."""

    id: str
    store: Store
    buyer: Buyer
    placed: datetime
    updated: datetime
    lines: list[Line]
    packages: list[dict[str, Any]] = field(default_factory=list)
    poisoned: bool = False

    @property
    def currency(self) -> str:
        """What its amounts are told in: the store's, unless it is poisoned."""
        return POISON if self.poisoned else self.store.currency

    @property
    def total(self) -> Decimal:
        """What the buyer pays for what was not cancelled."""
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def status(self) -> str:
        """The status of fulfilment, in the words of the Orders API 2026-01-01."""
        if all(line.cancelled == line.quantity for line in self.lines):
            return "CANCELLED"
        if all(line.left == 0 for line in self.lines):
            return "SHIPPED"
        return "PARTIALLY_SHIPPED" if any(line.shipped for line in self.lines) else "UNSHIPPED"


@dataclass
class OrderBook:
    """All orders, and what was booked of them."""

    orders: dict[str, Order] = field(default_factory=dict)
    bookings: list[Booking] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _people: Iterator[tuple[str, str, str, str, str]] = field(
        default_factory=lambda: cycle(_PEOPLE)
    )

    def order(self, order_id: str) -> Order:
        """The order of that id. Raises LookupError where there is none."""
        if order_id not in self.orders:
            raise LookupError(f"no order {order_id}")
        return self.orders[order_id]

    def place(self, bought: list[tuple[Listing, int]], country: str, now: datetime) -> Order:
        """A paid order of units of listings, which are all of one store."""
        number = next(self._numbers)
        lines = [
            Line(
                f"{number:07d}{place:07d}",
                listing.sku,
                listing.asin,
                str(listing.first("item_name")),
                quantity,
                Decimal(listing.price or 0),
            )
            for place, (listing, quantity) in enumerate(bought, start=1)
        ]
        store = STORES[bought[0][0].marketplace_id]
        buyer = Buyer(*next(self._people), country)
        order = Order(f"900-{number:07d}-{number:07d}", store, buyer, now, now, lines)
        self.orders[order.id] = order
        return order

    def cancel(
        self, order_id: str, units: Mapping[str, int] | None, now: datetime
    ) -> dict[str, int]:
        """Cancel units that are not shipped, all of them without `units`; what was, by SKU."""
        order = self.order(order_id)
        gone = {}
        for line in order.lines:
            asked = line.left if units is None else units.get(line.sku, 0)
            gone[line.sku] = min(asked, line.left)
            line.cancelled += gone[line.sku]
        order.updated = now
        return gone

    def refund(
        self, order_id: str, units: Mapping[str, int] | None, now: datetime
    ) -> dict[str, int]:
        """Give the money of units back, of all without `units`; the units, by SKU."""
        order = self.order(order_id)
        back = {}
        for line in order.lines:
            most = line.quantity - line.cancelled - line.refunded
            asked = most if units is None else units.get(line.sku, 0)
            back[line.sku] = min(asked, most)
            line.refunded += back[line.sku]
        order.updated = now
        self._book(order_id, "Refund", back, now)
        return back

    def _book(
        self,
        order_id: str,
        kind: Literal["Shipment", "Refund"],
        lines: Mapping[str, int],
        now: datetime,
    ) -> None:
        booking_id = f"{kind[0]}{next(self._numbers):012d}"
        self.bookings.append(Booking(booking_id, order_id, now, kind, lines))

    def deliver(self, order_id: str, now: datetime) -> None:
        """All packages of an order arrive. Raises LookupError where it has none."""
        order = self.order(order_id)
        if not order.packages:
            raise LookupError(f"nothing of order {order_id} was shipped")
        for package in order.packages:
            package["packageStatus"] = {"status": "DELIVERED"}
        order.updated = now

    def poison(self, order_id: str, now: datetime, *, poisoned: bool) -> None:
        """Begin or end to tell an order in a currency that nobody can count."""
        order = self.order(order_id)
        order.poisoned, order.updated = poisoned, now

    def ship(self, order_id: str, package: dict[str, Any], now: datetime) -> None:
        """Ship the units that `package` names, in place of a package of the same reference.

        Raises ValueError where too few units are left.
        """
        order = self.order(order_id)
        reference = package["packageReferenceId"]
        others = [each for each in order.packages if each["packageReferenceId"] != reference]
        packages = [*others, package]
        lines = {line.id: line for line in order.lines}
        shipped = Counter[str]()
        for part in (part for each in packages for part in each["packageItems"]):
            shipped[part["orderItemId"]] += part["quantity"]
        for line_id, units in shipped.items():
            if line_id not in lines or units > lines[line_id].quantity - lines[line_id].cancelled:
                raise ValueError(f"order item {line_id} has too few units to ship")
        left = {line.sku: shipped[line.id] - line.shipped for line in order.lines}
        if any(units > 0 for units in left.values()):
            self._book(order_id, "Shipment", left, now)
        for line in order.lines:
            line.shipped = shipped[line.id]
        order.packages, order.updated = packages, now
