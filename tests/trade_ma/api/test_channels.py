"""Channels over the API: added, connected in a browser, brought up to date and taken away."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from connectors.clock import SystemClock
from connectors.sandbox.amazon import AmazonMarket
from connectors.sandbox.amazon.tokens import APPLICATION_ID
from connectors.sandbox.control import ServedMarket
from connectors.sandbox.etsy.market import EtsyMarket
from connectors.sandbox.server import serve
from connectors.sandbox.shopify import ShopifyMarket
from jobs.engine import slot
from jobs.work_queue import open_queue, queue_url
from tests.trade_ma.api.conftest import House
from tests.trade_ma.small_catalog import PRODUCTS, fill
from trade_ma.identity.permissions import Role

BACK = "https://coop.example/channels/shop/connected"


class Stall:
    """A practice market at its address, and what a channel on it is added with."""

    def __init__(self, code: str, market: ServedMarket, address: str) -> None:
        self.code, self.market, self.address = code, market, address

    def new(self, **more: Any) -> dict[str, Any]:
        return {
            "code": "shop",
            "marketplace": self.code,
            "credentials": dict(self.market.credentials),
            "settings": {**self.market.settings, "base_url": self.address},
        } | more


MARKETS = {"shopify": ShopifyMarket, "etsy": EtsyMarket, "amazon": AmazonMarket}


@pytest.fixture
def stall(request: pytest.FixtureRequest) -> Iterator[Stall]:
    code = getattr(request, "param", "shopify")
    market = MARKETS[code](SystemClock())
    with serve(market.app()) as address:
        yield Stall(code, market, address)


@pytest.fixture
def manager(house: House) -> httpx.Client:
    with house.installation.session() as session:
        fill(house.installation, session)
        session.commit()
    return house.signed_in(Role.MANAGER)


def test_credentials_are_taken_and_never_read_back(manager: httpx.Client, stall: Stall) -> None:
    added = manager.post("/api/v1/channels", json=stall.new(policy={"buffer": 1}))
    assert added.status_code == 201
    assert added.json() == {
        "code": "shop",
        "marketplace": "shopify",
        "site": "shop",
        "account": "shop",
        "currency": "USD",
        "locales": ["en"],
        "settings": {"base_url": stall.address},
        "policy": {"buffer": 1},
        "paused": None,
    }
    told = "".join(
        manager.get(f"/api/v1/{path}").text for path in ("channels", "channels/shop", "audit")
    )
    assert [one for one in stall.market.credentials.values() if one in told] == []


def test_what_is_missing_is_named(manager: httpx.Client, stall: Stall) -> None:
    answer = manager.post("/api/v1/channels", json=stall.new(credentials={"shop": "x"}))
    told = answer.json()
    assert (answer.status_code, told["detail"]) == (422, "Shopify needs client_id, client_secret")


def test_a_policy_is_refused_in_words_and_nothing_changes(
    manager: httpx.Client, stall: Stall
) -> None:
    manager.post("/api/v1/channels", json=stall.new())
    read = manager.get("/api/v1/channels/shop")
    change = {"policy": {"buffer": -1}, "settings": {}}
    unseen = manager.patch("/api/v1/channels/shop", json=change)
    match = {"If-Match": read.headers["etag"]}
    refused = manager.patch("/api/v1/channels/shop", json=change, headers=match)
    assert (unseen.status_code, refused.status_code) == (428, 422)
    assert "buffer" in refused.json()["detail"]
    assert manager.get("/api/v1/channels/shop").json() == read.json()
    good = manager.patch("/api/v1/channels/shop", json={"policy": {"buffer": 2}}, headers=match)
    assert (good.status_code, good.json()["policy"]) == (200, {"buffer": 2})


def test_a_pass_is_planned_made_and_told(manager: httpx.Client, stall: Stall) -> None:
    manager.post("/api/v1/channels", json=stall.new())
    assert manager.post("/api/v1/channels/shop/check").json()["error"] is None
    [plan] = manager.get("/api/v1/plans").json()
    assert plan["counts"] == {"create": PRODUCTS}

    started = manager.post("/api/v1/syncs", json={})
    assert started.status_code == 202
    assert started.json() == {"by_worker": False, "channels": {"shop": "started"}}
    events = manager.get("/api/v1/syncs/events").text
    assert events.endswith("event: done\ndata: \n\n")

    [run] = manager.get("/api/v1/runs").json()["items"]
    assert (run["channel"], run["state"], run["counts"]["accepted"]) == ("shop", "done", PRODUCTS)
    assert manager.get(f"/api/v1/runs/{run['id']}").json() == run
    [standing] = manager.get("/api/v1/syncs").json()
    assert (standing["state"], standing["run_id"]) == ("done", run["id"])
    [channel] = manager.get("/api/v1/channels").json()["items"]
    assert channel["listings"] == {"live": PRODUCTS}
    assert manager.delete("/api/v1/channels/shop").json()["code"] == "channel-used"


def test_a_pass_that_is_under_way_is_joined(
    house: House, manager: httpx.Client, stall: Stall
) -> None:
    manager.post("/api/v1/channels", json=stall.new())
    hold = house.installation.locks.take("account shop")
    assert hold
    joined = manager.post("/api/v1/syncs", json={"channels": ["shop"]}).json()
    hold.release()
    assert joined["channels"] == {"shop": "joined"}
    assert manager.get("/api/v1/runs").json()["items"] == []


def test_a_living_worker_is_asked_and_asked_once(
    house: House, manager: httpx.Client, stall: Stall
) -> None:
    manager.post("/api/v1/channels", json=stall.new())
    app = house.installation
    open_queue(queue_url(app.settings.sqlalchemy_url), app.locks).close()
    worker = app.locks.take(slot(1))
    assert worker
    told = [manager.post("/api/v1/syncs", json={}).json() for _ in range(2)]
    waiting = manager.get("/api/v1/queue").json()
    [standing] = manager.get("/api/v1/syncs").json()
    worker.release()
    assert told == [
        {"by_worker": True, "channels": {"shop": "started"}},
        {"by_worker": True, "channels": {"shop": "joined"}},
    ]
    assert (waiting["waiting"], list(waiting["executors"])) == (2, ["executor 1"])
    assert standing["state"] == "waiting"


def test_a_paused_channel_is_left_alone_until_it_is_resumed(
    manager: httpx.Client, stall: Stall
) -> None:
    manager.post("/api/v1/channels", json=stall.new())
    manager.post("/api/v1/channels/shop/pause", json={"reason": "the fair"})
    assert manager.post("/api/v1/syncs", json={}).json()["channels"] == {"shop": "paused"}
    assert manager.post("/api/v1/channels/shop/resume").json()["paused"] is None


def test_a_channel_where_nothing_was_listed_is_taken_away(
    manager: httpx.Client, stall: Stall
) -> None:
    manager.post("/api/v1/channels", json=stall.new())
    assert manager.delete("/api/v1/channels/shop").status_code == 204
    assert manager.get("/api/v1/channels/shop").status_code == 404


def test_where_no_worker_ever_ran_nothing_is_due(manager: httpx.Client) -> None:
    assert manager.get("/api/v1/queue").json()["executors"] == {}
    assert manager.get("/api/v1/schedule").json() == []


ASKED = {
    "etsy": ("keystring", "shared_secret"),
    "shopify": ("shop", "client_id", "client_secret"),
    "amazon": ("lwa_app_id", "lwa_client_secret"),
}


@pytest.mark.parametrize("stall", list(ASKED), indirect=True)
def test_an_owner_consents_in_a_browser(house: House, manager: httpx.Client, stall: Stall) -> None:
    given = {name: stall.market.credentials[name] for name in ASKED[stall.code]}
    given |= {"application_id": APPLICATION_ID} if stall.code == "amazon" else {}
    more: dict[str, Any] = {"site": "US"} if stall.code == "amazon" else {}
    added = manager.post(
        "/api/v1/channels", json=stall.new(credentials=given, by_consent=True, **more)
    )
    assert added.status_code == 201, added.text
    assert added.json()["paused"]

    back = browsed(manager, stall)
    stranger = house.signed_in(Role.ADMIN)
    assert stranger.post("/api/v1/channels/shop/consent/answer", json=back).status_code == 409
    connected = manager.post("/api/v1/channels/shop/consent/answer", json=back)
    assert (connected.status_code, connected.json()["paused"]) == (200, None), connected.text
    again = manager.post("/api/v1/channels/shop/consent/answer", json=back)
    assert (again.status_code, again.json()["code"]) == (409, "consent")
    assert manager.post("/api/v1/channels/shop/check").json()["error"] is None


def browsed(client: httpx.Client, stall: Stall) -> dict[str, str]:
    """Where the browser of an owner who agrees ends."""
    asked = client.post("/api/v1/channels/shop/consent", json={"redirect_uri": BACK})
    assert asked.json()["url"].startswith(stall.address), asked.text
    ended = httpx.get(asked.json()["url"])
    assert ended.status_code == 302, ended.text
    return {"address": ended.headers["location"]}


def test_an_answer_to_another_question_is_refused(manager: httpx.Client, stall: Stall) -> None:
    manager.post("/api/v1/channels", json=stall.new())
    first, _second = browsed(manager, stall), browsed(manager, stall)
    refused = manager.post("/api/v1/channels/shop/consent/answer", json=first)
    assert (refused.status_code, "begin again" in refused.json()["detail"]) == (409, True)
    assert manager.post("/api/v1/channels/shop/check").json()["error"] is None


def test_a_marketplace_tells_what_it_asks_for(manager: httpx.Client) -> None:
    [etsy] = [
        one for one in manager.get("/api/v1/channels/marketplaces").json() if one["code"] == "etsy"
    ]
    assert (etsy["credentials"], etsy["consent"]) == (
        ["keystring", "shared_secret", "refresh_token"],
        ["keystring", "shared_secret"],
    )


def change(manager: httpx.Client, **asked: Any) -> dict[str, Any]:
    match = {"If-Match": manager.get("/api/v1/channels/shop").headers["etag"]}
    answer = manager.patch("/api/v1/channels/shop", json=asked, headers=match)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_rehearsed_change_tells_how_many_listings_are_drafted_anew_and_changes_nothing(
    manager: httpx.Client, stall: Stall
) -> None:
    manager.post("/api/v1/channels", json=stall.new())
    manager.post("/api/v1/syncs", json={})
    manager.get("/api/v1/syncs/events")
    [held, *_] = manager.get("/api/v1/listings").json()["items"]
    manager.post(f"/api/v1/listings/{held['id']}/hold")
    before = manager.get("/api/v1/channels/shop").json()
    told = change(manager, policy={"buffer": 3}, dry_run=True)
    assert told == before | {
        "policy": {"buffer": 3},
        "dry_run": True,
        "drafted_anew": PRODUCTS - 1,
    }
    same = change(manager, settings=before["settings"] | {"practice": "yes"}, dry_run=True)
    assert same["drafted_anew"] == 0
    assert manager.get("/api/v1/channels/shop").json() == before
    actions = [one["action"] for one in manager.get("/api/v1/audit").json()["items"]]
    assert "channel.change" not in actions
    done = change(manager, policy={"buffer": 3})
    assert (done["policy"], done["dry_run"], done["drafted_anew"]) == ({"buffer": 3}, False, None)


def test_who_asked_for_a_pass_is_written_down_before_it_begins(
    house: House, manager: httpx.Client, stall: Stall
) -> None:
    manager.post("/api/v1/channels", json=stall.new())
    with house.installation.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON audit_entry "
            "BEGIN SELECT RAISE(ABORT, 'the trail is full'); END"
        )
    refused = manager.post("/api/v1/syncs", json={})
    [standing] = manager.get("/api/v1/syncs").json()
    assert (refused.status_code, standing["state"]) == (409, "never")
    with house.installation.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    assert manager.post("/api/v1/syncs", json={}).status_code == 202
    manager.get("/api/v1/syncs/events")
    [entry, *_] = manager.get("/api/v1/audit").json()["items"]
    assert (entry["action"], entry["after"]) == ("sync.start", {"channels": ["shop"]})


@pytest.mark.parametrize("stall", ["amazon"], indirect=True)
def test_a_setting_that_is_missing_is_advice_on_every_listing(
    manager: httpx.Client, stall: Stall
) -> None:
    manager.post("/api/v1/channels", json=stall.new(site="US"))
    manager.post("/api/v1/syncs", json={})
    manager.get("/api/v1/syncs/events")
    told = [
        (issue["severity"], issue["message"])
        for item in manager.get("/api/v1/listings").json()["items"]
        for issue in item["issues"]
        if issue["code"] == "no_photo_address"
    ]
    words = "Amazon fetches photos by their address: set TRADE_MA_MEDIA_URL to serve them"
    assert told == [("warning", words)] * PRODUCTS
