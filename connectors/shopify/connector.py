"""One shop's account, as the protocol wants it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

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
from connectors.shopify.client import Client
from connectors.shopify.documents import (
    FULFILLMENT_CREATE,
    FULFILLMENT_ORDERS,
    ORDER_LINES,
    ORDERS,
    PRODUCT_VARIANTS,
    PRODUCTS,
    REFUNDS,
    SHOP,
)
from connectors.shopify.limits import (
    FULFILLMENT_ORDERS as MOST_FULFILLMENT_ORDERS,
)
from connectors.shopify.limits import (
    LIMITS,
    LINES_OF_A_FULFILLMENT_ORDER,
    LINES_OF_A_REFUND,
    LINES_ON_A_PAGE,
    PAGE_OF_LINES,
    PAGE_OF_ORDERS,
    PAGE_OF_PRODUCTS,
    VARIANTS_ON_A_PAGE,
)
from connectors.shopify.limits import REFUNDS as MOST_REFUNDS
from connectors.shopify.mapper import Json, listing_of
from connectors.shopify.orders import Told, has_refunds, read_order, reread, unreadable
from connectors.shopify.place import Place, place_of, shop_of
from connectors.shopify.pushing import Pusher
from connectors.shopify.shipping import fulfillment_of
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
        moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        after = None
        while True:
            page = self._client.call(
                ORDERS,
                first=PAGE_OF_ORDERS,
                after=after,
                query=f"updated_at:>='{moment}'",
                lines=LINES_ON_A_PAGE,
            )["orders"]
            for order in page["nodes"]:
                yield self._order(order, since)
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]

    def _order(self, order: Json, since: datetime) -> RemoteOrder | UnreadableOrder:
        try:
            lines = list(self._lines(order))
            refunds = self._refunds(order) if has_refunds(order, lines) else []
        except (KeyError, TypeError, AttributeError, Refused) as error:
            told = Told(order, whole=False)
            return unreadable(told, f"{type(error).__name__}: {error}", since)
        return read_order(Told(order, lines, refunds), since)

    def _lines(self, order: Json) -> Iterator[Json]:
        page = order["lineItems"]
        yield from page["nodes"]
        while page["pageInfo"]["hasNextPage"]:
            page = self._client.call(
                ORDER_LINES,
                id=order["id"],
                lines=PAGE_OF_LINES,
                after=page["pageInfo"]["endCursor"],
            )["order"]["lineItems"]
            yield from page["nodes"]

    def _refunds(self, order: Json) -> list[Json]:
        """All refunds of an order. Raises Refused where it has more than can be read."""
        answer = self._client.call(
            REFUNDS, id=order["id"], refunds=MOST_REFUNDS, lines=LINES_OF_A_REFUND
        )
        refunds: list[Json] = answer["order"]["refunds"]
        cut = (refund["refundLineItems"]["pageInfo"]["hasNextPage"] for refund in refunds)
        if len(refunds) == MOST_REFUNDS or any(cut):
            message = "it has more refunds than can be read at once: give its units back by hand"
            raise Refused([Issue("too_many_refunds", message)])
        return refunds

    def reread(self, raw: str) -> RemoteOrder | UnreadableOrder:
        """An order from what was kept of it: itself, its lines and its refunds."""
        return reread(raw)

    def settlements(self, since: datetime) -> Iterator[Settlement]:
        """None yet."""
        del since
        yield from ()

    def ship(self, shipment: Shipment) -> None:
        """Fulfil lines of an order, with their tracking number; the buyer gets a message.

        Raises:
            Refused: the order is not known, or those units are not there to be shipped.
            OutcomeUnknown: it may have been done: look at the order before doing it again.
        """
        order = self._client.call(
            FULFILLMENT_ORDERS,
            id=shipment.order_id,
            first=MOST_FULFILLMENT_ORDERS,
            lines=LINES_OF_A_FULFILLMENT_ORDER,
        )["order"]
        fulfillment = fulfillment_of(shipment, order)
        answer = self._client.create(FULFILLMENT_CREATE, fulfillment=fulfillment)
        if errors := answer["fulfillmentCreate"]["userErrors"]:
            raise Refused([Issue("not_shipped", error["message"]) for error in errors])

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()
