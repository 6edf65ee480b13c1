"""What truly happened, kept by the harness itself: units and orders as the markets confirmed them.

Nothing here asks the program under trial.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import RLock


@dataclass(slots=True)
class Sale:
    """An order of one SKU: units sold, and how many of them came back."""

    sku: str
    units: int
    back: int = 0

    @property
    def kept(self) -> int:
        """Units that the buyer still gets."""
        return self.units - self.back


@dataclass
class Model:
    """Units free to be sold by SKU, and every order by channel and id. Safe between threads.

    `told` is the number of the last change that every market was surely told of; `oversold` has a
    line for each unit that a market sold though it had been told that there is none.
    """

    units: Counter[str]
    sales: dict[tuple[str, str], Sale] = field(default_factory=dict)
    changes: int = 0
    told: int = 0
    changed_at: dict[str, int] = field(default_factory=dict)
    oversold: list[str] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)

    def bought(self, channel: str, order_id: str, sku: str, units: int) -> None:
        """A market took an order."""
        with self.lock:
            if self.units[sku] < units and self.changed_at.get(sku, 0) <= self.told:
                self.oversold.append(f"{channel} sold {sku}, of which {self.units[sku]} are left")
            self.sales[channel, order_id] = Sale(sku, units)
            self._move(sku, -units)

    def given_back(self, channel: str, order_id: str, units: int) -> None:
        """Units of an order came back to be sold again."""
        with self.lock:
            sale = self.sales[channel, order_id]
            sale.back += units
            self._move(sale.sku, units)

    def counted(self, sku: str, units: int) -> None:
        """So many units were found in the workshop, or are missing where it is below 0."""
        with self.lock:
            self._move(sku, units)

    def all_told(self, up_to: int) -> None:
        """An undisturbed pass that began after change `up_to` is over."""
        self.told = max(self.told, up_to)

    def untold(self) -> list[str]:
        """The SKUs whose units changed, and some market may not know it."""
        with self.lock:
            return sorted(sku for sku, at in self.changed_at.items() if at > self.told)

    def open_sales(self) -> list[tuple[str, str]]:
        """The orders of which units may still come back."""
        with self.lock:
            return sorted(key for key, sale in self.sales.items() if sale.kept)

    def _move(self, sku: str, units: int) -> None:
        self.changes += 1
        self.units[sku] += units
        self.changed_at[sku] = self.changes


def model_of(counted: Mapping[str, int]) -> Model:
    """The model of a world in which only the first count has happened."""
    return Model(Counter(counted))
