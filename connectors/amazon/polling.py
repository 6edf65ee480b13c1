"""Submissions asked after: by processing reports, and by the listings as Amazon shows them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from connectors.amazon import feeds, reading
from connectors.amazon.complaints import errors
from connectors.amazon.pushing import Desk
from connectors.amazon.receipts import (
    CALLS,
    Item,
    due,
    judged,
    lost,
    parents_of,
    read_place,
    refused,
)
from connectors.errors import Refused
from connectors.protocol import Outcome, Receipt


def poll(desk: Desk, receipts: Sequence[Receipt]) -> Iterator[Outcome]:
    """The outcomes that are known by now, without a call for what cannot be."""
    now = desk.api.account.clock.now()
    ripe = [receipt for receipt in receipts if due(read_place(receipt.place), now)]
    ripe.sort(key=lambda receipt: receipt.operation)
    for operation, group in groupby(ripe, lambda receipt: receipt.operation):
        if operation == CALLS:
            yield from _searched(desk, list(group))
        else:
            yield from _reported(desk, operation, list(group))


def _reported(desk: Desk, feed_id: str, receipts: Sequence[Receipt]) -> Iterator[Outcome]:
    try:
        report = feeds.report_of(desk.api, feed_id)
    except Refused as refusal:
        # Amazon keeps feeds for 90 days.
        report = feeds.Report(fatal=str(refusal))
    if report is None:
        return
    now, families = desk.api.account.clock.now(), _families(report.items.values())
    unsettled = []
    for receipt in receipts:
        outcomes = list(_read_report(desk, report, families, receipt, now))
        yield from outcomes
        if not outcomes:
            unsettled.append(receipt)
    yield from _searched(desk, unsettled)


def _read_report(
    desk: Desk,
    report: feeds.Report,
    families: Mapping[str, Sequence[Item]],
    receipt: Receipt,
    now: datetime,
) -> Iterator[Outcome]:
    """What a processing report says of one receipt; nothing where it does not tell."""
    place = read_place(receipt.place)
    told = (issue for number in place.messages for issue in report.issues.get(number, ()))
    if report.fatal:
        yield lost(receipt, report.fatal, now)
    elif faults := errors(told):
        yield from refused(receipt, faults, now)
    elif items := families.get(place.sku):
        yield from judged(receipt, items, desk.marketplace_id, now)


def _families(items: Iterable[Item]) -> dict[str, list[Item]]:
    """Items by the SKU of their listing."""
    found: dict[str, list[Item]] = {}
    for item in items:
        for sku in parents_of(item) or (item["sku"],):
            found.setdefault(sku, []).append(item)
    return found


def _searched(desk: Desk, receipts: Sequence[Receipt]) -> Iterator[Outcome]:
    """Ask for the listings themselves: twenty in a call, the children of each family in another."""
    places = [(receipt, read_place(receipt.place)) for receipt in receipts]
    found = reading.by_sku(desk.api, [place.sku for _, place in places])
    now = desk.api.account.clock.now()
    for receipt, place in places:
        items = [found[place.sku]] if place.sku in found else []
        if place.items > 1:
            items += reading.children(desk.api, place.sku).values()
        yield from judged(receipt, items, desk.marketplace_id, now)
