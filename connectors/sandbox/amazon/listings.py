"""The Listings Items API 2021-08-01, and the Listings Restrictions API beside it."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Request

from connectors.clock import Clock
from connectors.sandbox.amazon.answers import (
    Refusal,
    body_of,
    csv,
    invalid,
    not_found,
    page_size,
    page_start,
    read_moment,
)
from connectors.sandbox.amazon.listing import DATA_SETS, Json, Listing
from connectors.sandbox.amazon.product_types import PRODUCT_TYPES
from connectors.sandbox.amazon.shelf import Shelf, Submission
from connectors.sandbox.amazon.stores import STORES
from connectors.sandbox.amazon.verdicts import is_restricted

# Source: searchListingsItems in the model: pageSize and identifiers, and 1,000 results at most.
PAGE_SIZE = 10
MOST_PER_PAGE = 20
MOST_IDENTIFIERS = 20
REACH = 1000

Body = Annotated[dict[str, Any], Depends(body_of)]


class Seller(Protocol):
    """What these addresses need of their market."""

    clock: Clock
    shelf: Shelf
    credentials: Mapping[str, str]


def marketplaces_of(request: Request) -> list[str]:
    """The stores that a request is about. Raises Refusal for none, or an unknown one."""
    ids = csv(request, "marketplaceIds")
    unknown = [marketplace_id for marketplace_id in ids if marketplace_id not in STORES]
    if not ids or unknown:
        raise invalid(f"Invalid 'marketplaceIds' provided: {', '.join(unknown) or 'none'}.")
    return ids


def product_type_of(body: Mapping[str, Any]) -> str:
    """The product type of a submission. Raises Refusal for one that does not exist."""
    name = body.get("productType")
    if name not in PRODUCT_TYPES:
        raise invalid(f"Invalid 'productType' provided: {name}.")
    return str(name)


def listings_router(market: Seller) -> APIRouter:
    """The addresses of listings."""
    router = APIRouter()
    _add_submissions(router, market)
    _add_reads(router, market)

    @router.get("/listings/2021-08-01/restrictions")
    def get_listings_restrictions(request: Request) -> Json:
        _own(market, request.query_params.get("sellerId"))
        asin = request.query_params.get("asin")
        return {"restrictions": _restrictions(market.shelf, asin, marketplaces_of(request))}

    return router


def _add_submissions(router: APIRouter, market: Seller) -> None:
    address = "/listings/2021-08-01/items/{seller_id}/{sku:path}"

    @router.put(address)
    def put_listings_item(seller_id: str, sku: str, request: Request, body: Body) -> Json:
        _own(market, seller_id)
        attributes = body.get("attributes")
        if not isinstance(attributes, dict):
            raise invalid("Missing or invalid 'attributes'.")
        requirements = body.get("requirements", "LISTING")
        marketplace_id, product_type = marketplaces_of(request)[0], product_type_of(body)
        given = Submission(sku, marketplace_id, product_type, attributes, requirements)
        preview = _is_preview(request)
        refusals = market.shelf.put(given, market.clock.now(), preview=preview)
        return _submitted(market.shelf, request, sku, refusals)

    @router.patch(address)
    def patch_listings_item(seller_id: str, sku: str, request: Request, body: Body) -> Json:
        _own(market, seller_id)
        patches = body.get("patches")
        if not isinstance(patches, list) or not patches:
            raise invalid("Missing or empty 'patches'.")
        refusals = []
        for marketplace_id in marketplaces_of(request):
            given = Submission(sku, marketplace_id, product_type_of(body), {})
            refusals += market.shelf.patch(
                given, patches, market.clock.now(), preview=_is_preview(request)
            )
        return _submitted(market.shelf, request, sku, refusals)

    @router.delete(address)
    def delete_listings_item(seller_id: str, sku: str, request: Request) -> Json:
        _own(market, seller_id)
        market.shelf.delete(marketplaces_of(request)[0], sku)
        return _submitted(market.shelf, request, sku, [])


def _add_reads(router: APIRouter, market: Seller) -> None:
    @router.get("/listings/2021-08-01/items/{seller_id}/{sku:path}")
    def get_listings_item(seller_id: str, sku: str, request: Request) -> Json:
        _own(market, seller_id)
        marketplace_id = marketplaces_of(request)[0]
        listing = market.shelf.listings.get((marketplace_id, sku))
        if listing is None:
            raise not_found(f"SKU '{sku}' not found in marketplace {marketplace_id}")
        return market.shelf.item(listing, _data_sets(request))

    @router.get("/listings/2021-08-01/items/{seller_id}")
    def search_listings_items(seller_id: str, request: Request) -> Json:
        _own(market, seller_id)
        found = _sorted(_searched(market.shelf, request), request)[:REACH]
        size = page_size(request, "pageSize", PAGE_SIZE, MOST_PER_PAGE)
        start = page_start(request.query_params.get("pageToken"))
        asked = _data_sets(request)
        page = found[start : start + size]
        pagination = {"nextToken": str(start + size)} if start + size < len(found) else {}
        if start:
            pagination["previousToken"] = str(max(0, start - size))
        return {
            "numberOfResults": len(found),
            **({"pagination": pagination} if pagination else {}),
            "items": [market.shelf.item(each, asked) for each in page],
        }


def _own(market: Seller, seller_id: str | None) -> None:
    if seller_id != market.credentials["seller_id"]:
        details = "The seller is not the one that the access token was given for."
        raise Refusal(403, "Unauthorized", "Access to requested resource is denied.", details)


def _is_preview(request: Request) -> bool:
    return request.query_params.get("mode") == "VALIDATION_PREVIEW"


def _submitted(shelf: Shelf, request: Request, sku: str, refusals: list[Json]) -> Json:
    preview = _is_preview(request)
    status = "INVALID" if refusals else "VALID" if preview else "ACCEPTED"
    answer: Json = {
        "sku": sku,
        "status": status,
        "submissionId": uuid.uuid4().hex,
        "issues": refusals,
    }
    if "identifiers" in csv(request, "includedData") and preview:
        known = shelf.listings.get((marketplaces_of(request)[0], sku))
        place = {"marketplaceId": known.marketplace_id, "asin": known.asin} if known else None
        answer["identifiers"] = [place] if place else []
    return answer


def _data_sets(request: Request) -> list[str]:
    asked = csv(request, "includedData") or ["summaries"]
    if unknown := sorted(set(asked) - set(DATA_SETS)):
        raise invalid(f"Invalid 'includedData' provided: {', '.join(unknown)}.")
    return asked


def _searched(shelf: Shelf, request: Request) -> list[Listing]:
    query = request.query_params
    ids, identifiers = marketplaces_of(request), csv(request, "identifiers")
    if len(identifiers) > MOST_IDENTIFIERS:
        raise invalid(f"At most {MOST_IDENTIFIERS} 'identifiers' may be given.")
    kind = query.get("identifiersType")
    if identifiers and kind is None:
        raise invalid("'identifiersType' is required when 'identifiers' is provided.")
    found = [each for (place, _), each in [*shelf.listings.items()] if place in ids]
    if identifiers:
        found = [each for each in found if _names(each).get(kind or "") in identifiers]
    if parent := query.get("variationParentSku"):
        found = [each for each in found if each.parent_sku == parent]
    asked, barred = set(csv(request, "withStatus")), set(csv(request, "withoutStatus"))
    found = [each for each in found if asked <= set(each.status) <= _STATUSES - barred]
    if severities := set(csv(request, "withIssueSeverity")):
        found = [each for each in found if severities & {one["severity"] for one in each.issues}]
    return [each for each in found if _in_time(each, query)]


_STATUSES = frozenset({"BUYABLE", "DISCOVERABLE"})


def _names(listing: Listing) -> dict[str, str]:
    return {"SKU": listing.sku, "ASIN": listing.asin}


def _in_time(listing: Listing, query: Mapping[str, str]) -> bool:
    for name, when in (("created", listing.created), ("lastUpdated", listing.updated)):
        after, before = _bound(query, f"{name}After"), _bound(query, f"{name}Before")
        if (after and when < after) or (before and when > before):
            return False
    return True


def _bound(query: Mapping[str, str], name: str) -> datetime | None:
    return read_moment(query[name], name) if name in query else None


def _sorted(listings: list[Listing], request: Request) -> list[Listing]:
    keys = {
        "sku": lambda each: each.sku,
        "createdDate": lambda each: each.created,
        "lastUpdatedDate": lambda each: each.updated,
    }
    by = keys.get(request.query_params.get("sortBy", "lastUpdatedDate"))
    if by is None:
        raise invalid("Invalid 'sortBy' provided.")
    descending = request.query_params.get("sortOrder", "DESC") == "DESC"
    return sorted(listings, key=by, reverse=descending)


def _restrictions(shelf: Shelf, asin: str | None, marketplace_ids: list[str]) -> list[Json]:
    """Why the seller may not list `asin`; nothing for goods that everybody may sell."""
    known = list(shelf.listings.values())
    titles = [str(each.first("item_name")) for each in known if each.asin == asin]
    if not any(map(is_restricted, titles)):
        return []
    reason = {"message": "You cannot list the product.", "reasonCode": "NOT_ELIGIBLE"}
    return [
        {"marketplaceId": marketplace_id, "conditionType": "new_new", "reasons": [reason]}
        for marketplace_id in marketplace_ids
    ]
