"""Reading receipts as they change, so that none is missed while others move."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from connectors.etsy.client import Client
from connectors.etsy.limits import PAGE

Receipt = Mapping[str, Any]
# How often a page that brings nothing new is asked for again, before it is passed over.
_PATIENCE = 2


def changed_receipts(client: Client, shop_id: int, since: datetime) -> Iterator[Receipt]:
    """Receipts changed at or after `since`, the oldest change first, each change once.

    The next page starts at the moment where the last one ended, and not at its number: a receipt
    that changes meanwhile moves to the end, and what moves up in its place would be missed. A page
    that is short is the last one only where its count says so: it may leave something out.
    """
    seen: set[tuple[int, int]] = set()
    after, offset, dull = int(since.timestamp()), 0, 0
    while True:
        page, total = _page(client, shop_id, after, offset)
        fresh = [receipt for receipt in page if _change(receipt) not in seen]
        seen.update(map(_change, fresh))
        yield from sorted(fresh, key=lambda receipt: _change(receipt)[1])
        if not page or (len(page) < PAGE and offset + len(page) >= total):
            return
        latest = max(_change(receipt)[1] for receipt in page)
        dull = 0 if fresh else dull + 1
        if latest > after:
            after, offset, dull = latest, 0, 0
        elif fresh or dull >= _PATIENCE:
            # More than a page of changes in one second; or a page that came again, in part.
            offset, dull = offset + (len(fresh) or PAGE), 0


def _page(client: Client, shop_id: int, after: int, offset: int) -> tuple[list[Receipt], int]:
    """The receipts of a page, and how many there are on all pages from `after` on."""
    # The SDK leaves out shipped and unpaid receipts where it is not told otherwise.
    answer = client.ask(
        client.get_shop_receipts,
        shop_id,
        limit=PAGE,
        offset=offset,
        was_paid=None,
        was_shipped=None,
        min_last_modified=after,
        sort_on="updated",
        sort_order="asc",
    )
    return answer["results"], answer["count"]


def _change(receipt: Receipt) -> tuple[int, int]:
    """What tells one change of a receipt from another: its id, and when it last changed."""
    changed = receipt.get("updated_timestamp")
    # Without an id or a moment it is poison: told once, and no place to go on from.
    return receipt.get("receipt_id") or 0, changed if isinstance(changed, int) else 0
