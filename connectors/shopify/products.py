"""Whole products, one by one: created or changed by productSet, shown in the store, translated."""

from collections.abc import Iterator
from dataclasses import replace

from connectors.errors import Refused
from connectors.protocol import (
    Accepted,
    Change,
    Claimed,
    Facet,
    Issue,
    Outcome,
    PhotoSource,
    Rejected,
    Severity,
)
from connectors.shopify.client import Client
from connectors.shopify.documents import PRODUCT_SET
from connectors.shopify.mapper import (
    Json,
    Parts,
    listed_parts,
    missing_photos,
    parts_of,
    product_set,
    remote_of,
    sent_photos,
)
from connectors.shopify.mutations import accept, publish
from connectors.shopify.photos import hand_over, ready
from connectors.shopify.place import Place
from connectors.shopify.translations import translate


class Products:
    """Sets products in one place of a shop."""

    def __init__(self, client: Client, photos: PhotoSource, place: Place) -> None:
        self._client, self._photos, self._place = client, photos, place

    def push(self, change: Change) -> Iterator[Outcome]:
        """Claimed where it is new, then Accepted or Rejected."""
        try:
            product, parts = self._set(change)
            remote = remote_of(product["id"], parts)
            if change.remote is None:
                yield Claimed(change.key, remote)
            issues = self._finish(change, product)
        except Refused as refusal:
            yield Rejected(change.key, change.facets, refusal.issues)
        else:
            yield Accepted(change.key, change.facets, remote, issues)

    def _set(self, change: Change) -> tuple[Json, Parts]:
        parts = parts_of(change.remote) if change.remote else Parts()
        try:
            return self._send(change, parts)
        except Refused as refusal:
            if not parts.files or all(issue.field != "photos" for issue in refusal.issues):
                raise
            # Somebody has deleted a file in the shop: hand over all of them anew.
            return self._send(change, replace(parts, files={}))

    def _send(self, change: Change, parts: Parts) -> tuple[Json, Parts]:
        photos = ready(missing_photos(change, parts), self._photos)
        sources = hand_over(photos, self._client)
        variables = product_set(change, self._place.sending(change, parts, sources))
        answer = self._client.call(PRODUCT_SET, **variables)["productSet"]
        accept(answer, change.draft)
        product = answer["product"]
        return product, listed_parts(product, parts, sent_photos(change, parts))

    def _finish(self, change: Change, product: Json) -> tuple[Issue, ...]:
        """Show the product and register its other languages; Shopify's warnings."""
        if Facet.PRESENCE in change.facets and change.draft.present:
            publish(self._client, self._place, change.draft, product["id"])
        if Facet.CONTENT not in change.facets:
            return failed_photos(product)
        translated = translate(self._client, self._place, change.draft, product["id"])
        return failed_photos(product) + translated


def failed_photos(product: Json) -> tuple[Issue, ...]:
    """The warning that Shopify could not read photos of a product, if so."""
    failed = sum(media["status"] == "FAILED" for media in product["media"]["nodes"])
    if not failed:
        return ()
    message = f"Shopify could not read {failed} of the photos"
    return (Issue("photo_failed", message, Severity.WARNING, field="photos"),)
