"""JSON listings feeds: written, uploaded, and their processing reports read."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx

from connectors.amazon.client import Feeds, SellerApi
from connectors.amazon.complaints import issue
from connectors.amazon.definitions import download
from connectors.errors import Unavailable
from connectors.protocol import Issue
from connectors.retry import repeat

CONTENT_TYPE = "application/json; charset=UTF-8"
GZIP_MARK = b"\x1f\x8b"
# What the processing report tells of each item beside its refusals, so that nothing needs to be
# searched for afterwards.
REPORTED = ("summaries", "issues", "relationships")


@dataclass(frozen=True, slots=True)
class Report:
    """A processing report: issues by message, and the items as Amazon shows them, by SKU.

    `fatal` says why nothing of the feed was taken.
    """

    issues: Mapping[int, tuple[Issue, ...]] = field(default_factory=dict)
    items: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    fatal: str | None = None


def parse_report(report: Mapping[str, Any]) -> Report:
    """A processing report, message by message.

    Source: listings-feed-processing-report-schema-v2.
    """
    by_message: dict[int, tuple[Issue, ...]] = {}
    of_the_feed = []
    for told in report.get("issues", ()):
        if number := told.get("messageId"):
            by_message[number] = (*by_message.get(number, ()), issue(told))
        elif told["severity"] == "ERROR":
            of_the_feed.append(told["message"])
    items = {item["sku"]: item for item in report.get("items", ())}
    return Report(by_message, items, "; ".join(of_the_feed) or None)


def head(api: SellerApi) -> dict[str, Any]:
    """The header of a feed of this account."""
    report = {"includedData": list(REPORTED), "apiVersion": "2021-08-01"}
    return {"sellerId": api.seller_id, "version": "2.0", "report": report}


def submit(api: SellerApi, messages: Sequence[Mapping[str, Any]]) -> str:
    """Send `messages` as one feed; the feed's id."""
    content = json.dumps(
        {"header": head(api), "messages": list(messages)},
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    document = api.call(
        "createFeedDocument",
        Feeds,
        lambda client: client.create_feed_document(None, CONTENT_TYPE),
    ).payload
    _upload(api, document["url"], content)
    answer = api.call(
        "createFeed",
        Feeds,
        lambda client: client.create_feed(
            "JSON_LISTINGS_FEED",
            document["feedDocumentId"],
            marketplaceIds=[api.market.site.remote_id],
        ),
    )
    feed_id: str = answer.payload["feedId"]
    return feed_id


def _upload(api: SellerApi, address: str, content: bytes) -> None:
    def once() -> None:
        try:
            answer = api.web.put(address, content=content, headers={"Content-Type": CONTENT_TYPE})
        except httpx.TransportError as error:
            raise Unavailable("the address for a feed cannot be reached") from error
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            raise Unavailable(f"the address for a feed answers {answer.status_code}")

    repeat(api.account.clock, once)


def report_of(api: SellerApi, feed_id: str) -> Report | None:
    """The processing report of a feed; None while it is in the queue or in progress."""
    feed = api.call("getFeed", Feeds, lambda client: client.get_feed(feed_id)).payload
    status, document_id = feed["processingStatus"], feed.get("resultFeedDocumentId")
    if status in {"IN_QUEUE", "IN_PROGRESS"}:
        return None
    report = parse_report(_read(api, document_id)) if document_id else Report()
    if status == "DONE":
        return report
    reason = f"Amazon did not process feed {feed_id} ({status})"
    return Report(fatal=f"{reason}: {report.fatal}" if report.fatal else reason)


def _read(api: SellerApi, document_id: str) -> dict[str, Any]:
    place = api.call(
        "getFeedDocument", Feeds, lambda client: client.where_is_document(document_id)
    ).payload
    content = download(api, place["url"])
    # By its first bytes: on the way some servers have unpacked what is said to be GZIP already.
    if content.startswith(GZIP_MARK):
        content = gzip.decompress(content)
    report: dict[str, Any] = json.loads(content)
    return report
