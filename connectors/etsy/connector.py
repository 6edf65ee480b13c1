"""One Etsy shop, as the protocol sees it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from connectors.errors import OutcomeUnknown, Refused, Throttled
from connectors.etsy import settlements
from connectors.etsy.client import Client, Json
from connectors.etsy.finder import Finder
from connectors.etsy.limits import LIMITS
from connectors.etsy.mapper import shown_listing
from connectors.etsy.publisher import Publisher, calls_needed
from connectors.etsy.quota import Quota
from connectors.etsy.receipts import is_tracked, order_of, reread, tracking
from connectors.etsy.rules import refusals
from connectors.etsy.shop import EtsyShop
from connectors.etsy.watch import changed_receipts
from connectors.protocol import (
    Account,
    Change,
    Claimed,
    Deferred,
    Draft,
    Issue,
    Outcome,
    PhotoSource,
    Receipt,
    Rejected,
    Remote,
    RemoteListing,
    RemoteOrder,
    Settlement,
    Shipment,
    Shop,
    UnreadableOrder,
)


class EtsyConnector:
    """One account on Etsy."""

    limits = LIMITS

    def __init__(self, account: Account, photos: PhotoSource) -> None:
        self._account = account
        self._quota = Quota(account)
        self._client = Client(account, self._quota)
        self._shop = EtsyShop(self._client, account)
        self._finder = Finder(self._client, self._shop)
        self._publisher = Publisher(self._client, self._shop, self._finder, photos)

    @property
    def calls(self) -> Counter[str]:
        """Requests sent so far, by Etsy's operation ids."""
        return self._client.calls

    def check(self) -> Shop:
        """The shop of whoever gave consent."""
        profile = self._shop.profile
        return Shop(
            id=str(profile["shop_id"]),
            name=profile["shop_name"],
            currency=profile["currency_code"],
            locales=tuple(profile["languages"]),
        )

    def validate(self, draft: Draft) -> list[Issue]:
        """What Etsy would surely refuse or complain of."""
        return refusals(draft, self._account.currency)

    def rehearse(self, changes: Sequence[Change]) -> Iterator[Rejected]:
        """Nothing: Etsy has no way to ask."""
        del changes
        yield from ()

    def push(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """Create or update one listing after the other."""
        for change in changes:
            remote = change.remote
            if remote is None and change.unsure:
                # Before all else: any answer but this makes it forgotten that there may be one.
                remote = self._finder.find(change.draft)
                if remote:
                    yield Claimed(change.key, remote)
            try:
                yield from self._bring(change, remote)
            except Refused as refused:
                yield Rejected(change.key, change.facets, refused.issues)
            except Throttled:
                if not self._quota.spent:
                    raise
                yield self._deferred(change)

    def _bring(self, change: Change, remote: Remote | None) -> Iterator[Outcome]:
        if not self._quota.spent:
            # Before the quota is judged: the first answer tells what is left.
            self._shop.check_currency()
        if not self._quota.allows(change, calls_needed(change)):
            yield self._deferred(change)
        elif remote:
            yield self._publisher.update(change, remote)
        else:
            yield from self._publisher.create(change)

    def _deferred(self, change: Change) -> Deferred:
        return Deferred(change.key, change.facets, self._quota.renewed_at, self._quota.told)

    def poll(self, receipts: Sequence[Receipt]) -> Iterator[Outcome]:
        """Nothing is ever pending here."""
        del receipts
        yield from ()

    def listings(self) -> Iterator[RemoteListing]:
        """All listings of the shop, in whatever state."""
        return map(shown_listing, self._finder.all())

    def orders(self, since: datetime) -> Iterator[RemoteOrder | UnreadableOrder]:
        """Receipts changed at or after `since`, the oldest change first."""
        return map(order_of, changed_receipts(self._client, self._shop.id, since))

    def reread(self, raw: str) -> RemoteOrder | UnreadableOrder:
        """An order from the receipt kept of it."""
        return reread(raw)

    def settlements(self, since: datetime) -> Iterator[Settlement]:
        """Bookings of the shop's payment account posted at or after `since`."""
        return settlements.read(self._client, self._shop.id, since, self._account.clock.now())

    def ship(self, shipment: Shipment) -> None:
        """Send the tracking number, unless Etsy has it: each time, it writes to the buyer.

        Raises:
            Refused: with Etsy's reason.
            OutcomeUnknown: it may have been sent; sent again, it is looked for first.
        """
        if self._knows(shipment):
            return
        place = (self._shop.id, int(shipment.order_id))
        send = self._client.create_receipt_shipment
        try:
            self._client.create(send, *place, Json(tracking(shipment)))
        except OutcomeUnknown:
            if not self._knows(shipment):
                raise

    def _knows(self, shipment: Shipment) -> bool:
        place = (self._shop.id, int(shipment.order_id))
        return is_tracked(self._client.ask(self._client.get_shop_receipt, *place), shipment)

    def close(self) -> None:
        """Let go of connections."""
        self._client.session.close()
