"""Bulk operations on the practice shop, over real HTTP."""

import logging
from collections import Counter
from dataclasses import replace

import pytest

from connectors.errors import Refused
from connectors.protocol import (
    ALL_FACETS,
    Accepted,
    Change,
    Claimed,
    Deferred,
    Draft,
    Facet,
    Issue,
    Outcome,
    Pending,
    Photo,
    Receipt,
    Rejected,
    Rendition,
    Severity,
    Text,
)
from connectors.sandbox.faults import Fault, FaultKind
from connectors.sandbox.shopify.bulk import BulkOperation
from connectors.shopify.bulk import BUSY, Bulk
from connectors.shopify.limits import BULK_FILE_BYTES, BULK_OPERATIONS
from connectors.shopify.lines import Line, Sent, files
from connectors.shopify.mutations import define_key
from connectors.shopify.pushing import points_of, seconds_in_bulk
from images.rules import ImageRule
from tests.connectors.shopify.conftest import PracticeShop

WHILE = 60.0


@pytest.fixture
def bulk(shop: PracticeShop) -> Bulk:
    """What the connector hands large pushes to."""
    connector = shop.connector()
    define_key(connector._client)
    return connector._the_pusher()._bulk


@pytest.fixture
def plain(rug: Draft) -> Draft:
    """A rug in one language."""
    return replace(rug, texts=rug.texts[:1])


def copies(draft: Draft, count: int) -> list[Change]:
    """New products without photos."""
    [offer] = draft.offers
    drafts = (
        replace(draft, key=f"K{n}", offers=(replace(offer, sku=f"K{n}"),), photos=())
        for n in range(count)
    )
    return [Change(one, ALL_FACETS) for one in drafts]


def receipts(outcomes: list[Outcome]) -> list[Receipt]:
    return [outcome.receipt for outcome in outcomes if isinstance(outcome, Pending)]


def settled(shop: PracticeShop, bulk: Bulk, outcomes: list[Outcome]) -> list[Outcome]:
    """Every outcome, after asking until nothing was pending."""
    told = list(outcomes)
    while waiting := receipts(outcomes):
        shop.market.clock.sleep(WHILE)
        outcomes = list(bulk.poll(waiting))
        told += outcomes
    return told


def test_new_products_are_made_and_then_published(
    shop: PracticeShop, bulk: Bulk, plain: Draft, slippers: Draft
) -> None:
    sent = list(bulk.push([Change(plain, ALL_FACETS), Change(slippers, ALL_FACETS)]))
    assert [type(outcome) for outcome in sent] == [Pending, Pending]
    assert list(bulk.poll(receipts(sent))) == []
    told = settled(shop, bulk, sent)[2:]
    assert [(type(outcome), getattr(outcome, "key", "")) for outcome in told] == [
        (Claimed, "TIF-1"),
        (Claimed, "BAB-1"),
        (Pending, "TIF-1"),
        (Pending, "BAB-1"),
        (Accepted, "TIF-1"),
        (Accepted, "BAB-1"),
    ]
    claimed, accepted = told[1], told[-1]
    assert isinstance(claimed, Claimed)
    assert accepted == Accepted("BAB-1", ALL_FACETS, claimed.remote)
    assert Counter(part.partition(":")[0] for part in claimed.remote.parts) == Counter(
        variant=2, item=2, words=1
    )
    shown = shop.shown("BAB-38")
    assert (shown.present, len(shown.photos), [o.available for o in shown.offers]) == (
        True,
        2,
        [4, 0],
    )


def test_a_refused_line_says_why_and_keeps_no_other_back(
    shop: PracticeShop, bulk: Bulk, plain: Draft, slippers: Draft
) -> None:
    first, second = slippers.offers
    bad = replace(slippers, offers=(first, replace(second, price=-second.price)))
    told = settled(
        shop, bulk, list(bulk.push([Change(bad, ALL_FACETS), Change(plain, ALL_FACETS)]))
    )
    [refused] = [outcome for outcome in told if isinstance(outcome, Rejected)]
    assert (refused.key, [(issue.field, issue.sku) for issue in refused.issues]) == (
        "BAB-1",
        [("price", "BAB-39")],
    )
    assert [shown.title for shown in shop.market.shown()] == [plain.texts[0].title]


