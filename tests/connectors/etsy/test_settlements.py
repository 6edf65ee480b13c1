"""Etsy's ledger and payments as bookings."""

from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moneyed import Money

from connectors.etsy.settlements import of_entry, of_payment
from connectors.protocol import Draft, Settlement, SettlementKind
from tests.connectors.etsy.conftest import Stall

PAID, REFUNDED = datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 11, 24, 12, tzinfo=UTC)


def usd(cents: int) -> dict[str, Any]:
    return {"amount": cents, "divisor": 100, "currency_code": "USD"}


def adjustment(number: int, cents: int, fees: int, *, success: bool = True) -> dict[str, Any]:
    return {
        "payment_adjustment_id": number,
        "payment_id": 7001,
        "is_success": success,
        "total_adjustment_amount": cents,
        "total_fee_adjustment_amount": fees,
        "created_timestamp": int(REFUNDED.timestamp()),
    }


def test_a_payment_is_a_sale_and_each_return_of_money_a_refund() -> None:
    payment = {
        "payment_id": 7001,
        "receipt_id": 4001,
        "amount_gross": usd(11000),
        "amount_fees": usd(355),
        "created_timestamp": int(PAID.timestamp()),
        "payment_adjustments": [
            adjustment(1, 4500, 135),
            adjustment(2, 4500, 135, success=False),
        ],
    }
    assert list(of_payment(payment)) == [
        Settlement(
            "payment:7001",
            "4001",
            SettlementKind.SALE,
            PAID,
            Money("110.00", "USD"),
            Money("3.55", "USD"),
        ),
        Settlement(
            "adjustment:1",
            "4001",
            SettlementKind.REFUND,
            REFUNDED,
            Money("-45.00", "USD"),
            Money("-1.35", "USD"),
        ),
    ]


def entry(kind: str, amount: int, **more: Any) -> dict[str, Any]:
    return {
        "entry_id": 9,
        "ledger_type": kind,
        "amount": amount,
        "currency": "USD",
        "reference_type": "transaction",
        "reference_id": "5001",
        "created_timestamp": int(PAID.timestamp()),
    } | more


@pytest.mark.parametrize(
    ("told", "order_id", "fees"),
    [
        (entry("transaction", -585), "4001", Money("5.85", "USD")),
        (entry("transaction_refund", 293), "4001", Money("-2.93", "USD")),
        (entry("transaction", -585, reference_id="1"), None, Money("5.85", "USD")),
        (entry("listing", -20, reference_type="listing"), None, Money("0.20", "USD")),
        (entry("sales_tax", -99, reference_type="receipt"), "5001", Money("0.99", "USD")),
        (entry("listing", -30, currency="JPY"), "4001", Money(30, "JPY")),
    ],
)
def test_what_the_ledger_alone_tells_are_fees(
    told: dict[str, Any], order_id: str | None, fees: Money
) -> None:
    nothing = Money(0, fees.currency)
    assert list(of_entry(told, {"5001": "4001"})) == [
        Settlement("entry:9", order_id, SettlementKind.OTHER, PAID, nothing, fees)
    ]


@pytest.mark.parametrize(
    "kind",
    ["PAYMENT", "PAYMENT_GROSS", "PAYMENT_PROCESSING_FEE", "REFUND", "REFUND_GROSS", "DISBURSE2"],
)
def test_payments_and_ways_to_the_bank_are_not_booked_twice(kind: str) -> None:
    assert list(of_entry(entry(kind, 100), {})) == []


def test_the_books_of_a_season_are_read_whole_and_come_down_to_the_shops_balance(
    stall: Stall, rug: Draft
) -> None:
    began = stall.clock.now()
    stall.listed(replace(rug, offers=(replace(rug.offers[0], available=900),)))
    ids = []
    for _ in range(80):
        stall.clock.sleep(timedelta(hours=12).total_seconds())
        ids.append(stall.market.buy({"BO-001": 2}, "US"))
    stall.market.refund(ids[0], {"BO-001": 1}, restock=True)
    stall.market.cancel(ids[1], None, restock=True)
    with closing(stall.connect()) as connector:
        told = list(connector.settlements(began))
        [*late] = connector.settlements(stall.clock.now() - timedelta(days=1))
    assert Counter(booking.kind for booking in told) == {"sale": 80, "refund": 2, "other": 82}
    assert {booking.order_id for booking in told} == set(ids)
    assert len({booking.id for booking in told}) == len(told)
    left = sum(booking.gross.amount - booking.fees.amount for booking in told)
    assert left * 100 == stall.market.shop.ledger[-1]["balance"]
    # A refund of a payment made long before tells the refund, and not the payment.
    assert {b.kind for b in late if b.order_id == ids[0]} == {"refund", "other"}
