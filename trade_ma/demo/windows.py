"""One piece in the window of each market: its words, its price, and how the price came about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import select

from catalog.pricing.steps import Explained
from connectors.protocol import Facet
from connectors.sandbox.control import ShownListing, ShownOffer
from jobs import pricing
from jobs.models import Channel, Listing, ListingFacet
from jobs.status import status
from jobs.sync import Workshop
from trade_ma.demo.markets import PracticeMarket
from trade_ma.installation import App
from trade_ma.workshop import workshop_of


@dataclass(frozen=True, slots=True)
class Window:
    """A piece as the market shows it to buyers, and our own account of its price.

    `locale` is what its buyers read, `written_in` what its words are really in; `remarks` are what
    is said of the listing.
    """

    channel: str
    locale: str
    written_in: str
    title: str
    description: str
    price: str
    explained: Explained
    remarks: tuple[str, ...]


def windows(
    app: App, sku: str, markets: Sequence[PracticeMarket], channels: Sequence[Channel]
) -> Iterator[Window]:
    """The piece on each of the markets that sells it; read from the market itself."""
    by_code, shop = {channel.code: channel for channel in channels}, workshop_of(app)
    for market in markets:
        for listing in market.listings():
            if offer := next((one for one in listing.offers if one.sku == sku), None):
                yield _window(shop, by_code[market.stall.channel], listing, offer)


def _window(shop: Workshop, channel: Channel, listing: ShownListing, offer: ShownOffer) -> Window:
    terms = pricing.price_terms_of(channel, shop.market(channel).site(channel.site), shop.rates)
    with shop.sessions() as session:
        explained = pricing.explain(session, channel, offer.sku, terms, shop.clock.now())
        issues = status(session, channel).issues
        content = session.exec(
            select(ListingFacet)
            .join(Listing)
            .where(
                Listing.remote_id == listing.remote_id,
                Listing.channel_id == channel.id,
                ListingFacet.facet == Facet.CONTENT,
            )
        ).one()
    return Window(
        channel.code,
        channel.locales[0],
        next(iter((content.accepted or {}).get("texts", {})), ""),
        listing.title,
        listing.description,
        f"{offer.price} {offer.currency}",
        explained,
        tuple(issue.message for issue in issues if issue.key == offer.sku),
    )
