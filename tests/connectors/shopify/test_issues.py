from typing import Any

from connectors.protocol import Issue
from connectors.shopify.issues import issues_of, place_in

SKUS = ("BAB-38", "BAB-39")


def test_user_errors_land_on_our_fields() -> None:
    errors: list[dict[str, Any]] = [
        {"code": "INVALID_INPUT", "field": ["input", "title"], "message": "Title is too long"},
        {
            "code": "INVALID_VARIANT",
            "field": ["input", "variants", "1", "price"],
            "message": "Price is bad",
        },
        {
            "code": "INVALID_INPUT",
            "field": ["input", "files", "0", "originalSource"],
            "message": "Image URL is invalid",
        },
        {
            "code": "INVALID_VARIANT",
            "field": ["input", "variants", "0", "inventoryQuantities", "0", "quantity"],
            "message": "Too many",
        },
        {
            "code": "OPTION_VALUE_DOES_NOT_EXIST",
            "field": ["input", "variants", "0", "optionValues", "1"],
            "message": "No such colour",
        },
        {"code": "OPTIONS_OVER_LIMIT", "field": None, "message": "At most 3 options"},
        {"field": ["product", "status"], "message": "Status is not included in the list"},
        {"code": "SOMETHING_NEW", "field": ["input", "novelty"], "message": "?"},
    ]
    assert issues_of(errors, SKUS) == (
        Issue("invalid_input", "Title is too long", field="title"),
        Issue("invalid_variant", "Price is bad", field="price", sku="BAB-39"),
        Issue("invalid_input", "Image URL is invalid", field="photos"),
        Issue("invalid_variant", "Too many", field="available", sku="BAB-38"),
        Issue("option_value_does_not_exist", "No such colour", field="options", sku="BAB-38"),
        Issue("options_over_limit", "At most 3 options", field="options"),
        Issue("refused", "Status is not included in the list", field="present"),
        Issue("something_new", "?"),
    )


def test_a_product_deleted_in_the_shop_is_told_with_what_to_do() -> None:
    gone = {"code": "PRODUCT_DOES_NOT_EXIST", "field": ["identifier"], "message": "No product."}
    (issue,) = issues_of([gone], SKUS)
    assert "forget this listing to create it again" in issue.message


def test_a_path_tells_the_place_in_its_list() -> None:
    quantity = {"field": ["input", "quantities", "17", "quantity"]}
    location = {"field": ["input", "locationId"]}
    assert place_in(quantity, "quantities") == 17
    assert place_in(location, "quantities") is None
    assert place_in({"field": None}, "quantities") is None
