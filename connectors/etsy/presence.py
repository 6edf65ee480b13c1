"""Whether a listing is on sale: Etsy's states, and what may be done to leave them."""

from connectors.errors import Refused
from connectors.etsy.client import Client, Form
from connectors.etsy.inventory import quantity
from connectors.etsy.shop import EtsyShop
from connectors.protocol import Draft, Facet, Issue

# What a connector keeps of a listing: Remote.parts.
Parts = dict[str, str]
ON_SALE, OFF_SALE, DRAFT = "active", "inactive", "draft"
# What Etsy ended itself; to put it on sale again is to renew it, for a fee.
_ENDED = {"sold_out", "expired"}


def wants_sale(draft: Draft) -> bool:
    """Whether the draft is to be on sale, with something to sell."""
    return draft.present and any(quantity(offer) for offer in draft.offers)


def publication(draft: Draft, parts: Parts) -> dict[str, str]:
    """The field of updateListing that publishes a draft, once its words and pictures are there.

    Not before, in whatever order they come: Etsy refuses it without a picture, and its first
    words end in a mark of ours.
    """
    complete = "words" in parts and any(name.startswith("image:") for name in parts)
    ready = parts.get("state") == DRAFT and complete and wants_sale(draft)
    return {"state": ON_SALE} if ready else {}


class Presence:
    """Puts one account's listings on sale and takes them off."""

    def __init__(self, client: Client, shop: EtsyShop) -> None:
        self._client, self._shop = client, shop

    def settle(
        self, listing_id: int, draft: Draft, facets: frozenset[Facet], parts: Parts
    ) -> dict[str, str]:
        """Take off sale at once what must be; the field of updateListing that puts it back on sale.

        Etsy takes no inventory without a unit in it, so what is sold out is taken off sale:
        github.com/etsy/open-api, issues 395 and 560.

        Raises:
            Refused: to come back would cost a fee that nobody agreed to.
        """
        state = parts.get("state")
        if state == DRAFT or not facets & {Facet.STOCK, Facet.PRESENCE}:
            return {}
        if not wants_sale(draft):
            if state != OFF_SALE:
                self._take_off_sale(listing_id, parts)
            return {}
        if state == ON_SALE and Facet.PRESENCE not in facets:
            return {}
        return self._bring_back(listing_id, parts)

    def _take_off_sale(self, listing_id: int, parts: Parts) -> None:
        try:
            self._set(listing_id, OFF_SALE, parts)
        except Refused:
            # Nobody can buy it where Etsy has ended it itself.
            parts["state"] = self._state(listing_id)
            if parts["state"] == ON_SALE:
                raise

    def _bring_back(self, listing_id: int, parts: Parts) -> dict[str, str]:
        """The state to set at the end of a listing that is to be on sale again.

        What Etsy ended comes back first, because that sets its quantity to 1: contract,
        updateListing, state.
        """
        parts["state"] = self._state(listing_id)
        if parts["state"] == ON_SALE:
            return {}
        if parts["state"] not in _ENDED:
            return {"state": ON_SALE}
        if not self._shop.renew:
            message = (
                f"Etsy ended this listing ({parts['state'].replace('_', ' ')}) and asks a fee to "
                "renew it: renew it in the shop, or allow it with the channel's setting renew=yes"
            )
            raise Refused([Issue("renewal_needed", message, field="present")])
        self._set(listing_id, ON_SALE, parts)
        return {}

    def _set(self, listing_id: int, state: str, parts: Parts) -> None:
        update = self._client.update_listing
        self._client.ask(update, self._shop.id, listing_id, Form({"state": state}))
        parts["state"] = state

    def _state(self, listing_id: int) -> str:
        return str(self._client.ask(self._client.get_listing, listing_id)["state"])
