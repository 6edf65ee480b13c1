import json
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sp_api.api import Feeds
from sp_api.auth.access_token_client import cache as access_tokens

from connectors.clock import VirtualClock
from connectors.sandbox.amazon import AmazonMarket
from connectors.sandbox.server import serve
from tests.connectors.sandbox.amazon.conftest import (
    FRANCE,
    Json,
    Seller,
    image,
    messages,
    patched,
    rug,
    stock,
    words,
)


@pytest.fixture
def unjudged(market: AmazonMarket, clock: VirtualClock) -> Iterator[Seller]:
    """A seller who may send documents that the official schema forbids."""
    access_tokens.clear()
    with ExitStack() as closing:
        yield Seller(closing.enter_context(serve(market.app())), market, clock, closing)


def update(sku: str, attributes: Json) -> Json:
    head = {"sku": sku, "operationType": "UPDATE", "productType": "RUG"}
    return head | {"requirements": "LISTING", "attributes": attributes}


def test_a_feed_takes_its_time(seller: Seller) -> None:
    feed_id = seller.submit(messages(seller, update("RUG-1", rug())))

    told = []
    for seconds in (0, 29, 1, 60, 1):
        seller.clock.sleep(seconds)
        told.append(seller.feed(feed_id)["processingStatus"])

    assert told == ["IN_QUEUE", "IN_QUEUE", "IN_PROGRESS", "IN_PROGRESS", "DONE"]


def test_a_feed_tells_when_it_was_processed(seller: Seller) -> None:
    feed_id = seller.submit(messages(seller, update("RUG-1", rug())))
    seller.clock.sleep(600)

    told = seller.feed(feed_id)

    assert told == {
        "feedId": feed_id,
        "feedType": "JSON_LISTINGS_FEED",
        "marketplaceIds": [FRANCE],
        "createdTime": "2026-11-23T12:00:00.000Z",
        "processingStatus": "DONE",
        "processingStartTime": "2026-11-23T12:00:30.000Z",
        "processingEndTime": "2026-11-23T12:01:30.010Z",
        "resultFeedDocumentId": told["resultFeedDocumentId"],
    }


def test_every_kind_of_message_is_carried_out(seller: Seller) -> None:
    seller.sell("RUG-1", "RUG-2", "RUG-3")
    patch = {"sku": "RUG-1", "operationType": "PATCH", "productType": "RUG"}
    partial = {"sku": "RUG-2", "operationType": "PARTIAL_UPDATE", "productType": "RUG"}

    feed_id = seller.submit(
        messages(
            seller,
            patch | {"patches": [patched("fulfillment_availability", stock(7))]},
            partial | {"attributes": {"fulfillment_availability": stock(8)}},
            {"sku": "RUG-3", "operationType": "DELETE"},
            update("RUG-4", rug(fulfillment_availability=stock(9))),
        )
    )
    report = seller.report(feed_id)

    assert report == {
        "header": {"sellerId": seller.id, "version": "2.0", "feedId": feed_id},
        "issues": [],
        "summary": {
            "errors": 0,
            "warnings": 0,
            "messagesProcessed": 4,
            "messagesAccepted": 4,
            "messagesInvalid": 0,
        },
    }
    offers = [listing.offers[0] for listing in seller.market.shown()]
    assert {offer.sku: offer.available for offer in offers} == {"RUG-1": 7, "RUG-2": 8, "RUG-4": 9}


def test_a_report_names_the_messages_that_were_refused(seller: Seller) -> None:
    feed_id = seller.submit(
        messages(seller, update("RUG-1", rug(brand=None)), update("RUG-2", rug()))
    )

    report = seller.report(feed_id)

    assert report["issues"] == [
        {
            "messageId": 1,
            "sku": "RUG-1",
            "code": "90220",
            "severity": "ERROR",
            "message": "'brand' is required but not supplied.",
            "attributeName": "brand",
        }
    ]
    assert report["summary"] == {
        "errors": 1,
        "warnings": 0,
        "messagesProcessed": 2,
        "messagesAccepted": 1,
        "messagesInvalid": 1,
    }
    assert [listing.remote_id for listing in seller.market.shown()] == ["RUG-2"]


def test_a_report_tells_the_items_that_the_feed_asks_for(seller: Seller) -> None:
    document = messages(
        seller,
        update("RUG-1", rug()),
        update("RUG-2", rug(main_product_image_locator=image("gone"))),
        update("RUG-3", rug(brand=None)),
    )
    wanted = {"includedData": ["summaries", "issues"], "apiVersion": "2021-08-01"}
    document["header"]["report"] = wanted

    report = seller.report(seller.submit(document))

    items = {item["sku"]: item for item in report["items"]}
    assert (report["header"]["report"], sorted(items)) == (wanted, ["RUG-1", "RUG-2"])
    assert report["summary"]["itemSummary"] == {"items": 2, "errors": 1, "warnings": 0}
    assert items["RUG-1"]["summaries"][0]["status"] == ["BUYABLE", "DISCOVERABLE"]
    assert [issue["code"] for issue in items["RUG-2"]["issues"]] == ["20000"]


def test_the_listings_of_a_feed_are_created_one_after_the_other(seller: Seller) -> None:
    seller.report(seller.submit(messages(seller, *(update(f"RUG-{n}", rug()) for n in (1, 2)))))

    created = [seller.item(f"RUG-{n}")["summaries"][0]["createdDate"] for n in (1, 2)]

    assert created == ["2026-11-23T12:00:30.010Z", "2026-11-23T12:00:30.020Z"]


