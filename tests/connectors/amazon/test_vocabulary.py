"""Amazon's own keywords of JSON Schema, where they constrain."""

from typing import Any

import pytest

from connectors.amazon.vocabulary import issues, validator
from connectors.protocol import Issue


def text(**limits: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"value": {"type": "string", **limits}},
        "required": ["value"],
    }


def told(schema: dict[str, Any], **attributes: Any) -> list[tuple[str | None, str]]:
    found = issues(validator(schema), attributes, "SKU")
    return [(issue.field, issue.message) for issue in found]


def entries(*values: str, tag: str = "en_US") -> list[dict[str, str]]:
    return [{"value": value, "marketplace_id": "M", "language_tag": tag} for value in values]


BULLETS = {
    "$schema": "https://schemas.amazon.com/selling-partners/definitions/product-types/meta-schema/v1",
    "properties": {
        "bullet_point": {
            "type": "array",
            "minUniqueItems": 1,
            "maxUniqueItems": 2,
            "selectors": ["marketplace_id", "language_tag"],
            "editable": True,
            "hidden": False,
            "items": text(),
        }
    },
}


def test_the_number_of_values_counts_for_each_language() -> None:
    both = entries("a", "b") + entries("c", "d", tag="es_US")
    assert told(BULLETS, bullet_point=both) == []
    assert told(BULLETS, bullet_point=entries("a", "b", "c")) == [
        ("bullets", "bullet_point: more than 2 values for one market and language")
    ]


def test_too_few_values_are_told() -> None:
    assert told(BULLETS, bullet_point=[]) == [
        ("bullets", "bullet_point: fewer than 1 values for one market and language")
    ]


@pytest.mark.parametrize(
    ("limits", "value", "complaint"),
    [
        ({"maxUtf8ByteLength": 4}, "ééé", "it has 6 bytes of 4 at most"),
        ({"minUtf8ByteLength": 3}, "é", "shorter than 3 bytes"),
        ({"maxLength": 2}, "abc", "it has 3 characters of 2 at most"),
        ({"enum": ["a", "b"]}, "c", "'c' is not among what Amazon takes here: a, b"),
    ],
)
def test_a_text_beyond_its_limits_is_told_in_words(
    limits: dict[str, Any], value: str, complaint: str
) -> None:
    schema = {"properties": {"item_name": {"items": text(**limits)}}}
    assert told(schema, item_name=entries(value)) == [("title", f"item_name: {complaint}")]


def test_a_value_of_another_kind_breaks_no_check_of_bytes_or_counts() -> None:
    schema = {
        "properties": {"x": {"maxUtf8ByteLength": 1, "maxUniqueItems": 1, "minUniqueItems": 1}}
    }
    assert told(schema, x=12345) == []


def test_missing_attributes_are_told_one_by_one_and_of_a_choice_the_first() -> None:
    schema = {
        "required": ["material", "color"],
        "anyOf": [{"required": ["gtin"]}, {"required": ["exemption"]}],
    }
    assert issues(validator(schema), {}, "SKU") == tuple(
        Issue(
            "MISSING_ATTRIBUTE",
            f"{name} is missing: this product type asks for it",
            field=field,
            sku="SKU",
        )
        for name, field in (
            ("material", "materials"),
            ("color", "colours"),
            ("gtin", "gtin"),
        )
    )


def test_a_long_complaint_of_the_library_is_not_passed_on_whole() -> None:
    schema = {"properties": {"item_name": {"items": text(pattern="^b")}}}
    assert told(schema, item_name=entries("a" * 500)) == [("title", "item_name: fails pattern")]
