from typing import Any

import pytest

from tests.connectors.sandbox.shopify.conftest import SET, Practice, slippers, variant

KEY = {"namespace": "$app", "key": "draft", "value": "BAB-1"}
DEFINE = """
mutation metafieldDefinitionCreate($definition: MetafieldDefinitionInput!) {
  metafieldDefinitionCreate(definition: $definition) { userErrors { code field message } }
}
"""
FIND = """
query productByIdentifier($identifier: ProductIdentifierInput!) {
  productByIdentifier(identifier: $identifier) { id title }
}
"""
UPDATE_VARIANTS = """
mutation productVariantsBulkUpdate($id: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $id, variants: $variants) {
    productVariants { id price }
    userErrors { code field message }
  }
}
"""


@pytest.fixture
def keyed(shop: Practice) -> Practice:
    """The shop with a definition of unique keys."""
    definition = {"name": "Draft", "key": "draft", "type": "id", "ownerType": "PRODUCT"}
    assert shop.ask(DEFINE, definition=definition)["userErrors"] == []
    return shop


def test_the_same_key_sets_the_same_product(keyed: Practice) -> None:
    identifier = {"customId": KEY}
    first = keyed.ask(SET, identifier=identifier, input=slippers(keyed.location))
    given = slippers(keyed.location) | {"title": "Babouches"}
    second = keyed.ask(SET, identifier=identifier, input=given)
    assert second["product"] == first["product"] | {"title": "Babouches"}
    assert keyed.ask(FIND, identifier=identifier) == {
        "id": first["product"]["id"],
        "title": "Babouches",
    }


def test_a_key_that_nobody_defined_is_refused(shop: Practice) -> None:
    told = shop.ask(SET, identifier={"customId": KEY}, input=slippers(shop.location))
    assert told["userErrors"] == [
        {
            "code": "INVALID_METAFIELD",
            "field": ["identifier", "customId"],
            "message": "Metafield definition of type 'id' is required when using custom ids.",
        }
    ]


def test_without_an_identifier_every_call_makes_a_product(shop: Practice) -> None:
    made = [shop.ask(SET, input=slippers(shop.location))["product"] for _ in range(2)]
    assert [product["handle"] for product in made] == ["babouches-de-fès", "babouches-de-fès-1"]


def test_variants_that_the_list_omits_are_deleted_and_the_others_keep_their_ids(
    shop: Practice,
) -> None:
    product = shop.list_product()
    before = product["variants"]["nodes"]
    given = slippers(shop.location, "39", "40")
    after = shop.ask(SET, identifier={"id": product["id"]}, input=given)["product"]["variants"]
    assert after["nodes"][0] == before[1]
    assert [one["sku"] for one in after["nodes"]] == ["BAB-39", "BAB-40"]
    assert shop.tell(
        "query variant($id: ID!) { productVariant(id: $id) { id } }", id=before[0]["id"]
    )["data"] == {"productVariant": None}


def test_files_that_the_list_omits_are_deleted_and_lists_left_out_are_kept(shop: Practice) -> None:
    files = [{"originalSource": f"https://example.com/{n}.jpg", "alt": str(n)} for n in (1, 2)]
    product = shop.list_product(files=files)
    kept = product["media"]["nodes"][1]
    identifier = {"id": product["id"]}
    after = [
        shop.ask(SET, identifier=identifier, input=given)["product"]
        for given in ({"files": [{"id": kept["id"]}]}, {"tags": ["cuir"]})
    ]
    assert [product["media"]["nodes"] for product in after] == [[kept], [kept]]
    assert after[1]["variants"] == product["variants"]


def _with_options(count: int) -> dict[str, Any]:
    names = [f"Option {n}" for n in range(count)]
    values = [{"optionName": name, "name": "one"} for name in names]
    return {
        "productOptions": [{"name": name, "values": [{"name": "one"}]} for name in names],
        "variants": [{"optionValues": values}],
    }


