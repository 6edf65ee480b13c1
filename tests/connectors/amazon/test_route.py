"""Calls or feeds: by the quotas alone."""

from dataclasses import replace

import pytest

from connectors.amazon.limits import FEED_BYTES, FEED_MESSAGES, RATES
from connectors.amazon.route import Route, Work, batches, route
from connectors.amazon.submissions import Patch, Put
from connectors.protocol import ALL_FACETS, Change, Draft

STOCK = {"fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 3}]}


@pytest.fixture
def change(rug: Draft) -> Change:
    return Change(rug, ALL_FACETS)


def stock_changes(change: Change, count: int) -> list[Work]:
    patches = (Patch(f"TIF-{n}", "RUG", STOCK) for n in range(count))
    return [Work(change, (patch,), 1) for patch in patches]


def test_few_changes_go_by_calls_and_many_by_a_feed(change: Change) -> None:
    # 5 calls a second against a feed every 120 seconds: they meet at 602.
    ways = {
        count: route(stock_changes(change, count), RATES.__getitem__) for count in (0, 602, 603)
    }
    assert {count: way.by_feed for count, way in ways.items()} == {0: False, 602: False, 603: True}
    assert str(ways[603]) == "by feeds: 120 s by quota, 121 s by calls"


def test_ten_thousand_stock_changes_are_one_feed(change: Change) -> None:
    works = stock_changes(change, 10_000)
    assert route(works, RATES.__getitem__) == Route(True, 2000.0, 1 / 0.0083)
    assert [len(batch) for batch in batches(works)] == [10_000]


def test_puts_and_patches_have_a_rate_each(change: Change) -> None:
    puts = [Work(change, (Put("A", "RUG", STOCK),), 1)] * 500
    mixed = route([*puts, *stock_changes(change, 500)], RATES.__getitem__)
    assert mixed.calls_seconds == 100


def test_a_rate_that_amazon_lowered_makes_feeds_the_faster_way(change: Change) -> None:
    slow = {name: replace(rate, per_second=0.5) for name, rate in RATES.items()} | {
        "createFeed": RATES["createFeed"]
    }
    assert route(stock_changes(change, 100), slow.__getitem__).by_feed


def test_a_feed_carries_no_more_messages_than_amazon_takes(change: Change) -> None:
    works = stock_changes(change, FEED_MESSAGES + 1)
    assert [len(batch) for batch in batches(works)] == [FEED_MESSAGES, 1]


def test_a_feed_carries_no_more_bytes_than_amazon_takes_and_parts_no_family(
    change: Change,
) -> None:
    words = [{"value": "w" * (FEED_BYTES // 4)}]
    family = tuple(Put(f"S{n}", "RUG", {"product_description": words}) for n in range(2))
    assert [len(batch) for batch in batches([Work(change, family, 2)] * 3)] == [1, 1, 1]
