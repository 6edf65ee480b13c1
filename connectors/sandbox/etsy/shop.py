"""What the one shop of this sandbox holds: listings, receipts, profiles, all in memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from threading import RLock
from typing import Literal

from connectors.clock import Clock
from connectors.sandbox.etsy.call import Json
from connectors.sandbox.faults import Faults

State = Literal["draft", "active", "inactive", "sold_out", "expired"]
SHOP_ID = 33_440_021
USER_ID = 77_510_044
SHOP_NAME = "AtlasPractice"


@dataclass(frozen=True, slots=True)
class PropertyValue:
    """What tells one product from its siblings, such as Size = 38."""

    property_id: int
    property_name: str
    scale_id: int | None
    value_ids: tuple[int, ...]
    values: tuple[str, ...]


@dataclass(slots=True)
class Product:
    """One product of a listing with its only offering."""

    id: int
    offering_id: int
    sku: str
    price: Decimal
    quantity: int
    is_enabled: bool = True
    readiness_state_id: int | None = None
    values: tuple[PropertyValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Varies:
    """The properties on which each of these depends: Etsy's *_on_property."""

    price: tuple[int, ...] = ()
    quantity: tuple[int, ...] = ()
    sku: tuple[int, ...] = ()
    readiness_state: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """An uploaded image. `preview` is a small JPEG of it, for the page that buyers see."""

    id: int
    width: int
    height: int
    created: int
    alt_text: str
    preview: bytes = field(repr=False)


@dataclass(slots=True)
class Listing:
    """One listing. `said` is what the seller's forms said, by Etsy's names; times are epoch s."""

    id: int
    said: Json
    created: int
    updated: int
    state_since: int
    ending: int
    products: list[Product]
    state: State = "draft"
    varies: Varies = Varies()
    images: list[Picture] = field(default_factory=list)
    translations: dict[str, Json] = field(default_factory=dict)
    # By (property id, value id).
    variation_images: dict[tuple[int, int], int] = field(default_factory=dict)

    @property
    def on_offer(self) -> list[Product]:
        """The products that a buyer may choose from."""
        return [product for product in self.products if product.is_enabled]

    @property
    def quantity(self) -> int:
        """Units for sale: products that share a quantity count once."""
        return sum(pool[0].quantity for pool in self.pools())

    def pools(self) -> list[list[Product]]:
        """The products on offer, grouped by the quantity that they share."""
        pools: dict[tuple[PropertyValue, ...], list[Product]] = {}
        for product in self.on_offer:
            pools.setdefault(depends(product, self.varies.quantity), []).append(product)
        return list(pools.values())

    def pool_of(self, product: Product) -> list[Product]:
        """The products that share their quantity with `product`, itself included."""
        own = depends(product, self.varies.quantity)
        return [one for one in self.products if depends(one, self.varies.quantity) == own]


def depends(product: Product, properties: Iterable[int]) -> tuple[PropertyValue, ...]:
    """The values of `properties` that `product` has."""
    wanted = set(properties)
    return tuple(value for value in product.values if value.property_id in wanted)


@dataclass(slots=True)
class Sale:
    """One line of a receipt: Etsy calls it a transaction."""

    id: int
    listing: Listing
    product: Product
    quantity: int
    price: Decimal
    given_back: int = 0


@dataclass(slots=True)
class Receipt:
    """An order. Times are epoch seconds; the buyer is invented."""

    id: int
    buyer: Json = field(repr=False)
    country: str
    sales: list[Sale]
    shipping_cost: Decimal
    created: int
    updated: int
    is_paid: bool = True
    shipped: int | None = None
    delivered: bool = False
    canceled: bool = False
    poisoned: bool = False
    shipments: list[Json] = field(default_factory=list)
    refunds: list[Json] = field(default_factory=list)
    payment: Json = field(default_factory=dict)


class Shop:
    """The shop. Whoever reads or writes holds `lock`: buyers come on threads of their own."""

    def __init__(self, clock: Clock, faults: Faults, currency: str) -> None:
        self.clock, self.faults, self.currency = clock, faults, currency
        self.lock = RLock()
        self.opened = self.now()
        self.listings: dict[int, Listing] = {}
        self.receipts: dict[int, Receipt] = {}
        self.sections: dict[int, Json] = {}
        self.shipping_profiles: dict[int, Json] = {}
        self.return_policies: dict[int, Json] = {}
        self.readiness_states: dict[int, Json] = {}
        # The payment account's entries, the oldest first.
        self.ledger: list[Json] = []
        # Images taken off a listing: they may be assigned again.
        self.loose_images: dict[int, Picture] = {}
        # A heap of (ending, listing id), an entry for each time that a listing was put on sale.
        self.endings: list[tuple[int, int]] = []
        self._ids: Iterator[int] = count(1_000_000_001)

    def now(self) -> int:
        """The present moment, in epoch seconds as Etsy tells time."""
        return int(self.clock.now().timestamp())

    def new_id(self) -> int:
        """An id that nothing else of this shop has."""
        return next(self._ids)
