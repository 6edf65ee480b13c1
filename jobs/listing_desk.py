"""Listings as people go through them: by channel and state, and one beside its source."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from catalog.models import Product
from connectors.protocol import Facet
from jobs.channels import channel_id
from jobs.listings import GRAVEST_FIRST
from jobs.models import Channel, Listing, ListingFacet, ListingIssue, ListingState
from jobs.planning import Planned, plan_of
from jobs.sync import Workshop


@dataclass(frozen=True, slots=True)
class ListingsWanted:
    """Which listings; None and empty do not narrow them. `channel` is a code."""

    channel: str | None = None
    states: Collection[ListingState] = ()
    held: bool | None = None
    maker_id: int | None = None


def listings(session: Session, wanted: ListingsWanted) -> tuple[SelectOfScalar[Listing], Any]:
    """A statement of listings, and the key that it is read by: within a channel their product.

    Raises:
        LookupError: there is no such channel.
    """
    statement, key = select(Listing), col(Listing.id)
    if wanted.channel is not None:
        channel = channel_id(session, wanted.channel)
        statement, key = statement.where(Listing.channel_id == channel), col(Listing.product_id)
    if wanted.states:
        statement = statement.where(col(Listing.state).in_(wanted.states))
    if wanted.held is not None:
        is_held = col(Listing.held_at).is_not(None)
        statement = statement.where(is_held if wanted.held else ~is_held)
    if wanted.maker_id is not None:
        theirs = select(Product.id).where(Product.maker_id == wanted.maker_id)
        statement = statement.where(col(Listing.product_id).in_(theirs))
    return statement, key


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A listing as a list shows it."""

    listing: Listing
    channel: str
    product: Product
    issues: tuple[ListingIssue, ...] = ()


def rows(session: Session, found: Sequence[Listing]) -> list[ListingRow]:
    """A page of listings with their products and issues: three queries."""
    channels = {channel.id: channel.code for channel in session.exec(select(Channel))}
    wanted = col(Product.id).in_({listing.product_id for listing in found})
    products = {product.id: product for product in session.exec(select(Product).where(wanted))}
    issues: dict[int, list[ListingIssue]] = {}
    ids = [listing.id for listing in found]
    of_those = select(ListingIssue).where(col(ListingIssue.listing_id).in_(ids))
    for issue in session.exec(of_those.order_by(*GRAVEST_FIRST)):
        issues.setdefault(issue.listing_id, []).append(issue)
    return [
        ListingRow(
            listing,
            channels[listing.channel_id],
            products[listing.product_id],
            tuple(issues.get(listing.id or 0, ())),
        )
        for listing in found
    ]


@dataclass(frozen=True, slots=True)
class BesideSource:
    """A listing beside what it is made of: what was accepted of it, and what would be sent now."""

    row: ListingRow
    accepted: Mapping[Facet, Mapping[str, Any]]
    planned: Planned | None


def beside_source(session: Session, listing: Listing, shop: Workshop) -> BesideSource:
    """One listing whole. Nothing is sent or asked, and nothing is written.

    Raises:
        LookupError: the channel's marketplace is not installed.
    """
    channel = session.get_one(Channel, listing.channel_id)
    facets = select(ListingFacet).where(ListingFacet.listing_id == listing.id)
    accepted = {facet.facet: facet.accepted for facet in session.exec(facets) if facet.accepted}
    planned = plan_of(session, channel, shop.market(channel), shop.rates, shop.clock, listing)
    return BesideSource(rows(session, [listing])[0], accepted, planned)
