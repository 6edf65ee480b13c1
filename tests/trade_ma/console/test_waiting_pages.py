"""What waits for a person fills pages that lead from one to the next."""

import re
from collections.abc import Iterator

import httpx
import pytest
from sqlmodel import Session

from jobs.drift_models import Adoption, Likeness
from jobs.models import Channel
from tests.trade_ma.console.conftest import Served
from tests.trade_ma.console.filling import ticket
from trade_ma.api.access import COOKIE
from trade_ma.console.lists import ROWS
from trade_ma.identity.models import User
from trade_ma.identity.permissions import Role


@pytest.fixture
def manager(new_site: Served) -> Iterator[httpx.Client]:
    """A manager's browser, before more listings to adopt than a page holds."""
    with new_site.app.session() as session:
        session.add(User(name="Salma", role=Role.MANAGER))
        _adoptions(session, ROWS + 3)
        session.commit()
    with httpx.Client(base_url=new_site.address, timeout=30) as client:
        token = ticket(new_site.app, "Salma", "en")
        client.cookies.set(COOKIE, token, domain="127.0.0.1")
        yield client


def _adoptions(session: Session, count: int) -> None:
    shop = Channel(code="shop", marketplace="etsy", site="world", account="shop", currency="EUR")
    session.add(shop)
    session.flush()
    for number in range(count):
        listing = Adoption(
            channel_id=shop.id or 0,
            remote_id=f"r-{number}",
            title=f"Rug {number:02}",
            likeness=Likeness.LOOKS,
            score=number,
        )
        session.add(listing)


def titles(page: str) -> list[str]:
    return re.findall(r"<h2><bdi>(Rug \d+)</bdi>", page)


def test_listings_to_adopt_go_on_on_a_next_page_the_likeliest_first(manager: httpx.Client) -> None:
    first = manager.get("/adoptions").text
    [address] = re.findall(r'rel="next" href="([^"]+)"', first)
    last = manager.get(address).text
    everything = [f"Rug {number:02}" for number in reversed(range(ROWS + 3))]
    assert (titles(first), titles(last)) == (everything[:ROWS], everything[ROWS:])
    assert 'rel="next"' not in last
    assert 'href="/adoptions">First page' in last


@pytest.mark.parametrize("path", ["/adoptions", "/conflicts"])
def test_a_page_of_a_cursor_that_is_none_says_so(manager: httpx.Client, path: str) -> None:
    assert manager.get(path, params={"after": "none"}).status_code == 422
