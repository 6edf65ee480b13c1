"""The Feeds API 2021-06-30, and the addresses that documents are uploaded to and read from."""

from datetime import timedelta
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from connectors.clock import Clock
from connectors.sandbox.amazon.answers import (
    body_of,
    csv,
    invalid,
    moment,
    not_found,
    page_size,
    page_start,
    read_moment,
)
from connectors.sandbox.amazon.definitions import base_url
from connectors.sandbox.amazon.feed_desk import Document, Feed, FeedDesk
from connectors.sandbox.amazon.stores import STORES

Json = dict[str, Any]
Body = Annotated[dict[str, Any], Depends(body_of)]

FEED_TYPE = "JSON_LISTINGS_FEED"
UPLOADS = "/_documents/feeds"
# Source: getFeeds in the model: pageSize, and how long feeds are kept.
PAGE_SIZE = 10
MOST_PER_PAGE = 100
KEPT = timedelta(days=90)


class FeedTaker(Protocol):
    """What these addresses need of their market."""

    clock: Clock
    desk: FeedDesk


def feeds_router(market: FeedTaker) -> APIRouter:
    """The addresses of feeds."""
    router = APIRouter()
    _add_documents(router, market)
    _add_feeds(router, market)
    return router


def _add_documents(router: APIRouter, market: FeedTaker) -> None:
    @router.post("/feeds/2021-06-30/documents", status_code=201)
    def create_feed_document(request: Request, body: Body) -> Json:
        if not isinstance(body.get("contentType"), str):
            raise invalid("Missing 'contentType'.")
        document = market.desk.document(body["contentType"])
        return {"feedDocumentId": document.id, "url": _address(request, document)}

    @router.get("/feeds/2021-06-30/documents/{document_id}")
    def get_feed_document(document_id: str, request: Request) -> Json:
        document = _document(market.desk, document_id)
        zipped = {"compressionAlgorithm": "GZIP"} if document.zipped else {}
        return {"feedDocumentId": document.id, "url": _address(request, document), **zipped}

    @router.put(UPLOADS + "/{document_id}")
    async def upload(document_id: str, request: Request) -> Response:
        document = _document(market.desk, document_id)
        # A presigned address is signed for one content type, as storage of this kind does.
        if request.headers.get("content-type") != document.content_type:
            return Response("<Code>SignatureDoesNotMatch</Code>", 403, media_type="text/xml")
        document.content = await request.body()
        return Response()

    @router.get(UPLOADS + "/{document_id}")
    def download(document_id: str) -> Response:
        document = _document(market.desk, document_id)
        return Response(document.content, media_type=document.content_type)


def _add_feeds(router: APIRouter, market: FeedTaker) -> None:
    @router.post("/feeds/2021-06-30/feeds", status_code=202)
    def create_feed(body: Body) -> Json:
        document = _document(market.desk, str(body.get("inputFeedDocumentId")))
        ids = body.get("marketplaceIds") or []
        if body.get("feedType") != FEED_TYPE or not ids or set(ids) - STORES.keys():
            raise invalid(f"feedType must be {FEED_TYPE}, and marketplaceIds known.")
        if document.content is None:
            raise invalid("Nothing was uploaded to the document yet.")
        return {"feedId": market.desk.feed(document, ids, market.clock.now()).id}

    @router.get("/feeds/2021-06-30/feeds")
    def get_feeds(request: Request) -> Json:
        found = _found(market, request)
        start = page_start(request.query_params.get("nextToken"))
        size = page_size(request, "pageSize", PAGE_SIZE, MOST_PER_PAGE)
        rest = {"nextToken": str(start + size)} if start + size < len(found) else {}
        return {"feeds": [_told(market, feed) for feed in found[start : start + size]], **rest}

    @router.get("/feeds/2021-06-30/feeds/{feed_id}")
    def get_feed(feed_id: str) -> Json:
        return _told(market, _feed(market.desk, feed_id))

    @router.delete("/feeds/2021-06-30/feeds/{feed_id}")
    def cancel_feed(feed_id: str) -> Response:
        if not market.desk.cancel(_feed(market.desk, feed_id), market.clock.now()):
            raise invalid("Only a feed that is IN_QUEUE can be cancelled.")
        return Response()


def _address(request: Request, document: Document) -> str:
    return f"{base_url(request)}{UPLOADS}/{document.id}"


def _document(desk: FeedDesk, document_id: str) -> Document:
    if document_id not in desk.documents:
        raise not_found(f"Feed document '{document_id}' not found.")
    return desk.documents[document_id]


def _feed(desk: FeedDesk, feed_id: str) -> Feed:
    if feed_id not in desk.feeds:
        raise not_found(f"Feed '{feed_id}' not found.")
    return desk.feeds[feed_id]


def _found(market: FeedTaker, request: Request) -> list[Feed]:
    """The feeds asked for, the youngest first."""
    query, now = request.query_params, market.clock.now()
    if "nextToken" not in query and FEED_TYPE not in csv(request, "feedTypes"):
        return []
    since = read_moment(query["createdSince"], "createdSince") if "createdSince" in query else None
    until = read_moment(query["createdUntil"], "createdUntil") if "createdUntil" in query else now
    statuses = csv(request, "processingStatuses")
    return [
        feed
        for feed in reversed(market.desk.feeds.values())
        if (since or now - KEPT) <= feed.created <= until
        and (not statuses or feed.status(now) in statuses)
    ]


def _told(market: FeedTaker, feed: Feed) -> Json:
    now = market.clock.now()
    status = feed.status(now)
    answer: Json = {
        "feedId": feed.id,
        "feedType": FEED_TYPE,
        "marketplaceIds": feed.marketplace_ids,
        "createdTime": moment(feed.created),
        "processingStatus": status,
    }
    if status in {"IN_PROGRESS", "DONE", "FATAL"}:
        answer["processingStartTime"] = moment(feed.started)
    if feed.result:
        answer["processingEndTime"] = moment(feed.ended)
        answer["resultFeedDocumentId"] = feed.result.id
    return answer
