"""Bring listings to their drafts: figures first, since they are quick; then whole products."""

from collections.abc import Iterator, Sequence

from connectors.protocol import Change, Facet, Outcome, PhotoSource
from connectors.shopify.client import Client
from connectors.shopify.figures import Figures
from connectors.shopify.mutations import define_key
from connectors.shopify.place import Place
from connectors.shopify.products import Products


class Pusher:
    """Brings listings to their drafts in one place of a shop."""

    def __init__(self, client: Client, photos: PhotoSource, place: Place) -> None:
        self._client = client
        self._keyed = place.keyed
        self._figures = Figures(client, place)
        self._products = Products(client, photos, place)

    def push(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """The outcomes, as they come."""
        yield from self._figures.push(change for change in changes if not _whole(change))
        whole = [change for change in changes if _whole(change)]
        if not self._keyed and any(change.remote is None for change in whole):
            define_key(self._client)
            self._keyed = True
        for change in whole:
            yield from self._products.push(change)


def _whole(change: Change) -> bool:
    return change.remote is None or bool(change.facets & {Facet.CONTENT, Facet.MEDIA})
