"""Changes through calls and through feeds, on the practice market over real HTTP."""

import logging
from collections import Counter
from dataclasses import replace
from typing import TypeVar

import pytest
from moneyed import Money

from connectors.amazon import pushing
from connectors.amazon.crafts import ProductType
from connectors.amazon.definitions import Library
from connectors.amazon.limits import RATES, SETTLED_AFTER
from connectors.amazon.route import Route
from connectors.protocol import (
    ALL_FACETS,
    Accepted,
    Change,
    Claimed,
    Deferred,
    Draft,
    Facet,
    Outcome,
    Pending,
    Rejected,
    Remote,
)
from tests.connectors.amazon.conftest import Seller

Kind = TypeVar("Kind", Accepted, Claimed, Rejected, Deferred)
STOCK = frozenset({Facet.STOCK})


def of(kind: type[Kind], outcomes: list[Outcome]) -> list[Kind]:
    return [outcome for outcome in outcomes if isinstance(outcome, kind)]


def offers(seller: Seller) -> dict[str, tuple[int, str]]:
    """Stock and price of all that is shown, by SKU."""
    return {
        offer.sku: (offer.available, offer.price)
        for listing in seller.market.shown()
        for offer in listing.offers
    }


@pytest.fixture
def by_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything goes by feed, however little it is."""
    monkeypatch.setattr(pushing, "route", lambda *_: Route(True, 1, 0))


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own check of product types says nothing, so that Amazon's does."""
    monkeypatch.setattr(Library, "complaints", lambda *_: ())


def test_a_family_is_one_listing_with_its_variants(seller: Seller, slippers: Draft) -> None:
    told = seller.push(slippers)
    remote = Remote("BAB", {"skus": "BAB-38\nBAB-39\nBAB-40", "product_type": "SLIPPER"})
    assert told == [
        Claimed("BAB", Remote("BAB", {"product_type": "SLIPPER"})),
        Accepted("BAB", ALL_FACETS, remote),
    ]
    assert offers(seller) == {
        "BAB-38": (4, "39.90"),
        "BAB-39": (0, "39.90"),
        "BAB-40": (2, "39.90"),
    }
    assert [listing.remote.id for listing in seller.connector.listings()] == ["BAB"]


def test_stock_of_a_family_costs_a_patch_a_variant(seller: Seller, slippers: Draft) -> None:
    [_, accepted] = seller.push(slippers)
    assert isinstance(accepted, Accepted)
    fewer = replace(slippers, offers=tuple(replace(o, available=1) for o in slippers.offers))
    seller.connector.calls.clear()
    [told] = seller.push(fewer, facets=STOCK, remote=accepted.remote)
    assert told == Accepted("BAB", STOCK, accepted.remote)
    assert {sku: stock for sku, (stock, _) in offers(seller).items()} == {
        "BAB-38": 1,
        "BAB-39": 1,
        "BAB-40": 1,
    }
    assert seller.connector.calls == {"patchListingsItem": 3, "searchListingsItems": 2}


def test_a_variant_that_is_gone_is_taken_off_the_market(seller: Seller, slippers: Draft) -> None:
    [_, accepted] = seller.push(slippers)
    assert isinstance(accepted, Accepted)
    seller.push(replace(slippers, offers=slippers.offers[:2]), remote=accepted.remote)
    assert {sku: stock for sku, (stock, _) in offers(seller).items()} == {
        "BAB-38": 4,
        "BAB-39": 0,
        "BAB-40": 0,
    }


def test_what_the_product_type_asks_for_is_known_before_a_push(seller: Seller, rug: Draft) -> None:
    bare = replace(rug, texts=tuple(replace(t, materials=(), colours=()) for t in rug.texts))
    [rejected] = of(Rejected, seller.push(bare))
    told = {(issue.code, issue.field, issue.sku) for issue in rejected.issues}
    assert told == {
        ("MISSING_ATTRIBUTE", "materials", "TIF-BO-101"),
        ("MISSING_ATTRIBUTE", "colours", "TIF-BO-101"),
    }
    assert seller.connector.calls == {"getDefinitionsProductType": 1}


