"""Bring listings to their drafts: figures first, since they are quick; then whole products."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

from connectors.protocol import (
    ALL_FACETS,
    Change,
    Claimed,
    Facet,
    Outcome,
    PhotoSource,
    Receipt,
)
from connectors.shopify.bulk import Bulk
from connectors.shopify.client import Client
from connectors.shopify.figures import Figures
from connectors.shopify.finding import find
from connectors.shopify.limits import (
    BULK_OPERATIONS,
    BULK_RATE,
    BULK_START,
    FILE_COST,
    MUTATION_COST,
    VARIANT_COST,
)
from connectors.shopify.mapper import photos_of
from connectors.shopify.mutations import define_key
from connectors.shopify.place import Place
from connectors.shopify.products import Products
from connectors.shopify.translations import other_texts

_log = logging.getLogger(__name__)


class Pusher:
    """Brings listings to their drafts in one place of a shop."""

    def __init__(self, client: Client, photos: PhotoSource, place: Place) -> None:
        self._client, self._place = client, place
        self._keyed = place.keyed
        self._figures = Figures(client, place)
        self._products = Products(client, photos, place)
        self._bulk = Bulk(client, photos, place)

    def push(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """The outcomes, as they come."""
        found = find(self._client, [change for change in changes if _is_unsure(change)])
        yield from (Claimed(key, remote) for key, remote in found.items())
        changes = [replace(one, remote=found.get(one.key, one.remote)) for one in changes]
        yield from self._figures.push(change for change in changes if not _whole(change))
        whole = [_complete(change) for change in changes if _whole(change)]
        if not self._keyed and any(change.remote is None for change in whole):
            define_key(self._client)
            self._keyed = True
        in_bulk = self._faster_in_bulk(whole)
        for change in whole:
            if change.key not in in_bulk:
                yield from self._products.push(change)
        yield from self._bulk.push([change for change in whole if change.key in in_bulk])

    def poll(self, receipts: Sequence[Receipt]) -> Iterator[Outcome]:
        """The outcomes of bulk operations that have ended."""
        return self._bulk.poll(receipts)

    def _faster_in_bulk(self, whole: Sequence[Change]) -> set[str]:
        """The keys of what is better sent by bulk operations, if anything is.

        A translation names the words that it translates, which are not there before their product:
        drafts in several languages go one by one.
        """
        changes = [change for change in whole if not self._is_translated(change)]
        alone = self._client.points.seconds_for(sum(map(points_of, changes)))
        bulk = seconds_in_bulk(changes)
        if alone <= bulk:
            return set()
        _log.info(
            "%d products go by bulk operations: about %.0f s, and one by one %.0f s",
            len(changes),
            bulk,
            alone,
        )
        return {change.key for change in changes}

    def _is_translated(self, change: Change) -> bool:
        return Facet.CONTENT in change.facets and bool(other_texts(change.draft, self._place))


def _is_unsure(change: Change) -> bool:
    return change.remote is None and change.unsure


def _whole(change: Change) -> bool:
    return change.remote is None or bool(change.facets & {Facet.CONTENT, Facet.MEDIA})


def _complete(change: Change) -> Change:
    """A new listing is created whole, whatever was asked for."""
    return replace(change, facets=ALL_FACETS) if change.remote is None else change


def points_of(change: Change) -> float:
    """About what a change costs when its product is sent alone: its input, and what is answered."""
    variants, files = len(change.draft.offers), len(photos_of(change.draft))
    published = Facet.PRESENCE in change.facets
    return (
        MUTATION_COST * (2 if published else 1)
        + (VARIANT_COST + 2) * variants
        + (FILE_COST + 1) * files
    )


def seconds_in_bulk(changes: Sequence[Change]) -> float:
    """About how long bulk operations take for these changes, publishing by a second round."""
    rounds = 2 if any(Facet.PRESENCE in change.facets for change in changes) else 1
    return rounds * (BULK_START + len(changes) / (BULK_RATE * BULK_OPERATIONS))
