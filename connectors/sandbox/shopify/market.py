"""Shopify on this machine: one shop, served over HTTP as Admin GraphQL 2026-10."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import RLock, Thread
from typing import Any

from starlette.types import ASGIApp

from connectors.clock import Clock
from connectors.sandbox.control import ShownListing, ShownOffer
from connectors.sandbox.faults import FaultKind, Faults
from connectors.sandbox.shopify import buyers, prices, shop
from connectors.sandbox.shopify.bulk import BulkOperation, work_on
from connectors.sandbox.shopify.costs import Bucket, requested_cost
from connectors.sandbox.shopify.execution import run, run_within, throttled
from connectors.sandbox.shopify.operation import Operation
from connectors.sandbox.shopify.products import Product, plain_text
from connectors.sandbox.shopify.server import shopify_app
from connectors.sandbox.shopify.store import Call, Store
from connectors.sandbox.shopify.tokens import Tokens
from connectors.sandbox.shopify.webhooks import notifications, send


class ShopifyMarket:
    """The practice shop, its buyers, and what it lets an app do."""

    name = "Shopify"

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.faults = Faults()
        self.calls: Counter[str] = Counter()
        self.store = Store(clock)
        self.tokens = Tokens(clock)
        self.credentials: Mapping[str, str] = self.tokens.credentials
        self.settings: Mapping[str, str] = {}
        self.bucket = Bucket(clock)
        self._lock = RLock()
        shop.furnish(self.store)
        prices.furnish(self.store)

    def app(self) -> ASGIApp:
        """Admin GraphQL, tokens, uploads, pictures, and the control endpoints."""
        return shopify_app(self)

    def answer(
        self, operation: Operation, variables: Mapping[str, Any], base_url: str
    ) -> dict[str, Any]:
        """What Shopify answers; `base_url` is the address that it was asked under."""
        with self._open():
            self.calls[operation.name] += 1
            call = Call(self.store, base_url, operation.name, self.faults)
            if self.faults.strike(operation.name, FaultKind.THROTTLE):
                return throttled(self.bucket, requested_cost(operation, variables))
            return run_within(self.bucket, call, operation, variables)

    def results(self, bulk_number: int) -> bytes | None:
        """The results of a bulk operation that has ended."""
        with self._open():
            found = self.store.find(BulkOperation, f"gid://shopify/BulkOperation/{bulk_number}")
            return found.content if found and found.ended else None

    def shown(self) -> list[ShownListing]:
        """Every product, as a buyer of the online store would see it."""
        with self._open():
            return [self._shown(product) for product in self.store.all(Product)]

    def buy(self, lines: Mapping[str, int], country: str) -> str:
        """Place a paid order and take its units off the market; the order's id."""
        with self._open():
            return buyers.place_order(self.store, lines, country).id

    def cancel(self, order_id: str, lines: Mapping[str, int] | None, *, restock: bool) -> None:
        """Cancel units of an order that was not shipped."""
        with self._open():
            buyers.cancel(self.store, order_id, lines, restock=restock)

    def refund(self, order_id: str, lines: Mapping[str, int] | None, *, restock: bool) -> None:
        """Refund units of an order."""
        with self._open():
            buyers.refund(self.store, order_id, lines, restock=restock)

    def deliver(self, order_id: str) -> None:
        """The parcels of an order arrive. Raises LookupError where nothing was shipped."""
        with self._open():
            buyers.deliver(self.store, order_id)

    def poison(self, order_id: str) -> None:
        """Tell of an order in a currency that nobody can count. Raises LookupError."""
        with self._open():
            buyers.poison(self.store, order_id, poisoned=True)

    def heal(self, order_id: str) -> None:
        """Tell of a poisoned order in its own currency again. Raises LookupError."""
        with self._open():
            buyers.poison(self.store, order_id, poisoned=False)

    @contextmanager
    def _open(self) -> Iterator[None]:
        """Have the shop alone, as it is now; then tell subscribers what happened."""
        with self._lock:
            self._catch_up()
            yield
            told = notifications(self.store, self.tokens.credentials["client_secret"])
        if told:
            # They may ask the shop something before they answer.
            Thread(target=send, args=[told], daemon=True).start()

    def _catch_up(self) -> None:
        def run_line(
            operation: Operation, variables: Mapping[str, Any], base_url: str
        ) -> Mapping[str, Any]:
            return run(Call(self.store, base_url, "bulk", self.faults), operation, variables)

        work_on(self.store, run_line)

    def _shown(self, product: Product) -> ShownListing:
        online = shop.online_store(self.store).id in product.publications
        currency = shop.the_shop(self.store).currency_code
        titles = {
            locale: translation.value
            for (locale, _, key), translation in product.registered.items()
            if key == "title"
        }
        return ShownListing(
            remote_id=product.id,
            title=product.title,
            description=plain_text(product.description_html),
            present=online and product.status == "ACTIVE",
            photos=[picture.address for picture in product.media_list if picture.address],
            texts={shop.PRIMARY_LOCALE: product.title, **titles},
            offers=[
                ShownOffer(
                    sku=variant.sku or "",
                    price=f"{variant.price:.2f}",
                    currency=currency,
                    available=variant.inventory_quantity,
                    options={} if product.has_only_default_variant else variant.choice,
                )
                for variant in product.variant_list
            ],
        )