def test_words_alone_need_no_second_round_and_keep_the_ids_of_photos(
    shop: PracticeShop, bulk: Bulk, plain: Draft
) -> None:
    [remote] = shop.listed(plain)
    content = frozenset({Facet.CONTENT})
    renamed = replace(plain, texts=(replace(plain.texts[0], title="Un autre nom"),))
    told = settled(shop, bulk, list(bulk.push([Change(renamed, content, remote)])))
    [accepted] = told[1:]
    assert isinstance(accepted, Accepted)
    unsaid = {name: value for name, value in remote.parts.items() if name != "words:en"}
    assert accepted.remote.parts.items() > unsaid.items()
    assert accepted.remote.parts["words:en"] != remote.parts["words:en"]
    assert (shop.shown("TIF-1").title, len(shop.shown("TIF-1").photos)) == ("Un autre nom", 2)


def test_an_ended_product_is_not_published(shop: PracticeShop, bulk: Bulk, plain: Draft) -> None:
    gone = Change(replace(plain, present=False), ALL_FACETS)
    told = settled(shop, bulk, list(bulk.push([gone])))
    assert [type(outcome) for outcome in told] == [Pending, Accepted]
    assert shop.shown("TIF-1").present is False


def test_what_an_operation_that_failed_did_not_do_is_sent_again(
    shop: PracticeShop, bulk: Bulk, plain: Draft
) -> None:
    sent = list(bulk.push(copies(plain, 1)))
    [operation] = shop.market.store.all(BulkOperation)
    operation.cancel(shop.market.clock.now())
    assert list(bulk.poll(receipts(sent))) == [
        Deferred(
            "K0",
            ALL_FACETS,
            shop.market.clock.now(),
            "Shopify's bulk operation ended as CANCELED",
        )
    ]


def test_an_operation_that_shopify_has_forgotten_is_sent_again(bulk: Bulk) -> None:
    lost = Receipt("K0", ALL_FACETS, "gid://shopify/BulkOperation/9", Line(0, True, ()).place())
    [outcome] = bulk.poll([lost])
    assert isinstance(outcome, Deferred)


def test_more_operations_than_shopify_allows_wait(
    shop: PracticeShop, bulk: Bulk, plain: Draft
) -> None:
    [first] = bulk.push(copies(plain, 1))
    for _ in range(BULK_OPERATIONS - 1):
        list(bulk.push(copies(plain, 1)))
    now = shop.market.clock.now()
    [full] = bulk.push(copies(plain, 1))
    assert full == Deferred("K0", ALL_FACETS, now + BUSY, "Shopify has other files to work on")
    assert isinstance(first, Pending)


def test_publishing_that_finds_no_room_is_done_by_a_later_poll(
    shop: PracticeShop, bulk: Bulk, plain: Draft
) -> None:
    sent = receipts(list(bulk.push(copies(plain, 1))))
    shop.market.clock.sleep(WHILE)
    for _ in range(BULK_OPERATIONS):
        list(bulk.push(copies(plain, 1)))
    assert [type(outcome) for outcome in bulk.poll(sent)] == [Claimed]
    shop.market.clock.sleep(WHILE)
    told = settled(shop, bulk, list(bulk.poll(sent)))
    assert [type(outcome) for outcome in told] == [Claimed, Pending, Accepted]
    assert [shown.present for shown in shop.market.shown()] == [True]


class Unreadable:
    """A source whose photos cannot be made ready."""

    def rendition(self, photo: Photo, _rule: ImageRule) -> Rendition:
        raise Refused([Issue("too_small", f"{photo.alt} is too small", field="photos")])

    def url(self, _photo: Photo, _rule: ImageRule) -> str | None:
        return None


def test_a_photo_that_cannot_be_made_ready_refuses_its_listing_alone(
    bulk: Bulk, plain: Draft
) -> None:
    bulk._photos = Unreadable()
    changes = [Change(plain, ALL_FACETS), *copies(plain, 1)]
    refused, pending = bulk.push(changes)
    issue = Issue("too_small", "Tapis rouge is too small", field="photos")
    assert refused == Rejected("TIF-1", ALL_FACETS, (issue,))
    assert isinstance(pending, Pending)


