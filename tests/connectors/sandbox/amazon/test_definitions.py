import hashlib
from base64 import b64encode

import pytest
from jsonschema import Draft201909Validator
from sp_api.api import ProductTypeDefinitions

from connectors.amazon.crafts import FALLBACK, PRODUCT_TYPES
from connectors.sandbox.amazon import product_types
from connectors.sandbox.amazon.stores import STORES
from tests.connectors.sandbox.amazon.conftest import FRANCE, Seller

STORES_BY_COUNTRY = {store.country: store.id for store in STORES.values()}


def test_a_definition_links_to_a_schema_with_its_checksum(seller: Seller) -> None:
    definitions = seller.client(ProductTypeDefinitions)
    told = definitions.get_definitions_product_type("RUG", marketplaceIds=FRANCE).payload

    document = seller.http.get(told["schema"]["link"]["resource"])

    checksum = b64encode(hashlib.md5(document.content, usedforsecurity=False).digest()).decode()
    assert told["schema"]["checksum"] == checksum
    schema = document.json()
    assert schema["$vocabulary"] == {product_types.VOCABULARY: True}
    assert schema["properties"]["item_name"]["items"]["properties"] == {
        "value": {"type": "string", "minLength": 1, "maxLength": 200},
        "language_tag": {"type": "string", "enum": ["fr_FR"], "enumNames": ["fr_FR"]},
        "marketplace_id": {"type": "string", "enum": [FRANCE], "enumNames": [FRANCE]},
    }


def test_product_types_are_found_by_a_keyword(seller: Seller) -> None:
    definitions = seller.client(ProductTypeDefinitions)

    found = definitions.search_definitions_product_types(
        keywords="babouche", marketplaceIds=FRANCE
    ).payload["productTypes"]

    assert [kind["name"] for kind in found] == ["SHOES", "SLIPPER"]


def test_an_unknown_product_type_is_not_found(seller: Seller) -> None:
    path = "/definitions/2020-09-01/productTypes/FLYING_CARPET"

    assert seller.get(path, marketplaceIds=FRANCE).status_code == 404


@pytest.mark.parametrize(
    ("name", "store", "requirements"),
    [
        ("RUG", FRANCE, "LISTING"),
        ("SHOES", STORES_BY_COUNTRY["AE"], "LISTING_PRODUCT_ONLY"),
        ("SOAP", STORES_BY_COUNTRY["JP"], "LISTING_OFFER_ONLY"),
    ],
)
def test_a_definition_is_a_json_schema(name: str, store: str, requirements: str) -> None:
    Draft201909Validator.check_schema(
        product_types.definition(name, store, requirements, enforced=True)
    )


def test_every_craft_has_a_product_type_and_a_keyword_that_is_understood() -> None:
    kinds = [*PRODUCT_TYPES.values(), FALLBACK]

    known = product_types.PRODUCT_TYPES
    assert [kind for kind in kinds if kind.name not in known] == []
    assert [
        kind
        for kind in kinds
        if not kind.name.startswith("HOME") and kind.keyword not in known[kind.name].keywords
    ] == []
