"""Crafts of the vocabulary have their place on Amazon, or the fallback."""

from catalog.vocabulary.crafts import CRAFTS
from connectors.amazon.crafts import FALLBACK, PRODUCT_TYPES, product_type
from connectors.sandbox.amazon.product_types import PRODUCT_TYPES as SERVED


def test_only_crafts_of_the_vocabulary_have_a_product_type() -> None:
    assert set(PRODUCT_TYPES) - set(CRAFTS) == set()


def test_what_has_no_craft_is_sold_as_a_thing_for_the_home() -> None:
    assert [product_type(None), product_type("no-such-craft")] == [FALLBACK, FALLBACK]


def test_the_practice_market_knows_every_product_type() -> None:
    assert {kind.name for kind in PRODUCT_TYPES.values()} | {FALLBACK.name} <= set(SERVED)
