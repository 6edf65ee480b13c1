"""A marketplace in this process: the reference connector, and the fast test double.

It shows the least that a connector does to keep the protocol's promises: claims told at once,
creates looked for when unsure, stock sent alone, refusals as data and trouble as exceptions.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from moneyed import Money

from connectors.clock import Clock, SystemClock
from connectors.errors import OutcomeUnknown, Refused, Throttled, Unavailable
from connectors.memory_orders import GaveBack, OrderBook
from connectors.protocol import (
    Accepted,
    Account,
    Change,
    Claimed,
    Draft,
    Facet,
    Issue,
    Limits,
    Marketplace,
    Outcome,
    PhotoSource,
    Receipt,
    Rejected,
    Remote,
    RemoteListing,
    RemoteOffer,
    RemoteOrder,
    RemoteOrderLine,
    Settlement,
    Shipment,
    Shop,
    Site,
    UnreadableOrder,
)
from connectors.retry import repeat
from connectors.sandbox.control import ShownListing, ShownOffer
from connectors.sandbox.faults import FaultKind, Faults
from images.rules import ImageRule, Role

LIMITS = Limits(
    title_length=140,
    description_length=5000,
    tags=20,
    tag_length=40,
    options=3,
    variants=100,
    photos=(ImageRule(Role.GALLERY, min_side=100, max_side=2000, max_bytes=10**7, count=10),),
)


@dataclass(slots=True)
class _Listing:
    draft: Draft
    prices: dict[str, Money] = field(default_factory=dict)
    stock: dict[str, int] = field(default_factory=dict)
    present: bool = True


class MemoryMarket:
    """The marketplace itself. Creating is not idempotent here, as on Etsy."""

    name = "Memory"

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock: Clock = clock or SystemClock()
        self.faults = Faults()
        self.calls: Counter[str] = Counter()
        self.listings: dict[str, _Listing] = {}
        self.book = OrderBook(self.clock)
        self.orders = self.book.orders
        self._ids = count(1)

    def call(self, operation: str) -> bool:
        """Count a call; whether its answer will be lost. Waits out what is waited out anywhere.

        Raises:
            Throttled, Unavailable: a fault asked for it again and again.
        """
        return repeat(self.clock, lambda: self._call(operation))

    def _call(self, operation: str) -> bool:
        self.calls[operation] += 1
        if self.faults.strike(operation, FaultKind.THROTTLE):
            raise Throttled("too fast", retry_after=1)
        if self.faults.strike(operation, FaultKind.ERROR, FaultKind.LOST_CALL):
            raise Unavailable("out of order")
        return self.faults.strike(operation, FaultKind.LOST_ANSWER) is not None

    def create(self, draft: Draft) -> str:
        """A new listing, a second one where there was one already; its id."""
        lost = self.call("create")
        remote_id = f"M{next(self._ids)}"
        self.listings[remote_id] = _Listing(draft)
        self.set_price(remote_id, draft)
        self.set_stock(remote_id, draft)
        if lost:
            raise OutcomeUnknown("no answer to create")
        return remote_id

    def set_price(self, remote_id: str, draft: Draft) -> None:
        """Replace all prices of a listing."""
        self.listings[remote_id].prices = {offer.sku: offer.price for offer in draft.offers}

    def set_stock(self, remote_id: str, draft: Draft) -> None:
        """Replace all stock figures of a listing."""
        self.listings[remote_id].stock = {offer.sku: offer.available for offer in draft.offers}

    def find(self, sku: str) -> str | None:
        """The id of the listing that sells `sku`, for sale or not."""
        return next((i for i, listing in self.listings.items() if sku in listing.stock), None)

    def shown(self) -> list[ShownListing]:
        """Every listing, as a buyer would see it."""
        return [self._shown(remote_id, listing) for remote_id, listing in self.listings.items()]

    def _shown(self, remote_id: str, listing: _Listing) -> ShownListing:
        text = listing.draft.texts[0]
        return ShownListing(
            remote_id=remote_id,
            title=text.title,
            description=text.description,
            present=listing.present,
            photos=[photo.sha256 for photo in listing.draft.photos],
            texts={text.locale: text.title for text in listing.draft.texts},
            offers=[
                ShownOffer(
                    sku=offer.sku,
                    price=str(listing.prices[offer.sku].amount),
                    currency=listing.prices[offer.sku].currency.code,
                    available=listing.stock[offer.sku],
                    options=dict(offer.options),
                )
                for offer in listing.draft.offers
            ],
        )

    def buy(self, lines: Mapping[str, int], country: str) -> str:
        """Place a paid order and take its units off the market; the order's id."""
        ordered = []
        for number, (sku, quantity) in enumerate(lines.items(), start=1):
            remote_id = self.find(sku)
            if remote_id is None or not self.listings[remote_id].present:
                raise LookupError(f"{sku} is not for sale")
            listing = self.listings[remote_id]
            if listing.stock[sku] < quantity:
                raise ValueError(f"{listing.stock[sku]} of {sku} are left")
            listing.stock[sku] -= quantity
            title, price = listing.draft.texts[0].title, listing.prices[sku]
            ordered.append(RemoteOrderLine(str(number), sku, title, quantity, price))
        return self.book.place(ordered, country)

    def cancel(self, order_id: str, lines: Mapping[str, int] | None, *, restock: bool) -> None:
        """Cancel units of an order that was not shipped."""
        self._give_back(order_id, lines, "cancelled", restock=restock)

    def refund(self, order_id: str, lines: Mapping[str, int] | None, *, restock: bool) -> None:
        """Refund units of an order."""
        self._give_back(order_id, lines, "returned", restock=restock)

    def _give_back(
        self, order_id: str, units: Mapping[str, int] | None, kind: GaveBack, *, restock: bool
    ) -> None:
        for sku, back in self.book.give_back(order_id, units, kind, restock=restock).items():
            if restock and (remote_id := self.find(sku)):
                self.listings[remote_id].stock[sku] += back

    def deliver(self, order_id: str) -> None:
        """All that was shipped of an order arrived."""
        self.book.deliver(order_id)

    def poison(self, order_id: str) -> None:
        """Tell of an order as nobody can read it."""
        self.book.poison(order_id)

    def heal(self, order_id: str) -> None:
        """Tell of a poisoned order as it is."""
        self.book.heal(order_id)

    def order(self, order_id: str) -> RemoteOrder:
        """The order of that id. Raises LookupError where there is none."""
        return self.book.order(order_id)


