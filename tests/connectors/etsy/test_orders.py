"""Receipts come back as orders: all of them, each change once, and nothing odd in their way."""

import json
from contextlib import closing
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from moneyed import Money

from connectors.errors import OutcomeUnknown, Refused
from connectors.etsy.receipts import order_of, reread
from connectors.protocol import (
    Address,
    Draft,
    OrderStatus,
    RemoteOrder,
    RemoteOrderLine,
    Shipment,
    UnreadableOrder,
)
from connectors.sandbox.faults import Fault, FaultKind
from tests.connectors.etsy.conftest import Stall

RECEIPT: dict[str, Any] = {
    "receipt_id": 4001,
    "status": "paid",
    "is_paid": True,
    "is_shipped": False,
    "created_timestamp": 1795435200,
    "updated_timestamp": 1795438800,
    "grandtotal": {"amount": 11000, "divisor": 100, "currency_code": "USD"},
    "name": "A Buyer",
    "first_line": "1 Example Street",
    "second_line": None,
    "city": "Springfield",
    "state": "OR",
    "zip": "97477",
    "country_iso": "US",
    "buyer_email": None,
    "refunds": [],
    "shipments": [],
    "transactions": [
        {
            "transaction_id": 5001,
            "title": "Leather babouches",
            "quantity": 2,
            "sku": "BA-38-red",
            "price": {"amount": 4500, "divisor": 100, "currency_code": "USD"},
            "variations": [
                {"formatted_name": "Size EU", "formatted_value": "38"},
                {"formatted_name": "Colour", "formatted_value": "red"},
            ],
        }
    ],
}


def told(**changes: Any) -> RemoteOrder | UnreadableOrder:
    return order_of({**deepcopy(RECEIPT), **changes})


def test_a_receipt_is_an_order_with_its_lines_and_its_address() -> None:
    assert told() == RemoteOrder(
        id="4001",
        number="4001",
        status=OrderStatus.PAID,
        placed_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
        updated_at=datetime(2026, 11, 23, 13, tzinfo=UTC),
        total=Money("110.00", "USD"),
        lines=(
            RemoteOrderLine(
                "5001",
                "BA-38-red",
                "Leather babouches (Size EU: 38, Colour: red)",
                2,
                Money("45.00", "USD"),
            ),
        ),
        ship_to=Address(
            "A Buyer", ("1 Example Street",), "Springfield", "97477", "US", region="OR"
        ),
        refunded=Money(0, "USD"),
    )


@pytest.mark.parametrize(
    ("status", "shipped", "expected"),
    [
        ("open", False, (OrderStatus.PENDING, 0, 0)),
        ("payment processing", False, (OrderStatus.PENDING, 0, 0)),
        ("paid", False, (OrderStatus.PAID, 0, 0)),
        ("paid", True, (OrderStatus.SHIPPED, 0, 0)),
        ("completed", True, (OrderStatus.SHIPPED, 0, 0)),
        ("canceled", False, (OrderStatus.CANCELLED, 2, 0)),
        ("canceled", True, (OrderStatus.CANCELLED, 0, 0)),
        ("fully refunded", False, (OrderStatus.REFUNDED, 0, 2)),
        ("fully refunded", True, (OrderStatus.REFUNDED, 0, 0)),
        ("partially refunded", False, (OrderStatus.PAID, 0, 0)),
        ("partially refunded", True, (OrderStatus.SHIPPED, 0, 0)),
    ],
)
def test_units_are_back_where_they_never_left_us(
    status: str, *, shipped: bool, expected: tuple[OrderStatus, int, int]
) -> None:
    order = told(status=status, is_shipped=shipped)
    assert isinstance(order, RemoteOrder)
    [line] = order.lines
    assert (order.status, line.cancelled, line.returned) == expected


def test_money_given_back_is_told_and_what_failed_is_not() -> None:
    amounts = ((1050, "succeeded"), (200, None), (900, "failed"))
    refunds = [
        {"amount": {"amount": cents, "divisor": 100, "currency_code": "USD"}, "status": status}
        for cents, status in amounts
    ]
    order = told(status="partially refunded", refunds=refunds)
    assert isinstance(order, RemoteOrder)
    assert (order.refunded, order.status) == (Money("12.50", "USD"), OrderStatus.PAID)


@pytest.mark.parametrize(
    ("receipt", "line", "shipped"), [(True, None, 2), (False, 1795438800, 2), (False, None, 0)]
)
def test_a_line_has_left_with_its_receipt_or_by_itself(
    line: int | None, shipped: int, *, receipt: bool
) -> None:
    [transaction] = RECEIPT["transactions"]
    sold = {**transaction, "shipped_timestamp": line}
    order = told(is_shipped=receipt, transactions=[sold])
    assert isinstance(order, RemoteOrder)
    assert [told.shipped for told in order.lines] == [shipped]


def test_a_currency_that_nobody_knows_makes_a_receipt_unreadable_and_it_is_read_again() -> None:
    order = told(grandtotal={"amount": 11000, "divisor": 100, "currency_code": "USDC"})
    assert isinstance(order, UnreadableOrder)
    assert reread(order.raw.replace("USDC", "USD")) == told()


@pytest.mark.parametrize("text", ['{"name": "A. Buyer"}', "[]", "A. Buyer"])
def test_a_text_that_is_no_receipt_stays_unreadable(text: str) -> None:
    order = reread(text)
    assert isinstance(order, UnreadableOrder)
    assert order.raw == text


