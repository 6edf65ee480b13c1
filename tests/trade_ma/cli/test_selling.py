"""The verbs of selling, as a catalog manager uses them on a practice market."""

from datetime import UTC, datetime

from sqlmodel import select

from catalog.models import Product, Variant
from connectors.protocol import Issue, Severity
from connectors.sandbox.faults import Fault, FaultKind
from jobs import listings
from jobs.models import Channel, Listing
from tests.trade_ma.conftest import Practice
from tests.trade_ma.small_catalog import PRODUCTS, count


def edit(practice: Practice, code: str, **values: object) -> None:
    with practice.app.session() as session:
        product = session.exec(select(Product).where(Product.code == code)).one()
        for name, value in values.items():
            setattr(product, name, value)
        product.revision += 1
        session.commit()


def test_without_a_channel_a_sync_says_how_to_add_one(bare: Practice) -> None:
    result = bare.run("sync", code=2)
    assert "trade-ma channels add" in result.stderr


def test_a_channel_is_added_listed_and_checked(practice: Practice) -> None:
    [listed] = practice.json("channels", "list")
    assert (listed["code"], listed["marketplace"], listed["paused"]) == (
        "shopify-us",
        "shopify",
        None,
    )
    [checked] = practice.json("channels", "check")
    assert checked["code"] == "shopify-us"
    assert "error" not in checked


def test_credentials_are_sealed_and_never_printed(practice: Practice) -> None:
    with practice.app.session() as session:
        sealed = session.exec(select(Channel)).one().sealed_credentials
    printed = practice.run("channels", "list", "--json").stdout
    for secret in practice.market.credentials.values():
        assert secret.encode() not in sealed
    assert practice.market.credentials["client_secret"] not in printed


def test_a_rehearsed_channel_is_not_stored(bare: Practice) -> None:
    bare.add_channel("--dry-run")
    assert bare.json("channels", "list") == []


def test_a_wrong_token_is_told_and_pauses_the_channel_until_it_is_resumed(bare: Practice) -> None:
    bare.add_channel(client_secret="nobody-knows-it")
    [checked] = bare.json("channels", "check", code=1)
    assert checked["error"].startswith("CredentialsRejected")
    told = bare.json("sync", code=1)
    assert told["channels"][0]["trouble"]
    [listed] = bare.json("channels", "list")
    assert listed["paused"]
    assert bare.json("sync", code=1)["channels"] == []
    bare.run("channels", "resume", "shopify-us", "--dry-run")
    assert bare.json("channels", "list")[0]["paused"]
    bare.run("channels", "resume", "shopify-us")
    assert bare.json("channels", "list")[0]["paused"] is None


def test_a_plan_shows_what_a_sync_then_does(practice: Practice) -> None:
    planned = practice.json("plan")["channels"]["shopify-us"]
    assert [one["action"] for one in planned] == ["create"] * PRODUCTS
    assert practice.market.shown() == []
    practice.run("sync", "--dry-run")
    assert practice.market.shown() == []
    [told] = practice.json("sync")["channels"]
    assert (told["outcomes"], told["trouble"]) == ({"accepted": PRODUCTS}, None)
    assert len(practice.market.shown()) == PRODUCTS
    assert practice.json("plan") == {"channels": {"shopify-us": []}}


def test_a_second_sync_asks_for_orders_and_nothing_else(practice: Practice) -> None:
    practice.run("sync")
    [told] = practice.json("sync")["channels"]
    assert (told["calls"], told["outcomes"]) == ({"orders": 1}, {})


def test_a_stock_change_alone_sends_stock_alone(practice: Practice) -> None:
    practice.run("sync")
    with practice.app.session() as session:
        count(session, "T-3", -1, "second")
        session.commit()
    [changed] = practice.json("plan")["channels"]["shopify-us"]
    assert (changed["action"], changed["facets"]) == (
        "update",
        {"stock": [{"name": "T-3", "old": 6, "new": 5}]},
    )
    assert "stock: T-3 6 to 5" in practice.run("plan").stdout
    [told] = practice.json("sync")["channels"]
    pushed = {name for name in told["calls"] if name not in {"orders", "shop"}}
    assert pushed == {"inventorySetQuantities"}


def test_a_refused_listing_shows_its_reason_and_blocks_nothing(practice: Practice) -> None:
    with practice.app.session() as session:
        [variant, *_] = session.exec(select(Variant).order_by(Variant.sku)).all()
        variant.options = [
            ["Taille", "S"],
            ["Couleur", "bleu"],
            ["Forme", "rond"],
            ["Style", "Fès"],
        ]
        session.commit()
    edit(practice, "P-0")
    [told] = practice.json("sync")["channels"]
    assert told["outcomes"] == {"rejected": 1, "accepted": PRODUCTS - 1}
    [status] = practice.json("status")["channels"]
    [issue] = [one for one in status["issues"] if one["severity"] == "error"]
    assert (issue["key"], issue["field"]) == ("P-0", "options")
    assert issue["message"] in " ".join(practice.run("status").stdout.replace("│", " ").split())
    [again] = practice.json("sync")["channels"]
    assert again["calls"] == {"orders": 1}


def test_orders_come_back_once_and_can_be_shipped(practice: Practice) -> None:
    practice.run("sync")
    practice.market.buy({"T-1": 2}, "US")
    [counted] = practice.json("orders", "pull", "--dry-run")["channels"]
    assert (counted["orders"], practice.json("orders", "list")) == ({"orders_new": 1}, [])
    practice.run("orders", "pull")
    [again] = practice.json("orders", "pull")["channels"]
    assert again["orders"] == {}
    [order] = practice.json("orders", "list")
    assert [(line["sku"], line["quantity"]) for line in order["lines"]] == [("T-1", 2)]
    parcel = ("--carrier=DHL", "--tracking=JD014600003")
    practice.run("orders", "ship", "shopify-us", order["number"], *parcel, "--dry-run")
    practice.run("orders", "ship", "shopify-us", order["number"], *parcel)
    practice.run("orders", "pull")
    assert [one["status"] for one in practice.json("orders", "list")] == ["shipped"]


def test_shipping_what_is_not_there_says_so(practice: Practice) -> None:
    parcel = ("--carrier=DHL", "--tracking=JD014600003")
    result = practice.run("orders", "ship", "shopify-us", "#9", *parcel, code=2)
    assert "has no order '#9'" in result.stderr


def test_a_market_that_is_down_is_told_and_made_up_for(practice: Practice) -> None:
    practice.market.faults.arm(Fault(kind=FaultKind.LOST_CALL, operation="orders", times=1))
    practice.run("sync")
    assert len(practice.market.shown()) == PRODUCTS


def test_advice_that_is_the_same_for_many_listings_is_printed_once(practice: Practice) -> None:
    practice.run("sync")
    advice = Issue("no_photo_address", "Serve the photos", Severity.WARNING, "photos")
    with practice.app.session() as session:
        found = session.exec(select(Listing.id)).all()
        remarks = {listing: [advice] for listing in found if listing}
        listings.remark(session, remarks, datetime.now(UTC))
        session.commit()
    printed = practice.run("status").stdout
    assert f"P-0 and {PRODUCTS - 1} more: Serve the photos" in printed
    assert printed.count("Serve the photos") == 1
