"""What a product's own words say and its fields do not."""

from typing import Any

import pytest

from catalog.models import Product, Variant
from catalog.vocabulary.find import find
from catalog.vocabulary.suggest import Suggestion, Where, suggestions, texts
from catalog.vocabulary.terms import Kind

TITLE = "tapis laine vierge 200x300 Azilal"


def rug(title: str = TITLE, **fields: Any) -> Product:
    return Product(maker_id=1, code="T-1", title=title, **fields)


def variant(sku: str = "T-1", **sizes: Any) -> Variant:
    return Variant(product_id=1, sku=sku, price_minor=100, **sizes)


def told(product: Product, *variants: Variant) -> dict[str, tuple[str | float, str, bool]]:
    return {
        one.field: (one.value, one.evidence, one.differs) for one in suggestions(product, variants)
    }


def test_a_title_says_what_no_field_does() -> None:
    # Virgin wool where the vocabulary has it, wool where not.
    wool = find(Kind.MATERIAL, "laine vierge") or find(Kind.MATERIAL, "laine")
    assert wool
    words = "laine vierge" if find(Kind.MATERIAL, "laine vierge") else "laine"
    assert suggestions(rug(), [variant()]) == (
        Suggestion("craft", "rug-azilal", "Azilal", Where.TITLE, 27),
        Suggestion("region", "azilal", "Azilal", Where.TITLE, 27),
        Suggestion("materials", wool.code, words, Where.TITLE, 6),
        Suggestion("length_cm", 300.0, "200x300", Where.TITLE, 19),
        Suggestion("width_cm", 200.0, "200x300", Where.TITLE, 19),
    )


def test_what_the_fields_say_already_is_not_suggested() -> None:
    said = rug(craft="rug-azilal", region="Azilal", materials=["laine vierge"])
    assert told(said, variant(length_cm=200, width_cm=300)) == {}
    coded = rug(craft="rug-azilal", region="azilal", materials=["Virgin wool"])
    assert told(coded, variant(length_cm=300, width_cm=200)) == {}


def test_what_contradicts_a_field_says_so() -> None:
    product = rug("Tapis Azilal laine 200x300", region="Fès", materials=["béton"], craft="kilim")
    assert told(product, variant(length_cm=250, width_cm=200)) == {
        "craft": ("rug-azilal", "Tapis Azilal", True),
        "region": ("azilal", "Azilal", True),
        "materials": ("wool", "laine", True),
        "length_cm": (300.0, "200x300", True),
    }


def test_a_list_that_a_text_confirms_only_grows() -> None:
    product = rug("Tapis rouge écru", craft="rug", colours=["rouge"])
    assert told(product) == {"colours": ("ecru", "écru", False)}


def test_a_craft_that_says_more_than_the_text_stands() -> None:
    assert told(rug("Grand tapis", craft="rug-azilal")) == {}


def test_tags_and_description_are_searched_after_the_title() -> None:
    product = rug("Pièce unique", tags=["cadeau", "Babouches"], description="En laine d'Azilal.")
    found = suggestions(product, [])
    assert [(one.field, one.value, one.where) for one in found] == [
        ("craft", "babouches", Where.TAGS),
        ("region", "azilal", Where.DESCRIPTION),
        ("materials", "wool", Where.DESCRIPTION),
    ]
    for one in found:
        assert texts(product)[one.where][one.start :].startswith(one.evidence)


def test_arabic_is_read_as_the_others() -> None:
    product = rug("زربية أزيلال بالصوف ٢٠٠x٣٠٠ سم", language="ar")
    assert told(product, variant()) == {
        "craft": ("rug-azilal", "زربية أزيلال", False),
        "region": ("azilal", "أزيلال", False),
        "materials": ("wool", "بالصوف", False),
        "length_cm": (300.0, "٢٠٠x٣٠٠ سم", False),
        "width_cm": (200.0, "٢٠٠x٣٠٠ سم", False),
    }


@pytest.mark.parametrize("variants", [[], [variant("A"), variant("B")]])
def test_sizes_of_several_variants_are_nobodys(variants: list[Variant]) -> None:
    assert "length_cm" not in told(rug(), *variants)
