"""Who takes part in the demo."""

from collections import Counter

from trade_ma.demo.scenario import LAST_PIECES, OTHERS, Stall, baskets, stalls


def test_every_market_gets_a_stall() -> None:
    assert stalls({"etsy", "amazon"}) == [
        Stall("amazon-us", "amazon", "US"),
        Stall("amazon-de", "amazon", "DE"),
        Stall("amazon-mx", "amazon", "MX"),
        Stall("amazon-jp", "amazon", "JP"),
        Stall("etsy", "etsy"),
    ]


def test_an_only_market_gets_two_stalls_so_that_a_sale_shows_elsewhere() -> None:
    assert [stall.marketplace for stall in stalls({"shopify"})] == ["shopify", "shopify"]


EVERYTHING = {*LAST_PIECES, *(sku for lines in OTHERS for sku in lines)}


def test_last_pieces_are_bought_once_each_and_at_every_stall() -> None:
    bought = baskets({"a": EVERYTHING, "b": EVERYTHING})
    sold = Counter(sku for basket in bought for sku in basket.lines)
    assert {sku: sold[sku] for sku in LAST_PIECES} == dict.fromkeys(LAST_PIECES, 1)
    assert {b.channel for b in bought if set(b.lines) & set(LAST_PIECES)} == {"a", "b"}


def test_a_buyer_goes_where_all_of_the_basket_is_sold() -> None:
    few = {"TIF-001", "NSR-8"}
    bought = baskets({"a": few, "b": EVERYTHING})
    assert [set(b.lines) for b in bought if b.channel == "a"] == [{"TIF-001"}, {"NSR-8"}]
