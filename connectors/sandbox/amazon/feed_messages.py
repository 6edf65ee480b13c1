"""A JSON_LISTINGS_FEED: its document read, its messages carried out, its processing report.

Rules: the listings feed schema (v2) and the processing report schema (v2).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connectors.sandbox.amazon.checks import issue
from connectors.sandbox.amazon.product_types import PRODUCT_TYPES
from connectors.sandbox.amazon.shelf import Shelf, Submission

Json = dict[str, Any]
Report = dict[str, Any]

MOST_MESSAGES = 25_000
VERSION = "2.0"
NEEDED = {
    "UPDATE": {"productType", "attributes"},
    "PARTIAL_UPDATE": {"productType", "attributes"},
    "PATCH": {"productType", "patches"},
    "DELETE": set(),
}
FORBIDDEN = {
    "UPDATE": {"patches"},
    "PARTIAL_UPDATE": {"patches", "requirements"},
    "PATCH": {"attributes", "requirements"},
    "DELETE": {"attributes", "patches", "requirements", "productType"},
}


@dataclass(frozen=True, slots=True)
class Reading:
    """The account and the stores that a feed is for, and when its messages are carried out."""

    seller_id: str
    feed_id: str
    marketplace_ids: list[str]
    began: datetime
    step: timedelta
    ended: datetime


def process(shelf: Shelf, content: bytes, reading: Reading) -> Report | None:
    """Carry the messages out, and report; None where the document as a whole cannot be read."""
    document = _read(content, reading.seller_id)
    if document is None:
        return None
    messages, issues, accepted = document["messages"], [], []
    seen: set[int] = set()
    for place, message in enumerate(messages, start=1):
        now = reading.began + place * reading.step
        found = _carry_out(shelf, message, seen, reading.marketplace_ids, now)
        issues += [_reported(message, each) for each in found]
        if not found:
            accepted.append(message)
    # The report tells the items as they are when the feed ends.
    shelf.settle(reading.ended)
    report = _report(reading, issues, len(messages), len(messages) - len(accepted))
    return report | _items(shelf, document["header"], accepted, reading, report)


def fatal_report(reading: Reading) -> Report:
    """The report of a document that cannot be read."""
    complaint = {"severity": "ERROR", "message": "The feed document is not a valid listings feed."}
    return _report(reading, [complaint], 0, 0)


def _items(
    shelf: Shelf, header: Json, accepted: list[Json], reading: Reading, report: Report
) -> Json:
    """What a report says beside its issues where the feed's header asks for data sets."""
    if "report" not in header:
        return {}
    asked = header["report"]["includedData"]
    listings = [
        listing
        for sku in dict.fromkeys(message["sku"] for message in accepted)
        for marketplace_id in reading.marketplace_ids
        if (listing := shelf.listings.get((marketplace_id, sku)))
    ]
    issues = [each["severity"] for listing in listings for each in listing.issues]
    counts = {"errors": issues.count("ERROR"), "warnings": issues.count("WARNING")}
    return {
        "header": {**report["header"], "report": header["report"]},
        "summary": {**report["summary"], "itemSummary": {"items": len(listings), **counts}},
        "items": [shelf.item(listing, asked) for listing in listings],
    }


def _report(reading: Reading, issues: list[Json], processed: int, refused: int) -> Report:
    return {
        "header": {
            "sellerId": reading.seller_id,
            "version": VERSION,
            "feedId": reading.feed_id,
        },
        "issues": issues,
        "summary": {
            "errors": len(issues),
            "warnings": 0,
            "messagesProcessed": processed,
            "messagesAccepted": processed - refused,
            "messagesInvalid": refused,
        },
    }


def _read(content: bytes, seller_id: str) -> Json | None:
    try:
        document = json.loads(content)
        header, messages = document["header"], document["messages"]
        is_ours = header["sellerId"] == seller_id and header["version"] == VERSION
        return document if is_ours and 1 <= len(messages) <= MOST_MESSAGES else None
    except (ValueError, KeyError, TypeError):
        return None


def _carry_out(
    shelf: Shelf, message: Json, seen: set[int], marketplace_ids: list[str], now: datetime
) -> list[Json]:
    """One message; the issues for which it is refused."""
    if found := list(_malformed(message, seen)):
        return found
    seen.add(message["messageId"])
    act = _ACTS[message["operationType"]]
    return [
        each
        for marketplace_id in marketplace_ids
        for each in act(shelf, message, marketplace_id, now)
    ]


def _malformed(message: Json, seen: set[int]) -> Iterator[Json]:
    number, operation = message.get("messageId"), message.get("operationType")
    if not isinstance(number, int) or number < 1 or number in seen:
        yield issue("4000001", "The provided value for 'messageId' is invalid.")
    if not message.get("sku") or operation not in NEEDED:
        yield issue("4000001", "The provided value for 'sku' or 'operationType' is invalid.")
        return
    for name in sorted(NEEDED[operation] - message.keys()):
        yield issue("90220", f"'{name}' is required but not supplied.", name)
    for name in sorted(FORBIDDEN[operation] & message.keys()):
        yield issue("90000900", f"'{name}' is not applicable to {operation}.", name)
    if message.get("productType", "RUG") not in PRODUCT_TYPES:
        yield issue("4000001", "The provided value for 'productType' is invalid.", "productType")


def _update(shelf: Shelf, message: Json, marketplace_id: str, now: datetime) -> list[Json]:
    given = _submission(message, marketplace_id, message["attributes"])
    return shelf.put(given, now)


def _partial(shelf: Shelf, message: Json, marketplace_id: str, now: datetime) -> list[Json]:
    patches = [
        {"op": "replace", "path": f"/attributes/{name}", "value": value}
        for name, value in message["attributes"].items()
    ]
    return shelf.patch(_submission(message, marketplace_id, {}), patches, now)


def _patch(shelf: Shelf, message: Json, marketplace_id: str, now: datetime) -> list[Json]:
    return shelf.patch(_submission(message, marketplace_id, {}), message["patches"], now)


def _delete(shelf: Shelf, message: Json, marketplace_id: str, _now: datetime) -> list[Json]:
    shelf.delete(marketplace_id, message["sku"])
    return []


_Act = Callable[[Shelf, Json, str, datetime], list[Json]]
_ACTS: Mapping[str, _Act] = {
    "UPDATE": _update,
    "PARTIAL_UPDATE": _partial,
    "PATCH": _patch,
    "DELETE": _delete,
}


def _submission(message: Json, marketplace_id: str, attributes: Mapping[str, Any]) -> Submission:
    return Submission(
        message["sku"],
        marketplace_id,
        message["productType"],
        attributes,
        message.get("requirements", "LISTING"),
    )


def _reported(message: Json, found: Json) -> Json:
    """An issue in the shape of the processing report: one attribute each, at most."""
    names = found.get("attributeNames", [])
    about = {"attributeName": names[0]} if names else {}
    place = {name: message[name] for name in ("messageId", "sku") if name in message}
    return {
        **place,
        "code": found["code"],
        "severity": found["severity"],
        "message": found["message"],
        **about,
    }
