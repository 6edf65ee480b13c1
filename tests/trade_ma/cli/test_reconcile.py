"""The verb that compares with the world, on a practice market of Shopify."""

from decimal import Decimal

from connectors.sandbox.shopify.products import Product
from tests.trade_ma.conftest import Practice


def test_after_a_sync_nothing_differs(practice: Practice) -> None:
    practice.run("sync")
    told = practice.run("reconcile").stdout
    assert told.startswith("shopify-us: nothing differs (")


def test_what_somebody_changed_there_is_named_and_set_right(practice: Practice) -> None:
    practice.run("sync")
    product = next(practice.market.store.all(Product))
    variant = product.variant_list[0]
    before, variant.price = variant.price, variant.price + Decimal(1)
    [told] = practice.json("reconcile")["channels"]
    [difference] = told["differences"]
    assert (difference["kind"], difference["subject"]) == ("price", variant.sku)
    assert (difference["answer"], told["settled"]) == ("overwritten", True)
    practice.run("sync")
    assert variant.price == before
    assert practice.json("reconcile")["channels"][0]["differences"] == []


def test_what_is_left_to_a_person_is_a_failure_in_scripts(practice: Practice) -> None:
    practice.run("sync")
    product = next(practice.market.store.all(Product))
    product.title = "Another name"
    told = practice.run("reconcile", "--dry-run", code=1)
    assert "Another name" in told.stdout
    assert "Nothing was changed: a rehearsal" in told.stdout
