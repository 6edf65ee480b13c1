"""Orders over the API: found, shipped, and their buyers read by those who may."""

import csv
import io
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from sqlmodel import select

from jobs.models import Order
from jobs.order_models import Conflict, Parcel
from tests.trade_ma.api.conftest import House
from tests.trade_ma.conftest import Practice
from tests.trade_ma.selling import goes_down, opened, sell
from trade_ma.identity.models import AuditEntry
from trade_ma.identity.permissions import Role

PARCEL = {"carrier": "DHL", "tracking_number": "JD014600003"}


@pytest.fixture
def shop(practice: Practice) -> Iterator[House]:
    """The practice shop over the API, with two orders."""
    sell(practice, {"T-3": 3}, {"T-4": 1})
    with opened(practice) as address, ExitStack() as guests:
        yield House(practice.app, address, guests)


def audited(shop: House) -> list[tuple[str, str]]:
    with shop.installation.session() as session:
        return [(one.action, one.object) for one in session.exec(select(AuditEntry))]


def parcels(shop: House) -> list[tuple[str, bool]]:
    with shop.installation.session() as session:
        rows = session.exec(select(Parcel)).all()
        return [(row.tracking_number, row.told_at is not None) for row in rows]


def test_orders_are_found_page_by_page_and_by_what_they_are(shop: House) -> None:
    viewer = shop.signed_in(Role.VIEWER)
    first = viewer.get("/api/v1/orders", params={"limit": 1}).json()
    rest = viewer.get("/api/v1/orders", params={"limit": 1, "cursor": first["next"]}).json()
    told = [one["lines"][0]["sku"] for one in (*first["items"], *rest["items"])]
    assert (told, rest["next"]) == (["T-4", "T-3"], None)

    def count(**wanted: Any) -> int:
        return len(viewer.get("/api/v1/orders", params=wanted).json()["items"])

    assert count(stage=["to_ship", "new"]) == 2
    assert count(stage="shipped") == count(channel="etsy") == count(country="FR") == 0
    assert count(country="US", channel="shopify-us", conflict="false", first="2020-01-01") == 2
    assert count(conflict="true") == count(unreadable="true", sort="-id") == 0
    assert count(number=first["items"][0]["number"]) == 1


def test_a_parcel_is_told_in_the_request_and_the_rest_is_left(shop: House) -> None:
    packer = shop.signed_in(Role.SHIPPER)
    rehearsed = packer.post("/api/v1/orders/1/parcels", json={**PARCEL, "dry_run": True}).json()
    assert (rehearsed["told"], rehearsed["dry_run"], parcels(shop)) == (False, True, [])
    sent = packer.post("/api/v1/orders/1/parcels", json={**PARCEL, "units": {"T-3": 2}})
    assert sent.status_code == 201, sent.text
    assert (sent.json()["told"], sent.json()["later"]) == (True, None)
    assert [one["units"] for one in sent.json()["order"]["parcels"]] == [{"T-3": 2}]
    more = {"carrier": "DHL", "tracking_number": "2", "units": {"T-3": 2}}
    refused = packer.post("/api/v1/orders/1/parcels", json=more)
    assert (refused.status_code, refused.json()["code"]) == (409, "not-to-ship")
    assert parcels(shop) == [("JD014600003", True)]
    assert audited(shop) == [("order.ship", "order:1")]


def test_a_marketplace_that_is_down_is_told_by_the_next_pass(
    shop: House, practice: Practice
) -> None:
    goes_down(practice)
    sent = shop.signed_in(Role.SHIPPER).post("/api/v1/orders/1/parcels", json=PARCEL).json()
    assert (sent["told"], bool(sent["later"])) == (False, True)
    assert parcels(shop) == [("JD014600003", False)]


def test_a_refused_parcel_is_forgotten(shop: House, practice: Practice) -> None:
    with shop.installation.session() as session:
        remote_id = session.get_one(Order, 1).remote_id
    practice.market.cancel(remote_id, None, restock=True)
    answer = shop.signed_in(Role.SHIPPER).post("/api/v1/orders/1/parcels", json=PARCEL)
    assert (answer.status_code, answer.json()["code"]) == (409, "refused-by-marketplace")
    assert parcels(shop) == []


def test_every_reading_of_a_buyer_is_written_down_and_erasing_is_for_good(shop: House) -> None:
    packer, manager = shop.signed_in(Role.SHIPPER), shop.signed_in(Role.MANAGER)
    read = packer.get("/api/v1/orders/1/buyer")
    assert read.headers["cache-control"] == "no-store"
    assert read.json()["name"]
    assert packer.delete("/api/v1/orders/1/buyer").status_code == 403
    assert manager.delete("/api/v1/orders/1/buyer").status_code == 204
    assert manager.get("/api/v1/orders/1/buyer").json()["name"] is None
    assert audited(shop) == [
        ("buyer.read", "order:1"),
        ("buyer.erase", "order:1"),
        ("buyer.read", "order:1"),
    ]
    assert read.json()["name"] not in packer.get("/api/v1/orders").text


def test_the_file_has_every_order_and_no_buyer(shop: House) -> None:
    packer = shop.signed_in(Role.SHIPPER)
    name = packer.get("/api/v1/orders/1/buyer").json()["name"]
    text = packer.get("/api/v1/orders/export").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["skus"], row["units"], row["stage"]) for row in rows] == [
        ("T-3", "3", "to_ship"),
        ("T-4", "1", "to_ship"),
    ]
    assert name not in text


