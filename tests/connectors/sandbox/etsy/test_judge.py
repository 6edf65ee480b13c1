import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.contracts.etsy import FORM, JSON, EtsyJudge
from tests.contracts.recorder import Exchange

LISTINGS = "/v3/application/shops/1/listings"
DRAFT = {
    "quantity": "1",
    "title": "Rug",
    "description": "Wool",
    "price": "12.50",
    "who_made": "i_did",
    "when_made": "2020_2026",
    "taxonomy_id": "7",
    "tags": "rug,wool",
}
MADE = {"listing_id": 5, "state": "draft", "tags": ["rug", "wool"], "shop_section_id": None}


@pytest.fixture(scope="module")
def judge(shared: Path) -> EtsyJudge:
    return EtsyJudge(shared / "contracts" / "etsy")


def exchange(
    method: str = "POST",
    path: str = LISTINGS,
    *,
    query: str = "",
    body: bytes = urlencode(DRAFT).encode(),
    kind: str = FORM,
    status: int = 201,
    answer: Any = MADE,
) -> Exchange:
    """A draft that is made well, but for what is said otherwise."""
    sent = {"content-type": kind} if body else {}
    content = b"" if answer is None else json.dumps(answer).encode()
    return Exchange(method, path, query, sent, body, status, {"content-type": JSON}, content)


def read(path: str, query: str = "", answer: Any = None, status: int = 200) -> Exchange:
    return exchange("GET", path, query=query, body=b"", status=status, answer=answer or {})


def test_a_good_call_has_no_faults(judge: EtsyJudge) -> None:
    assert judge.operation(exchange()) == "createDraftListing"
    assert judge.faults(exchange()) == []


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (exchange(body=urlencode(DRAFT | {"who_made": "robot"}).encode()), "$.who_made: breaks en"),
        (exchange(body=urlencode(DRAFT | {"when_made": "2020_2023"}).encode()), "$.when_made"),
        (
            exchange(body=urlencode(DRAFT | {"taxonomy_id": 0}).encode()),
            "$.taxonomy_id: breaks min",
        ),
        (
            exchange(body=urlencode(DRAFT | {"is_supply": True}).encode()),
            "$.is_supply: breaks type",
        ),
        (exchange(body=urlencode(DRAFT | {"colour": "red"}).encode()), "breaks additionalProper"),
        (exchange(body=urlencode({**DRAFT, "price": "x"}).encode()), "$.price: breaks type"),
        (exchange(body=urlencode(dict(list(DRAFT.items())[1:])).encode()), "breaks required"),
        (exchange(body=b"{}", kind=JSON), "request: is application/json, not application/x-www"),
        (exchange(query="dry_run=true"), "breaks additionalProperties"),
        (exchange(path="/v3/application/shops/mine/listings"), "$.shop_id: breaks type"),
        (read(LISTINGS, "limit=101"), "$.limit: breaks maximum"),
        (read(LISTINGS, "state=gone"), "$.state: breaks enum"),
        (read(LISTINGS, "includes=Images,Prices"), "$.includes[1]: breaks enum"),
        (read("/v3/application/listings/batch"), "breaks required"),
    ],
)
def test_a_request_against_the_description_is_a_fault(
    judge: EtsyJudge, bad: Exchange, fault: str
) -> None:
    (told,) = judge.faults(bad)

    assert fault in told


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (exchange(answer=MADE | {"listing_id": "5"}), "$.listing_id: breaks type"),
        (exchange(answer=MADE | {"state": "gone"}), "$.state: breaks enum"),
        (exchange(answer=MADE | {"title": None}), "$.title: breaks type"),
        (exchange(answer=MADE | {"colour": "red"}), "breaks additionalProperties"),
        (exchange(answer=MADE | {"price": {"amount": 1.5}}), "$.price.amount: breaks type"),
        (exchange(status=400, answer={"message": "no"}), "breaks required"),
        (exchange(status=418), "status 418, which is not described"),
        (read(LISTINGS, answer={"results": [{"inventory": {"products": [{"sku": 1}]}}]}), "sku"),
        (
            read(
                "/v3/application/seller-taxonomy/nodes",
                answer={"results": [{"children": [{"children": [{"id": 0}]}]}]},
            ),
            "children[0].children[0].id: breaks minimum",
        ),
    ],
)
def test_an_answer_against_the_description_is_a_fault(
    judge: EtsyJudge, bad: Exchange, fault: str
) -> None:
    (told,) = judge.faults(bad)

    assert fault in told


@pytest.mark.parametrize(("rank", "faults"), [("2", 0), ("first", 1)])
def test_the_fields_beside_a_file_are_judged(judge: EtsyJudge, rank: str, faults: int) -> None:
    upload = httpx.Request(
        "POST",
        f"https://etsy.example{LISTINGS}/5/images",
        data={"rank": rank, "alt_text": "سجادة"},
        files={"image": ("a.jpg", b"\xff\xd8\r\n--\x00")},
    )
    told = judge.faults(
        exchange(
            path=upload.url.path,
            body=upload.read(),
            kind=upload.headers["content-type"],
            answer={"listing_id": 5},
        )
    )

    assert len(told) == faults


def test_a_fault_never_tells_what_was_sent(judge: EtsyJudge) -> None:
    address = {"results": [{"name": 7, "first_line": {"street": "12 Secret Street"}}]}
    told = judge.faults(read("/v3/application/shops/1/receipts", answer=address))

    assert len(told) == 2
    assert "Secret" not in " ".join(told)


def test_fixed_words_come_before_ids(judge: EtsyJudge) -> None:
    addresses = ("active", "batch", "77")
    names = [judge.operation(read(f"/v3/application/listings/{one}")) for one in addresses]

    assert names == ["findAllListingsActive", "getListingsByListingIds", "getListing"]


def test_what_is_not_the_api_is_not_judged(judge: EtsyJudge) -> None:
    assert judge.operation(read("/v3/public/oauth/token")) is None
    assert judge.operation(read("/_sandbox/orders")) is None


def test_all_operations_of_the_description_are_known(judge: EtsyJudge) -> None:
    assert len(judge.operations) == 105
