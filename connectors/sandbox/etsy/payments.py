"""Payments and the shop's ledger: what buyers paid, what Etsy kept, and what went back.

A receipt's payment is posted when it is placed, and its adjustments when money goes back. Etsy's
description names no types of ledger entries: these are those that sellers have listed, in the
issues 442 and 531 of github.com/etsy/open-api.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from pydantic import BaseModel, Field

from connectors.sandbox.etsy import views
from connectors.sandbox.etsy.call import Call, Ids, Json, Refusal
from connectors.sandbox.etsy.forms import Page
from connectors.sandbox.etsy.operations import Operations
from connectors.sandbox.etsy.receipts import EARLIEST, receipt_of
from connectors.sandbox.etsy.shop import SHOP_ID, USER_ID, Receipt, Sale, Shop

payments = Operations()
LEDGER_ID = 88_120_033
# The shares that connectors.etsy.fees has: of each line, and of the payment as a whole.
TRANSACTION_FEE = Decimal("0.065")
PROCESSING_FEE = Decimal("0.03")
PROCESSING_FIXED = Decimal("0.25")


class Span(Page):
    """getShopPaymentAccountLedgerEntries."""

    min_created: int = Field(ge=EARLIEST)
    max_created: int = Field(ge=EARLIEST)


class Entries(BaseModel):
    """getPaymentAccountLedgerEntryPayments."""

    ledger_entry_ids: Ids


class Payments(BaseModel):
    """getPayments."""

    payment_ids: Ids


@payments("GET /shops/{shop_id}/payment-account/ledger-entries", "transactions_r")
def get_shop_payment_account_ledger_entries(shop: Shop, call: Call) -> Json:
    """The entries of a time, the newest first."""
    asked = call.query(Span)
    if asked.max_created < asked.min_created:
        raise Refusal(400, "max_created must be after min_created")
    span = range(asked.min_created, asked.max_created + 1)
    found = [entry for entry in reversed(shop.ledger) if entry["created_timestamp"] in span]
    return views.page(found[asked.offset : asked.offset + asked.limit], len(found))


@payments("GET /shops/{shop_id}/payment-account/ledger-entries/payments", "transactions_r")
def get_payment_account_ledger_entry_payments(shop: Shop, call: Call) -> Json:
    """The payments of those entries that are about one."""
    asked = set(call.query(Entries).ledger_entry_ids)
    about = {
        entry["reference_id"]
        for entry in shop.ledger
        if entry["entry_id"] in asked and entry["ledger_type"].startswith("PAYMENT")
    }
    return _told(shop, (payment for payment in _all(shop) if str(payment["payment_id"]) in about))


@payments("GET /shops/{shop_id}/payments", "transactions_r")
def get_payments(shop: Shop, call: Call) -> Json:
    """Payments by their ids."""
    asked = set(call.query(Payments).payment_ids)
    return _told(shop, (payment for payment in _all(shop) if payment["payment_id"] in asked))


@payments("GET /shops/{shop_id}/receipts/{receipt_id}/payments", "transactions_r")
def get_shop_payment_by_receipt_id(shop: Shop, call: Call) -> Json:
    """The payment of a receipt."""
    return _told(shop, [receipt_of(shop, call).payment])


def _all(shop: Shop) -> list[Json]:
    return [receipt.payment for receipt in shop.receipts.values()]


def _told(shop: Shop, found: Iterable[Json]) -> Json:
    shipped = {one.payment["payment_id"]: one.shipped for one in shop.receipts.values()}
    return views.page({**one, "shipped_timestamp": shipped[one["payment_id"]]} for one in found)


def pay(shop: Shop, receipt: Receipt) -> None:
    """Book what a buyer paid, and the fees of it."""
    gross = receipt.shipping_cost + sum(
        (sale.price * sale.quantity for sale in receipt.sales), Decimal(0)
    )
    fees = round(gross * PROCESSING_FEE + PROCESSING_FIXED, 2)
    receipt.payment = _payment(shop, receipt, gross, fees)
    about = "shop_payment", receipt.payment["payment_id"]
    _enter(shop, "PAYMENT_GROSS", gross, *about)
    _enter(shop, "PAYMENT_PROCESSING_FEE", -fees, *about)
    for sale in receipt.sales:
        _enter(shop, "transaction", -_fee(sale, sale.quantity), "transaction", sale.id)


def adjust(
    shop: Shop, receipt: Receipt, amount: Decimal, units: Iterable[tuple[Sale, int]]
) -> None:
    """Book what went back to a buyer, and the fees that Etsy gave back with it."""
    payment = receipt.payment
    gross = Decimal(payment["amount_gross"]["amount"]) / views.DIVISOR
    fees = round(amount * PROCESSING_FEE, 2)
    adjustment = _adjustment(shop, payment, amount, fees)
    payment["payment_adjustments"].append(adjustment)
    payment["updated_timestamp"] = payment["update_timestamp"] = shop.now()
    gone = sum(one["total_adjustment_amount"] for one in payment["payment_adjustments"])
    payment["adjusted_gross"] = views.money(gross - Decimal(gone) / views.DIVISOR, shop.currency)
    about = "shop_payment", payment["payment_id"]
    _enter(shop, "REFUND_GROSS", -amount, *about, adjustments=[adjustment])
    _enter(shop, "REFUND_PROCESSING_FEE", fees, *about)
    for sale, back in units:
        if back:
            _enter(shop, "transaction_refund", _fee(sale, back), "transaction", sale.id)


def _fee(sale: Sale, units: int) -> Decimal:
    return round(sale.price * units * TRANSACTION_FEE, 2)


def _payment(shop: Shop, receipt: Receipt, gross: Decimal, fees: Decimal) -> Json:
    amounts = {"gross": gross, "fees": fees, "net": gross - fees}
    return {
        "payment_id": shop.new_id(),
        "buyer_user_id": receipt.buyer["buyer_user_id"],
        "shop_id": SHOP_ID,
        "receipt_id": receipt.id,
        **{f"amount_{name}": views.money(one, shop.currency) for name, one in amounts.items()},
        **{f"posted_{name}": views.money(one, shop.currency) for name, one in amounts.items()},
        "adjusted_gross": None,
        "adjusted_fees": None,
        "adjusted_net": None,
        "currency": shop.currency,
        "shop_currency": shop.currency,
        "buyer_currency": shop.currency,
        "shipping_user_id": None,
        "shipping_address_id": receipt.id,
        "billing_address_id": receipt.id,
        "status": "settled",
        "create_timestamp": shop.now(),
        "created_timestamp": shop.now(),
        "update_timestamp": shop.now(),
        "updated_timestamp": shop.now(),
        "payment_adjustments": [],
    }


def _adjustment(shop: Shop, payment: Json, amount: Decimal, fees: Decimal) -> Json:
    cents = int(amount * views.DIVISOR)
    return {
        "payment_adjustment_id": shop.new_id(),
        "payment_id": payment["payment_id"],
        "status": "OPEN",
        "is_success": True,
        "user_id": USER_ID,
        "reason_code": "OTHER",
        "total_adjustment_amount": cents,
        "shop_total_adjustment_amount": cents,
        "buyer_total_adjustment_amount": cents,
        "total_fee_adjustment_amount": int(fees * views.DIVISOR),
        "create_timestamp": shop.now(),
        "created_timestamp": shop.now(),
        "update_timestamp": shop.now(),
        "updated_timestamp": shop.now(),
        "payment_adjustment_items": [],
    }


def _enter(
    shop: Shop,
    kind: str,
    amount: Decimal,
    about: str,
    about_id: int,
    *,
    adjustments: Sequence[Json] = (),
) -> None:
    cents = int(amount * views.DIVISOR)
    balance = shop.ledger[-1]["balance"] if shop.ledger else 0
    shop.ledger.append(
        {
            "entry_id": shop.new_id(),
            "ledger_id": LEDGER_ID,
            "sequence_number": len(shop.ledger) + 1,
            "amount": cents,
            "currency": shop.currency,
            "description": kind,
            "balance": balance + cents,
            "create_date": shop.now(),
            "created_timestamp": shop.now(),
            "ledger_type": kind,
            "reference_type": about,
            "reference_id": str(about_id),
            "parent_entry_id": 0,
            "payment_adjustments": list(adjustments),
        }
    )
