"""Listings over HTTP: by channel and state, beside their source, held and approved."""

from datetime import UTC, datetime

import httpx
import pytest
from sqlmodel import col, select

from connectors.protocol import Accepted, Facet, Issue, Rejected, Remote
from jobs import listings
from jobs.models import Channel, Listing
from tests.trade_ma.api.conftest import House
from tests.trade_ma.api.shelf import Shelf, stocked
from trade_ma.identity.permissions import Role

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def shelf(house: House) -> Shelf:
    """The small catalog, its rug live on the shop, its lamp refused there."""
    shelf = stocked(house)
    with house.installation.session() as session:
        channel = session.exec(select(Channel)).one()
        ids = listings.begin(session, channel, [shelf.rug, shelf.lamp])
        present = {Facet.PRESENCE: {"present": True}}
        told = Accepted("RUG", frozenset(present), Remote("r-1"))
        listings.record(session, ids[shelf.rug], told, present, NOW)
        issues = (Issue("too_dark", "The photo is too dark", field="photos"),)
        refused = Rejected("LAMP-1", frozenset({Facet.MEDIA}), issues)
        listings.record(session, ids[shelf.lamp], refused, {Facet.MEDIA: {"photos": []}}, NOW)
        session.commit()
    return shelf


def found(client: httpx.Client, **asked: str) -> list[tuple[str, str, list[str]]]:
    items = client.get("/api/v1/listings", params=asked).json()["items"]
    issues = [[issue["code"] for issue in item["issues"]] for item in items]
    return [(one["code"], one["state"], told) for one, told in zip(items, issues, strict=True)]


def test_listings_are_found_by_channel_and_state_with_what_is_complained(
    admin: httpx.Client, shelf: Shelf
) -> None:
    del shelf
    rug: tuple[str, str, list[str]] = ("RUG", "live", [])
    lamp = ("LAMP-1", "refused", ["too_dark"])
    assert found(admin) == found(admin, channel="shop") == [rug, lamp]
    assert found(admin, channel="shop", state="refused") == [lamp]
    assert found(admin, held="true") == []
    assert admin.get("/api/v1/listings", params={"channel": "x"}).status_code == 422
    products = admin.get("/api/v1/products", params={"channel": "shop", "state": "live"}).json()
    assert [(one["code"], one["listings"]) for one in products["items"]] == [
        ("RUG", {"shop": "live"})
    ]


def test_a_listing_stands_beside_its_draft_and_what_a_push_would_send(
    admin: httpx.Client, shelf: Shelf
) -> None:
    del shelf
    item = admin.get("/api/v1/listings", params={"state": "live"}).json()["items"][0]
    whole = admin.get(f"/api/v1/listings/{item['id']}").json()
    assert whole["accepted"] == {"presence": {"present": True}}
    assert whole["draft"]["stock"] == {"RUG-S": 0, "RUG-L": 0}
    assert whole["action"] == "update"
    assert {"name": "RUG-S", "old": None, "new": 0} in whole["changes"]["stock"]


def test_a_held_listing_is_not_planned_until_it_is_approved(
    house: House, admin: httpx.Client, shelf: Shelf
) -> None:
    listing = admin.get("/api/v1/listings", params={"state": "live"}).json()["items"][0]["id"]

    def planned() -> list[int]:
        with house.installation.session() as session:
            channel = session.exec(select(Channel)).one()
            return [one.product_id for one in listings.stale(session, channel, NOW)]

    assert planned() == [shelf.rug, shelf.lamp]
    held = admin.post(f"/api/v1/listings/{listing}/hold").json()
    assert (held["held_by"], found(admin, held="true")) == ("admin", [("RUG", "live", [])])
    assert planned() == [shelf.lamp]
    assert admin.post(f"/api/v1/listings/{listing}/approve").json()["held_by"] is None
    assert planned() == [shelf.rug, shelf.lamp]


def test_a_maker_sees_no_others_listings(house: House, shelf: Shelf) -> None:
    house.add(Role.MAKER, "potter", maker="potters")
    potter = house.at_the_door("potter")
    with house.installation.session() as session:
        [listing, _] = session.exec(select(Listing.id).order_by(col(Listing.product_id))).all()
    assert (found(potter), potter.get(f"/api/v1/listings/{listing}").status_code) == ([], 404)
    assert shelf.rug
