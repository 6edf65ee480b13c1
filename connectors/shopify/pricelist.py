"""Another market of a shop: its fixed prices, in its currency, and nothing else.

Products, their words, stock and orders belong to the shop's own channel. A channel with a price
list finds the products there by our key and sets what they cost in its market.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from connectors.errors import CredentialsRejected, Refused
from connectors.protocol import (
    Accepted,
    Account,
    Change,
    Claimed,
    Deferred,
    Draft,
    Facet,
    Issue,
    Limits,
    Outcome,
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
    PRICE_LIST,
    PRICE_LIST_FIXED_PRICES_ADD,
    PRODUCT_BY_IDENTIFIER,
    SHOP,
)
from connectors.shopify.issues import issues_of
from connectors.shopify.limits import LIMITS, LIST_SIZE
from connectors.shopify.mapper import (
    Parts,
    key_identifier,
    listed_parts,
    parts_of,
    remote_of,
    skus_of,
)
from connectors.shopify.orders import reread
from connectors.shopify.place import shop_of
from connectors.shopify.validation import validate

# Long enough for a pass of the shop's own channel, which lists what is not there yet.
NEXT_LOOK = timedelta(minutes=15)


class PriceListConnector:
    """The prices of a shop in one of its markets."""

    limits: Limits = LIMITS

    def __init__(self, account: Account) -> None:
        self._account = account
        self._client = Client(account)
        self._price_list = account.settings["price_list"]
        self._checked = False

    @property
    def calls(self) -> Counter[str]:
        """Requests sent so far, by operation."""
        return self._client.calls

    def check(self) -> Shop:
        """The shop, with the currency of the price list.

        Raises:
            CredentialsRejected: it has no such list, or one in another currency than the channel.
        """
        shop = shop_of(self._client.call(SHOP))
        self._check_list()
        return Shop(shop.id, shop.name, self._account.currency, shop.locales)

    def _check_list(self) -> None:
        found = self._client.call(PRICE_LIST, id=self._price_list)["priceList"]
        if found is None:
            raise CredentialsRejected(f"The shop has no price list {self._price_list}")
        if found["currency"] != self._account.currency:
            raise CredentialsRejected(
                f"The price list is in {found['currency']}, and this channel's currency is "
                f"{self._account.currency}: make a channel in {found['currency']}"
            )
        self._checked = True

    def validate(self, draft: Draft) -> list[Issue]:
        """What is wrong with the draft's prices; the rest is for the shop's own channel to say."""
        issues = validate(draft, self._account.currency)
        return [issue for issue in issues if issue.field == "price"]

    def rehearse(self, changes: Sequence[Change]) -> Iterator[Rejected]:
        """Nothing: Shopify has no way to ask."""
        del changes
        yield from ()

    def push(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """Set fixed prices; what the shop's own channel has not listed yet waits for it.

        Raises:
            ConnectorError: trouble with the channel; what was yielded has happened.
        """
        if changes and not self._checked:
            self._check_list()
        for change in changes:
            product_id, parts = self._find(change)
            if not parts.know(change.draft):
                until = self._account.clock.now() + NEXT_LOOK
                reason = "not listed yet by the shop's own channel"
                yield Deferred(change.key, change.facets, until, reason)
                continue
            yield from self._push(change, product_id, parts)

    def _find(self, change: Change) -> tuple[str, Parts]:
        parts = parts_of(change.remote) if change.remote else Parts()
        if change.remote and parts.know(change.draft):
            return change.remote.id, parts
        answer = self._client.call(
            PRODUCT_BY_IDENTIFIER,
            identifier=key_identifier(change.draft),
            variants=LIST_SIZE,
            files=1,
        )
        product = answer["productByIdentifier"]
        return (product["id"], listed_parts(product, Parts())) if product else ("", Parts())

    def _push(self, change: Change, product_id: str, parts: Parts) -> Iterator[Outcome]:
        remote = remote_of(product_id, parts)
        if change.remote is None:
            yield Claimed(change.key, remote)
        if Facet.PRICE in change.facets:
            answer = self._client.call(
                PRICE_LIST_FIXED_PRICES_ADD,
                id=self._price_list,
                prices=fixed_prices(change.draft, parts),
            )
            if errors := answer["priceListFixedPricesAdd"]["userErrors"]:
                yield Rejected(change.key, change.facets, issues_of(errors, skus_of(change.draft)))
                return
        yield Accepted(change.key, change.facets, remote)

    def poll(self, receipts: Sequence[Receipt]) -> Iterator[Outcome]:
        """Nothing is ever pending here."""
        del receipts
        yield from ()

    def listings(self) -> Iterator[RemoteListing]:
        """None of its own: the products are the shop's own channel's."""
        yield from ()

    def orders(self, since: datetime) -> Iterator[RemoteOrder | UnreadableOrder]:
        """None of its own: every order of the shop comes by the shop's own channel, once."""
        del since
        yield from ()

    def reread(self, raw: str) -> RemoteOrder | UnreadableOrder:
        """As the shop's own channel reads it."""
        return reread(raw)

    def settlements(self, since: datetime) -> Iterator[Settlement]:
        """None of its own: the shop's books are the shop's own channel's."""
        del since
        yield from ()

    def ship(self, shipment: Shipment) -> None:
        """Raises Refused: orders are the shop's own channel's."""
        message = f"Order {shipment.order_id} belongs to the shop's own channel: ship it there"
        raise Refused([Issue("not_ours", message)])

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()


def fixed_prices(draft: Draft, parts: Parts) -> list[dict[str, Any]]:
    """The PriceListPriceInputs of a draft's offers."""
    return [
        {
            "variantId": parts.variants[offer.sku],
            "price": {
                "amount": str(offer.price.amount),
                "currencyCode": offer.price.currency.code,
            },
        }
        for offer in draft.offers
    ]
