"""What the demo claims, each figure told twice: by the database, and by files or a market."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from connectors.protocol import Facet
from connectors.sandbox.control import ShownListing, ShownOffer


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure by two witnesses, in words that print."""

    subject: str
    name: str
    database: str
    witness: str

    @property
    def agrees(self) -> bool:
        """Whether both witnesses say the same."""
        return self.database == self.witness


@dataclass(frozen=True, slots=True)
class Books:
    """What the database says of one channel.

    Of what is for sale: listings, prices and units by SKU, and photos. `made` counts all listings
    ever made there; `orders` are the marketplace's ids.
    """

    made: int
    listings: int
    prices: Mapping[str, str]
    units: Mapping[str, int]
    photos: int
    orders: frozenset[str]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one practice market says: its listings, and the orders it took.

    `sync_calls` are those of the third sync, `order_calls` those of a pull of orders alone.
    """

    listings: Sequence[ShownListing]
    orders: frozenset[str]
    sync_calls: Counter[str]
    order_calls: Counter[str]


def figures(channel: str, books: Books, seen: Seen, sold: Collection[str]) -> Iterator[Figure]:
    """Every figure of one channel. `sold` are the SKUs whose last piece was bought somewhere."""
    live = [listing for listing in seen.listings if _for_sale(listing)]
    offers = {offer.sku: offer for listing in live for offer in listing.offers}

    def told(name: str, database: object, witness: object) -> Figure:
        return Figure(channel, name, str(database), str(witness))

    yield told("listings made, none twice", books.made, len(seen.listings))
    yield told("listings for sale", books.listings, len(live))
    yield told("SKUs", len(books.prices), len(offers))
    yield told("photos", books.photos, sum(len(listing.photos) for listing in live))
    yield told("units for sale", sum(books.units.values()), _units(offers.values()))
    yield told("sum of prices", total(books.prices.values()), total(_prices(offers.values())))
    yield told("orders", len(books.orders), len(seen.orders))
    left = {sku: books.units.get(sku, 0) for sku in sold}
    shown = {sku: offers[sku].available if sku in offers else 0 for sku in sold}
    yield told("last pieces sold, units left", sum(left.values()), sum(shown.values()))
    yield told("pushes of the third sync", 0, pushes(seen))
    yield from _disagreements(channel, books, offers)


@dataclass(frozen=True, slots=True)
class Morning:
    """The prices of what is for sale, by SKU, by both witnesses."""

    books: Mapping[str, str]
    shown: Mapping[str, str]


def prices_shown(listings: Sequence[ShownListing]) -> dict[str, str]:
    """The price of each SKU that the market has for sale."""
    live = (listing for listing in listings if _for_sale(listing))
    return {o.sku: f"{o.price} {o.currency}" for listing in live for o in listing.offers}


def repricings(
    channel: str, before: Morning, after: Morning, accepted: Counter[Facet]
) -> Iterator[Figure]:
    """What a move of rates changed: SKUs with another price, and what else was sent.

    `accepted` counts the facets that the market took since.
    """
    database, witness = _moved(before.books, after.books), _moved(before.shown, after.shown)
    yield Figure(channel, "SKUs repriced by a move of rates", str(database), str(witness))
    others = accepted.total() - accepted[Facet.PRICE]
    yield Figure(channel, "other facets sent with their prices", str(others), "0")


def _moved(before: Mapping[str, str], after: Mapping[str, str]) -> int:
    return sum(before.get(sku) != price for sku, price in after.items())


def _for_sale(listing: ShownListing) -> bool:
    # A marketplace may keep a sold-out listing or end it: neither is for sale.
    return listing.present and any(offer.available for offer in listing.offers)


def pushes(seen: Seen) -> int:
    """Calls of the third sync by operations that a pull of orders alone does not use.

    By operation and not by number: a read that was throttled and repeated is no push.
    """
    return sum(n for name, n in seen.sync_calls.items() if name not in seen.order_calls)


def total(prices: Collection[str]) -> str:
    """The sum of prices such as "89.00 USD", by currency."""
    sums: dict[str, Decimal] = {}
    for price in prices:
        amount, currency = price.split()
        sums[currency] = sums.get(currency, Decimal(0)) + Decimal(amount)
    return ", ".join(f"{amount:.2f} {currency}" for currency, amount in sorted(sums.items()))


def _prices(offers: Collection[ShownOffer]) -> list[str]:
    return [f"{offer.price} {offer.currency}" for offer in offers]


def _units(offers: Collection[ShownOffer]) -> int:
    return sum(offer.available for offer in offers)


def _disagreements(
    channel: str, books: Books, offers: Mapping[str, ShownOffer]
) -> Iterator[Figure]:
    """The SKUs whose stock differs; sums may agree while their parts do not."""
    for sku in sorted(books.units.keys() | offers.keys()):
        database = books.units.get(sku, 0)
        market = offers[sku].available if sku in offers else 0
        if database != market:
            yield Figure(channel, f"units of {sku}", str(database), str(market))