def test_a_flag_wants_the_etag_and_its_reason_is_for_those_who_ship(shop: House) -> None:
    packer, viewer = shop.signed_in(Role.SHIPPER), shop.signed_in(Role.VIEWER)
    reason = "Jane Roe asks for another address"
    seen = packer.get("/api/v1/orders/1")

    def flag(etag: str | None, reason: str = reason) -> httpx.Response:
        headers = {"If-Match": etag} if etag else {}
        return packer.put("/api/v1/orders/1/flag", json={"reason": reason}, headers=headers)

    assert [flag(None).status_code, flag('"other"').status_code] == [428, 412]
    done = flag(seen.headers["ETag"])
    assert (done.status_code, done.json()["flag"], done.json()["flagged_by"]) == (
        200,
        reason,
        "shipper",
    )
    assert flag(done.headers["ETag"], " ").json()["code"] == "invalid"
    told = viewer.get("/api/v1/orders/1").json()
    assert (told["flag"], told["flagged_at"]) == (None, done.json()["flagged_at"])
    lists = [viewer.get("/api/v1/orders", params={"flagged": one}) for one in (True, False)]
    assert [[one["id"] for one in page.json()["items"]] for page in lists] == [[1], [2]]
    assert not any(reason in page.text for page in (*lists, viewer.get("/api/v1/orders/export")))
    off = [
        packer.delete("/api/v1/orders/1/flag", headers={"If-Match": done.headers["ETag"]}),
        packer.delete("/api/v1/orders/1/flag", headers={"If-Match": "*"}),
    ]
    assert [(one.status_code, one.json()["flagged_at"]) for one in off] == [(200, None)] * 2
    with shop.installation.session() as session:
        entries = session.exec(select(AuditEntry)).all()
    states = {"flagged": {"state": "flagged"}, "unflagged": {"state": "unflagged"}}
    assert [(one.action, one.object, one.before, one.after) for one in entries] == [
        ("order.flag", "order:1", states["unflagged"], states["flagged"]),
        ("order.unflag", "order:1", states["flagged"], states["unflagged"]),
    ]


def test_what_a_refunded_order_holds_is_released_once(shop: House, practice: Practice) -> None:
    packer = shop.signed_in(Role.SHIPPER)
    standing = packer.post("/api/v1/orders/1/release", json={})
    assert (standing.status_code, standing.json()["code"]) == (409, "not-to-release")
    with shop.installation.session() as session:
        remote_id = session.get_one(Order, 1).remote_id
    practice.market.refund(remote_id, None, restock=False)
    practice.run("orders", "pull")
    told = [
        packer.post("/api/v1/orders/1/release", json={"dry_run": dry_run}).json()
        for dry_run in (True, False, False)
    ]
    assert [one["units"] for one in told] == [{"T-3": 3}, {"T-3": 3}, {}]
    assert [one["order"]["lines"][0]["released"] for one in told] == [3, 3, 3]
    assert practice.run("stock", "repair", "--dry-run").stdout == "Nothing differs\n"
    with shop.installation.session() as session:
        [entry] = session.exec(select(AuditEntry)).all()
    assert (entry.action, entry.after) == ("order.release", {"units": {"T-3": 3}})


def test_a_conflict_is_kept_once(shop: House) -> None:
    with shop.installation.session() as session:
        session.add(Conflict(order_line_id=1, variant_id=4, units=1))
        session.commit()
    packer = shop.signed_in(Role.SHIPPER)
    [found] = packer.get("/api/v1/conflicts").json()["items"]
    assert (found["sku"], found["order_id"], "cancel" in found["answer"]) == ("T-3", 1, True)
    statuses = [packer.post("/api/v1/conflicts/1/keep", json={}).status_code for _ in range(2)]
    assert (statuses, audited(shop)) == ([204, 409], [("conflict.keep", "conflict:1")])


def test_what_nobody_could_read_is_tried_again(shop: House) -> None:
    manager = shop.signed_in(Role.MANAGER)
    told = manager.post("/api/v1/orders/retry", json={"dry_run": True}).json()
    assert told == {"healed": {"shopify-us": 0}, "dry_run": True}
    unknown = manager.post("/api/v1/orders/retry", json={"channels": ["nowhere"]})
    assert unknown.status_code == 404


def test_a_comparison_is_rehearsed_and_begun(shop: House) -> None:
    manager = shop.signed_in(Role.MANAGER)
    rehearsed = manager.post("/api/v1/reconcile", json={"channel": "shopify-us", "dry_run": True})
    assert (rehearsed.status_code, rehearsed.json()["trouble"]) == (200, None)
    assert manager.get("/api/v1/reconcile").json()["items"] == []
    begun: httpx.Response = manager.post("/api/v1/reconcile", json={"channel": "shopify-us"})
    assert begun.status_code == 202
    [report] = _reports(manager)
    differing = manager.get(f"/api/v1/reconcile/{report['id']}/differences").json()["items"]
    assert (report["channel"], sum(report["answers"].values())) == ("shopify-us", len(differing))
    assert audited(shop) == [("reconcile.start", "channel:shopify-us")]


def _reports(manager: httpx.Client) -> list[dict[str, Any]]:
    """The reports once there is a finished one; a call of its own takes its time."""
    for _ in range(200):
        found: list[dict[str, Any]] = manager.get("/api/v1/reconcile").json()["items"]
        if found and found[0]["finished_at"]:
            return found
    return []


def test_a_maker_asks_of_their_own_share(shop: House) -> None:
    viewer, maker = shop.signed_in(Role.VIEWER), shop.signed_in(Role.MAKER)
    [all_] = viewer.get("/api/v1/statistics").json()["items"]
    assert (all_["key"], all_["orders"], all_["units"], all_["unvalued"]) == ("shopify-us", 2, 4, 2)
    # Of a maker whose pieces nobody bought.
    assert maker.get("/api/v1/statistics").json()["items"] == []
    wrong = viewer.get("/api/v1/statistics", params={"first": "2026-02-01", "last": "2026-01-01"})
    assert wrong.status_code == 422
