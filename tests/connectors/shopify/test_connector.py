"""What the connector reads from the practice shop, and tells it, over real HTTP."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from connectors.errors import CredentialsRejected, OutcomeUnknown, Refused
from connectors.protocol import (
    Draft,
    OrderStatus,
    RemoteOrder,
    Shipment,
    Shop,
    UnreadableOrder,
)
from connectors.registry import marketplace
from connectors.sandbox.faults import Fault, FaultKind
from connectors.sandbox.shopify.orders import Order
from connectors.sandbox.shopify.products import Product
from connectors.sandbox.shopify.shop import Location
from connectors.shopify import MARKETPLACE
from connectors.shopify.connector import ShopifyConnector
from connectors.shopify.limits import LIMITS, LINES_ON_A_PAGE, REFUNDS, VARIANTS_ON_A_PAGE
from tests.connectors.shopify.conftest import PracticeShop


def many(draft: Draft, count: int) -> Draft:
    """The draft in so many sizes, five of each."""
    [first, *_] = draft.offers
    offers = (
        replace(first, sku=f"S{n}", options=(("Size", str(n)),), available=5) for n in range(count)
    )
    return replace(draft, offers=tuple(offers))


def bought(shop: PracticeShop, lines: Mapping[str, int]) -> str:
    return shop.market.buy(lines, "FR")


def read(connector: ShopifyConnector, since: datetime) -> list[RemoteOrder]:
    return [order for order in connector.orders(since) if isinstance(order, RemoteOrder)]


def test_shopify_is_registered() -> None:
    assert marketplace("shopify") is MARKETPLACE


def test_check_tells_the_shop_with_its_languages(shop: PracticeShop) -> None:
    told = shop.connector().check()
    languages = ("en", "ar", "de", "es", "fr", "it", "nl")
    assert told == Shop(told.id, "The practice souk", "USD", languages)


def test_limits_and_rehearsal_ask_nothing(shop: PracticeShop, rug: Draft) -> None:
    connector = shop.connector()
    told = (connector.limits, list(connector.rehearse([])), connector.validate(rug))
    assert (told, connector.calls) == ((LIMITS, [], []), Counter())


def test_listings_come_once_with_all_their_variants(
    shop: PracticeShop, rug: Draft, slippers: Draft
) -> None:
    wide = many(slippers, VARIANTS_ON_A_PAGE + 2)
    others = [
        replace(rug, key=f"K{n}", offers=(replace(rug.offers[0], sku=f"K{n}"),), photos=())
        for n in range(21)
    ]
    shop.listed(wide, *others)
    repeat = Fault(kind=FaultKind.DUPLICATE_PAGE, operation="products")
    shop.market.faults.arm(repeat)
    connector = shop.connector()
    found = list(connector.listings())
    assert Counter(len(listing.offers) for listing in found) == {12: 1, 1: 21}
    assert {listing.title for listing in found} == {"Babouches", rug.texts[0].title}
    assert connector.calls["productVariants"] == 1


def test_a_product_that_is_not_published_is_not_present(shop: PracticeShop, rug: Draft) -> None:
    shop.listed(rug)
    [product] = shop.market.store.all(Product)
    product.publications.clear()
    assert [listing.present for listing in shop.connector().listings()] == [False]


def test_an_order_of_many_lines_comes_whole(shop: PracticeShop, slippers: Draft) -> None:
    shop.listed(many(slippers, LINES_ON_A_PAGE + 5))
    began = shop.market.clock.now()
    bought(shop, {f"S{n}": 1 for n in range(LINES_ON_A_PAGE + 5)})
    connector = shop.connector()
    [order] = read(connector, began)
    assert [line.sku for line in order.lines] == [f"S{n}" for n in range(LINES_ON_A_PAGE + 5)]
    assert connector.calls == Counter(orders=1, orderLines=1)


def test_units_back_in_stock_are_told_apart_from_money_back(
    shop: PracticeShop, slippers: Draft
) -> None:
    shop.listed(many(slippers, 1))
    began = shop.market.clock.now()
    order_id = bought(shop, {"S0": 5})
    shop.market.cancel(order_id, {"S0": 1}, restock=True)
    shop.market.refund(order_id, {"S0": 2}, restock=True)
    shop.market.refund(order_id, {"S0": 1}, restock=False)
    connector = shop.connector()
    [order] = read(connector, began)
    [line] = order.lines
    assert (line.quantity, line.cancelled, line.returned) == (5, 1, 2)
    assert order.refunded == line.unit_price * 4
    assert connector.calls == Counter(orders=1, refunds=1)


def test_an_order_without_refunds_is_read_in_one_call(shop: PracticeShop, rug: Draft) -> None:
    shop.listed(rug)
    bought(shop, {"TIF-1": 1})
    connector = shop.connector()
    [order] = connector.orders(shop.market.clock.now() - timedelta(days=1))
    assert isinstance(order, RemoteOrder)
    assert (order.status, connector.calls) == (OrderStatus.PAID, Counter(orders=1))


def test_one_bad_order_is_kept_raw_and_blocks_no_other(shop: PracticeShop, slippers: Draft) -> None:
    shop.listed(many(slippers, 1))
    began = shop.market.clock.now()
    ids = []
    for _ in range(3):
        shop.market.clock.sleep(1)
        ids.append(bought(shop, {"S0": 1}))
    bad = shop.market.store.find(Order, ids[1])
    assert bad
    bad.currency_code = "USDC"  # Shopify knows it, and no list of currencies does
    told = [(order.id, type(order)) for order in shop.connector().orders(began)]
    assert told == [(ids[0], RemoteOrder), (ids[1], UnreadableOrder), (ids[2], RemoteOrder)]


def test_an_order_with_more_refunds_than_can_be_read_is_flagged(
    shop: PracticeShop, slippers: Draft
) -> None:
    [draft] = [many(slippers, 1)]
    shop.listed(replace(draft, offers=(replace(draft.offers[0], available=50),)))
    began = shop.market.clock.now()
    order_id = bought(shop, {"S0": 50})
    for _ in range(REFUNDS):
        shop.market.refund(order_id, {"S0": 1}, restock=True)
    [order] = shop.connector().orders(began)
    assert isinstance(order, UnreadableOrder)
    assert "more refunds" in order.reason


def test_a_parcel_is_told_with_its_number(shop: PracticeShop, slippers: Draft) -> None:
    shop.listed(many(slippers, 1))
    began = shop.market.clock.now()
    bought(shop, {"S0": 3})
    connector = shop.connector()
    [order] = read(connector, began)
    [line] = order.lines
    now = shop.market.clock.now()
    connector.ship(Shipment(order.id, {line.id: 2}, "Amana", "AB1", now))
    [partly] = read(connector, began)
    connector.ship(Shipment(order.id, {line.id: 1}, "Amana", "AB2", now))
    [wholly] = read(connector, began)
    assert (partly.status, wholly.status) == (OrderStatus.PARTLY_SHIPPED, OrderStatus.SHIPPED)
    with pytest.raises(Refused, match="Not there to be shipped"):
        connector.ship(Shipment(order.id, {line.id: 1}, "Amana", "AB3", now))


def test_a_lost_answer_to_a_parcel_is_not_repeated(shop: PracticeShop, rug: Draft) -> None:
    shop.listed(rug)
    began = shop.market.clock.now()
    bought(shop, {"TIF-1": 1})
    connector = shop.connector()
    [order] = read(connector, began)
    lost = Fault(kind=FaultKind.LOST_ANSWER, operation="fulfillmentCreate")
    shop.market.faults.arm(lost)
    with pytest.raises(OutcomeUnknown):
        connector.ship(
            Shipment(order.id, {order.lines[0].id: 1}, "Amana", "AB1", shop.market.clock.now())
        )
    connector.ship(
        Shipment(order.id, {order.lines[0].id: 1}, "Amana", "AB1", shop.market.clock.now())
    )
    assert connector.calls["fulfillmentCreate"] == 1
    [shipped] = read(connector, began)
    assert shipped.status is OrderStatus.SHIPPED


def test_where_to_sell_from_must_be_obvious_or_said(shop: PracticeShop) -> None:
    for location in shop.market.store.all(Location):
        location.fulfills_online_orders = True
    with pytest.raises(CredentialsRejected, match=r"Stand on the fair.*setting 'location'"):
        list(shop.connector().listings())
    chosen = next(shop.market.store.all(Location)).id
    assert list(shop.connector(location=chosen).listings()) == []