def test_a_definition_is_read_once_for_many_listings(seller: Seller, rug: Draft) -> None:
    rugs = [
        replace(rug, key=f"R{n}", offers=(replace(rug.offers[0], sku=f"R{n}"),)) for n in range(3)
    ]
    seller.push(*rugs)
    assert seller.connector.calls == {
        "getDefinitionsProductType": 1,
        "putListingsItem": 3,
        "searchListingsItems": 1,
    }


def test_a_refusal_that_comes_later_is_told_by_polling(seller: Seller, rug: Draft) -> None:
    fake = replace(rug, texts=(replace(rug.texts[0], title="Counterfeit rug"),))
    told = seller.push(fake)
    [rejected] = of(Rejected, told)
    assert [(issue.code, issue.message) for issue in rejected.issues] == [
        ("18742", "Restricted Products Policy Violation")
    ]
    assert of(Accepted, told) == []


@pytest.mark.usefixtures("unchecked")
def test_a_rehearsal_tells_what_amazon_would_refuse_and_changes_nothing(
    seller: Seller, rug: Draft
) -> None:
    [offer] = rug.offers
    foreign = replace(rug, key="F", offers=(replace(offer, price=Money("489", "EUR")),))
    told = list(seller.connector.rehearse([Change(rug, ALL_FACETS), Change(foreign, ALL_FACETS)]))
    assert [(one.key, {issue.field for issue in one.issues}) for one in told] == [("F", {"price"})]
    assert (seller.market.shown(), seller.connector.calls["putListingsItem"]) == ([], 2)


def test_a_restricted_product_type_is_asked_for_once_and_refused(
    seller: Seller, rug: Draft
) -> None:
    seller.push(replace(rug, key="X", texts=(replace(rug.texts[0], title="Dagger carpet"),)))
    [asin] = {item.asin for item in seller.market.shelf.listings.values()}
    worker = seller.worker(sample_asins=f"LAMP=B000000000, RUG={asin}")
    others = [
        replace(rug, key=f"R{n}", offers=(replace(rug.offers[0], sku=f"R{n}"),)) for n in range(2)
    ]
    told = list(worker.push([Change(draft, ALL_FACETS) for draft in others]))
    assert [type(outcome) for outcome in told] == [Rejected, Rejected]
    [issue] = of(Rejected, told)[0].issues
    assert (issue.code, issue.field, issue.message) == (
        "NOT_ELIGIBLE",
        "craft",
        "You cannot list the product.",
    )
    assert worker.calls == {"getDefinitionsProductType": 1, "getListingsRestrictions": 1}


