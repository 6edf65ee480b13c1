"""One shop's account, as the protocol wants it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from connectors.errors import Refused
from connectors.protocol import (
    Account,
    Change,
    Draft,
    Issue,
    Limits,
    Outcome,
    PhotoSource,
    Receipt,
    Rejected,
    RemoteListing,
    RemoteOrder,
    Settlement,
    Shipment,
    Shop,
    UnreadableOrder,
)
from connectors.shopify import order_reading, settlements
from connectors.shopify.client import Client
from connectors.shopify.documents import (
    FULFILLMENT_CREATE,
    FULFILLMENT_ORDERS,
    PRODUCT_VARIANTS,
    PRODUCTS,
    SHOP,
)
from connectors.shopify.limits import (
    FULFILLMENT_ORDERS as MOST_FULFILLMENT_ORDERS,
)
from connectors.shopify.limits import (
    FULFILLMENTS,
    LIMITS,
    LINES_OF_A_FULFILLMENT_ORDER,
    PAGE_OF_LINES,
    PAGE_OF_PRODUCTS,
    VARIANTS_ON_A_PAGE,
)
from connectors.shopify.mapper import Json, listing_of
from connectors.shopify.orders import reread
from connectors.shopify.place import Place, place_of, shop_of
from connectors.shopify.pushing import Pusher
from connectors.shopify.shipping import fulfillment_of, is_told
from connectors.shopify.validation import validate
from connectors.shopify.webhooks import subscribe


class ShopifyConnector:
    """A shop. Nothing is asked of it before it must be."""

    def __init__(self, account: Account, photos: PhotoSource) -> None:
        self._account, self._photos = account, photos
        self._client = Client(account)
        self._place: Place | None = None
        self._pusher: Pusher | None = None

    @property
    def limits(self) -> Limits:
        """Shopify's published numbers."""
        return LIMITS

    @property
    def calls(self) -> Counter[str]:
        """Requests sent so far, by operation."""
        return self._client.calls

    def check(self) -> Shop:
        """The shop that the token opens; where the channel has a `webhooks` address, it is told."""
        shop = shop_of(self._client.call(SHOP))
        if address := self._account.settings.get("webhooks"):
            subscribe(self._client, address)
        return shop

    def validate(self, draft: Draft) -> list[Issue]:
        """What Shopify would refuse of a draft."""
        return list(validate(draft, self._account.currency))

    def rehearse(self, changes: Sequence[Change]) -> Iterator[Rejected]:
        """Nothing: Shopify has no way to ask."""
        del changes
        yield from ()

    def push(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """Bring the listings to their drafts.

        Raises:
            ConnectorError: trouble with the channel; what was yielded has happened.
        """
        if changes:
            yield from self._the_pusher().push(changes)

    def poll(self, receipts: Sequence[Receipt]) -> Iterator[Outcome]:
        """The outcomes of bulk operations that have ended.

        Raises:
            ConnectorError: trouble with the channel; what was yielded has happened.
        """
        if receipts:
            yield from self._the_pusher().poll(receipts)

    def _the_place(self) -> Place:
        if self._place is None:
            self._place = place_of(self._client.call(SHOP), self._account)
        return self._place

    def _the_pusher(self) -> Pusher:
        if self._pusher is None:
            self._pusher = Pusher(self._client, self._photos, self._the_place())
        return self._pusher

    def listings(self) -> Iterator[RemoteListing]:
        """Every product of the shop, ours or not; once, though a page may repeat the one before."""
        place = self._the_place()
        seen: set[str] = set()
        after = None
        while True:
            page = self._client.call(
                PRODUCTS,
                first=PAGE_OF_PRODUCTS,
                after=after,
                variants=VARIANTS_ON_A_PAGE,
                location=place.location,
                publication=place.publication,
            )["products"]
            for product in page["nodes"]:
                if product["id"] not in seen:
                    seen.add(product["id"])
                    yield listing_of(product, self._variants(product, place), place.shop.currency)
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]

    def _variants(self, product: Json, place: Place) -> Iterator[Json]:
        page = product["variants"]
        yield from page["nodes"]
        while page["pageInfo"]["hasNextPage"]:
            page = self._client.call(
                PRODUCT_VARIANTS,
                id=product["id"],
                variants=PAGE_OF_LINES,
                after=page["pageInfo"]["endCursor"],
                location=place.location,
            )["product"]["variants"]
            yield from page["nodes"]

    def orders(self, since: datetime) -> Iterator[RemoteOrder | UnreadableOrder]:
        """Orders changed at or after `since`, oldest change first."""
        return order_reading.read(self._client, since)

    def reread(self, raw: str) -> RemoteOrder | UnreadableOrder:
        """An order from what was kept of it: itself, its lines, refunds and parcels."""
        return reread(raw)

    def settlements(self, since: datetime) -> Iterator[Settlement]:
        """Payments and refunds that Shopify processed at or after `since`, with their fees."""
        return settlements.read(self._client, since)

    def ship(self, shipment: Shipment) -> None:
        """Fulfil lines of an order and have the buyer told, unless that number was told before.

        Raises:
            Refused: the order is not known, or those units are not there to be shipped.
            OutcomeUnknown: it may have been done; done again, it is looked for first.
        """
        order = self._client.call(
            FULFILLMENT_ORDERS,
            id=shipment.order_id,
            first=MOST_FULFILLMENT_ORDERS,
            lines=LINES_OF_A_FULFILLMENT_ORDER,
            parcels=FULFILLMENTS,
        )["order"]
        if order and is_told(shipment, order):
            return
        fulfillment = fulfillment_of(shipment, order)
        answer = self._client.create(FULFILLMENT_CREATE, fulfillment=fulfillment)
        if errors := answer["fulfillmentCreate"]["userErrors"]:
            raise Refused([Issue("not_shipped", error["message"]) for error in errors])

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()
