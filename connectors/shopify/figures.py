"""Stock, presence and prices of products that are there: stock of many in one call."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

from connectors.errors import Refused, Unavailable
from connectors.protocol import Accepted, Change, Facet, Issue, Outcome, Rejected, Remote
from connectors.shopify.client import Client
from connectors.shopify.documents import (
    INVENTORY_SET_QUANTITIES,
    PRODUCT,
    VARIANTS_BULK_UPDATE,
)
from connectors.shopify.issues import place_in
from connectors.shopify.limits import LIST_SIZE
from connectors.shopify.mapper import (
    Json,
    Parts,
    listed_parts,
    parts_of,
    price_updates,
    quantity_updates,
    remote_of,
)
from connectors.shopify.mutations import accept, set_presence
from connectors.shopify.place import Place

Refusals = dict[str, tuple[Issue, ...]]


@dataclass(frozen=True, slots=True)
class _Known:
    """A change of a listing whose parts' ids we have."""

    change: Change
    product_id: str
    parts: Parts

    @property
    def remote(self) -> Remote:
        return remote_of(self.product_id, self.parts)


class Figures:
    """Sets stock, presence and prices in one place of a shop."""

    def __init__(self, client: Client, place: Place) -> None:
        self._client, self._place = client, place

    def push(self, changes: Iterable[Change]) -> Iterator[Outcome]:
        """The stock of as many listings as fit in a call, then the rest of each of them."""
        for batch in batches(changes):
            known, refused = self._look_up(batch)
            refused |= self._set_quantities([k for k in known if Facet.STOCK in k.change.facets])
            for one in known:
                if issues := refused.get(one.change.key) or self._set_rest(one):
                    refused[one.change.key] = issues
                else:
                    yield Accepted(one.change.key, one.change.facets, one.remote)
            for change in batch:
                if change.key in refused:
                    yield Rejected(change.key, change.facets, refused[change.key])

    def _look_up(self, batch: Sequence[Change]) -> tuple[list[_Known], Refusals]:
        """The changes with their parts' ids, read where we have not kept them."""
        known: list[_Known] = []
        refused: Refusals = {}
        for change in batch:
            remote = change.remote
            assert remote, "a listing without a remote id is pushed whole"  # noqa: S101
            parts = parts_of(remote)
            needs_parts = change.facets != {Facet.PRESENCE}
            if needs_parts and not parts.know(change.draft):
                parts = self._read_parts(remote, parts)
            if needs_parts and not parts.know(change.draft):
                message = "The shop has not all variants of this listing any more"
                refused[change.key] = (Issue("variants_missing", message, field="options"),)
            else:
                known.append(_Known(change, remote.id, parts))
        return known, refused

    def _read_parts(self, remote: Remote, parts: Parts) -> Parts:
        answer = self._client.call(PRODUCT, id=remote.id, variants=LIST_SIZE, files=1)
        product = answer["product"]
        return listed_parts(product, parts) if product else parts

    def _set_quantities(self, known: Sequence[_Known]) -> Refusals:
        """Set the stock of all in one call; what Shopify refused, by draft.

        One bad quantity makes Shopify refuse the whole list, so the others are sent again.
        """
        refused: Refusals = {}
        while waiting := [one for one in known if one.change.key not in refused]:
            owners = [(one, offer) for one in waiting for offer in one.change.draft.offers]
            quantities = [
                quantity
                for one in waiting
                for quantity in quantity_updates(one.change.draft, one.parts, self._place.location)
            ]
            errors = self._send_quantities(quantities)
            if not errors:
                break
            for error in errors:
                place = place_in(error, "quantities")
                for one, offer in owners if place is None else [owners[place]]:
                    sku = None if place is None else offer.sku
                    code = (error["code"] or "refused").lower()
                    issue = Issue(code, error["message"], field="available", sku=sku)
                    refused[one.change.key] = (issue,)
        return refused

    def _send_quantities(self, quantities: Sequence[Json]) -> Sequence[Json]:
        answer = self._client.call(
            INVENTORY_SET_QUANTITIES,
            input={"name": "available", "reason": "correction", "quantities": quantities},
            key=str(uuid4()),
        )
        errors: Sequence[Json] = answer["inventorySetQuantities"]["userErrors"]
        if any((error["code"] or "").startswith("IDEMPOTENCY") for error in errors):
            # Our call is still being carried out after we stopped listening to it.
            raise Unavailable("Shopify is still setting these quantities")
        return errors

    def _set_rest(self, one: _Known) -> tuple[Issue, ...]:
        """Set presence and prices of one listing; what Shopify refused."""
        draft, facets = one.change.draft, one.change.facets
        try:
            if Facet.PRESENCE in facets:
                set_presence(self._client, self._place, draft, one.product_id)
            if Facet.PRICE in facets:
                prices = price_updates(draft, one.parts)
                answer = self._client.call(
                    VARIANTS_BULK_UPDATE, productId=one.product_id, variants=prices
                )
                accept(answer["productVariantsBulkUpdate"], draft)
        except Refused as refusal:
            return refusal.issues
        return ()


def batches(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """Changes in order, with no more variants together than one list may hold."""
    batch: list[Change] = []
    room = LIST_SIZE
    for change in changes:
        size = len(change.draft.offers)
        if batch and size > room:
            yield batch
            batch, room = [], LIST_SIZE
        batch.append(change)
        room -= size
    if batch:
        yield batch
