"""The sandbox as a whole: one shop with its application, its buyers and its addresses."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from starlette.types import ASGIApp

from connectors.clock import Clock
from connectors.sandbox.control import ShownListing, ShownOffer, control_router
from connectors.sandbox.etsy import buyers, lifecycle, views
from connectors.sandbox.etsy.app import OPERATIONS, Door, etsy_app
from connectors.sandbox.etsy.oauth import Authority, oauth_router
from connectors.sandbox.etsy.operations import find
from connectors.sandbox.etsy.quotas import Quotas
from connectors.sandbox.etsy.shop import Listing, Product, Receipt, Shop
from connectors.sandbox.faults import Faults, FaultyConnection

KEYSTRING = "practicekeystring0000000"
SHARED_SECRET = "practice01"  # noqa: S105 - opens this sandbox and nothing else


class EtsyMarket:
    """Etsy on this machine. The account's shop is new: it has no profiles and no listings."""

    name = "Etsy"

    def __init__(self, clock: Clock, currency: str = "USD") -> None:
        self.clock = clock
        self.faults = Faults()
        self.calls: Counter[str] = Counter()
        self.shop = Shop(clock, self.faults, currency)
        self.authority = Authority(clock, KEYSTRING)
        self.credentials: Mapping[str, str] = self.consent()
        self.settings: Mapping[str, str] = {}

    def consent(self) -> dict[str, str]:
        """New credentials, as the seller's consent in the browser gives them."""
        tokens = self.authority.tokens()
        expires_at = self.clock.now() + timedelta(seconds=tokens["expires_in"])
        return {
            "keystring": KEYSTRING,
            "shared_secret": SHARED_SECRET,
            "access_token": tokens["access_token"],
            "refresh_token": tokens["refresh_token"],
            "expires_at": expires_at.isoformat(),
        }

    def app(self) -> ASGIApp:
        """Etsy's own addresses, its OAuth pages, and the control endpoints."""
        key = f"{KEYSTRING}:{SHARED_SECRET}"
        door = Door(self.shop, self.authority, Quotas(self.clock), self.calls, key)
        app = etsy_app(door, self.shop)
        app.include_router(oauth_router(self.authority))
        app.include_router(control_router(self))
        return FaultyConnection(app, self.faults, operation_name)

    def shown(self) -> list[ShownListing]:
        """Every listing that was on sale at some time, as a buyer would see it."""
        with self.shop.lock:
            lifecycle.settle_time(self.shop)
            return [self._shown(one) for one in self.shop.listings.values() if one.state != "draft"]

    def buy(self, lines: Mapping[str, int], country: str) -> str:
        """Place a paid order and take its units off the market; the receipt's id.

        Raises LookupError for a SKU that is not for sale, ValueError where too few are left.
        """
        with self.shop.lock:
            lifecycle.settle_time(self.shop)
            return str(buyers.buy(self.shop, lines, country).id)

    def cancel(self, order_id: str, lines: Mapping[str, int] | None, *, restock: bool) -> None:
        """Cancel units of a receipt. Raises LookupError for an unknown one."""
        with self.shop.lock:
            buyers.cancel(self.shop, self._receipt(order_id), lines, restock=restock)

    def refund(self, order_id: str, lines: Mapping[str, int] | None, *, restock: bool) -> None:
        """Refund units of a receipt. Raises LookupError for an unknown one."""
        with self.shop.lock:
            buyers.refund(self.shop, self._receipt(order_id), lines, restock=restock)

    def deliver(self, order_id: str) -> None:
        """A receipt's parcel arrives: a filter alone tells it. LookupError where none left."""
        with self.shop.lock:
            receipt = self._receipt(order_id)
            if receipt.shipped is None:
                raise LookupError(f"receipt {order_id} was not shipped")
            receipt.delivered, receipt.updated = True, self.shop.now()

    def poison(self, order_id: str) -> None:
        """Tell of an order in a currency that nobody can count. Raises LookupError."""
        with self.shop.lock:
            receipt = self._receipt(order_id)
            receipt.poisoned, receipt.updated = True, self.shop.now()

    def heal(self, order_id: str) -> None:
        """Tell of a poisoned order in its own currency again. Raises LookupError."""
        with self.shop.lock:
            receipt = self._receipt(order_id)
            receipt.poisoned, receipt.updated = False, self.shop.now()

    def _receipt(self, order_id: str) -> Receipt:
        known = {str(number): receipt for number, receipt in self.shop.receipts.items()}
        try:
            return known[order_id]
        except KeyError:
            raise LookupError(f"there is no receipt {order_id}") from None

    def _shown(self, listing: Listing) -> ShownListing:
        return ShownListing(
            remote_id=str(listing.id),
            title=listing.said["title"],
            description=listing.said["description"],
            offers=[self._offer(product) for product in listing.on_offer],
            present=listing.state == "active",
            photos=[views.image_address(picture) for picture in listing.images],
            texts={code: words["title"] for code, words in listing.translations.items()},
        )

    def _offer(self, product: Product) -> ShownOffer:
        return ShownOffer(
            sku=product.sku,
            price=str(product.price),
            currency=self.shop.currency,
            available=product.quantity,
            options={value.property_name: value.values[0] for value in product.values},
        )


def operation_name(method: str, path: str, _body: bytes) -> str | None:
    """The official name of the operation at an address; None for what is not the API's."""
    found = find(OPERATIONS, method, path)
    return found and found[0].name
