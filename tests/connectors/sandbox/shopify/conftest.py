"""The practice shop, served and judged, and what one asks of it."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from PIL import Image
from starlette.types import ASGIApp

from connectors.clock import VirtualClock
from connectors.sandbox.shopify import ShopifyMarket
from connectors.sandbox.shopify.server import GRAPHQL
from connectors.sandbox.shopify.tokens import STATIC_TOKEN

SET = """
mutation productSet($identifier: ProductSetIdentifiers, $input: ProductSetInput!) {
  productSet(identifier: $identifier, input: $input) {
    product {
      id
      handle
      title
      variants(first: 10) { nodes { id sku price inventoryItem { id } } }
      media(first: 10) { nodes { id alt status } }
    }
    userErrors { code field message }
  }
}
"""
PUBLISH = """
mutation publishablePublish($id: ID!, $input: [PublicationInput!]!) {
  publishablePublish(id: $id, input: $input) {
    publishable { publishedOnPublication(publicationId: "gid://shopify/Publication/1005") }
    userErrors { field message }
  }
}
"""


@dataclass
class Practice:
    """The shop at an address, asked under a token."""

    market: ShopifyMarket
    clock: VirtualClock
    http: httpx.Client

    @property
    def base_url(self) -> str:
        """Its address."""
        return str(self.http.base_url).rstrip("/")

    def post(
        self, document: str, variables: Mapping[str, Any], token: str = STATIC_TOKEN
    ) -> httpx.Response:
        """The HTTP answer."""
        return self.http.post(
            GRAPHQL,
            json={"query": document, "variables": variables},
            headers={"X-Shopify-Access-Token": token},
        )

    def tell(self, document: str, **variables: Any) -> Any:
        """The whole answer."""
        return self.post(document, variables).json()

    def ask(self, document: str, **variables: Any) -> Any:
        """The value of the only field that was asked for, of an answer without errors."""
        answer = self.tell(document, **variables)
        assert "errors" not in answer
        (value,) = answer["data"].values()
        return value

    @property
    def location(self) -> str:
        """Where online orders are sent from."""
        return "gid://shopify/Location/1002"

    def list_product(self, **changed: Any) -> Any:
        """A published product with its variants; `changed` fields of the input."""
        product = self.ask(SET, input=slippers(self.location) | changed)["product"]
        publication = [{"publicationId": "gid://shopify/Publication/1005"}]
        assert self.ask(PUBLISH, id=product["id"], input=publication)["userErrors"] == []
        return product


@pytest.fixture
def shop(clock: VirtualClock, serve_judged: Callable[[str, ASGIApp], str]) -> Iterator[Practice]:
    market = ShopifyMarket(clock)
    base_url = serve_judged("shopify", market.app())
    with httpx.Client(base_url=base_url, timeout=30) as http:
        yield Practice(market, clock, http)


def variant(size: str, location: str, price: str = "35.00", stock: int = 4) -> dict[str, Any]:
    """Input of slippers in one size."""
    return {
        "sku": f"BAB-{size}",
        "price": price,
        "optionValues": [{"optionName": "Size", "name": size}],
        "inventoryItem": {"tracked": True},
        "inventoryQuantities": [{"locationId": location, "name": "available", "quantity": stock}],
    }


def slippers(location: str, *sizes: str) -> dict[str, Any]:
    """Input of slippers in some sizes, 38 and 39 unless told."""
    sizes = sizes or ("38", "39")
    return {
        "title": "Babouches de Fès",
        "productOptions": [{"name": "Size", "values": [{"name": size} for size in sizes]}],
        "variants": [variant(size, location) for size in sizes],
    }


def picture(width: int = 200, height: int = 100, media_type: str = "PNG") -> bytes:
    """A plain picture of that size."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), "sienna").save(file, media_type)
    return file.getvalue()
