"""A listing's page: its source, its market, and what comes next."""

import pytest
from sqlmodel import select

from catalog.models import Maker, Product
from connectors.protocol import Facet
from jobs.models import Channel, Listing, ListingFacet
from tests.trade_ma.console.conftest import PHONE, Served, Visit
from trade_ma.console.languages import LOCALES
from trade_ma.identity.permissions import Role

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shown(site: Served) -> str:
    """The page of a listing whose market still shows the figures of yesterday."""
    with site.app.session() as session:
        query = select(Listing).join(Product).join(Channel)
        listing = session.exec(query.where(Product.code == "P-7", Channel.code == "etsy")).one()
        listing.remote_id = "77"
        for facet, accepted in ((Facet.STOCK, {"T-7": 4}), (Facet.PRICE, {"T-7": "85.00 EUR"})):
            row = ListingFacet(listing_id=listing.id or 0, facet=facet, accepted=accepted)
            row.accepted_digest, row.accepted_at = "yesterday", listing.look_again_at
            session.add(row)
        session.commit()
        return f"/listings/{listing.id}"


@pytest.mark.parametrize("code", LOCALES)
def test_a_listing_has_no_barrier_and_fits_a_phone(visit: Visit, shown: str, code: str) -> None:
    visitor = visit(Role.MAKER, code, PHONE)
    page = visitor.go(shown)
    assert page.locator("h1").inner_text() == "Tapis 7"
    assert (visitor.barriers(), visitor.sideways(), visitor.complaints) == ([], 0, [])


def test_a_listing_says_what_the_next_pass_sends(visit: Visit, shown: str) -> None:
    page = visit(Role.MANAGER).go(shown)
    stock = page.locator(".changes").first
    assert stock.locator("dt").inner_text() == "Stock T-7"
    assert [one.strip() for one in stock.locator("del, ins").all_inner_texts()] == ["4", "10"]


def test_a_price_is_explained_step_by_step(visit: Visit, shown: str) -> None:
    page = visit(Role.MANAGER).go(shown)
    page.locator(".price summary").press("Enter")
    steps = page.locator(".price tbody td:first-child").all_inner_texts()
    assert (steps[0], steps[-1]) == ("The maker’s price", "Shown")


def test_its_photos_are_those_that_the_market_gets(visit: Visit, shown: str) -> None:
    page = visit(Role.MAKER).go(shown)
    photo = page.locator(".pictures img")
    photo.scroll_into_view_if_needed()
    # Fails where the picture cannot be loaded.
    photo.evaluate("image => image.decode()")
    assert photo.get_attribute("src") == f"{shown}/photos/0"


def test_what_is_another_makers_is_nowhere(visit: Visit, site: Served) -> None:
    with site.app.session() as session:
        other = Maker(slug="other", name="Other")
        session.add(other)
        session.flush()
        product = Product(maker_id=other.id or 0, code="O-1", title="Theirs")
        session.add(product)
        session.flush()
        channel = session.exec(select(Channel)).first()
        assert channel
        listing = Listing(channel_id=channel.id or 0, product_id=product.id or 0)
        session.add(listing)
        session.commit()
        address = f"{site.address}/listings/{listing.id}"
    answers = {
        role: [visit(role).page.goto(path) for path in (address, f"{address}/photos/0")]
        for role in (Role.MAKER, Role.MANAGER)
    }
    statuses = {role: [one.status for one in both if one] for role, both in answers.items()}
    assert statuses == {Role.MAKER: [404, 404], Role.MANAGER: [200, 404]}
