"""Etsy's books: the shop's ledger and its payments, as bookings of ours.

A payment tells what a buyer paid, what processing the card cost, and what went back later. All
else that Etsy charges stands in the ledger alone: for lines sold, for listings, for advertising.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from babel.numbers import get_currency_precision
from moneyed import Money

from connectors.bookings import readable
from connectors.etsy.client import Client
from connectors.etsy.limits import LEDGER_SPAN, PAGE
from connectors.etsy.mapper import money
from connectors.etsy.watch import changed_receipts
from connectors.protocol import Settlement, SettlementKind

Payload = Mapping[str, Any]

# The contract names no types of entries. These are those that sellers have listed: issues 442 and
# 531 of github.com/etsy/open-api. What payments tell, with their fees:
_PAID = ("PAYMENT", "REFUND")
# Money on its way to the bank and back.
_TRANSFERS = ("DISBURSE", "RECOUP")


def read(client: Client, shop_id: int, since: datetime, until: datetime) -> Iterator[Settlement]:
    """Bookings posted at or after `since`, and before `until`.

    Raises:
        Refused: at the end, where some could not be understood.
    """
    entries = list(_entries(client, shop_id, int(since.timestamp()), int(until.timestamp())))
    payments = list(_payments(client, shop_id, entries))
    receipts: Mapping[str, str] = {}
    if any(entry.get("reference_type") == "transaction" for entry in entries):
        receipts = _receipts(client, shop_id, since)
    found = readable(
        [*payments, *entries],
        lambda told: of_payment(told) if "receipt_id" in told else of_entry(told, receipts),
    )
    return (booking for booking in found if booking.posted_at >= since.replace(microsecond=0))


def _entries(client: Client, shop_id: int, since: int, until: int) -> Iterator[Payload]:
    """The entries of a time, each once. Its end is fixed, so that no new one moves the others."""
    seen: set[int] = set()
    for start in range(since, until + 1, LEDGER_SPAN):
        span = start, min(start + LEDGER_SPAN - 1, until)
        for offset in count(step=PAGE):
            page = _page(client, shop_id, span, offset)
            yield from (entry for entry in page if entry["entry_id"] not in seen)
            seen.update(entry["entry_id"] for entry in page)
            if len(page) < PAGE:
                break


def _page(client: Client, shop_id: int, span: tuple[int, int], offset: int) -> list[Payload]:
    read = client.get_shop_payment_account_ledger_entries
    answer = client.ask(
        read, shop_id, min_created=span[0], max_created=span[1], limit=PAGE, offset=offset
    )
    results: list[Payload] = answer["results"]
    return results


def _payments(client: Client, shop_id: int, entries: Sequence[Payload]) -> Iterator[Payload]:
    """The payments that entries are about, each once.

    Those of refunds are asked for by their ids: Etsy finds a payment by its own entry alone.
    """
    paid = [entry["entry_id"] for entry in entries if _kind(entry).startswith("PAYMENT")]
    refunded = {
        adjustment["payment_id"]
        for entry in entries
        for adjustment in entry.get("payment_adjustments") or ()
    }
    of_entries, by_id = client.get_payment_account_ledger_entry_payments, client.get_payments
    found: dict[int, Payload] = {}
    for ask, ids in ((of_entries, paid), (by_id, sorted(refunded))):
        for start in range(0, len(ids), PAGE):
            answer = client.ask(ask, shop_id, ids[start : start + PAGE])
            found |= {payment["payment_id"]: payment for payment in answer["results"]}
    yield from found.values()


def _receipts(client: Client, shop_id: int, since: datetime) -> dict[str, str]:
    """The receipts of lines, by the lines' ids: of whatever was sold or given back since."""
    return {
        str(line["transaction_id"]): str(receipt["receipt_id"])
        for receipt in changed_receipts(client, shop_id, since)
        for line in receipt.get("transactions") or ()
    }


def _kind(entry: Payload) -> str:
    return entry.get("ledger_type") or entry.get("description") or ""


def of_payment(payment: Payload) -> Iterator[Settlement]:
    """A sale with the fee of its payment, and each time that money went back."""
    order_id, gross = str(payment["receipt_id"]), money(payment["amount_gross"])
    yield Settlement(
        f"payment:{payment['payment_id']}",
        order_id,
        SettlementKind.SALE,
        _moment(payment),
        gross,
        money(payment["amount_fees"]),
    )
    unit = Decimal(payment["amount_gross"]["divisor"])
    for adjustment in payment.get("payment_adjustments") or ():
        if adjustment.get("is_success") is False:
            continue
        back = Decimal(adjustment.get("total_adjustment_amount") or 0) / unit
        fees = Decimal(adjustment.get("total_fee_adjustment_amount") or 0) / unit
        yield Settlement(
            f"adjustment:{adjustment['payment_adjustment_id']}",
            order_id,
            SettlementKind.REFUND,
            _moment(adjustment),
            Money(-back, gross.currency),
            Money(-fees, gross.currency),
        )


def of_entry(entry: Payload, receipts: Mapping[str, str]) -> Iterator[Settlement]:
    """What the ledger alone tells: fees charged, or given back.

    Its amounts are in the smallest unit of their currency, below zero where Etsy took them.
    """
    if _kind(entry).startswith((*_PAID, *_TRANSFERS)):
        return
    unit = 10 ** get_currency_precision(entry["currency"])
    amount = Money(Decimal(entry["amount"]) / unit, entry["currency"])
    reference = str(entry.get("reference_id"))
    orders = {"receipt": reference, "transaction": receipts.get(reference)}
    yield Settlement(
        f"entry:{entry['entry_id']}",
        orders.get(entry.get("reference_type") or ""),
        SettlementKind.OTHER,
        _moment(entry),
        Money(0, amount.currency),
        -amount,
    )


def _moment(told: Payload) -> datetime:
    return datetime.fromtimestamp(told["created_timestamp"], UTC)
