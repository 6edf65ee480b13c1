"""Reading the shop's listings: all of them, and the one that a lost answer was about."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from etsyv3.etsy_api import ListingState

from connectors.errors import Unavailable
from connectors.etsy.client import Client
from connectors.etsy.mapper import mark, remote_of
from connectors.etsy.shop import EtsyShop
from connectors.protocol import Draft, Remote

Listing = Mapping[str, Any]
# How often a page that brings nothing new is asked for again.
_PATIENCE = 3


class Finder:
    """Finds listings by SKU, and drafts that have none yet by the mark in their description."""

    def __init__(self, client: Client, shop: EtsyShop) -> None:
        self._client, self._shop = client, shop

    def all(self) -> Iterator[Listing]:
        """Every listing of the shop, once, with its inventory and images."""
        seen: set[int] = set()
        for state in ListingState:
            for listing in self._in_state(state):
                # Its state may change while others are read.
                if listing["listing_id"] not in seen:
                    seen.add(listing["listing_id"])
                    yield listing

    def find(self, draft: Draft) -> Remote | None:
        """The listing of a create that was begun before. The shop is read once for all of them."""
        return next((self._by_sign[s] for s in _signs_of_draft(draft) if s in self._by_sign), None)

    def find_new(self, draft: Draft) -> Remote | None:
        """The listing of a create that was sent a moment ago: a draft, among the newest."""
        wanted = _signs_of_draft(draft)
        for listing in self._in_state(ListingState.DRAFT):
            if wanted & _signs(listing):
                return remote_of(listing)
        return None

    @cached_property
    def _by_sign(self) -> dict[str, Remote]:
        return {sign: remote_of(listing) for listing in self.all() for sign in _signs(listing)}

    def _in_state(self, state: ListingState) -> Iterator[Listing]:
        """The listings of one state, each once.

        Etsy is known to repeat listings across pages, to leave out others for them, and to count
        each as often as it tells it: github.com/etsy/open-api, issue 510. So the next page starts
        after as many as were really told, and the last one may have nothing new.

        Raises:
            Unavailable: Etsy keeps on telling the same page, and it is not the last.
        """
        seen: set[int] = set()
        count, dull = 1, 0
        while len(seen) < count:
            page = self._client.ask(
                self._client.get_listings_by_shop, self._shop.id, state, len(seen)
            )
            fresh = [one for one in page["results"] if one["listing_id"] not in seen]
            seen.update(one["listing_id"] for one in fresh)
            yield from fresh
            if not page["results"]:
                return
            count, dull = page["count"], 0 if fresh else dull + 1
            if dull > _PATIENCE:
                if len(seen) + len(page["results"]) >= count:
                    return
                raise Unavailable("Etsy tells the same page of listings over and over")


def _signs(listing: Listing) -> set[str]:
    """What a listing is known by: its SKUs, and the mark at the end of a new draft."""
    products = (listing.get("inventory") or {}).get("products") or ()
    last_line = listing["description"].rstrip().rpartition("\n")[2]
    return {f"sku {product['sku']}" for product in products if product.get("sku")} | {last_line}


def _signs_of_draft(draft: Draft) -> set[str]:
    return {f"sku {offer.sku}" for offer in draft.offers} | {mark(draft.key)}
