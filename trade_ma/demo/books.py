"""What the database says of a channel, read anew for the demo's figures."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from catalog.models import Variant
from catalog.stock import levels
from connectors.protocol import Facet
from jobs.models import Channel, Listing, ListingFacet, Order
from trade_ma.demo.figures import Books

Shown = Mapping[Facet, Mapping[str, Any]]


def books(session: Session, channel: Channel) -> Books:
    """What the channel has for sale, and its orders. Units are the stock ledger's."""
    present = [shown for shown in _facets(session, channel).values() if _is_present(shown)]
    units = _available(session, {sku for shown in present for sku in shown[Facet.PRICE]})
    live = [shown for shown in present if any(units[sku] for sku in shown[Facet.PRICE])]
    prices = {sku: str(price) for shown in live for sku, price in shown[Facet.PRICE].items()}
    orders = session.exec(select(Order.remote_id).where(Order.channel_id == channel.id))
    return Books(
        made=_made(session, channel),
        listings=len(live),
        prices=prices,
        units={sku: units[sku] for sku in prices},
        photos=sum(len(shown.get(Facet.MEDIA, {}).get("photos", ())) for shown in live),
        orders=frozenset(orders),
    )


def accepted_since(session: Session, channel: Channel, moment: datetime) -> Counter[Facet]:
    """How many listings' facets the marketplace accepted since then, by facet."""
    rows = session.exec(
        select(ListingFacet)
        .join(Listing, col(Listing.id) == col(ListingFacet.listing_id))
        .where(Listing.channel_id == channel.id, col(ListingFacet.accepted_at) >= moment)
    )
    return Counter(row.facet for row in rows)


def _made(session: Session, channel: Channel) -> int:
    made = col(Listing.remote_id).is_not(None)
    listings = select(func.count()).select_from(Listing)
    return session.exec(listings.where(Listing.channel_id == channel.id, made)).one()


def _is_present(shown: Shown) -> bool:
    return bool(shown.get(Facet.PRESENCE, {}).get("present"))


def _facets(session: Session, channel: Channel) -> dict[int, dict[Facet, dict[str, Any]]]:
    """By listing, each facet as the marketplace last accepted it."""
    facets: dict[int, dict[Facet, dict[str, Any]]] = {}
    for row in session.exec(
        select(ListingFacet)
        .join(Listing, col(Listing.id) == col(ListingFacet.listing_id))
        .where(Listing.channel_id == channel.id)
    ):
        if row.accepted is not None:
            facets.setdefault(row.listing_id, {})[row.facet] = row.accepted
    return facets


def _available(session: Session, skus: Collection[str]) -> dict[str, int]:
    variants = session.exec(select(Variant).where(col(Variant.sku).in_(skus))).all()
    units = levels(session, [variant.id or 0 for variant in variants])
    return {variant.sku: max(0, units[variant.id or 0].available) for variant in variants}
