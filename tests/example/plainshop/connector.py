"""The protocol, spoken to PlainShop: a thin shell around the mapper."""

import base64
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx

from connectors.errors import CredentialsRejected, Refused, Throttled, Unavailable
from connectors.protocol import (
    ALL_FACETS,
    Accepted,
    Account,
    Change,
    Claimed,
    Draft,
    Facet,
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
from connectors.retry import repeat

from . import mapper
from .limits import LIMITS, PHOTO, REQUESTS

HOME = "https://api.plainshop.example"


class PlainShopConnector:
    """One shop. Every write is absolute, by our own key: all of them may be repeated."""

    limits = LIMITS

    def __init__(self, account: Account, photos: PhotoSource) -> None:
        self._account, self._photos = account, photos
        self._http = httpx.Client(
            base_url=account.base_url or HOME,
            timeout=20,
            headers={"authorization": f"Bearer {account.vault.read()['token']}"},
        )
        self.calls: Counter[str] = Counter()

    def check(self) -> Shop:
        """Who the token belongs to."""
        shop = self._call("shop", "GET", "/shop")
        return Shop(shop["id"], shop["name"], shop["currency"])

    def validate(self, draft: Draft) -> list[Issue]:
        """A title has a limit."""
        if len(draft.texts[0].title) <= LIMITS.title_length:
            return []
        message = f"PlainShop takes titles of {LIMITS.title_length} characters"
        return [Issue("title_too_long", message, field="title")]

    def rehearse(self, changes: Sequence[Change]) -> Iterator[Rejected]:
        """PlainShop cannot be asked beforehand."""
        del changes
        yield from ()

    def push(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """One call a listing: PUT what is new, PATCH the facets of what is not."""
        for change in changes:
            remote = change.remote or Remote(change.key)
            if change.remote is None:
                # The id is our own key, so it exists from the start.
                yield Claimed(change.key, remote)
            try:
                self._send(change)
            except Refused as refused:
                yield Rejected(change.key, change.facets, refused.issues)
            else:
                yield Accepted(change.key, change.facets, remote)

    def _send(self, change: Change) -> None:
        whole = change.facets == ALL_FACETS
        photos = self._renditions(change.draft) if Facet.MEDIA in change.facets else []
        body = mapper.patch(change.draft, change.facets, photos)
        path = f"/listings/{change.key}"
        self._call("put" if whole else "patch", "PUT" if whole else "PATCH", path, json=body)

    def _renditions(self, draft: Draft) -> list[str]:
        ready = (self._photos.rendition(photo, PHOTO) for photo in draft.photos[: PHOTO.count])
        return [base64.b64encode(one.content).decode() for one in ready]

    def poll(self, receipts: Sequence[Receipt]) -> Iterator[Outcome]:
        """PlainShop answers at once."""
        del receipts
        yield from ()

    def listings(self) -> Iterator[RemoteListing]:
        """All listings, page by page."""
        for item in self._pages("listings", {}):
            yield mapper.listing(item, self._account.currency)

    def orders(self, since: datetime) -> Iterator[RemoteOrder | UnreadableOrder]:
        """Orders changed since then, oldest change first."""
        return map(mapper.order, self._pages("orders", {"since": since.isoformat()}))

    def reread(self, raw: str) -> RemoteOrder | UnreadableOrder:
        """An order from the text kept of it."""
        return mapper.order(json.loads(raw))

    def settlements(self, since: datetime) -> Iterator[Settlement]:
        """PlainShop takes no fees and keeps no books."""
        del since
        yield from ()

    def ship(self, shipment: Shipment) -> None:
        """Tell the shop."""
        told = {"lines": shipment.lines, "carrier": shipment.carrier}
        body = {**told, "tracking": shipment.tracking_number}
        self._call("ship", "POST", f"/orders/{shipment.order_id}/shipments", json=body)

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def _pages(self, name: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        after: str | None = ""
        while after is not None:
            page = self._call(name, "GET", f"/{name}", params={**query, "after": after})
            yield from page["items"]
            after = page["next"]

    def _call(self, name: str, method: str, path: str, **sent: Any) -> Any:
        return repeat(self._account.clock, lambda: self._once(name, method, path, sent))

    def _once(self, name: str, method: str, path: str, sent: Mapping[str, Any]) -> Any:
        self._account.clock.sleep(self._account.buckets.reserve(REQUESTS))
        self.calls[name] += 1
        try:
            answer = self._http.request(method, path, **sent)
        except httpx.TransportError as error:
            # Nothing here is harmed by being done twice.
            raise Unavailable(f"PlainShop cannot be reached: {error}") from error
        match answer.status_code:
            case 401:
                raise CredentialsRejected("PlainShop does not know this token: enter a new one")
            case 404 | 422:
                raise Refused(mapper.issues(answer.json()))
            case 429:
                raise Throttled("PlainShop asks to wait", float(answer.headers["retry-after"]))
            case status if status >= httpx.codes.INTERNAL_SERVER_ERROR:
                raise Unavailable(f"PlainShop answers {status}")
        return answer.json()
