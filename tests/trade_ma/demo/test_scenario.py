"""Who takes part in the demo."""

from collections import Counter

from trade_ma.demo.scenario import LAST_PIECES, Stall, baskets, stalls


def test_every_market_gets_a_stall() -> None:
    assert stalls({"etsy", "amazon"}) == [Stall("amazon", "amazon"), Stall("etsy", "etsy")]


def test_an_only_market_gets_two_stalls_so_that_a_sale_shows_elsewhere() -> None:
    assert [stall.marketplace for stall in stalls({"shopify"})] == ["shopify", "shopify"]


def test_last_pieces_are_bought_once_each_and_at_every_stall() -> None:
    bought = baskets(["a", "b"])
    sold = Counter(sku for basket in bought for sku in basket.lines)
    assert {sku: sold[sku] for sku in LAST_PIECES} == dict.fromkeys(LAST_PIECES, 1)
    assert {b.channel for b in bought if set(b.lines) & set(LAST_PIECES)} == {"a", "b"}
