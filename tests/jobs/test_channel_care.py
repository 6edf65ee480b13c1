"""Channels' health and care, on both kinds of database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from catalog.models import Maker, Product
from connectors.protocol import Facet
from jobs import channel_care
from jobs.channel_health import Health, ListingState, healths
from jobs.models import Channel, Listing, ListingFacet, QuotaBucket, Run, RunState

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A channel, and a product for each state that a listing can have."""
    with Session(engine) as session:
        channel = Channel(
            code="etsy", marketplace="etsy", site="world", account="etsy", currency="USD"
        )
        maker = Maker(slug="tifawin", name="Tifawin")
        session.add_all([channel, maker])
        session.flush()
        for state in ListingState:
            product = Product(maker_id=maker.id or 0, code=state, title=state)
            session.add(product)
        session.commit()
        yield session


def channel_of(session: Session) -> Channel:
    return session.exec(select(Channel)).one()


def list_all(session: Session) -> None:
    """A listing of each product, in the state that its code names."""
    channel = channel_of(session)
    for product in session.exec(select(Product)).all():
        state = ListingState(product.code)
        remote = None if state is ListingState.WAITING else product.code
        listing = Listing(channel_id=channel.id or 0, product_id=product.id or 0, remote_id=remote)
        session.add(listing)
        session.flush()
        session.add(facet(listing.id or 0, state))
    session.commit()


def facet(listing_id: int, state: ListingState) -> ListingFacet:
    presence = ListingFacet(listing_id=listing_id, facet=Facet.PRESENCE)
    match state:
        case ListingState.LIVE | ListingState.ENDED:
            presence.accepted = {"present": state is ListingState.LIVE}
        case ListingState.JUDGED:
            presence.pending_operation = "feed 1"
        case ListingState.REFUSED:
            presence.refused_digest = "digest"
        case ListingState.WAITING:
            pass
    return presence


def test_listings_are_counted_by_state_with_the_last_run_and_what_is_spoken_for(
    session: Session,
) -> None:
    list_all(session)
    channel, later = channel_of(session), NOON + timedelta(minutes=1)
    for number in range(2):
        finished = NOON - timedelta(hours=number)
        run = Run(channel_id=channel.id or 0, job="sync", state=RunState.DONE)
        run.finished_at = finished
        session.add(run)
    session.add(QuotaBucket(account="etsy", operation="createListing", arrival=later))
    session.add(QuotaBucket(account="etsy", operation="getShop", arrival=NOON))
    session.commit()
    assert healths(session, [channel], NOON) == {
        channel.id: Health(dict.fromkeys(ListingState, 1), NOON, {"createListing": later})
    }


def test_a_channel_that_sold_is_not_taken_away(session: Session) -> None:
    list_all(session)
    with pytest.raises(ValueError, match="pause it instead"):
        channel_care.remove(session, channel_of(session))


def test_a_channel_where_nothing_came_of_it_is_taken_away_whole(session: Session) -> None:
    channel = channel_of(session)
    product = session.exec(select(Product)).first()
    assert product
    listing = Listing(channel_id=channel.id or 0, product_id=product.id or 0)
    session.add_all([listing, Run(channel_id=channel.id or 0, job="sync")])
    session.flush()
    session.add(facet(listing.id or 0, ListingState.REFUSED))
    session.commit()
    channel_care.remove(session, channel)
    session.commit()
    left = [session.exec(select(table)).first() for table in (Channel, Listing, Run, ListingFacet)]
    assert left == [None, None, None, None]
