"""Amazon's books, as its Finances API tells them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moneyed import Money

from connectors.amazon.settlements import is_ours, settlements
from connectors.clock import VirtualClock
from connectors.errors import Refused
from connectors.protocol import Draft, RemoteOrder, Settlement, SettlementKind, Shipment
from connectors.sandbox.faults import Fault, FaultKind
from tests.connectors.amazon.conftest import Seller

POSTED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def usd(amount: float) -> dict[str, Any]:
    return {"currencyAmount": amount, "currencyCode": "USD"}


def part(kind: str, amount: float, *inner: dict[str, Any]) -> dict[str, Any]:
    return {"breakdownType": kind, "breakdownAmount": usd(amount), "breakdowns": list(inner)}


def transaction(total: float, *breakdowns: dict[str, Any], **more: Any) -> dict[str, Any]:
    related = {"ORDER_ID": "111-1111111-1111111", "SHIPMENT_ID": "S1"}
    return {
        "transactionType": "Shipment",
        "transactionId": "T1",
        "postedDate": "2026-11-20T09:30:00Z",
        "totalAmount": usd(total),
        "relatedIdentifiers": [
            {"relatedIdentifierName": name, "relatedIdentifierValue": value}
            for name, value in related.items()
        ],
        "breakdowns": list(breakdowns),
    } | more


COMMISSION = part("AmazonFees", -11.97, part("Commission", -11.97))


def test_a_sale_is_what_the_buyer_paid_and_what_amazon_kept() -> None:
    sales = part("Sales", 85.8, part("ProductCharges", 79.8), part("Shipping", 6.0))
    told = transaction(73.83, sales, part("Expenses", -11.97, COMMISSION))
    assert list(settlements(told)) == [
        Settlement(
            "T1",
            "111-1111111-1111111",
            SettlementKind.SALE,
            POSTED,
            Money("85.80", "USD"),
            Money("11.97", "USD"),
        )
    ]


def test_a_refund_takes_from_the_sale_and_gives_fees_back() -> None:
    returned = part("Sales", 9.58, part("AmazonFees", 9.58))
    paid = part("Expenses", -79.8, part("ProductCharges", -79.8))
    told = transaction(-70.22, returned, paid, transactionType="Refund")
    [refund] = settlements(told)
    assert (refund.kind, refund.gross, refund.fees) == (
        SettlementKind.REFUND,
        Money("-79.80", "USD"),
        Money("-9.58", "USD"),
    )


def test_fees_are_found_in_the_items_where_the_whole_names_none() -> None:
    item = {"breakdowns": [part("ProductCharges", 39.9), part("AmazonFees", -5.99)]}
    [sale] = settlements(transaction(67.82, items=[item, item], breakdowns=None))
    assert (sale.gross, sale.fees) == (Money("79.80", "USD"), Money("11.98", "USD"))


@pytest.mark.parametrize(("total", "fees"), [(-39.99, "39.99"), (12.5, "-12.50")])
def test_anything_else_is_kept_by_amazon_or_given_by_it(total: float, fees: str) -> None:
    told = transaction(total, transactionType="ServiceFee", relatedIdentifiers=None)
    assert list(settlements(told)) == [
        Settlement("T1", None, SettlementKind.OTHER, POSTED, Money(0, "USD"), Money(fees, "USD"))
    ]


@pytest.mark.parametrize(
    "moved",
    [
        {"transactionType": "Transfer"},
        {
            "relatedIdentifiers": [
                {
                    "relatedIdentifierName": "DEFERRED_TRANSACTION_ID",
                    "relatedIdentifierValue": "T0",
                }
            ]
        },
    ],
)
def test_money_that_was_booked_before_is_not_booked_again(moved: dict[str, Any]) -> None:
    assert list(settlements(transaction(73.83, **moved))) == []


@pytest.mark.parametrize(
    ("told", "ours"),
    [
        ({"marketplaceDetails": {"marketplaceId": "US"}}, True),
        ({"marketplaceDetails": {"marketplaceId": "CA"}}, False),
        ({"sellingPartnerMetadata": {"marketplaceId": "CA"}}, False),
        ({"totalAmount": usd(1)}, True),
        ({"totalAmount": {"currencyAmount": 1, "currencyCode": "CAD"}}, False),
    ],
)
def test_a_booking_of_another_market_is_another_channels(
    told: dict[str, Any], *, ours: bool
) -> None:
    assert is_ours(told, "US", "USD") is ours


def test_the_books_of_a_year_are_read_in_spans_that_amazon_answers(
    seller: Seller, slippers: Draft, clock: VirtualClock
) -> None:
    seller.push(slippers)
    began = clock.now()
    for _ in range(2):
        bought = seller.market.buy({"BAB-38": 1}, "US")
        [order] = [o for o in seller.connector.orders(clock.now()) if isinstance(o, RemoteOrder)]
        lines = {line.id: line.quantity for line in order.lines}
        seller.connector.ship(Shipment(bought, lines, "DHL", "JD014600003", clock.now()))
        clock.sleep(timedelta(days=200).total_seconds())
    told = [(booking.gross, booking.fees) for booking in seller.connector.settlements(began)]
    assert told == [(Money("39.90", "USD"), Money("5.98", "USD"))] * 2
    # 400 days: three spans, none longer than 180 days.
    assert seller.connector.calls["listTransactions"] == 3


def test_an_account_without_the_role_for_books_is_no_stranger(
    seller: Seller, clock: VirtualClock
) -> None:
    began = clock.now()
    clock.sleep(3600)
    refused = Fault(kind=FaultKind.EXPIRED_TOKEN, operation="listTransactions", times=None)
    seller.market.faults.arm(refused)
    with pytest.raises(Refused, match="role Finance and Accounting"):
        list(seller.connector.settlements(began))
