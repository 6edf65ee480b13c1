"""Feeds: documents, the queue, and what becomes of a feed as time passes."""

import gzip
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from connectors.sandbox.amazon.feed_messages import Reading, fatal_report, process
from connectors.sandbox.amazon.shelf import Shelf

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things take on the market's clock.

    Of our own measure: Amazon publishes no times. A listing is judged `listing` after it was
    accepted. A feed waits for `queue`, then takes `feed`, and `message` for each message.
    """

    listing: timedelta = timedelta(seconds=10)
    queue: timedelta = timedelta(seconds=30)
    feed: timedelta = timedelta(seconds=60)
    message: timedelta = timedelta(seconds=0.01)


@dataclass
class Document:
    """A document of a feed: what was uploaded, or what we report."""

    id: str
    content_type: str
    content: bytes | None = None
    zipped: bool = False


@dataclass
class Feed:
    """A feed on its way."""

    id: str
    marketplace_ids: list[str]
    document: Document
    created: datetime
    started: datetime
    ended: datetime
    cancelled: bool = False
    result: Document | None = None
    fatal: bool = False

    def status(self, now: datetime) -> str:
        """Its processing status at `now`."""
        if self.cancelled:
            return "CANCELLED"
        if now < self.started:
            return "IN_QUEUE"
        if self.result is None:
            return "IN_PROGRESS"
        return "FATAL" if self.fatal else "DONE"


@dataclass
class FeedDesk:
    """All feeds and their documents."""

    shelf: Shelf
    pace: Pace
    seller_id: str
    feeds: dict[str, Feed] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    _waiting: list[Feed] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(1))

    def document(self, content_type: str) -> Document:
        """A place for a document that is still to be uploaded."""
        document = Document(f"amzn1.tortuga.sandbox.{next(self._numbers)}", content_type)
        self.documents[document.id] = document
        return document

    def feed(self, document: Document, marketplace_ids: list[str], now: datetime) -> Feed:
        """A feed of what was uploaded to `document`, in the queue."""
        started = now + self.pace.queue
        messages = _messages_in(document.content or b"")
        ended = started + self.pace.feed + messages * self.pace.message
        feed = Feed(str(next(self._numbers)), marketplace_ids, document, now, started, ended)
        self.feeds[feed.id] = feed
        self._waiting.append(feed)
        return feed

    def cancel(self, feed: Feed, now: datetime) -> bool:
        """Cancel a feed that is still in the queue; whether it was."""
        feed.cancelled = feed.status(now) == "IN_QUEUE"
        return feed.cancelled

    def settle(self, now: datetime) -> None:
        """Process the feeds whose time has come, in the order in which they end."""
        for feed in sorted((each for each in self._waiting if each.ended <= now), key=_ended):
            self._waiting.remove(feed)
            if not feed.cancelled:
                self._finish(feed)

    def _finish(self, feed: Feed) -> None:
        reading = Reading(
            self.seller_id,
            feed.id,
            feed.marketplace_ids,
            feed.started,
            self.pace.message,
            feed.ended,
        )
        report = process(self.shelf, feed.document.content or b"", reading)
        feed.fatal = report is None
        told = report or fatal_report(reading)
        result = self.document("application/json; charset=UTF-8")
        result.content, result.zipped = _zipped(json.dumps(told, ensure_ascii=False).encode())
        feed.result = result


def _ended(feed: Feed) -> datetime:
    return feed.ended


# A report beyond this size comes compressed.
_ZIP_FROM = 10_000


def _zipped(content: bytes) -> tuple[bytes, bool]:
    return (gzip.compress(content), True) if len(content) > _ZIP_FROM else (content, False)


def _messages_in(content: bytes) -> int:
    # Counted without reading the document: it may be no JSON at all.
    return content.count(b'"messageId"')
