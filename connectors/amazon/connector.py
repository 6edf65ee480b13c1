"""One seller's account in one market of Amazon, by the protocol: thin."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from connectors.amazon import orders, polling, pushing, reading
from connectors.amazon.client import Participations, SellerApi
from connectors.amazon.definitions import Library
from connectors.amazon.limits import LIMITS
from connectors.amazon.mapper import Page
from connectors.amazon.order_payloads import reread
from connectors.amazon.sites import MARKETS
from connectors.amazon.validation import complaints
from connectors.errors import CredentialsRejected
from connectors.protocol import (
    Account,
    Change,
    Draft,
    Issue,
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


class AmazonConnector:
    """One account. Not shared between threads."""

    limits = LIMITS

    def __init__(self, account: Account, photos: PhotoSource) -> None:
        market = MARKETS[account.site]
        self._api = SellerApi(account, market)
        page = Page(market, photos.url)
        self._desk = pushing.Desk(self._api, Library(self._api), page)

    @property
    def calls(self) -> Counter[str]:
        """Requests sent so far, by Amazon's name of the operation."""
        return self._api.calls

    def check(self) -> Shop:
        """The seller's store in this market. Raises CredentialsRejected where it has none."""
        answer = self._api.call(
            "getMarketplaceParticipations",
            Participations,
            lambda client: client.get_marketplace_participation(),
        )
        site, account = self._api.market.site, self._api.account
        for told in answer.payload:
            if told["marketplace"]["id"] == site.remote_id:
                return Shop(
                    self._api.seller_id,
                    told["storeName"],
                    told["marketplace"]["defaultCurrencyCode"],
                    account.locales,
                )
        raise CredentialsRejected(f"this seller has no store on Amazon {site.name}")

    def validate(self, draft: Draft) -> list[Issue]:
        """What Amazon would surely refuse or complain of. No network."""
        return list(complaints(draft, self._desk.page))

    def rehearse(self, changes: Sequence[Change]) -> Iterator[Rejected]:
        """What Amazon itself would refuse, by VALIDATION_PREVIEW."""
        return pushing.rehearse(self._desk, changes)

    def push(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """By single calls or feeds, whichever the quotas let through sooner."""
        return pushing.push(self._desk, changes)

    def poll(self, receipts: Sequence[Receipt]) -> Iterator[Outcome]:
        """Acceptance observed: by processing reports, and by the listings as they are shown."""
        return polling.poll(self._desk, receipts)

    def listings(self) -> Iterator[RemoteListing]:
        """All that the account shows in this market, a parent with its children as one."""
        items = reading.all_items(self._api)
        return reading.listings(items, self._desk.marketplace_id)

    def orders(self, since: datetime) -> Iterator[RemoteOrder | UnreadableOrder]:
        """Orders of this market changed at or after `since`."""
        return orders.read(self._api, since)

    def reread(self, raw: str) -> RemoteOrder | UnreadableOrder:
        """An order from the text kept of it, by the API that told it."""
        return reread(raw, self._api.account.currency)

    def settlements(self, since: datetime) -> Iterator[Settlement]:
        """None yet."""
        del since
        yield from ()

    def ship(self, shipment: Shipment) -> None:
        """Confirm a shipment. Raises Refused with Amazon's reason."""
        orders.confirm(self._api, shipment)

    def close(self) -> None:
        """Let go of connections."""
        self._api.close()
