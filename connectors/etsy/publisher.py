"""Bringing one listing to its draft, in as few calls as Etsy allows."""

import json
from collections.abc import Iterator
from dataclasses import astuple

from connectors.errors import ConnectorError, OutcomeUnknown, Refused
from connectors.etsy.client import Client, Form, Json
from connectors.etsy.finder import Finder
from connectors.etsy.inventory import (
    Document,
    Variation,
    inventory,
    quantity,
    variants_digest,
)
from connectors.etsy.mapper import content_form, draft_form, remote_of, translations
from connectors.etsy.pictures import Pictures
from connectors.etsy.presence import Parts, Presence, publication, wants_sale
from connectors.etsy.shop import EtsyShop
from connectors.protocol import (
    Accepted,
    Change,
    Claimed,
    Draft,
    Facet,
    Issue,
    Outcome,
    PhotoSource,
    Remote,
    digest,
)


def calls_needed(change: Change) -> int:
    """The requests that `change` may take, beside those that are made once a pass."""
    draft, facets = change.draft, change.facets
    calls = 2
    if change.remote is None:
        calls += 1
    if Facet.MEDIA in facets:
        calls += len(draft.photos) + any(offer.photo for offer in draft.offers)
    if Facet.CONTENT in facets:
        calls += len(draft.texts) - 1
    return calls


class Publisher:
    """Writes one account's listings.

    `Remote.parts` keep what spares calls: the state that the listing was left in, the prices last
    accepted, the shape of its variants, and which words, pictures and languages are there.
    """

    def __init__(self, client: Client, shop: EtsyShop, finder: Finder, photos: PhotoSource) -> None:
        self._client, self._shop, self._finder = client, shop, finder
        self._presence = Presence(client, shop)
        self._pictures = Pictures(client, shop, photos)

    def create(self, change: Change) -> Iterator[Outcome]:
        """Make a new listing, whole, and say so the moment it has an id.

        Raises:
            OutcomeUnknown: nobody heard whether there is one now, and it is not to be found.
            Refused: Etsy takes none like it.
        """
        draft = change.draft
        if not wants_sale(draft):
            message = "Etsy takes no new listing of what is sold out"
            raise Refused([Issue("sold_out", message, field="available")])
        remote = self._make(draft)
        yield Claimed(change.key, remote)
        yield self.update(change, remote)

    def _make(self, draft: Draft) -> Remote:
        form = Form(draft_form(draft, self._shop.defaults(draft), self._shop.profiles(draft)))
        try:
            made = self._client.create(self._client.create_draft_listing, self._shop.id, form)
        except OutcomeUnknown as unknown:
            return self._found_after(unknown, draft)
        return remote_of(made)

    def _found_after(self, unknown: OutcomeUnknown, draft: Draft) -> Remote:
        """The listing that was made and not heard of. Raises `unknown` where it is not found."""
        try:
            found = self._finder.find_new(draft)
        except ConnectorError:
            # Whatever the trouble: what counts is that the outcome is still unknown.
            raise unknown from None
        if found is None:
            # Etsy may still be at it: the next pass looks again before it repeats.
            raise unknown
        return found

    def update(self, change: Change, remote: Remote) -> Accepted:
        """Bring the facets of a listing to what the draft says. Raises Refused."""
        draft, facets, parts = change.draft, change.facets, dict(remote.parts)
        listing_id = int(remote.id)
        fields = self._presence.settle(listing_id, draft, facets, parts)
        if Facet.MEDIA in facets:
            fields |= self._pictures.upload(listing_id, draft, parts)
        products = self._write_inventory(listing_id, draft, facets, parts)
        if Facet.MEDIA in facets:
            self._pictures.show_variants(listing_id, draft, products, parts)
        if Facet.CONTENT in facets:
            fields |= self._write_words(listing_id, draft, parts)
        fields |= publication(draft, parts)
        if fields:
            update = self._client.update_listing
            self._client.ask(update, self._shop.id, listing_id, Form(fields))
        if "state" in fields:
            parts["state"] = fields["state"]
        return Accepted(change.key, facets, Remote(remote.id, parts))

    def _write_inventory(
        self, listing_id: int, draft: Draft, facets: frozenset[Facet], parts: Parts
    ) -> list[Document]:
        """Set all variants, their prices and their stock, which Etsy takes only together.

        Where prices are not asked for, those last accepted are sent again, from memory: a price
        that waits or was refused must not slip in with the stock. Stock is always the draft's: it
        is what is left now, and units sold must not come back with a price. Answers the products
        as Etsy has them now; none where nothing was written.
        """
        if Facet.PRICE in facets:
            parts |= {f"price:{o.sku}": str(o.price.amount) for o in draft.offers}
        reshaped = Facet.CONTENT in facets and parts.get("variants") != variants_digest(draft)
        asked = reshaped or facets & {Facet.STOCK, Facet.PRICE}
        if not asked or not any(quantity(offer) for offer in draft.offers):
            return []
        prices = {o.sku: parts[f"price:{o.sku}"] for o in draft.offers if f"price:{o.sku}" in parts}
        variations = self._variations(draft, parts)
        readiness = self._shop.readiness_state_id(draft)
        document = inventory(draft, variations, prices, readiness)
        update = self._client.update_listing_inventory
        written = self._client.ask(update, listing_id, Json(document))
        parts["variants"] = variants_digest(draft)
        parts["variations"] = json.dumps([astuple(variation) for variation in variations])
        products: list[Document] = written["products"]
        return products

    def _variations(self, draft: Draft, parts: Parts) -> list[Variation]:
        """The properties of the variants: as they were, where the variants are."""
        if parts.get("variants") == variants_digest(draft):
            return [Variation(*known) for known in json.loads(parts["variations"])]
        return self._shop.variations(draft)

    def _write_words(self, listing_id: int, draft: Draft, parts: Parts) -> dict[str, str]:
        """Write the translations; the fields of updateListing for the listing's own words.

        What stands there as it was last written is left alone. Where all of it does, somebody has
        changed it in the shop, or this would not be asked for: then all is written.
        """
        defaults = self._shop.defaults(draft)
        own = content_form(draft, defaults)
        others = translations(draft, defaults.language)
        said = {"words": digest(own)}
        said |= {f"language:{language}": digest(words) for language, words in others.items()}
        changed = {name for name, words in said.items() if parts.get(name) != words} or set(said)
        for language, words in others.items():
            if f"language:{language}" in changed:
                self._translate(listing_id, language, words, parts)
        parts["words"] = said["words"]
        return own if "words" in changed else {}

    def _translate(
        self, listing_id: int, language: str, words: dict[str, str], parts: Parts
    ) -> None:
        place = (self._shop.id, listing_id, language, Form(words))
        known = f"language:{language}"
        if known in parts:
            self._client.ask(self._client.update_listing_translation, *place)
        else:
            try:
                self._client.ask(self._client.create_listing_translation, *place)
            except Refused:
                # There is one already; or what is wrong with the words is told again.
                self._client.ask(self._client.update_listing_translation, *place)
        parts[known] = digest(words)
