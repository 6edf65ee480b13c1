from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from moneyed import Money

from connectors.errors import CredentialsRejected, Refused
from connectors.protocol import (
    ALL_FACETS,
    Accepted,
    Change,
    Claimed,
    Deferred,
    Draft,
    Facet,
    Rejected,
    Shipment,
)
from connectors.sandbox.shopify.prices import PriceList
from connectors.shopify import MARKETPLACE
from connectors.shopify.mapper import Parts
from connectors.shopify.pricelist import PriceListConnector, fixed_prices
from tests.connectors.shopify.conftest import PracticeShop


@pytest.fixture
def euros(shop: PracticeShop) -> PriceList:
    """The practice shop's prices in Europe."""
    return next(prices for prices in shop.market.store.all(PriceList) if prices.currency == "EUR")


@pytest.fixture
def connector(shop: PracticeShop, euros: PriceList) -> Iterator[PriceListConnector]:
    account = replace(shop.account, currency="EUR", settings={"price_list": euros.id})
    connector = MARKETPLACE.connect(account, shop.photos)
    assert isinstance(connector, PriceListConnector)
    yield connector
    connector.close()


def in_euros(draft: Draft) -> Draft:
    offers = (replace(offer, price=Money("99.50", "EUR")) for offer in draft.offers)
    return replace(draft, offers=tuple(offers))


def test_a_market_has_prices_of_its_own_for_the_shops_products(
    shop: PracticeShop, euros: PriceList, connector: PriceListConnector, slippers: Draft
) -> None:
    [remote] = shop.listed(slippers)
    before = shop.shown("BAB-38")
    claimed, accepted = connector.push([Change(in_euros(slippers), ALL_FACETS)])
    assert isinstance(claimed, Claimed)
    assert (claimed.remote.id, accepted) == (
        remote.id,
        Accepted("BAB-1", ALL_FACETS, claimed.remote),
    )
    fixed = {price.variant.sku: price.price for price in euros.fixed.values()}
    assert [fixed[sku]["currency_code"] for sku in ("BAB-38", "BAB-39")] == ["EUR", "EUR"]
    assert [float(fixed[sku]["amount"]) for sku in ("BAB-38", "BAB-39")] == [99.5, 99.5]
    assert shop.shown("BAB-38") == before


def test_a_later_price_is_one_call_and_other_facets_are_none(
    shop: PracticeShop, connector: PriceListConnector, rug: Draft
) -> None:
    shop.listed(rug)
    _, accepted = connector.push([Change(in_euros(rug), ALL_FACETS)])
    assert isinstance(accepted, Accepted)
    before = Counter(connector.calls)
    for facet in Facet:
        change = Change(in_euros(rug), frozenset({facet}), accepted.remote)
        assert list(connector.push([change])) == [
            Accepted(rug.key, frozenset({facet}), accepted.remote)
        ]
    assert connector.calls - before == Counter(priceListFixedPricesAdd=1)


def test_what_the_shop_does_not_sell_yet_waits(
    shop: PracticeShop, connector: PriceListConnector, rug: Draft
) -> None:
    [outcome] = connector.push([Change(in_euros(rug), ALL_FACETS)])
    assert isinstance(outcome, Deferred)
    assert outcome.until == shop.market.clock.now() + timedelta(minutes=15)


def test_a_refused_price_is_told(
    shop: PracticeShop, connector: PriceListConnector, rug: Draft
) -> None:
    shop.listed(rug)
    _, refused = connector.push([Change(rug, ALL_FACETS)])
    assert isinstance(refused, Rejected)
    assert [(issue.code, issue.field, issue.sku) for issue in refused.issues] == [
        ("price_list_currency_mismatch", "price", "TIF-1")
    ]


def test_check_tells_the_lists_currency(connector: PriceListConnector) -> None:
    shop = connector.check()
    assert (shop.name, shop.currency) == ("The practice souk", "EUR")


@pytest.mark.parametrize(
    ("currency", "price_list", "told"),
    [("GBP", None, "is in EUR"), ("EUR", "gid://shopify/PriceList/9", "no price list")],
)
def test_a_list_that_is_not_there_or_in_another_currency_is_a_persons_matter(
    shop: PracticeShop, euros: PriceList, currency: str, price_list: str | None, told: str
) -> None:
    settings = {"price_list": price_list or euros.id}
    other = PriceListConnector(replace(shop.account, currency=currency, settings=settings))
    with pytest.raises(CredentialsRejected, match=told):
        other.check()
    other.close()


def test_orders_and_listings_are_the_shops_own(
    shop: PracticeShop, connector: PriceListConnector, rug: Draft
) -> None:
    now = shop.market.clock.now()
    told = [*connector.orders(now), *connector.listings(), *connector.poll([])]
    told += connector.rehearse([])
    assert (told, list(connector.settlements(now)), connector.calls) == ([], [], Counter())
    with pytest.raises(Refused, match="the shop's own channel"):
        connector.ship(Shipment("o", {}, "Amana", "1", now))
    assert [issue.field for issue in connector.validate(rug)] == ["price"]


def test_fixed_prices_are_as_the_schema_wants_them(
    rug: Draft, faults_of: Callable[[str, Any], list[str]]
) -> None:
    [price] = fixed_prices(in_euros(rug), Parts({"TIF-1": "v"}))
    assert price == {"variantId": "v", "price": {"amount": "99.50", "currencyCode": "EUR"}}
    assert faults_of("PriceListPriceInput", price) == []
