"""Orders on both sides: counted and added up by day, and what differs between them: pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from moneyed import Money

from catalog.money import minor_units, money_from_minor
from connectors.protocol import RemoteOrder, UnreadableOrder
from jobs.models import Order
from jobs.pricing import money_text

NEVER_HEARD_OF, NOT_TOLD = "never heard of", "not told"
NOT_UNDERSTOOD = "not understood"


@dataclass(slots=True)
class Side:
    """Orders of one day and currency on one side: how many, and their total in minor units."""

    orders: int = 0
    total_minor: int = 0

    def add(self, total_minor: int) -> None:
        """One order more."""
        self.orders += 1
        self.total_minor += total_minor


@dataclass(slots=True)
class Day:
    """The orders placed on one day (UTC) in one currency, on both sides."""

    day: date
    currency: str
    ours: Side = field(default_factory=Side)
    theirs: Side = field(default_factory=Side)

    @property
    def agrees(self) -> bool:
        """Whether both sides say the same."""
        return self.ours == self.theirs


class Books:
    """Days as they fill up with orders, the oldest first."""

    def __init__(self) -> None:
        self._days: dict[tuple[date, str], Day] = {}

    def ours(self, order: Order) -> None:
        """An order that we have."""
        if order.placed_at and order.currency:
            day = self._day(order.placed_at.date(), order.currency)
            day.ours.add(order.total_minor or 0)

    def theirs(self, order: RemoteOrder) -> None:
        """An order that the marketplace has."""
        day = self._day(order.placed_at.date(), order.total.currency.code)
        day.theirs.add(minor_units(order.total))

    def _day(self, day: date, currency: str) -> Day:
        return self._days.setdefault((day, currency), Day(day, currency))

    def __iter__(self) -> Iterator[Day]:
        return (self._days[place] for place in sorted(self._days))

    def counts(self) -> dict[str, int]:
        """All figures by name, as a report keeps them: '2026-11-23 USD orders ours'."""
        return {
            f"{day.day} {day.currency} {figure} {side}": getattr(told, figure)
            for day in self
            for side, told in (("ours", day.ours), ("theirs", day.theirs))
            for figure in ("orders", "total_minor")
        }


def theirs_says(order: RemoteOrder | UnreadableOrder) -> str:
    """An order of the marketplace in a few words, none of them its buyer's."""
    if isinstance(order, UnreadableOrder):
        return NOT_UNDERSTOOD
    return f"{order.status}, {_whole(order.total)}"


def ours_says(order: Order | None) -> str:
    """An order of ours in the same words."""
    if order is None:
        return NEVER_HEARD_OF
    if order.unreadable is not None or order.currency is None:
        return NOT_UNDERSTOOD
    total = money_from_minor(order.total_minor or 0, order.currency)
    return f"{order.status}, {money_text(total)}"


def same(order: RemoteOrder | UnreadableOrder, ours: Order | None) -> bool:
    """Whether we have an order as the marketplace tells it: its status and its total."""
    return ours_says(ours) == theirs_says(order)


def _whole(money: Money) -> str:
    return money_text(money_from_minor(minor_units(money), money.currency.code))


def number_of(order: RemoteOrder | UnreadableOrder) -> str:
    """What a person finds an order by there."""
    return order.id if isinstance(order, UnreadableOrder) else order.number or order.id
