"""Bring listings to their drafts: stock of many in one call, whole products one by one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from connectors.errors import CredentialsRejected, Refused, Unavailable
from connectors.protocol import (
    ALL_FACETS,
    Accepted,
    Change,
    Claimed,
    Facet,
    Issue,
    Outcome,
    PhotoSource,
    Rejected,
    Remote,
    Severity,
)
from connectors.shopify.client import Client
from connectors.shopify.documents import (
    INVENTORY_SET_QUANTITIES,
    METAFIELD_DEFINITION_CREATE,
    PRODUCT,
    PRODUCT_SET,
    PRODUCT_UPDATE,
    PUBLISHABLE_PUBLISH,
    VARIANTS_BULK_UPDATE,
)
from connectors.shopify.issues import issues_of, place_in
from connectors.shopify.limits import LIST_SIZE
from connectors.shopify.mapper import (
    KEY_DEFINITION,
    Json,
    Parts,
    Sending,
    key_identifier,
    listed_parts,
    parts_of,
    photos_of,
    price_updates,
    product_input,
    quantity_updates,
    remote_of,
    status_of,
)
from connectors.shopify.photos import sources_of
from connectors.shopify.place import Place
from connectors.shopify.translations import translate


@dataclass(frozen=True, slots=True)
class _Known:
    """A change of a listing whose parts' ids we have."""

    change: Change
    product_id: str
    parts: Parts

    @property
    def remote(self) -> Remote:
        return remote_of(self.product_id, self.parts)


