"""Etsy's pages of listings, as odd as sellers have met them."""

from collections.abc import Iterator
from typing import Any

import pytest
import responses

from connectors.clock import VirtualClock
from connectors.conformance.ground import MemoryVault
from connectors.errors import Unavailable
from connectors.etsy.client import Client
from connectors.etsy.finder import Finder
from connectors.etsy.quota import Quota
from connectors.etsy.shop import EtsyShop
from connectors.protocol import Account
from connectors.quotas import LocalBuckets

SERVER = "https://openapi.etsy.com/v3/application"


@pytest.fixture
def finder(clock: VirtualClock) -> Iterator[Finder]:
    credentials = {"keystring": "k", "shared_secret": "s", "access_token": "1.a"}
    vault = MemoryVault(credentials | {"expires_at": "2027-01-01T00:00:00+00:00"})
    buckets = LocalBuckets(clock.now)
    account = Account("etsy", "world", "USD", ("en",), vault, buckets, clock=clock)
    client = Client(account, Quota(account))
    yield Finder(client, EtsyShop(client, account))
    client.session.close()


def page(numbers: range, count: int) -> dict[str, Any]:
    told = [{"listing_id": number, "description": ""} for number in numbers]
    return {"count": count, "results": told}


@pytest.fixture
def etsy() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as answers:
        answers.get(f"{SERVER}/users/me", json={"user_id": 1, "shop_id": 7})
        yield answers


def tell(etsy: responses.RequestsMock, state: str, **pages: dict[str, Any]) -> None:
    """Answer the pages of a state, by their offsets."""
    for offset, told in pages.items():
        query = {"state": state, "offset": offset.removeprefix("at_")}
        matcher = responses.matchers.query_param_matcher(query, strict_match=False)
        etsy.get(f"{SERVER}/shops/7/listings", json=told, match=[matcher])


def test_a_count_with_repeated_listings_in_it_does_not_stop_the_reading(
    finder: Finder, etsy: responses.RequestsMock
) -> None:
    tell(etsy, "active", at_0=page(range(1, 101), 113), at_100=page(range(88, 101), 113))
    for state in ("inactive", "sold_out", "draft", "expired"):
        tell(etsy, state, at_0=page(range(0), 0))
    assert [listing["listing_id"] for listing in finder.all()] == list(range(1, 101))


def test_a_page_that_never_ends_is_trouble_and_no_whole_shop(
    finder: Finder, etsy: responses.RequestsMock
) -> None:
    tell(etsy, "active", at_0=page(range(1, 101), 500), at_100=page(range(1, 101), 500))
    with pytest.raises(Unavailable, match="over and over"):
        list(finder.all())
