"""What a count of the home page stands for."""

from sqlmodel import Session, col, select

from catalog.models import Photo
from connectors.protocol import Facet, Severity
from jobs.attention import Need, attention
from jobs.models import Channel, Listing, ListingIssue, PhotoCheck
from jobs.needing_work import kept_off, with_small_photos
from tests.jobs.conftest import Atelier


def complain(session: Session, listing_id: int, severity: Severity) -> None:
    session.add(
        ListingIssue(
            listing_id=listing_id,
            facet=Facet.CONTENT,
            code="title",
            severity=severity,
            message="The title is too long",
        )
    )
    session.flush()


def test_listings_that_a_complaint_keeps_off_are_named(atelier: Atelier) -> None:
    atelier.channel("shop")
    for sku in ("A", "B", "C"):
        atelier.product(sku)
    atelier.sync()
    with atelier.session() as session:
        listings = session.exec(select(Listing).order_by(col(Listing.product_id))).all()
        complain(session, listings[0].id or 0, Severity.ERROR)
        complain(session, listings[0].id or 0, Severity.ERROR)
        complain(session, listings[1].id or 0, Severity.WARNING)
        found = session.exec(kept_off(session, None)[0]).all()
        theirs = session.exec(kept_off(session, 2)[0]).all()
        count = attention(session)[Need.REFUSED]
    assert ([one.product_id for one in found], theirs, count) == ([1], [], 1)


def test_products_with_a_small_photo_are_named(atelier: Atelier) -> None:
    atelier.product("A")
    atelier.product("B")
    with atelier.session() as session:
        session.add(
            Channel(code="etsy", marketplace="etsy", site="world", account="e", currency="USD")
        )
        for photo, side in zip(session.exec(select(Photo)).all(), (400, 9000), strict=True):
            measures = {"width": side, "height": side}
            session.add(PhotoCheck(sha256=photo.sha256 or "", version=1, measures=measures))
        session.flush()
        found = [one.code for one in with_small_photos(session, None)]
        count = attention(session)[Need.PHOTOS]
        assert (found, count, with_small_photos(session, 2)) == (["A"], 1, [])
