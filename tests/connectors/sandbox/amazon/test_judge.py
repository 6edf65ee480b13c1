"""The judge of Amazon's contract finds what is wrong, and only that."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contracts.amazon import FEED_DOCUMENT, REPORT, AmazonJudge
from tests.contracts.recorder import Exchange

PUT = Exchange(
    method="PUT",
    path="/listings/2021-08-01/items/A0SELLER/RUG/1 é",
    query="marketplaceIds=A13V1IB3VIYZZH&issueLocale=fr_FR",
    headers={"x-amz-access-token": "Atza|x", "content-type": "application/json"},
    body=b'{"productType": "RUG", "requirements": "LISTING", "attributes": {}}',
    status=200,
    answer_headers={"x-amzn-ratelimit-limit": "5.0"},
    answer=b'{"sku": "RUG/1", "status": "ACCEPTED", "submissionId": "1", "issues": []}',
)
REFUSED = b'{"errors": [{"code": "InvalidInput", "message": "no"}]}'


@pytest.fixture(scope="module")
def judge(shared: Path) -> AmazonJudge:
    return AmazonJudge(shared / "contracts" / "amazon")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"query": "marketplaceIds=A13V1IB3VIYZZH&MarketplaceId=A13V1IB3VIYZZH"},
        {"status": 400, "answer": REFUSED, "body": b"not JSON"},
        {"status": 503, "answer": b"<html/>"},
        {"status": 429, "answer": b""},
        {"answer": b"", "answer_headers": {"content-length": "1000"}},
    ],
)
def test_what_is_in_order_has_no_faults(judge: AmazonJudge, changes: dict[str, object]) -> None:
    exchange = replace(PUT, **changes)  # type: ignore[arg-type]  # by name

    assert (judge.operation(exchange), judge.faults(exchange)) == ("putListingsItem", [])


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"headers": {}}, "no access token"),
        ({"query": ""}, "query: marketplaceIds is missing"),
        ({"query": "marketplaceIds=A&marketplaceIds=B"}, "query: marketplaceIds is given 2 times"),
        ({"query": "marketplaceIds=A,B"}, "query: marketplaceIds: ['A', 'B'] is too long"),
        ({"query": "marketplaceIds=A&colour=red"}, "query: colour is not described"),
        (
            {"query": "marketplaceIds=A&mode=DRY"},
            "query: mode: 'DRY' is not one of ['VALIDATION_PREVIEW']",
        ),
        ({"body": b"{}"}, "request: : 'productType' is a required property"),
        ({"body": b"nothing"}, "request: not JSON"),
        ({"status": 418}, "answer: status 418 is not described"),
        ({"answer_headers": {}}, "answer: no x-amzn-RateLimit-Limit"),
        ({"answer": b'{"sku": "1", "status": "ACCEPTED"}'}, "answer 200: : 'submissionId' is"),
        ({"status": 429, "answer": b'{"message": "slow"}'}, "answer 429: : 'errors' is a required"),
    ],
)
def test_what_the_model_forbids_is_a_fault(
    judge: AmazonJudge, changes: dict[str, object], fault: str
) -> None:
    faults = judge.faults(replace(PUT, **changes))  # type: ignore[arg-type]  # by name

    assert any(each.startswith(fault) for each in faults)


@pytest.mark.parametrize("path", ["/auth/o2/token", "/_sandbox/orders", "/_documents/feeds/1"])
def test_addresses_outside_the_models_are_not_judged(judge: AmazonJudge, path: str) -> None:
    assert judge.operation(replace(PUT, method="POST", path=path)) is None


def told(judge: AmazonJudge, path: str, method: str, status: int) -> None:
    """An answer that names the address of a document."""
    answer = {"feedDocumentId": "d1", "url": "https://documents.example/d1?signature=1"}
    body = b'{"contentType": "application/json"}' if method == "POST" else b""
    exchange = replace(PUT, method=method, path=path, query="", body=body, status=status)
    assert judge.faults(replace(exchange, answer=json.dumps(answer).encode())) == []


def test_an_uploaded_feed_is_judged_by_the_feed_schema(judge: AmazonJudge) -> None:
    told(judge, "/feeds/2021-06-30/documents", "POST", 201)
    delete = {"messageId": 1, "sku": "RUG-1", "operationType": "DELETE"}
    feed = {"header": {"sellerId": "A0", "version": "2.0"}, "messages": [delete]}
    upload = replace(PUT, path="/d1", query="signature=1", body=json.dumps(feed).encode())
    flawed = replace(upload, body=json.dumps(feed | {"messages": []}).encode())

    assert judge.operation(upload) == FEED_DOCUMENT
    assert (judge.faults(upload), judge.faults(flawed)) == (
        [],
        ["document: messages: [] should be non-empty"],
    )


def test_a_processing_report_is_judged_by_its_schema(judge: AmazonJudge, shared: Path) -> None:
    told(judge, "/feeds/2021-06-30/documents/d1", "GET", 200)
    folder = shared / "contracts" / "amazon" / "feeds"
    report = (folder / "listings-feed-processing-report-schema-v2.example.json").read_bytes()
    download = replace(PUT, method="GET", path="/d1", query="signature=1", answer=report)

    assert judge.operation(download) == REPORT
    assert (judge.faults(download), len(judge.faults(replace(download, answer=b"{}")))) == ([], 3)


def test_the_examples_that_amazon_publishes_are_in_order(shared: Path, judge: AmazonJudge) -> None:
    folder = shared / "contracts" / "amazon" / "feeds"
    told(judge, "/feeds/2021-06-30/documents", "POST", 201)
    example = (folder / "listings-feed-schema-v2.example.json").read_bytes()

    assert judge.faults(replace(PUT, path="/d1", body=example)) == []
