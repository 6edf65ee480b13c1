"""What a marketplace keeps of a sale."""

from dataclasses import dataclass
from decimal import Decimal

from moneyed import Money

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Fee:
    """A share of what the buyer pays and a fixed amount, together at least `minimum`.

    What the buyer pays is the price with the tax that it includes. Amazon counts its referral fee
    so, on the "total sales price", and leaves out only taxes that it calculates itself (Seller
    Central, "How are referral fees calculated?"); those are not in the price here either.
    `source` says who published the fee, and when.
    """

    name: str
    percent: Decimal = ZERO
    fixed: Money | None = None
    minimum: Money | None = None
    source: str = ""

    @property
    def currencies(self) -> frozenset[str]:
        """The currencies that its amounts are in."""
        return frozenset(m.currency.code for m in (self.fixed, self.minimum) if m is not None)
