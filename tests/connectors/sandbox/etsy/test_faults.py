from typing import Any

import httpx
import pytest

from connectors.sandbox.faults import FaultKind
from tests.connectors.sandbox.etsy.seller import Seller


def drafts(seller: Seller) -> int:
    told = seller.told("GET", f"{seller.shop}/listings", params={"state": "draft"})
    return int(told["count"])


def test_a_draft_exists_though_its_answer_was_lost(seller: Seller) -> None:
    form = seller.form()
    seller.meets(FaultKind.LOST_ANSWER, "createDraftListing", every=3, times=None)
    heard = 0
    for _ in range(9):
        try:
            heard += seller.asks("POST", f"{seller.shop}/listings", data=form).status_code == 201
        except httpx.TransportError:
            continue

    assert (heard, drafts(seller)) == (6, 9)


def test_a_call_that_was_lost_made_nothing(seller: Seller) -> None:
    form = seller.form()
    seller.meets(FaultKind.LOST_CALL, "createDraftListing")

    with pytest.raises(httpx.TransportError):
        seller.asks("POST", f"{seller.shop}/listings", data=form)
    assert drafts(seller) == 0


def test_a_page_of_the_machinery_is_no_json(seller: Seller) -> None:
    seller.meets(FaultKind.ERROR, "getMe")
    answer = seller.asks("GET", "/users/me")

    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html")


def test_a_throttled_call_is_not_carried_out(seller: Seller) -> None:
    form = seller.form()
    seller.meets(FaultKind.THROTTLE, "createDraftListing")
    answer = seller.asks("POST", f"{seller.shop}/listings", data=form)

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert drafts(seller) == 0


def test_a_token_may_expire_before_its_time(seller: Seller) -> None:
    seller.meets(FaultKind.EXPIRED_TOKEN, "getMe")

    assert seller.refused("GET", "/users/me") == (401, "invalid_token")
    assert seller.asks("GET", "/users/me").status_code == 200


def ids(seller: Seller, path: str, name: str, **query: Any) -> list[int]:
    told = seller.told("GET", f"{seller.shop}/{path}", params=query)
    return [one[name] for one in told["results"]]


def test_a_page_of_listings_may_repeat_some_and_miss_others(seller: Seller) -> None:
    made = [seller.draft() for _ in range(8)][::-1]
    seller.meets(FaultKind.DUPLICATE_PAGE, "getListingsByShop")
    query = {"state": "draft", "limit": 4}
    pages = [ids(seller, "listings", "listing_id", **query, offset=start) for start in (0, 4)]

    assert pages == [made[0:4], made[2:6]]


def test_a_page_of_receipts_may_repeat_some_and_come_out_of_order(seller: Seller) -> None:
    seller.publish(sku="A", quantity=9)
    made = [int(seller.market.buy({"A": 1}, "US")) for _ in range(4)][::-1]
    seller.meets(FaultKind.DUPLICATE_PAGE, "getShopReceipts")
    seller.meets(FaultKind.SHUFFLED, "getShopReceipts", every=2)
    query = {"limit": 2}
    pages = [ids(seller, "receipts", "receipt_id", **query, offset=start) for start in (0, 2)]

    assert pages == [made[0:2], [made[2], made[1]]]


def test_a_page_of_receipts_may_leave_one_out(seller: Seller) -> None:
    seller.publish(sku="A", quantity=9)
    made = [int(seller.market.buy({"A": 1}, "US")) for _ in range(3)][::-1]
    seller.meets(FaultKind.MISSED_ITEM, "getShopReceipts")

    told = [seller.told("GET", f"{seller.shop}/receipts") for _ in range(2)]

    found = [[one["receipt_id"] for one in page["results"]] for page in told]
    assert (found, [page["count"] for page in told]) == ([[made[0], made[2]], made], [3, 3])


def test_a_receipt_may_change_once_its_page_was_told(seller: Seller) -> None:
    seller.publish(sku="A", quantity=9)
    made = []
    for _ in range(4):
        made.append(int(seller.market.buy({"A": 1}, "US")))
        seller.clock.sleep(60)
    seller.meets(FaultKind.MOVED_ITEM, "getShopReceipts")
    query = {"limit": 2, "sort_on": "updated", "sort_order": "asc"}
    pages = [ids(seller, "receipts", "receipt_id", **query, offset=start) for start in (0, 2)]

    # By its number the next page misses what moved up.
    assert pages == [made[:2], [made[3], made[0]]]


def test_calls_are_counted_by_their_official_names(seller: Seller) -> None:
    seller.draft()
    seller.told("GET", "/seller-taxonomy/nodes")

    assert {"createDraftListing": 1, "getSellerTaxonomyNodes": 1}.items() <= (
        seller.http.get(f"{seller.url}/_sandbox/calls").json().items()
    )
