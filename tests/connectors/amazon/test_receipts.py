"""What Amazon's items say of a submission, and when they can be believed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.amazon.receipts import Place, due, judged, read_place, refused
from connectors.protocol import (
    ALL_FACETS,
    Accepted,
    Claimed,
    Deferred,
    Facet,
    Issue,
    Outcome,
    Receipt,
    Rejected,
    Remote,
    Severity,
)

US = "ATVPDKIKX0DER"
SENT = datetime(2026, 11, 23, 12, tzinfo=UTC)
REMOTE = Remote("TIF-1", {"skus": "TIF-1", "product_type": "RUG"})


def item(sku: str = "TIF-1", minutes: float = 1, **parts: Any) -> dict[str, Any]:
    """A listings item that changed so many minutes after the submission."""
    summary = {
        "marketplaceId": US,
        "productType": "RUG",
        "status": parts.pop("status", ["BUYABLE", "DISCOVERABLE"]),
        "lastUpdatedDate": (SENT + timedelta(minutes=minutes)).isoformat(),
    }
    return {"sku": sku, "summaries": [summary]} | parts


def complaint(severity: str, *attributes: str) -> dict[str, Any]:
    return {
        "code": "1",
        "message": "No.",
        "severity": severity,
        "categories": [],
        "attributeNames": list(attributes),
        "marketplaceIds": [US],
    }


def verdict(
    *items: dict[str, Any],
    minutes: float = 5,
    facets: frozenset[Facet] = ALL_FACETS,
    count: int = 1,
    whole: bool = True,
) -> list[Outcome]:
    """The outcomes so many minutes after the submission."""
    place = Place("TIF-1", count, SENT, whole)
    receipt = Receipt("rug", facets, "calls", str(place))
    return list(judged(receipt, items, US, SENT + timedelta(minutes=minutes)))


def test_a_place_survives_its_keeping_whatever_the_sku() -> None:
    place = Place("A|B, C", 3, SENT, whole=True, message=17)
    assert (read_place(str(place)), list(place.messages)) == (place, [17, 18, 19])
    assert len(str(Place("S" * 40, 2001, SENT, whole=True, message=25_000))) <= 200


def test_nothing_is_asked_before_amazon_can_know() -> None:
    place = Place("A", 1, SENT, whole=True)
    asked = [due(place, SENT + timedelta(seconds=seconds)) for seconds in (0, 14, 15)]
    assert asked == [False, False, True]


def test_what_is_on_sale_is_accepted() -> None:
    assert verdict(item()) == [Accepted("rug", ALL_FACETS, REMOTE)]


def test_what_can_be_found_and_is_sold_out_is_accepted() -> None:
    assert verdict(item(status=["DISCOVERABLE"])) == [Accepted("rug", ALL_FACETS, REMOTE)]


@pytest.mark.parametrize(
    "shown",
    [
        (),
        (item(status=[]),),
        (item(minutes=-10),),
        ({"sku": "TIF-1", "summaries": []},),
    ],
    ids=["not there", "no status", "not changed since", "not in this market"],
)
def test_what_amazon_is_still_at_work_on_is_not_judged(shown: tuple[dict[str, Any], ...]) -> None:
    assert verdict(*shown) == []


def test_clocks_that_differ_a_little_do_not_keep_a_listing_waiting() -> None:
    assert verdict(item(minutes=-1)) == [Accepted("rug", ALL_FACETS, REMOTE)]


def test_after_an_hour_what_is_shown_is_believed() -> None:
    assert verdict(item(minutes=-10, status=[]), minutes=61) == [
        Accepted("rug", ALL_FACETS, REMOTE)
    ]


def test_what_never_appeared_is_sent_again_later() -> None:
    reason = "Amazon shows 0 of 1 items of this listing"
    until = SENT + timedelta(minutes=121)
    assert verdict(minutes=61) == [Deferred("rug", ALL_FACETS, until, reason)]


def test_what_was_refused_for_one_facet_sends_the_others_again() -> None:
    facets = frozenset({Facet.PRICE, Facet.STOCK})
    price = Issue("1", "No.", field="price")
    receipt = Receipt("rug", facets, "5", "")
    assert list(refused(receipt, [price], SENT)) == [
        Rejected("rug", frozenset({Facet.PRICE}), (price,)),
        Deferred("rug", frozenset({Facet.STOCK}), SENT, "refused together with another part"),
    ]


def test_a_late_refusal_is_a_refusal_of_a_listing_that_is_there() -> None:
    refused = item(issues=[complaint("ERROR", "item_name")])
    assert verdict(refused) == [
        Claimed("rug", REMOTE),
        Rejected("rug", ALL_FACETS, (Issue("1", "No.", field="title", sku="TIF-1"),)),
    ]


def test_a_warning_does_not_stop_a_listing() -> None:
    warned = item(issues=[complaint("WARNING", "item_name")])
    warning = Issue("1", "No.", Severity.WARNING, "title", "TIF-1")
    assert verdict(warned) == [Accepted("rug", ALL_FACETS, REMOTE, (warning,))]


def test_a_price_is_not_refused_for_a_title() -> None:
    refused = item(issues=[complaint("ERROR", "item_name")])
    price = frozenset({Facet.PRICE})
    assert verdict(refused, facets=price, whole=False) == [Accepted("rug", price, REMOTE)]


def test_an_issue_of_another_market_is_none_of_ours() -> None:
    elsewhere = complaint("ERROR", "item_name") | {"marketplaceIds": ["A13V1IB3VIYZZH"]}
    assert verdict(item(issues=[elsewhere])) == [Accepted("rug", ALL_FACETS, REMOTE)]


def test_a_family_is_judged_when_all_of_it_is_shown() -> None:
    def related(**kind: list[str]) -> list[dict[str, Any]]:
        return [{"marketplaceId": US, "relationships": [{"type": "VARIATION"} | kind]}]

    parent = item(relationships=related(childSkus=["TIF-2"]))
    child = item("TIF-2", relationships=related(parentSkus=["TIF-1"]))
    remote = Remote("TIF-1", {"skus": "TIF-2", "product_type": "RUG"})
    assert [verdict(parent, count=2), verdict(parent, child, count=2)] == [
        [],
        [Accepted("rug", ALL_FACETS, remote)],
    ]