class MemoryConnector:
    """One account on a MemoryMarket."""

    limits = LIMITS

    def __init__(self, market: MemoryMarket, account: Account) -> None:
        self._market, self._account = market, account
        self.calls: Counter[str] = market.calls

    def check(self) -> Shop:
        """Always ourselves."""
        self._market.call("check")
        return Shop("memory", self._market.name, self._account.currency, self._account.locales)

    def validate(self, draft: Draft) -> list[Issue]:
        """Titles and options have a limit, and prices the account's currency."""
        issues = [*_too_long(draft), *_too_many_options(draft)]
        for offer in draft.offers:
            if offer.price.currency.code != self._account.currency:
                message = f"This shop sells in {self._account.currency}"
                issues.append(Issue("wrong_currency", message, field="price", sku=offer.sku))
        return issues

    def rehearse(self, changes: Sequence[Change]) -> Iterator[Rejected]:
        """What would be refused."""
        for change in changes:
            if issues := self._refusals(change):
                yield Rejected(change.key, change.facets, issues)

    def push(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """Create or update one listing after the other."""
        for change in changes:
            remote = change.remote
            if remote is None and (found := self._found(change)):
                # Before anything is refused: a refusal ends the memory of a create that was begun.
                remote = Remote(found)
                yield Claimed(change.key, remote)
            if issues := self._refusals(change):
                yield Rejected(change.key, change.facets, issues)
                continue
            if remote is None:
                remote = Remote(self._market.create(change.draft))
                yield Claimed(change.key, remote)
            self._update(remote.id, change)
            yield Accepted(change.key, change.facets, remote)

    def _refusals(self, change: Change) -> tuple[Issue, ...]:
        if Facet.CONTENT not in change.facets:
            return ()
        if "counterfeit" in change.draft.texts[0].title.lower():
            return (Issue("restricted", "This product may not be sold here", field="title"),)
        return (*_too_long(change.draft), *_too_many_options(change.draft))

    def _found(self, change: Change) -> str | None:
        if not change.unsure:
            return None
        self._market.call("find")
        return self._market.find(change.draft.offers[0].sku)

    def _update(self, remote_id: str, change: Change) -> None:
        listing = self._market.listings[remote_id]
        for facet in sorted(change.facets):
            self._market.call(facet)
            match facet:
                case Facet.STOCK:
                    self._market.set_stock(remote_id, change.draft)
                case Facet.PRICE:
                    self._market.set_price(remote_id, change.draft)
                case Facet.PRESENCE:
                    listing.present = change.draft.present
                case Facet.CONTENT:
                    listing.draft = replace(change.draft, photos=listing.draft.photos)
                case Facet.MEDIA:
                    listing.draft = replace(listing.draft, photos=change.draft.photos)

    def poll(self, receipts: Sequence[Receipt]) -> Iterator[Outcome]:
        """Nothing is ever pending here."""
        del receipts
        yield from ()

    def listings(self) -> Iterator[RemoteListing]:
        """All listings."""
        self._market.call("listings")
        for remote_id, listing in list(self._market.listings.items()):
            text = listing.draft.texts[0]
            gtins = {offer.sku: offer.gtin for offer in listing.draft.offers}
            yield RemoteListing(
                Remote(remote_id),
                text.title,
                tuple(
                    RemoteOffer(sku, listing.prices[sku], stock, gtins.get(sku))
                    for sku, stock in listing.stock.items()
                ),
                listing.present,
                len(listing.draft.photos),
                text.description,
            )

    def orders(self, since: datetime) -> Iterator[RemoteOrder | UnreadableOrder]:
        """Orders changed at or after `since`, the oldest change first."""
        self._market.call("orders")
        yield from self._market.book.changed(since)

    def reread(self, raw: str) -> RemoteOrder | UnreadableOrder:
        """The order whose id was kept, unless it still is poison."""
        return self._market.book.reread(raw)

    def settlements(self, since: datetime) -> Iterator[Settlement]:
        """Bookings posted at or after `since`."""
        self._market.call("settlements")
        yield from self._market.book.posted(since)

    def ship(self, shipment: Shipment) -> None:
        """Mark the units as shipped, once for a tracking number."""
        self._market.call("ship")
        try:
            self._market.book.ship(shipment.order_id, shipment.lines, shipment.tracking_number)
        except LookupError as error:
            raise Refused([Issue("no_order", str(error))]) from error

    def close(self) -> None:
        """Nothing is held."""


def _too_long(draft: Draft) -> list[Issue]:
    if len(draft.texts[0].title) <= LIMITS.title_length:
        return []
    message = f"The title is longer than {LIMITS.title_length} characters"
    return [Issue("title_too_long", message, field="title")]


def _too_many_options(draft: Draft) -> list[Issue]:
    if len(draft.offers[0].options) <= LIMITS.options:
        return []
    message = f"Variants differ by more than {LIMITS.options} options"
    return [Issue("too_many_options", message, field="options")]


def memory_marketplace(market: MemoryMarket) -> Marketplace:
    """`market` as it would be registered."""

    def connect(account: Account, _photos: PhotoSource) -> MemoryConnector:
        return MemoryConnector(market, account)

    return Marketplace(
        "memory", "Memory", LIMITS, (Site("world", "World", "USD", "en"),), (), connect
    )