def test_a_long_report_comes_compressed(seller: Seller) -> None:
    bad = [update(f"RUG-{number}", rug(brand=None)) for number in range(100)]
    feed_id = seller.submit(messages(seller, *bad))
    seller.clock.sleep(600)
    document = seller.feed(feed_id)["resultFeedDocumentId"]

    told = seller.get(f"/feeds/2021-06-30/documents/{document}").json()

    assert told["compressionAlgorithm"] == "GZIP"
    assert len(seller.report(feed_id)["issues"]) == 100


def test_a_feed_can_be_cancelled_only_while_it_waits(seller: Seller) -> None:
    feeds = seller.client(Feeds)
    early = seller.submit(messages(seller, update("RUG-1", rug())))
    feeds.cancel_feed(early)
    late = seller.submit(messages(seller, update("RUG-2", rug())))
    seller.clock.sleep(30)

    refusal = seller.http.delete(
        f"/feeds/2021-06-30/feeds/{late}", headers={"x-amz-access-token": seller.token()}
    )

    seller.clock.sleep(600)
    assert refusal.status_code == 400
    assert [seller.feed(each)["processingStatus"] for each in (early, late)] == [
        "CANCELLED",
        "DONE",
    ]
    assert [listing.remote_id for listing in seller.market.shown()] == ["RUG-2"]


def test_feeds_are_listed_youngest_first(seller: Seller) -> None:
    ids = [seller.submit(messages(seller, update(f"RUG-{n}", rug()))) for n in range(3)]

    first = seller.client(Feeds).get_feeds(feedTypes="JSON_LISTINGS_FEED", pageSize=2)
    second = seller.client(Feeds).get_feeds(nextToken=first.next_token)

    found = [*first.payload["feeds"], *second.payload["feeds"]]
    assert [feed["feedId"] for feed in found] == ids[::-1]


def test_an_address_takes_only_the_content_type_it_was_made_for(seller: Seller) -> None:
    document = seller.client(Feeds).create_feed_document(None, "application/json").payload

    answer = seller.http.put(document["url"], content=b"{}", headers={"content-type": "text/plain"})

    assert (answer.status_code, b"SignatureDoesNotMatch" in answer.content) == (403, True)


def test_a_feed_of_nothing_is_refused(seller: Seller) -> None:
    document = seller.client(Feeds).create_feed_document(None, "application/json").payload

    answer = seller.http.post(
        "/feeds/2021-06-30/feeds",
        headers={"x-amz-access-token": seller.token()},
        json={
            "feedType": "JSON_LISTINGS_FEED",
            "marketplaceIds": [FRANCE],
            "inputFeedDocumentId": document["feedDocumentId"],
        },
    )

    assert answer.status_code == 400


@pytest.mark.parametrize("flaw", ["no JSON", "another seller", "too many messages", "none"])
def test_a_document_that_is_no_listings_feed_is_fatal(unjudged: Seller, flaw: str) -> None:
    delete = {"sku": "RUG-1", "operationType": "DELETE"}
    document = messages(unjudged, delete)
    content = {
        "no JSON": "<Message/>",
        "another seller": json.dumps(document | {"header": {"sellerId": "A0", "version": "2.0"}}),
        "too many messages": json.dumps(messages(unjudged, *[delete] * 25_001)),
        "none": json.dumps(messages(unjudged)),
    }[flaw]

    feed_id = unjudged.submit(content.encode())

    assert unjudged.report(feed_id)["summary"]["messagesProcessed"] == 0
    assert unjudged.feed(feed_id)["processingStatus"] == "FATAL"


@pytest.mark.parametrize(
    "flaw",
    [
        {"sku": ""},
        {"messageId": 0},
        {"operationType": "UPSERT"},
        {"productType": "FLYING_CARPET"},
        {"attributes": None},
        {"patches": [patched("color", words("Bleu"))]},
    ],
)
def test_a_malformed_message_is_refused_alone(unjudged: Seller, flaw: Json) -> None:
    document = messages(unjudged, update("RUG-1", rug()), update("RUG-2", rug()))
    first = document["messages"][0] | flaw
    document["messages"][0] = {name: value for name, value in first.items() if value is not None}

    report = unjudged.report(unjudged.submit(document))

    assert (report["summary"]["messagesAccepted"], report["summary"]["messagesInvalid"]) == (1, 1)


def test_a_message_id_counts_once(unjudged: Seller) -> None:
    document = messages(unjudged, update("RUG-1", rug()), update("RUG-2", rug()))
    document["messages"][1]["messageId"] = 1

    report = unjudged.report(unjudged.submit(document))

    assert [issue["sku"] for issue in report["issues"]] == ["RUG-2"]


def test_a_call_made_while_a_feed_runs_does_not_hold_its_judgement_up(seller: Seller) -> None:
    document = messages(seller, update("RUG-1", rug()))
    document["header"]["report"] = {"includedData": ["summaries"], "apiVersion": "2021-08-01"}
    feed_id = seller.submit(document)
    seller.clock.sleep(85)
    seller.put("RUG-2", rug())

    report = seller.report(feed_id)

    [item] = report["items"]
    assert item["summaries"][0]["status"] == ["BUYABLE", "DISCOVERABLE"]
