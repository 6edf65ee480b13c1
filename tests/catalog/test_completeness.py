"""A product's score, and what would raise it."""

from dataclasses import replace

from catalog.completeness import LANGUAGES, Advice, Known, completeness, sentence
from catalog.models import Maker, Photo, Product, Variant
from catalog.snapshots import Snapshot

BARE = Known(
    Snapshot(
        Product(maker_id=1, code="A", title="Tapis"),
        Maker(slug="a", name="A"),
        (Variant(product_id=1, sku="A", price_minor=0),),
        (),
        {"A": 0},
    ),
    unread=1,
)


def whole() -> Known:
    product = Product(
        maker_id=1,
        code="A",
        title="Tapis Azilal en laine",
        description="Noué à la main. " * 10,
        craft="rug-azilal",
        materials=["laine"],
        colours=["rouge"],
    )
    variant = Variant(product_id=1, sku="A", price_minor=1, weight_g=1, diameter_cm=1)
    photos = tuple(Photo(product_id=1, name=name, sha256=name) for name in "abc")
    maker = Maker(slug="a", name="A", region="Azilal")
    return Known(Snapshot(product, maker, (variant,), photos, {"A": 1}))


def test_nothing_told_is_nothing_scored_and_every_advice_has_its_words() -> None:
    found = completeness(BARE)
    assert found.score == 0
    assert [one.code for one in found.advice] == [
        *("no_photo", "description", "few_photos", "craft", "materials", "size", "title"),
        *("weight", "small_photo", "region", "colours", "price", "stock", "translations"),
    ]
    told = {sentence(one, language) for one in found.advice for language in LANGUAGES}
    assert len(told) == len(found.advice) * len(LANGUAGES)
    assert not [words for words in told if "{" in words]


def test_all_told_is_a_hundred() -> None:
    assert completeness(whole()).score == 100
    assert completeness(whole()).advice == ()


def test_a_photo_that_is_small_costs_what_its_advice_says() -> None:
    found = completeness(replace(whole(), sides={"b": 999, "c": 1000}))
    assert (found.score, found.advice) == (95, (Advice("small_photo", 5),))


def test_a_photo_whose_file_is_not_in_the_store_is_none() -> None:
    known = whole()
    known.snapshot.photos[0].sha256 = None
    assert [one.code for one in completeness(known).advice] == ["few_photos"]
