"""The transactions of Shopify's orders as bookings."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from moneyed import Money

from connectors.protocol import Draft, Settlement, SettlementKind
from connectors.shopify.limits import TRANSACTIONS
from connectors.shopify.settlements import settlements
from tests.connectors.shopify.conftest import PracticeShop


def eur(amount: str, currency: str = "EUR") -> dict[str, str]:
    return {"amount": amount, "currencyCode": currency}


def transaction(kind: str, *fees: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {
        "id": "gid://shopify/OrderTransaction/7",
        "kind": kind,
        "status": "SUCCESS",
        "createdAt": "2026-11-20T10:00:00Z",
        "processedAt": "2026-11-20T10:00:05Z",
        "amountSet": {"shopMoney": eur("1269.9")},
        "fees": [{"amount": eur(fee), "taxAmount": eur(tax)} for fee, tax in fees],
    } | more


def booked(*transactions: dict[str, Any]) -> list[Settlement]:
    return list(settlements({"id": "gid://shopify/Order/1", "transactions": list(transactions)}))


@pytest.mark.parametrize("kind", ["SALE", "CAPTURE"])
def test_a_payment_is_a_sale_with_its_fees_and_their_tax(kind: str) -> None:
    assert booked(transaction(kind, ("36.83", "7.37"), ("0.3", "0.0"))) == [
        Settlement(
            "gid://shopify/OrderTransaction/7",
            "gid://shopify/Order/1",
            SettlementKind.SALE,
            datetime(2026, 11, 20, 10, 0, 5, tzinfo=UTC),
            Money("1269.90", "EUR"),
            Money("44.50", "EUR"),
        )
    ]


def test_a_refund_is_below_zero_and_dated_by_its_making_where_nothing_else_is_told() -> None:
    [refund] = booked(transaction("REFUND", processedAt=None))
    assert (refund.kind, refund.gross, refund.fees, refund.posted_at.second) == (
        SettlementKind.REFUND,
        Money("-1269.90", "EUR"),
        Money(0, "EUR"),
        0,
    )


@pytest.mark.parametrize(
    ("kind", "status"),
    [("AUTHORIZATION", "SUCCESS"), ("VOID", "SUCCESS"), ("SALE", "FAILURE"), ("SALE", "PENDING")],
)
def test_what_moved_no_money_is_not_booked(kind: str, status: str) -> None:
    assert booked(transaction(kind, status=status)) == []


def test_fees_in_another_currency_are_not_added_up() -> None:
    fee = {"amount": eur("1.5", "USD"), "taxAmount": eur("0.0", "USD")}
    with pytest.raises(TypeError):
        booked(transaction("SALE", fees=[fee]))


def test_an_order_of_many_transactions_is_read_to_the_last(
    shop: PracticeShop, slippers: Draft
) -> None:
    [offer, *_] = slippers.offers
    shop.listed(replace(slippers, offers=(replace(offer, available=50),)))
    began = shop.market.clock.now()
    order_id = shop.market.buy({offer.sku: 50}, "US")
    for _ in range(TRANSACTIONS + 2):
        shop.market.refund(order_id, {offer.sku: 1}, restock=True)
    connector = shop.connector()
    told = list(connector.settlements(began))
    assert (len(told), connector.calls) == (
        TRANSACTIONS + 3,
        {"transactions": 1, "orderTransactions": 1},
    )
