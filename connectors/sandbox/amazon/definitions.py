"""The Product Type Definitions API 2020-09-01, and the schema documents it links to."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from connectors.sandbox.amazon.answers import csv, invalid, not_found
from connectors.sandbox.amazon.listings import marketplaces_of
from connectors.sandbox.amazon.product_types import (
    PRODUCT_TYPES,
    VERSION,
    checksum,
    document,
    found,
    property_groups,
)
from connectors.sandbox.amazon.stores import STORES

REQUIREMENTS = ("LISTING", "LISTING_PRODUCT_ONLY", "LISTING_OFFER_ONLY")
DOCUMENTS = "/_documents/product-types"


def base_url(request: Request) -> str:
    """Where this server is reached. The SDK's Host header is cut short, so it cannot tell."""
    host, port = request.scope["server"]
    return f"{request.url.scheme}://{host}:{port}"


def definitions_router() -> APIRouter:
    """The addresses of product types."""
    router = APIRouter()

    @router.get("/definitions/2020-09-01/productTypes")
    def search_definitions_product_types(request: Request) -> dict[str, Any]:
        ids, name = marketplaces_of(request), request.query_params.get("itemName")
        types = found([*csv(request, "keywords"), *([name] if name else [])])
        return {
            "productTypes": [
                {"name": kind.name, "displayName": kind.title, "marketplaceIds": ids}
                for kind in types
            ],
            "productTypeVersion": VERSION,
        }

    @router.get("/definitions/2020-09-01/productTypes/{product_type}")
    def get_definitions_product_type(product_type: str, request: Request) -> dict[str, Any]:
        if product_type not in PRODUCT_TYPES:
            raise not_found(f"Product type '{product_type}' not found.")
        return _definition(product_type, request)

    @router.get(DOCUMENTS + "/{marketplace_id}/{name}/{requirements}/{enforcement}")
    def schema(marketplace_id: str, name: str, requirements: str, enforcement: str) -> Response:
        enforced = enforcement == "ENFORCED"
        content = document(name, marketplace_id, requirements, enforced=enforced)
        return Response(content, media_type="application/json")

    return router


def _definition(name: str, request: Request) -> dict[str, Any]:
    query = request.query_params
    marketplace_id = marketplaces_of(request)[0]
    requirements = query.get("requirements", "LISTING")
    enforcement = query.get("requirementsEnforced", "ENFORCED")
    if requirements not in REQUIREMENTS:
        raise invalid(f"Invalid 'requirements' provided: {requirements}.")
    locale = query.get("locale", "DEFAULT")
    content = document(name, marketplace_id, requirements, enforced=enforcement == "ENFORCED")
    place = f"{DOCUMENTS}/{marketplace_id}/{name}/{requirements}/{enforcement}"
    return {
        "schema": {
            "link": {"resource": base_url(request) + place, "verb": "GET"},
            "checksum": checksum(content),
        },
        "requirements": requirements,
        "requirementsEnforced": enforcement,
        "propertyGroups": property_groups(name),
        "locale": STORES[marketplace_id].languages[0] if locale == "DEFAULT" else locale,
        "marketplaceIds": [marketplace_id],
        "productType": name,
        "displayName": PRODUCT_TYPES[name].title,
        "productTypeVersion": {"version": VERSION, "latest": True, "releaseCandidate": False},
    }
