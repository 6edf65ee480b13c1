"""How a listing stands on its market, told from what is known of its facets."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, select

from connectors.protocol import Facet
from jobs.models import Channel, Listing, ListingFacet, ListingState


def state_of(listing: Listing, facets: Mapping[Facet, ListingFacet]) -> ListingState:
    """The state of a listing with those facets. Pure."""
    if any(row.refused_digest for row in facets.values()):
        return ListingState.CHANGE_REFUSED if listing.remote_id else ListingState.REFUSED
    if any(row.pending_operation for row in facets.values()):
        return ListingState.JUDGED
    if listing.remote_id is None:
        return ListingState.IN_FLIGHT if listing.in_flight_since else ListingState.WAITING
    presence = facets.get(Facet.PRESENCE)
    if presence is None or not presence.accepted:
        return ListingState.BEGUN
    return ListingState.LIVE if presence.accepted.get("present") else ListingState.ENDED


def hold(session: Session, channel: Channel, product_id: int, by: str, now: datetime) -> Listing:
    """Let a listing wait for a person: no pass plans it until it is approved.

    What is live of it stays as it is, and passes over stock alone keep its units true, so that
    nothing is sold twice. The caller commits.
    """
    listing = _listing(session, channel, product_id)
    listing.held_at, listing.held_by = now, by
    return listing


def approve(session: Session, channel: Channel, product_id: int) -> Listing:
    """Let a held listing go: the next pass compares it with its draft. The caller commits."""
    listing = _listing(session, channel, product_id)
    listing.held_at = listing.held_by = None
    # No product has this revision: the next pass drafts and compares it.
    listing.seen_product = 0
    return listing


def _listing(session: Session, channel: Channel, product_id: int) -> Listing:
    """The listing of a product on a channel, begun where there is none."""
    found = session.exec(
        select(Listing).where(Listing.channel_id == channel.id, Listing.product_id == product_id)
    ).first()
    if found is None:
        found = Listing(channel_id=channel.id or 0, product_id=product_id)
        session.add(found)
    return found
