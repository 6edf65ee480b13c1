"""A create that was begun is looked for by SKU, before our key makes a product a second time."""

from dataclasses import replace

from connectors.protocol import ALL_FACETS, Accepted, Change, Claimed, Draft
from tests.connectors.shopify.conftest import PracticeShop


def test_what_somebody_else_made_is_found_by_its_sku(shop: PracticeShop, slippers: Draft) -> None:
    [remote] = shop.listed(replace(slippers, key="another-installations"))
    claimed, accepted = shop.connector().push([Change(slippers, ALL_FACETS, unsure=True)])
    assert isinstance(claimed, Claimed)
    assert isinstance(accepted, Accepted)
    assert (claimed.key, claimed.remote.id) == (slippers.key, remote.id)
    assert len(shop.market.shown()) == 1


def test_one_search_is_for_many(shop: PracticeShop, rug: Draft, slippers: Draft) -> None:
    shop.listed(replace(rug, key="theirs"))
    connector = shop.connector()
    wanted = [Change(draft, ALL_FACETS, unsure=True) for draft in (rug, slippers)]
    list(connector.push(wanted))
    assert connector.calls["productVariantsBySku"] == 1
    assert len(shop.market.shown()) == 2


def test_a_sku_in_other_letters_is_another(shop: PracticeShop, rug: Draft) -> None:
    [offer] = rug.offers
    shop.listed(replace(rug, key="theirs", offers=(replace(offer, sku=offer.sku.lower()),)))
    list(shop.connector().push([Change(rug, ALL_FACETS, unsure=True)]))
    assert len(shop.market.shown()) == 2


def test_what_is_sure_is_not_looked_for(shop: PracticeShop, rug: Draft) -> None:
    connector = shop.connector()
    list(connector.push([Change(rug, ALL_FACETS)]))
    assert "productVariantsBySku" not in connector.calls
