"""Whole products, one by one: created or changed by productSet, shown in the store, translated."""

from collections.abc import Iterator, Mapping
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
    Text,
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
from connectors.shopify.translations import (
    left_out,
    other_texts,
    other_words,
    own_words,
    to_translate,
    translate,
)


class Products:
    """Sets products in one place of a shop."""

    def __init__(self, client: Client, photos: PhotoSource, place: Place) -> None:
        self._client, self._photos, self._place = client, photos, place

    def push(self, change: Change) -> Iterator[Outcome]:
        """Claimed where it is new, then Accepted or Rejected."""
        known = parts_of(change.remote) if change.remote else Parts()
        try:
            if change.remote and (texts := to_translate(change, known, self._place)):
                yield self._accepted(change, change.remote.id, known, texts)
            else:
                yield from self._push_whole(change, known)
        except Refused as refusal:
            yield Rejected(change.key, change.facets, refusal.issues)

    def _push_whole(self, change: Change, known: Parts) -> Iterator[Outcome]:
        draft, facets = change.draft, change.facets
        product, parts = self._set(change, known)
        if change.remote is None:
            yield Claimed(change.key, remote_of(product["id"], parts))
        if Facet.PRESENCE in facets and draft.present:
            publish(self._client, self._place, draft, product["id"])
        texts = other_texts(draft, self._place) if Facet.CONTENT in facets else {}
        yield self._accepted(change, product["id"], parts, texts, failed_photos(product))

    def _accepted(
        self,
        change: Change,
        product_id: str,
        parts: Parts,
        texts: Mapping[str, Text],
        told: tuple[Issue, ...] = (),
    ) -> Accepted:
        """What is done once these texts are registered, beside what was `told` already."""
        refused = translate(self._client, texts, product_id) if texts else ()
        if not refused:
            parts = replace(parts, words={**parts.words, **other_words(texts)})
        without = left_out(change.draft, self._place) if Facet.CONTENT in change.facets else ()
        remote = remote_of(product_id, parts)
        return Accepted(change.key, change.facets, remote, (*told, *without, *refused))

    def _set(self, change: Change, parts: Parts) -> tuple[Json, Parts]:
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
        if Facet.CONTENT in change.facets:
            # Translations name the words that they translate: of new ones, none stands any more.
            parts = replace(parts, words=own_words(change.draft, self._place))
        return product, listed_parts(product, parts, sent_photos(change, parts))


def failed_photos(product: Json) -> tuple[Issue, ...]:
    """The warning that Shopify could not read photos of a product, if so."""
    failed = sum(media["status"] == "FAILED" for media in product["media"]["nodes"])
    if not failed:
        return ()
    message = f"Shopify could not read {failed} of the photos"
    return (Issue("photo_failed", message, Severity.WARNING, field="photos"),)
