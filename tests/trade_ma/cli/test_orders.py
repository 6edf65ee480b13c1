"""The verbs of orders, as those who pack and account for them use them on a practice market."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from catalog.pricing import history
from catalog.pricing.rates import Rate
from connectors.sandbox.faults import Fault, FaultKind
from jobs.models import Order
from tests.conftest import NOON
from tests.trade_ma.conftest import Practice
from trade_ma.identity.models import AuditEntry

PARCEL = ("--carrier=DHL", "--tracking=JD014600003")


@pytest.fixture
def number(practice: Practice) -> str:
    """The number of an order of three of T-3, pulled."""
    practice.run("sync")
    practice.market.buy({"T-3": 3}, "US")
    practice.run("orders", "pull")
    [order] = practice.json("orders", "list")
    told: str = order["number"]
    return told


def stored(practice: Practice) -> Order:
    with practice.app.session() as session:
        return session.exec(select(Order)).one()


def ship(practice: Practice, number: str, *more: str, code: int = 0) -> str:
    return practice.run("orders", "ship", "shopify-us", number, *more, code=code).stderr


def test_an_order_is_listed_and_shown_where_it_stands(practice: Practice, number: str) -> None:
    assert number in practice.run("orders", "list").stdout
    assert [one["number"] for one in practice.json("orders", "list", "--stage=to_ship")] == [number]
    assert practice.json("orders", "list", "--stage=shipped") == []
    shown = practice.json("orders", "show", number)
    assert (shown["stage"], shown["buyer"], shown["total_mad"], shown["parcels"]) == (
        "to_ship",
        "sealed",
        None,
        [],
    )
    assert "to_ship" in practice.run("orders", "show", number).stdout
    assert "no order 'N9'" in practice.run("orders", "show", "N9", code=2).stderr


def test_a_part_is_shipped_and_then_the_rest(practice: Practice, number: str) -> None:
    assert "3 of T-3 can be shipped" in ship(practice, number, *PARCEL, "--unit=T-3=4", code=2)
    assert "whole number" in ship(practice, number, *PARCEL, "--unit=T-3=x", code=2)
    ship(practice, number, *PARCEL, "--unit=T-3=1")
    ship(practice, number, "--carrier=DHL", "--tracking=JD014600004")
    parcels = practice.json("orders", "show", number)["parcels"]
    assert [one["units"] for one in parcels] == [{"T-3": 1}, {"T-3": 2}]
    assert all(one["told_at"] for one in parcels)
    practice.run("orders", "pull")
    assert practice.json("orders", "show", number)["stage"] == "shipped"
    assert "nothing of this order is left" in ship(
        practice, number, "--carrier=DHL", "--tracking=3", code=2
    )


def test_a_rehearsed_parcel_is_not_kept(practice: Practice, number: str) -> None:
    ship(practice, number, *PARCEL, "--dry-run")
    assert practice.json("orders", "show", number)["parcels"] == []


def test_a_parcel_that_cannot_be_told_now_is_kept(practice: Practice, number: str) -> None:
    down = Fault(kind=FaultKind.LOST_CALL, operation="fulfillmentCreate", times=9)
    practice.market.faults.arm(down)
    told = ship(practice, number, *PARCEL, code=1)
    assert "The parcel is kept, and the next pass tells it." in " ".join(told.split())
    [parcel] = practice.json("orders", "show", number)["parcels"]
    assert parcel["told_at"] is None


def test_a_parcel_that_is_refused_is_not_kept(practice: Practice, number: str) -> None:
    practice.market.cancel(stored(practice).remote_id, None, restock=True)
    told = ship(practice, number, *PARCEL, code=1)
    assert "shopify-us refuses" in told
    assert practice.json("orders", "show", number)["parcels"] == []


def test_a_buyer_is_shown_on_demand_and_forgotten_for_good(practice: Practice, number: str) -> None:
    known = practice.json("orders", "buyer", number)["buyer"]
    assert known["country"] == "US"
    assert known["city"] in practice.run("orders", "buyer", number).stdout
    assert practice.json("orders", "erase") == {"erased": [], "dry_run": False}
    told = {"erased": [{"channel": "shopify-us", "number": number}], "dry_run": True}
    assert practice.json("orders", "erase", number, "--dry-run") == told
    assert practice.json("orders", "buyer", number)["buyer"] == known
    practice.run("orders", "erase", number)
    practice.run("orders", "pull")
    assert practice.json("orders", "buyer", number, code=1)["buyer"] is None
    assert "erased on" in practice.run("orders", "buyer", number, code=1).stdout


def test_a_list_of_orders_tells_nothing_of_buyers(practice: Practice, number: str) -> None:
    known = practice.json("orders", "buyer", number)["buyer"]
    printed = practice.run("orders", "list", "--json").stdout
    printed += practice.run("orders", "show", number, "--json").stdout
    for secret in (known["name"], known["city"], *known["lines"]):
        assert secret not in printed


def test_repair_values_orders_once_rates_come(practice: Practice, number: str) -> None:
    assert practice.json("orders", "repair") == []
    with practice.app.session() as session:
        history.keep(session, [Rate("USD", Decimal(9), date(2020, 1, 1), "test")], NOON)
        session.commit()
    [told] = practice.json("orders", "repair", "--dry-run")
    assert told["figures"]["mad_rate"] == [None, "9"]
    assert stored(practice).mad_rate is None
    assert f"shopify-us {number}: " in practice.run("orders", "repair").stdout
    assert stored(practice).mad_rate == Decimal(9)


def test_an_order_that_nobody_can_read_is_tried_again(practice: Practice, number: str) -> None:
    with practice.app.session() as session:
        order = session.exec(select(Order)).one()
        order.unreadable, order.sealed_raw = "odd", practice.app.sealer.seal("{}")
        session.commit()
    assert practice.json("orders", "retry") == {"shopify-us": {"orders_healed": 0}}
    assert "0 can be read" in practice.run("orders", "retry", "--dry-run").stdout
    assert practice.json("orders", "show", number)["unreadable"] == "odd"


def test_books_are_read_when_somebody_asks(practice: Practice, number: str) -> None:
    del number
    orders, books = practice.json("orders", "pull", "--settlements")["channels"]
    assert (orders["trouble"], books["trouble"]) == (None, None)


def test_an_order_is_flagged_and_unflagged(practice: Practice, number: str) -> None:
    def flag(*more: str) -> object:
        return practice.json("orders", "flag", number, "--reason=Jane asks to wait", *more)

    told = {"channel": "shopify-us", "order": number, "state": "flagged"}
    assert flag("--dry-run") == told | {"changed": True, "dry_run": True}
    assert practice.json("orders", "list", "--flagged") == []
    assert flag() == told | {"changed": True, "dry_run": False}
    assert flag("--channel=shopify-us") == told | {"changed": False, "dry_run": False}
    [listed] = practice.json("orders", "list", "--flagged")
    shown = practice.json("orders", "show", number)
    assert (listed["number"], "flag" in listed, shown["flag"]) == (
        number,
        False,
        "Jane asks to wait",
    )
    assert "is flagged" in ship(practice, number, *PARCEL, "--dry-run")
    assert "is unflagged" in practice.run("orders", "unflag", number).stdout
    assert "is unflagged already" in practice.run("orders", "unflag", number).stdout
    refused = practice.run("orders", "flag", number, "--reason= ", code=2).stderr
    assert "1 to 200 characters" in " ".join(refused.split())
    with practice.app.session() as session:
        entries = session.exec(select(AuditEntry)).all()
    assert [one.action for one in entries] == ["order.flag", "order.unflag"]
    assert "Jane" not in repr([(one.before, one.after) for one in entries])


def test_what_a_refunded_order_holds_is_released(practice: Practice, number: str) -> None:
    refused = practice.run("orders", "release", number, code=2).stderr
    assert "neither cancelled nor refunded" in " ".join(refused.split())
    practice.market.refund(stored(practice).remote_id, None, restock=False)
    practice.run("orders", "pull")
    assert practice.json("stock", "show", "T-3")["reserved"] == 3
    told = practice.json("orders", "release", number, "--dry-run")
    assert told == {"order": number, "units": {"T-3": 3}, "dry_run": True}
    assert "3 x T-3 released" in practice.run("orders", "release", number).stdout
    assert "nothing is left" in practice.run("orders", "release", number).stdout
    assert practice.json("stock", "show", "T-3")["reserved"] == 0
    practice.run("stock", "repair", "--dry-run")
