"""Receipts: what buyers ordered, and the seller's word that it was shipped."""

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, Field

from connectors.sandbox.etsy import receipt_views, views
from connectors.sandbox.etsy.call import Call, Json, Refusal, not_found
from connectors.sandbox.etsy.forms import Page, Sorted
from connectors.sandbox.etsy.operations import Operations
from connectors.sandbox.etsy.shop import Receipt, Shop
from connectors.sandbox.faults import FaultKind

receipts = Operations()
# The earliest moment that Etsy's API description allows: the first of the year 2000.
EARLIEST = 946_684_800


class Query(Sorted):
    """getShopReceipts. What is not asked for is not filtered by."""

    sort_on: Literal["created", "updated", "receipt_id"] = "created"
    min_created: int = Field(default=EARLIEST, ge=EARLIEST)
    max_created: int | None = Field(default=None, ge=EARLIEST)
    min_last_modified: int = Field(default=EARLIEST, ge=EARLIEST)
    max_last_modified: int | None = Field(default=None, ge=EARLIEST)
    was_paid: bool | None = None
    was_shipped: bool | None = None
    was_delivered: bool | None = None
    was_canceled: bool | None = None


class Tracking(BaseModel):
    """createReceiptShipment, as far as the sandbox heeds it."""

    tracking_code: str | None = None
    carrier_name: str | None = None


class ReceiptForm(BaseModel):
    """updateShopReceipt."""

    was_shipped: bool | None = None
    was_paid: bool | None = None


def receipt_of(shop: Shop, call: Call) -> Receipt:
    """The receipt that the call's path names. Raises Refusal 404 where there is none."""
    try:
        return shop.receipts[call.id("receipt_id")]
    except KeyError:
        raise not_found("Shop Receipt", "receipt_id", call.path["receipt_id"]) from None


@receipts("GET /shops/{shop_id}/receipts", "transactions_r")
def get_shop_receipts(shop: Shop, call: Call) -> Json:
    """Receipts by their filters, page by page, each with the faults that a page may have."""
    asked = call.query(Query)
    matching = [one for one in shop.receipts.values() if _matches(one, asked)]
    matching.sort(key=lambda one: _sort_key(one, asked), reverse=asked.newest_first)
    start = asked.offset
    if start and shop.faults.strike(call.operation, FaultKind.DUPLICATE_PAGE):
        start = max(0, start - (asked.limit + 1) // 2)
    chosen = matching[start : start + asked.limit]
    if shop.faults.strike(call.operation, FaultKind.SHUFFLED):
        chosen.reverse()
    if chosen and shop.faults.strike(call.operation, FaultKind.MISSED_ITEM):
        chosen.pop(len(chosen) // 2)
    told = [receipt_views.receipt(one, shop) for one in chosen]
    more = start + asked.limit < len(matching)
    if more and shop.faults.strike(call.operation, FaultKind.MOVED_ITEM):
        chosen[0].updated = shop.now()
    return views.page(told, len(matching))


@receipts("GET /shops/{shop_id}/receipts/{receipt_id}", "transactions_r")
def get_shop_receipt(shop: Shop, call: Call) -> Json:
    """One receipt."""
    return receipt_views.receipt(receipt_of(shop, call), shop)


@receipts("PUT /shops/{shop_id}/receipts/{receipt_id}", "transactions_w")
def update_shop_receipt(shop: Shop, call: Call) -> Json:
    """Say that a receipt was shipped or paid."""
    receipt, form = receipt_of(shop, call), call.form(ReceiptForm)
    if form.was_paid is not None:
        receipt.is_paid = form.was_paid
    if form.was_shipped is not None:
        receipt.shipped = shop.now() if form.was_shipped else None
    receipt.updated = shop.now()
    return receipt_views.receipt(receipt, shop)


@receipts("POST /shops/{shop_id}/receipts/{receipt_id}/tracking", "transactions_w")
def create_receipt_shipment(shop: Shop, call: Call) -> Json:
    """Say that a receipt was shipped, and how to follow the parcel."""
    receipt, form = receipt_of(shop, call), call.json(Tracking)
    if receipt.canceled:
        raise Refusal(409, f"Receipt {receipt.id} is canceled and cannot be shipped")
    # "When shipping ... to India, tracking code and carrier name ARE required":
    # createReceiptShipment. Its rule for parcels within the United States is none for a shop here.
    if receipt.country == "IN" and not (form.tracking_code and form.carrier_name):
        raise Refusal(400, "Missing input parameter: [tracking_code, carrier_name]")
    receipt.shipped = receipt.updated = shop.now()
    receipt.shipments.append(
        {
            "receipt_shipping_id": shop.new_id(),
            "shipment_notification_timestamp": shop.now(),
            "carrier_name": form.carrier_name or "",
            "tracking_code": form.tracking_code or "",
        }
    )
    return receipt_views.receipt(receipt, shop)


@receipts("GET /shops/{shop_id}/receipts/{receipt_id}/transactions", "transactions_r")
def get_shop_receipt_transactions_by_receipt(shop: Shop, call: Call) -> Json:
    """The lines of a receipt."""
    receipt = receipt_of(shop, call)
    return views.page(receipt_views.transaction(sale, receipt, shop) for sale in receipt.sales)


@receipts("GET /shops/{shop_id}/listings/{listing_id}/transactions", "transactions_r")
def get_shop_receipt_transactions_by_listing(shop: Shop, call: Call) -> Json:
    """The lines in which a listing was sold."""
    wanted = call.id("listing_id")
    told = [
        receipt_views.transaction(sale, receipt, shop)
        for receipt in shop.receipts.values()
        for sale in receipt.sales
        if sale.listing.id == wanted
    ]
    return _paged(told, call)


@receipts("GET /shops/{shop_id}/transactions", "transactions_r")
def get_shop_receipt_transactions_by_shop(shop: Shop, call: Call) -> Json:
    """All lines of all receipts."""
    return _paged(list(_transactions(shop)), call)


@receipts("GET /shops/{shop_id}/transactions/{transaction_id}", "transactions_r")
def get_shop_receipt_transaction(shop: Shop, call: Call) -> Json:
    """One line of a receipt."""
    for told in _transactions(shop):
        if told["transaction_id"] == call.id("transaction_id"):
            return told
    raise not_found("Transaction", "transaction_id", call.path["transaction_id"])


def _transactions(shop: Shop) -> Iterator[Json]:
    for receipt in shop.receipts.values():
        for sale in receipt.sales:
            yield receipt_views.transaction(sale, receipt, shop)


def _paged(told: list[Json], call: Call) -> Json:
    asked = call.query(Page)
    return views.page(told[asked.offset : asked.offset + asked.limit], len(told))


def _matches(receipt: Receipt, asked: Query) -> bool:
    flags = (
        (asked.was_paid, receipt.is_paid),
        (asked.was_shipped, receipt.shipped is not None),
        (asked.was_delivered, receipt.delivered),
        (asked.was_canceled, receipt.canceled),
    )
    return (
        all(wanted in {None, found} for wanted, found in flags)
        and asked.min_created <= receipt.created
        and asked.min_last_modified <= receipt.updated
        and (asked.max_created is None or receipt.created <= asked.max_created)
        and (asked.max_last_modified is None or receipt.updated <= asked.max_last_modified)
    )


def _sort_key(receipt: Receipt, asked: Query) -> tuple[int, int]:
    first = {"created": receipt.created, "updated": receipt.updated, "receipt_id": receipt.id}
    return first[asked.sort_on], receipt.id