class Pusher:
    """Brings listings to their drafts in one place of a shop."""

    def __init__(self, client: Client, photos: PhotoSource, place: Place) -> None:
        self._client, self._photos, self._place = client, photos, place
        self._keyed = place.keyed

    def push(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """Stock, presence and prices first, since they are quick; then whole products."""
        for batch in batches(change for change in changes if not _whole(change)):
            yield from self._push_figures(batch)
        for change in changes:
            if _whole(change):
                yield from self._push_product(change)

    def _push_figures(self, batch: Sequence[Change]) -> Iterator[Outcome]:
        known, refused = self._look_up(batch)
        refused |= self._set_quantities([k for k in known if Facet.STOCK in k.change.facets])
        for one in known:
            issues = refused.get(one.change.key) or self._set_rest(one)
            if not issues:
                yield Accepted(one.change.key, one.change.facets, one.remote)
            else:
                refused[one.change.key] = issues
        for change in batch:
            if change.key in refused:
                yield Rejected(change.key, change.facets, refused[change.key])

    def _look_up(
        self, batch: Sequence[Change]
    ) -> tuple[list[_Known], dict[str, tuple[Issue, ...]]]:
        """The changes with their parts' ids, read where we have not kept them."""
        known: list[_Known] = []
        refused: dict[str, tuple[Issue, ...]] = {}
        for change in batch:
            remote = change.remote
            assert remote, "a listing without a remote id is pushed whole"  # noqa: S101
            parts = parts_of(remote)
            if change.facets != {Facet.PRESENCE} and not parts.know(change.draft):
                parts = self._read_parts(remote, parts)
            if change.facets == {Facet.PRESENCE} or parts.know(change.draft):
                known.append(_Known(change, remote.id, parts))
            else:
                message = "The shop has not all variants of this listing any more"
                refused[change.key] = (Issue("variants_missing", message, field="options"),)
        return known, refused

    def _read_parts(self, remote: Remote, parts: Parts) -> Parts:
        answer = self._client.call(PRODUCT, id=remote.id, variants=LIST_SIZE, files=1)
        product = answer["product"]
        return listed_parts(product, parts) if product else parts

    def _set_quantities(self, known: Sequence[_Known]) -> dict[str, tuple[Issue, ...]]:
        """Set the stock of all in one call; what Shopify refused, by draft.

        One bad quantity makes Shopify refuse the whole list, so the others are sent again.
        """
        refused: dict[str, tuple[Issue, ...]] = {}
        while waiting := [one for one in known if one.change.key not in refused]:
            owners = [one for one in waiting for _ in one.change.draft.offers]
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
                for one in owners if place is None else [owners[place]]:
                    refused[one.change.key] = _refused_stock(error, one, place, owners)
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
        change = one.change
        try:
            if Facet.PRESENCE in change.facets:
                self._set_presence(change, one.product_id)
            if Facet.PRICE in change.facets:
                answer = self._client.call(
                    VARIANTS_BULK_UPDATE,
                    productId=one.product_id,
                    variants=price_updates(change.draft, one.parts),
                )
                _accept(answer["productVariantsBulkUpdate"], change)
        except Refused as refusal:
            return refusal.issues
        return ()

    def _set_presence(self, change: Change, product_id: str) -> None:
        product = {"id": product_id, "status": status_of(change.draft)}
        answer = self._client.call(PRODUCT_UPDATE, product=product)
        _accept(answer["productUpdate"], change)
        if change.draft.present:
            self._publish(change, product_id)

    def _publish(self, change: Change, product_id: str) -> None:
        store = [{"publicationId": self._place.publication}]
        answer = self._client.call(PUBLISHABLE_PUBLISH, id=product_id, input=store)
        _accept(answer["publishablePublish"], change)

    def _push_product(self, change: Change) -> Iterator[Outcome]:
        new = change.remote is None
        facets = ALL_FACETS if new else change.facets
        try:
            product, parts = self._set_product(replace(change, facets=facets))
            remote = remote_of(product["id"], parts)
            if new:
                yield Claimed(change.key, remote)
            if Facet.PRESENCE in facets and change.draft.present:
                self._publish(change, remote.id)
            issues = _failed_photos(product)
            if Facet.CONTENT in facets:
                issues += translate(self._client, self._place, change.draft, remote.id)
        except Refused as refusal:
            yield Rejected(change.key, facets, refusal.issues)
        else:
            yield Accepted(change.key, facets, remote, issues)

    def _set_product(self, change: Change) -> tuple[Json, Parts]:
        parts = parts_of(change.remote) if change.remote else Parts()
        try:
            return self._send_product(change, parts)
        except Refused as refusal:
            if not parts.files or all(issue.field != "photos" for issue in refusal.issues):
                raise
            # Somebody has deleted a file in the shop: hand over all of them anew.
            return self._send_product(change, replace(parts, files={}))

    def _send_product(self, change: Change, parts: Parts) -> tuple[Json, Parts]:
        draft, remote = change.draft, change.remote
        if remote is None:
            self._define_key()
        photos = photos_of(draft) if Facet.MEDIA in change.facets else None
        fresh = [photo for photo in photos or () if photo.sha256 not in parts.files]
        sending = Sending(
            facets=change.facets,
            location=self._place.location,
            locale=self._place.locale,
            parts=parts,
            sources=sources_of(fresh, self._photos, self._client),
            new=remote is None,
        )
        answer = self._client.call(
            PRODUCT_SET,
            identifier={"id": remote.id} if remote else key_identifier(draft),
            input=product_input(draft, sending),
            variants=len(draft.offers),
            files=max(1, len(photos or ())),
        )["productSet"]
        _accept(answer, change)
        return answer["product"], listed_parts(answer["product"], parts, photos)

    def _define_key(self) -> None:
        """Define our key on the shop's products, once: without it, productSet cannot upsert."""
        if self._keyed:
            return
        answer = self._client.call(METAFIELD_DEFINITION_CREATE, definition=KEY_DEFINITION)
        errors = answer["metafieldDefinitionCreate"]["userErrors"]
        if any(error["code"] != "TAKEN" for error in errors):
            told = "; ".join(error["message"] for error in errors)
            raise CredentialsRejected(f"Shopify does not let the app mark its products: {told}")
        self._keyed = True


def _whole(change: Change) -> bool:
    return change.remote is None or bool(change.facets & {Facet.CONTENT, Facet.MEDIA})


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


def _refused_stock(
    error: Json, one: _Known, place: int | None, owners: Sequence[_Known]
) -> tuple[Issue, ...]:
    sku = None
    if place is not None:
        sku = one.change.draft.offers[place - owners.index(one)].sku
    code = (error["code"] or "refused").lower()
    return (Issue(code, error["message"], field="available", sku=sku),)


def _accept(payload: Any, change: Change) -> None:
    """Raises Refused with what a mutation's payload complains of, if anything."""
    if errors := payload["userErrors"]:
        raise Refused(issues_of(errors, change.draft))


def _failed_photos(product: Json) -> tuple[Issue, ...]:
    failed = sum(media["status"] == "FAILED" for media in product["media"]["nodes"])
    if not failed:
        return ()
    message = f"Shopify could not read {failed} of the photos"
    return (Issue("photo_failed", message, Severity.WARNING, field="photos"),)