def test_an_address_that_etsy_keeps_to_itself_is_none() -> None:
    order = told(name=None, first_line=None, city=None, zip=None, country_iso=None)
    assert isinstance(order, RemoteOrder)
    assert order.ship_to is None


def test_a_receipt_that_is_not_as_expected_is_kept_raw_and_names_no_buyer() -> None:
    order = told(status="on the moon", name="Ada Marlowe")
    assert isinstance(order, UnreadableOrder)
    assert (order.id, order.updated_at) == ("4001", datetime(2026, 11, 23, 13, tzinfo=UTC))
    assert order.reason == "Etsy's receipt is not as expected: KeyError 'on the moon'"
    assert json.loads(order.raw)["name"] == "Ada Marlowe"
    assert "Ada" not in repr(order)


@pytest.mark.parametrize("missing", ["transactions", "grandtotal", "updated_timestamp"])
def test_a_receipt_that_lacks_something_is_kept_raw(missing: str) -> None:
    receipt = {name: value for name, value in RECEIPT.items() if name != missing}
    order = order_of(receipt)
    assert isinstance(order, UnreadableOrder)
    assert missing in order.reason


def sold(stall: Stall, rug: Draft, count: int, *, apart: float) -> list[str]:
    """So many orders of one rug, the time between them in seconds; their ids."""
    stall.listed(replace(rug, offers=(replace(rug.offers[0], available=900),)))
    ids = []
    for _ in range(count):
        stall.clock.sleep(apart)
        ids.append(stall.market.buy({"BO-001": 1}, "US"))
    return ids


@pytest.mark.parametrize("apart", [0.0, 0.3, 60.0])
def test_no_receipt_is_missed_when_pages_come_again_or_out_of_order(
    stall: Stall, rug: Draft, apart: float
) -> None:
    began = stall.clock.now()
    ids = sold(stall, rug, 260, apart=apart)
    for kind in (FaultKind.DUPLICATE_PAGE, FaultKind.SHUFFLED):
        stall.market.faults.arm(Fault(kind=kind, every=2, times=None))
    with closing(stall.connect()) as connector:
        assert sorted(order.id for order in connector.orders(began)) == sorted(ids)


def test_no_receipt_is_missed_when_another_changes_between_two_pages(
    stall: Stall, rug: Draft
) -> None:
    began = stall.clock.now()
    ids = sold(stall, rug, 150, apart=60)
    with closing(stall.connect()) as connector:
        orders = connector.orders(began)
        first = next(orders)
        stall.clock.sleep(60)
        stall.market.cancel(first.id, None, restock=True)
        rest = list(orders)
    # It comes again at the end, as it is now.
    assert [order.id for order in rest] == [*ids[1:], first.id]
    assert isinstance(rest[-1], RemoteOrder)
    assert rest[-1].status is OrderStatus.CANCELLED


def shipment(order_id: str, stall: Stall) -> Shipment:
    return Shipment(order_id, {"1": 1}, "DHL", "JD014600003", stall.clock.now())


def test_a_shipped_receipt_is_still_told(stall: Stall, rug: Draft) -> None:
    began = stall.clock.now()
    [order_id] = sold(stall, rug, 1, apart=60)
    with closing(stall.connect()) as connector:
        connector.ship(shipment(order_id, stall))
        [order] = connector.orders(began)
    assert isinstance(order, RemoteOrder)
    assert order.status is OrderStatus.SHIPPED
    [receipt] = stall.market.shop.receipts.values()
    assert [sent["tracking_code"] for sent in receipt.shipments] == ["JD014600003"]


def test_tracking_whose_answer_was_lost_is_not_sent_to_the_buyer_again(
    stall: Stall, rug: Draft
) -> None:
    [order_id] = sold(stall, rug, 1, apart=60)
    lost = Fault(kind=FaultKind.LOST_ANSWER, operation="createReceiptShipment")
    stall.market.faults.arm(lost)
    with closing(stall.connect()) as connector:
        connector.ship(shipment(order_id, stall))
    [receipt] = stall.market.shop.receipts.values()
    assert len(receipt.shipments) == 1


def test_a_parcel_told_twice_is_written_of_to_the_buyer_once(stall: Stall, rug: Draft) -> None:
    [order_id] = sold(stall, rug, 1, apart=60)
    for _ in range(2):
        with closing(stall.connect()) as connector:
            connector.ship(shipment(order_id, stall))
    assert stall.market.calls["createReceiptShipment"] == 1


def test_tracking_that_never_arrived_is_not_taken_for_sent(stall: Stall, rug: Draft) -> None:
    [order_id] = sold(stall, rug, 1, apart=60)
    stall.market.faults.arm(Fault(kind=FaultKind.LOST_CALL, operation="createReceiptShipment"))
    with closing(stall.connect()) as connector, pytest.raises(OutcomeUnknown):
        connector.ship(shipment(order_id, stall))


def test_a_cancelled_receipt_cannot_be_shipped(stall: Stall, rug: Draft) -> None:
    [order_id] = sold(stall, rug, 1, apart=60)
    stall.market.cancel(order_id, None, restock=True)
    with closing(stall.connect()) as connector, pytest.raises(Refused, match="canceled"):
        connector.ship(shipment(order_id, stall))