def test_a_product_type_that_this_market_has_not_is_an_issue_of_the_craft(
    seller: Seller, rug: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = ProductType("FLYING_CARPET", "carpet")
    monkeypatch.setattr(pushing, "product_type", lambda _craft: odd)
    [rejected] = of(Rejected, seller.push(rug))
    assert [(issue.code, issue.field) for issue in rejected.issues] == [
        ("no_product_type", "craft")
    ]


@pytest.mark.usefixtures("by_feed", "unchecked")
def test_a_feed_creates_what_is_good_and_tells_what_is_not(
    seller: Seller, rug: Draft, slippers: Draft
) -> None:
    plain = tuple(replace(text, colours=()) for text in rug.texts)
    bad = replace(rug, key="BAD", texts=plain, offers=(replace(rug.offers[0], sku="BAD"),))
    told = seller.push(rug, bad, slippers)
    assert {outcome.key for outcome in of(Accepted, told)} == {"TIF-BO-101", "BAB"}
    [rejected] = of(Rejected, told)
    assert (rejected.key, rejected.facets, [(i.field, i.sku) for i in rejected.issues]) == (
        "BAD",
        frozenset({Facet.CONTENT}),
        [("colours", "BAD")],
    )
    # So that its content alone has to change before it is tried again.
    assert [d.facets for d in of(Deferred, told)] == [ALL_FACETS - {Facet.CONTENT}]
    assert set(offers(seller)) == {"TIF-BO-101", "BAB-38", "BAB-39", "BAB-40"}
    calls = Counter(seller.connector.calls)
    assert (calls["createFeed"], calls["putListingsItem"], calls["getFeedDocument"]) == (1, 0, 1)


@pytest.mark.usefixtures("by_feed")
def test_a_feed_of_patches_needs_no_search_afterwards(
    seller: Seller, rug: Draft, slippers: Draft
) -> None:
    remotes = {
        accepted.key: accepted.remote for accepted in of(Accepted, seller.push(rug, slippers))
    }
    sold = [
        replace(draft, offers=tuple(replace(o, available=0) for o in draft.offers))
        for draft in (rug, slippers)
    ]
    worker = seller.worker()
    [first, second] = worker.push([Change(d, STOCK, remotes[d.key]) for d in sold])
    assert isinstance(first, Pending)
    assert isinstance(second, Pending)
    assert first.receipt.operation == second.receipt.operation
    seller.market.clock.sleep(600)
    told = list(worker.poll([first.receipt, second.receipt]))
    assert told == [Accepted(d.key, STOCK, remotes[d.key]) for d in sold]
    assert {stock for stock, _ in offers(seller).values()} == {0}
    assert worker.calls == {
        "createFeedDocument": 1,
        "createFeed": 1,
        "getFeed": 1,
        "getFeedDocument": 1,
    }


@pytest.mark.usefixtures("by_feed")
def test_a_feed_in_progress_is_asked_about_and_nothing_more(seller: Seller, rug: Draft) -> None:
    [pending] = seller.connector.push([Change(rug, ALL_FACETS)])
    assert isinstance(pending, Pending)
    early = list(seller.connector.poll([pending.receipt]))
    seller.market.clock.sleep(20)
    late = list(seller.connector.poll([pending.receipt]))
    assert (early, late, seller.connector.calls["getFeed"]) == ([], [], 1)


def test_what_a_forgotten_feed_carried_is_sent_again(seller: Seller, rug: Draft) -> None:
    [_, pending] = seller.connector.push([Change(rug, ALL_FACETS)])
    assert isinstance(pending, Pending)
    lost = replace(pending.receipt, operation="999")
    seller.market.clock.sleep(600)
    [deferred] = seller.connector.poll([lost])
    assert isinstance(deferred, Deferred)
    assert (deferred.facets, deferred.until) == (
        ALL_FACETS,
        seller.market.clock.now() + SETTLED_AFTER,
    )


def test_the_way_that_was_chosen_is_logged(
    seller: Seller, rug: Draft, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "connectors.amazon"):
        seller.push(rug)
    assert caplog.messages == ["amazon-us: 1 changes by calls: 0 s by quota, 120 s by feeds"]


def test_many_changes_go_by_one_feed(seller: Seller, rug: Draft) -> None:
    # One more than the calls that a feed's own quota is worth.
    count = round(RATES["patchListingsItem"].per_second / RATES["createFeed"].per_second) + 1
    rugs = [
        replace(rug, key=f"R{n}", offers=(replace(rug.offers[0], sku=f"R{n}"),))
        for n in range(count)
    ]
    remote = Remote("R", {"product_type": "RUG"})
    told = list(seller.connector.push([Change(draft, STOCK, remote) for draft in rugs]))
    assert len({outcome.receipt.operation for outcome in told if isinstance(outcome, Pending)}) == 1
    assert seller.connector.calls == {"createFeedDocument": 1, "createFeed": 1}


def test_a_sku_with_a_comma_is_found_alone(seller: Seller, rug: Draft) -> None:
    odd = replace(rug, offers=(replace(rug.offers[0], sku="TIF,1/é"),))
    [_, accepted] = seller.push(odd)
    assert isinstance(accepted, Accepted)
    assert (accepted.remote.id, seller.connector.calls["getListingsItem"]) == ("TIF,1/é", 1)