@pytest.mark.parametrize(
    ("changed", "code", "field", "message"),
    [
        ({"title": " "}, "INVALID_PRODUCT", "title", "Title can't be blank"),
        (
            {"title": "x" * 256},
            "INVALID_PRODUCT",
            "title",
            "Title is too long (maximum is 255 characters)",
        ),
        (
            _with_options(4),
            "OPTIONS_OVER_LIMIT",
            "productOptions",
            "Can only specify a maximum of 3 options",
        ),
        (
            {"productOptions": [{"name": "Size", "values": [{"name": "38"}] * 2}]},
            "DUPLICATED_OPTION_VALUE",
            "productOptions.0.values",
            "Duplicated option value '38'.",
        ),
        (
            {"variants": None},
            "VARIANTS_INPUT_MISSING",
            "variants",
            "Must specify variants when updating options.",
        ),
        (
            {"productOptions": None},
            "PRODUCT_OPTIONS_INPUT_MISSING",
            "productOptions",
            "Must specify product options when updating variants.",
        ),
        (
            {"variants": [variant("38", "gid://shopify/Location/1002", price="-1")]},
            "INVALID_VARIANT",
            "variants.0.price",
            "Price must be greater than or equal to 0",
        ),
        (
            {"variants": [variant("41", "gid://shopify/Location/1002")]},
            "OPTION_VALUE_DOES_NOT_EXIST",
            "variants.0.optionValues",
            "Option value '41' does not exist.",
        ),
        (
            {"variants": [variant("38", "gid://shopify/Location/1002")] * 2049},
            "VARIANTS_OVER_LIMIT",
            "variants",
            "Number of product variants exceeds shop limit of 2048.",
        ),
        (
            {"files": [{"originalSource": "photos/babouche.jpg"}]},
            "INVALID_INPUT",
            "files.0.originalSource",
            "Image URL is invalid",
        ),
        (
            {"handle": "taken"},
            "HANDLE_NOT_UNIQUE",
            "handle",
            "Handle already in use. Please provide a new handle.",
        ),
    ],
)
def test_what_sellers_get_wrong_is_refused_on_its_field(
    shop: Practice, changed: dict[str, Any], code: str, field: str, message: str
) -> None:
    shop.list_product(handle="taken")
    told = shop.ask(SET, input=slippers(shop.location) | changed)
    assert told["product"] is None
    assert {"code": code, "field": ["input", *field.split(".")], "message": message} in told[
        "userErrors"
    ]


def test_a_handle_must_be_said_twice_and_alike(shop: Practice) -> None:
    told = [
        shop.ask(SET, identifier={"handle": "souk"}, input=slippers(shop.location) | more)
        for more in ({}, {"handle": "bazaar"}, {"handle": "souk"})
    ]
    assert [[error["code"] for error in one["userErrors"]] for one in told] == [
        ["MISSING_FIELD_REQUIRED"],
        ["INPUT_MISMATCH"],
        [],
    ]


def test_prices_change_together_or_not_at_all(shop: Practice) -> None:
    product = shop.list_product()
    one, two = [node["id"] for node in product["variants"]["nodes"]]
    given = [{"id": one, "price": "36.00"}, {"id": two, "price": "-2"}]
    refused = shop.ask(UPDATE_VARIANTS, id=product["id"], variants=given)
    given[1]["price"] = "37.50"
    done = shop.ask(UPDATE_VARIANTS, id=product["id"], variants=given)
    assert refused["userErrors"] == [
        {
            "code": "GREATER_THAN_OR_EQUAL_TO",
            "field": ["variants", "1", "price"],
            "message": "Price must be greater than or equal to 0",
        }
    ]
    assert done["productVariants"] == given


def test_only_what_is_published_and_active_is_shown_as_present(shop: Practice) -> None:
    listed, draft = shop.list_product(), shop.list_product(title="Brouillon", status="DRAFT")
    shop.ask(SET, input=slippers(shop.location) | {"title": "Not published"})
    assert [(shown.title, shown.present) for shown in shop.market.shown()] == [
        (listed["title"], True),
        (draft["title"], False),
        ("Not published", False),
    ]
