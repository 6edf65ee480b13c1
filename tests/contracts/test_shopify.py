import json
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.recorder import Exchange
from tests.contracts.shopify import ShopifyJudge

PRODUCT = """
query product($id: ID!) {
  product(id: $id) { id title status createdAt variants(first: 1) { nodes { ...Offered } } }
}
fragment Offered on ProductVariant { price inventoryQuantity }
"""
VARIABLES = {"id": "gid://shopify/Product/1"}


@pytest.fixture(scope="module")
def judge(shared: Path) -> ShopifyJudge:
    return ShopifyJudge(shared / "contracts" / "shopify")


def exchange(
    answer: Any, query: str = PRODUCT, variables: Any = None, version: str = "2026-10"
) -> Exchange:
    """A request for a product, and what it was answered."""
    body = {"query": query, "variables": VARIABLES if variables is None else variables}
    told = json.dumps(answer).encode()
    path = f"/admin/api/{version}/graphql.json"
    return Exchange("POST", path, "", {}, json.dumps(body).encode(), 200, {}, told)


def product(**changed: Any) -> dict[str, Any]:
    """A right answer, but for what is changed."""
    told = {
        "id": "gid://shopify/Product/1",
        "title": "Babouches",
        "status": "ACTIVE",
        "createdAt": "2026-11-23T12:00:00Z",
        "variants": {"nodes": [{"price": "35.00", "inventoryQuantity": 4}]},
    }
    return {"data": {"product": told | changed}}


def test_a_right_exchange_is_told_by_its_root_field(judge: ShopifyJudge) -> None:
    right = exchange(product())
    assert (judge.operation(right), judge.faults(right)) == ("product", [])


def test_what_was_not_found_may_be_null(judge: ShopifyJudge) -> None:
    assert judge.faults(exchange({"data": {"product": None}})) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"title": None}, ".product.title is null"),
        ({"status": "SOLD"}, ".product.status is no ProductStatus: 'SOLD'"),
        ({"id": 1}, ".product.id is no ID: 1"),
        ({"createdAt": "yesterday"}, ".product.createdAt is no DateTime: 'yesterday'"),
        ({"vendor": "x"}, ".product has ['vendor'], which nobody asked for"),
        ({"variants": {"nodes": {}}}, ".product.variants.nodes is no list"),
        (
            {"variants": {"nodes": [{"price": 35, "inventoryQuantity": 4}]}},
            ".product.variants.nodes[0].price is no Money: 35",
        ),
        (
            {"variants": {"nodes": [{"price": "35.00"}]}},
            ".product.variants.nodes[0] lacks inventoryQuantity",
        ),
    ],
)
def test_an_answer_that_the_schema_does_not_allow_is_a_fault(
    judge: ShopifyJudge, changed: dict[str, Any], fault: str
) -> None:
    assert judge.faults(exchange(product(**changed))) == [fault]


def test_a_request_that_the_schema_does_not_allow_is_a_fault(judge: ShopifyJudge) -> None:
    (unknown,) = judge.faults(exchange({}, "{ product(id: 1) { colour } }"))
    (missing,) = judge.faults(exchange(product(), variables={}))
    (other,) = judge.faults(exchange(product(), version="2025-01"))
    assert unknown == "Cannot query field 'colour' on type 'Product'."
    assert missing.startswith("Variable '$id'")
    assert other == "/admin/api/2025-01/graphql.json is of another version than 2026-10"


def test_other_addresses_are_not_judged(judge: ShopifyJudge) -> None:
    other = Exchange("PUT", "/staged/tmp/1/image/a.png", "", {}, b"", 200, {}, b"")
    assert judge.operation(other) is None