def test_a_lost_answer_to_the_results_is_asked_for_again(
    shop: PracticeShop, bulk: Bulk, plain: Draft
) -> None:
    shop.market.faults.arm(Fault(kind=FaultKind.LOST_ANSWER, operation="bulkOperation"))
    told = settled(shop, bulk, list(bulk.push(copies(plain, 2))))
    assert Counter(type(outcome) for outcome in told) == {Pending: 4, Claimed: 2, Accepted: 2}


def test_files_are_as_many_as_run_at_once_and_never_too_large() -> None:
    def sent(size: int) -> Sent:
        return Sent("k", ALL_FACETS, Line(0, True, ()), b"x" * size)

    assert [len(file) for file in files([sent(10)] * 12)] == [3, 3, 3, 3]
    assert [len(file) for file in files([sent(10)] * 3)] == [1, 1, 1]
    assert [len(file) for file in files([sent(BULK_FILE_BYTES // 2)] * 15)] == [2] * 7 + [1]


def test_a_line_survives_being_kept_as_a_place() -> None:
    line = Line(
        7,
        True,
        ("زربية-1", 'TIF"2'),
        {"a" * 64: "gid://shopify/MediaImage/1"},
        {"en": "c" * 32},
        (Issue("language_left_out", "ja", Severity.WARNING, field="texts"),),
    )
    assert Line.at(line.place()) == line


def test_a_language_that_the_shop_has_not_is_told_when_the_product_is_shown(
    shop: PracticeShop, bulk: Bulk, plain: Draft
) -> None:
    japanese = Text("ja-JP", "ベニワレンのラグ", "")
    draft = replace(plain, texts=(*plain.texts, japanese))
    told = settled(shop, bulk, list(bulk.push([Change(draft, ALL_FACETS)])))
    *_, accepted = told
    assert [type(one) for one in told] == [Pending, Claimed, Pending, Accepted]
    assert isinstance(accepted, Accepted)
    message = "The text in ja-JP is not shown: add the language to the shop's settings"
    assert accepted.issues == (
        Issue("language_left_out", message, Severity.WARNING, field="texts"),
    )


def test_a_translation_of_what_was_made_in_bulk_is_sent_alone(
    shop: PracticeShop, bulk: Bulk, plain: Draft, rug: Draft
) -> None:
    *_, made = settled(shop, bulk, list(bulk.push([Change(plain, ALL_FACETS)])))
    assert isinstance(made, Accepted)
    connector = shop.connector()
    list(connector.push([Change(rug, frozenset({Facet.CONTENT}), made.remote)]))
    assert connector.calls == Counter(shop=1, translatableResource=1, translationsRegister=1)
    assert shop.shown("TIF-1").texts["ar"] == rug.texts[1].title


def test_many_products_go_in_bulk_and_few_one_by_one(
    shop: PracticeShop, plain: Draft, rug: Draft, caplog: pytest.LogCaptureFixture
) -> None:
    connector = shop.connector()
    with caplog.at_level(logging.INFO, "connectors.shopify"):
        outcomes = list(connector.push([*copies(plain, 800), Change(rug, ALL_FACETS)]))
    # The rug is in two languages: its translation must find it there.
    assert Counter(type(outcome) for outcome in outcomes) == {
        Claimed: 1,
        Accepted: 1,
        Pending: 800,
    }
    assert "800 products go by bulk operations: about 152 s" in caplog.text
    assert connector.calls["productSet"] == 1
    shop.market.clock.sleep(WHILE)
    assert Counter(type(o) for o in connector.poll(receipts(outcomes))) == {
        Claimed: 800,
        Pending: 800,
    }


def test_the_way_is_chosen_by_points_and_seconds(plain: Draft) -> None:
    [change] = copies(plain, 1)
    assert points_of(change) == pytest.approx(22.2)
    assert points_of(Change(plain, ALL_FACETS)) == pytest.approx(28)
    assert points_of(replace(change, facets=frozenset({Facet.CONTENT}))) == pytest.approx(12.2)
    assert seconds_in_bulk([change] * 1000) == pytest.approx(160)
    content = replace(change, facets=frozenset({Facet.CONTENT}))
    assert seconds_in_bulk([content] * 1000) == pytest.approx(80)
