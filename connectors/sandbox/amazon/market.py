"""Amazon on this machine: one seller's account, its listings and its buyers."""

from collections import Counter
from collections.abc import Mapping
from threading import RLock

from starlette.types import ASGIApp

from connectors.clock import Clock
from connectors.sandbox.amazon.app import amazon_app
from connectors.sandbox.amazon.feed_desk import FeedDesk, Pace
from connectors.sandbox.amazon.gate import Quotas
from connectors.sandbox.amazon.listing import Listing
from connectors.sandbox.amazon.order_book import OrderBook
from connectors.sandbox.amazon.order_pages import OrderPages
from connectors.sandbox.amazon.pictures import Fetch, Pictures, fetch_by_http
from connectors.sandbox.amazon.shelf import Shelf
from connectors.sandbox.amazon.stores import STORES
from connectors.sandbox.amazon.tokens import Tokens
from connectors.sandbox.control import ShownListing, ShownOffer
from connectors.sandbox.faults import Faults

# Invented: they open nothing but this sandbox.
CREDENTIALS = {
    "lwa_app_id": "amzn1.application-oa2-client.sandbox",
    "lwa_client_secret": "amzn1.oa2-cs.v1.sandbox",
    "refresh_token": "Atzr|sandbox",
    "seller_id": "A0SANDBOXSELLER",
}


class AmazonMarket:
    """The marketplace. `fetch` gets the pictures that listings name; `pace` is how long it takes.

    Satisfies connectors.sandbox.control.ServedMarket.
    """

    name = "Amazon"
    credentials: Mapping[str, str] = CREDENTIALS
    settings: Mapping[str, str] = {}

    def __init__(
        self, clock: Clock, *, fetch: Fetch = fetch_by_http, pace: Pace | None = None
    ) -> None:
        self.clock = clock
        self.faults = Faults()
        self.calls: Counter[str] = Counter()
        self.tokens = Tokens(clock, self.faults, self.credentials)
        self.quotas = Quotas(clock)
        pace = pace or Pace()
        self.shelf = Shelf(Pictures(fetch), pace.listing)
        self.desk = FeedDesk(self.shelf, pace, self.credentials["seller_id"])
        self.book = OrderBook()
        self.pages = OrderPages(clock, self.faults, self.book)
        self._lock = RLock()

    def app(self) -> ASGIApp:
        """The marketplace's own addresses, its token endpoint, and the control endpoints."""
        return amazon_app(self)

    def settle(self) -> None:
        """Let everything happen whose time has come: feeds, then judgements."""
        with self._lock:
            now = self.clock.now()
            self.desk.settle(now)
            self.shelf.settle(now)

    def shown(self) -> list[ShownListing]:
        """Every listing, as a buyer would see it: a family of variations is one."""
        self.settle()
        listings = list(self.shelf.listings.values())
        return [_shown(each, self.shelf) for each in listings if not self._has_parent(each)]

    def _has_parent(self, listing: Listing) -> bool:
        return (listing.marketplace_id, listing.parent_sku) in self.shelf.listings

    def buy(self, lines: Mapping[str, int], country: str) -> str:
        """Place a paid order and take its units off the market; the order's id.

        Raises LookupError for a SKU that is not for sale, ValueError where too few are left.
        """
        self.settle()
        with self._lock:
            bought = [(self.shelf.on_sale(sku), units) for sku, units in lines.items()]
            for listing, units in bought:
                if listing.available < units:
                    raise ValueError(f"{listing.available} of {listing.sku} are left")
            for listing, units in bought:
                listing.available -= units
            return self.book.place(bought, country, self.clock.now()).id

    def cancel(self, order_id: str, lines: Mapping[str, int] | None, *, restock: bool) -> None:
        """Cancel units of an unshipped order. Raises LookupError for an unknown order."""
        with self._lock:
            gone = self.book.cancel(order_id, lines, self.clock.now())
            self._restock(order_id, gone if restock else {})

    def refund(self, order_id: str, lines: Mapping[str, int] | None, *, restock: bool) -> None:
        """Refund units of an order. Raises LookupError for an unknown order."""
        with self._lock:
            back = self.book.refund(order_id, lines, self.clock.now())
            self._restock(order_id, back if restock else {})

    def deliver(self, order_id: str) -> None:
        """All packages of an order arrive. Raises LookupError where nothing was shipped."""
        with self._lock:
            self.book.deliver(order_id, self.clock.now())

    def poison(self, order_id: str) -> None:
        """Tell of an order in a currency that nobody can count. Raises LookupError."""
        with self._lock:
            self.book.poison(order_id, self.clock.now(), poisoned=True)

    def heal(self, order_id: str) -> None:
        """Tell of a poisoned order in its own currency again. Raises LookupError."""
        with self._lock:
            self.book.poison(order_id, self.clock.now(), poisoned=False)

    def _restock(self, order_id: str, units: Mapping[str, int]) -> None:
        store = self.book.order(order_id).store
        for sku, number in units.items():
            if listing := self.shelf.listings.get((store.id, sku)):
                listing.available += number


def _shown(listing: Listing, shelf: Shelf) -> ShownListing:
    children = list(shelf.children(listing).values())
    sold = children if listing.is_parent else [listing]
    theme = listing.first("variation_theme", "name") or ""
    names = listing.attributes.get("item_name", [])
    return ShownListing(
        remote_id=listing.sku,
        title=_words(listing, "item_name"),
        description=_words(listing, "product_description"),
        offers=[_offer(each, theme) for each in sold if each.price],
        present=any("BUYABLE" in each.status for each in sold),
        photos=listing.photos or [photo for each in children for photo in each.photos][:1],
        texts={name["language_tag"]: name["value"] for name in names},
    )


def _words(listing: Listing, attribute: str) -> str:
    """A text in the store's main language, or in whatever language there is."""
    said = {
        entry["language_tag"]: str(entry["value"])
        for entry in reversed(listing.attributes.get(attribute, []))
    }
    languages = [*STORES[listing.marketplace_id].languages, *said]
    return next((said[tag] for tag in languages if tag in said), "")


def _offer(listing: Listing, theme: str) -> ShownOffer:
    return ShownOffer(
        sku=listing.sku,
        price=listing.price or "",
        currency=STORES[listing.marketplace_id].currency,
        available=listing.available,
        options=listing.options(theme) if theme else {},
    )
