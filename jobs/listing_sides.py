"""A listing beside its source: what its market shows, what was sent of it, and what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, select

from catalog.models import Variant
from catalog.pricing.price import Shown
from catalog.pricing.rates import Rate
from catalog.pricing.steps import Explained, explain
from catalog.pricing.terms import PriceTerms
from catalog.refusals import Why, first_why
from catalog.snapshots import Snapshot, load
from connectors.clock import Clock
from connectors.protocol import Facet, Marketplace
from images.rules import ImageRule, rule_at
from jobs.listing_desk import ListingRow, ListingsWanted, listings, rows
from jobs.models import Channel, Listing, ListingFacet
from jobs.plan import KnownFacet
from jobs.planning import Planned, plan_of
from jobs.pricing import cost_of, price_terms_of, shown_prices


class Standing(StrEnum):
    """How the marketplace stands to what it was last sent of a facet."""

    UNSENT = "unsent"
    JUDGED = "judged"  # it has it, and says later whether it takes it
    REFUSED = "refused"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class FacetSide:
    """A facet on the market: what was accepted of it and when, and how it stands now."""

    facet: Facet
    standing: Standing
    accepted: Mapping[str, Any]
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sides:
    """A listing, its source, and its facets in order of urgency."""

    row: ListingRow
    channel: Channel
    source: Snapshot | None
    facets: tuple[FacetSide, ...]

    def accepted(self, facet: Facet) -> Mapping[str, Any]:
        """What the market was last known to show of `facet`; nothing where it shows none."""
        return next(one.accepted for one in self.facets if one.facet is facet)


@dataclass(frozen=True, slots=True)
class Coming:
    """What the next pass would do; `trouble` is why nobody can tell."""

    planned: Planned | None = None
    trouble: Why | None = None


@dataclass(frozen=True, slots=True)
class SkuPrice:
    """How the price of a SKU comes about, or why it has none."""

    sku: str
    explained: Explained | None
    trouble: Why | None = None


def sides(session: Session, listing_id: int, maker_id: int | None = None) -> Sides:
    """The listing of that id, of one maker's products where a maker is given.

    Raises:
        LookupError: there is no such listing among those.
    """
    among, _ = listings(session, ListingsWanted(maker_id=maker_id))
    if (listing := session.exec(among.where(col(Listing.id) == listing_id)).first()) is None:
        raise LookupError(f"there is no listing {listing_id}")
    return Sides(
        rows(session, [listing])[0],
        session.get_one(Channel, listing.channel_id),
        next(iter(load(session, [listing.product_id])), None),
        tuple(_facets(session, listing_id)),
    )


def _facets(session: Session, listing_id: int) -> Sequence[FacetSide]:
    rows = session.exec(select(ListingFacet).where(ListingFacet.listing_id == listing_id))
    known = {row.facet: row for row in rows}
    return [_side(facet, known.get(facet)) for facet in Facet]


def _side(facet: Facet, row: ListingFacet | None) -> FacetSide:
    if row is None:
        return FacetSide(facet, Standing.UNSENT, {}, None)
    return FacetSide(facet, _standing(row), row.accepted or {}, row.accepted_at)


def _standing(row: ListingFacet) -> Standing:
    if row.pending_digest:
        return Standing.JUDGED
    if row.refused_digest:
        return Standing.REFUSED
    return Standing.ACCEPTED if row.accepted_digest else Standing.UNSENT


def coming(
    session: Session, one: Sides, market: Marketplace, rates: Mapping[str, Rate], clock: Clock
) -> Coming:
    """What the next pass would send of the listing, by the rules of the pass itself."""
    try:
        return Coming(plan_of(session, one.channel, market, rates, clock, one.row.listing))
    except (LookupError, ValueError) as error:
        return Coming(trouble=first_why(error))


def prices(
    one: Sides, market: Marketplace, rates: Mapping[str, Rate], now: datetime
) -> list[SkuPrice]:
    """How the price of each SKU comes about, in the order of the variants.

    Raises:
        LookupError: the marketplace has no such site any more.
        ValueError: the channel's policy cannot be followed; the message says why.
    """
    if one.source is None:
        return []
    terms = price_terms_of(one.channel, market.site(one.channel.site), rates)
    side = next(side for side in one.facets if side.facet is Facet.PRICE)
    shown = shown_prices(KnownFacet(accepted=side.accepted, accepted_at=side.accepted_at))
    return [_price(variant, terms, shown.get(variant.sku), now) for variant in one.source.variants]


def _price(variant: Variant, terms: PriceTerms, shown: Shown | None, now: datetime) -> SkuPrice:
    try:
        return SkuPrice(variant.sku, explain(cost_of(variant), terms, shown, now))
    except LookupError as missing:
        return SkuPrice(variant.sku, None, first_why(missing))


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo at its place on the listing, and the rule by which the marketplace gets it.

    No rule where the marketplace shows fewer photos than that.
    """

    place: int
    sha256: str
    alt: str
    rule: ImageRule | None


def pictures(one: Sides, market: Marketplace) -> list[Picture]:
    """The photos of the listing as the marketplace gets them, in their order."""
    stored = [photo for photo in (one.source.photos if one.source else ()) if photo.sha256]
    return [
        Picture(place, photo.sha256 or "", photo.alt, rule_at(market.limits.photos, place))
        for place, photo in enumerate(stored)
    ]
