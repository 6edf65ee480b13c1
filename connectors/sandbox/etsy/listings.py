"""Listings: drafted, read, changed, published, deleted."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from connectors.sandbox.etsy import lifecycle, rules, views
from connectors.sandbox.etsy.call import Call, Ids, Json, Refusal, Words, not_found
from connectors.sandbox.etsy.forms import DraftForm, ListingForm, Page, Sorted
from connectors.sandbox.etsy.operations import Operations
from connectors.sandbox.etsy.shop import Listing, Product, Shop, State
from connectors.sandbox.etsy.taxonomy import NODES
from connectors.sandbox.faults import FaultKind

listings = Operations()


class Included(BaseModel):
    """The associations asked for."""

    includes: Words = []


class ShopQuery(Sorted, Included):
    """getListingsByShop."""

    state: State = "active"
    sort_on: Literal["created", "price", "updated", "score"] = "created"


class Batch(Included):
    """getListingsByListingIds and getListingsInventoryByListingIds."""

    listing_ids: Annotated[Ids, Field(min_length=1, max_length=rules.BATCH)]


def listing_of(shop: Shop, call: Call) -> Listing:
    """The listing that the call's path names. Raises Refusal 404 where there is none."""
    try:
        return shop.listings[call.id("listing_id")]
    except KeyError:
        raise not_found("Listing", "listing_id", call.path["listing_id"]) from None


@listings("POST /shops/{shop_id}/listings", "listings_w", 201)
def create_draft_listing(shop: Shop, call: Call) -> Json:
    """Make a draft. Not idempotent: the same form twice makes two."""
    form = call.form(DraftForm)
    said = form.model_dump()
    _check_references(said, shop)
    now = shop.now()
    product = Product(
        id=shop.new_id(),
        offering_id=shop.new_id(),
        sku="",
        price=round(form.price, 2),
        quantity=form.quantity,
        readiness_state_id=form.readiness_state_id,
    )
    listing = Listing(shop.new_id(), said, now, now, now, now, [product])
    _assign_images(listing, shop, form.image_ids)
    shop.listings[listing.id] = listing
    return views.listing(listing, shop)


@listings("PATCH /shops/{shop_id}/listings/{listing_id}", "listings_w")
def update_listing(shop: Shop, call: Call) -> Json:
    """Change what the form names; then publish, or take off sale, as its state says."""
    listing = listing_of(shop, call)
    form = call.form(ListingForm)
    changes = form.model_dump(exclude_unset=True, exclude={"state", "image_ids"})
    _check_together(changes)
    _check_references(changes, shop)
    listing.said |= changes
    if "image_ids" in form.model_fields_set:
        _assign_images(listing, shop, form.image_ids)
    if form.state == "active":
        lifecycle.activate(listing, shop)
    elif form.state == "inactive":
        lifecycle.deactivate(listing, shop)
    listing.updated = shop.now()
    return views.listing(listing, shop)


@listings("GET /listings/active")
def find_all_listings_active(shop: Shop, call: Call) -> Json:
    """Everything on sale, newest first, as a visitor of Etsy finds it."""
    return _on_sale(shop, call)


@listings("GET /shops/{shop_id}/listings/active")
def find_all_active_listings_by_shop(shop: Shop, call: Call) -> Json:
    """Everything that the shop has on sale, newest first."""
    return _on_sale(shop, call)


@listings("GET /listings/batch")
def get_listings_by_listing_ids(shop: Shop, call: Call) -> Json:
    """The listings of these ids, as far as there are any; at most 100."""
    batch = call.query(Batch)
    found = [shop.listings[each] for each in batch.listing_ids if each in shop.listings]
    return views.page(views.listing_with(one, shop, batch.includes) for one in found)


@listings("GET /listings/batch/inventory", "listings_r")
def get_listings_inventory_by_listing_ids(shop: Shop, call: Call) -> Json:
    """The inventory of these listings. Refused as a whole where one of them is unknown."""
    ids = call.query(Batch).listing_ids
    if unknown := [each for each in ids if each not in shop.listings]:
        raise not_found("Listing", "listing_id", unknown[0])
    found = [shop.listings[each] for each in ids]
    return views.page(views.listing_with(one, shop, {"Inventory"}) for one in found)


@listings("GET /listings/{listing_id}")
def get_listing(shop: Shop, call: Call) -> Json:
    """One listing, whatever its state."""
    includes = call.query(Included).includes
    return views.listing_with(listing_of(shop, call), shop, includes)


@listings("DELETE /listings/{listing_id}", "listings_d", 204)
def delete_listing(shop: Shop, call: Call) -> None:
    """Remove a listing for ever."""
    del shop.listings[listing_of(shop, call).id]


@listings("GET /shops/{shop_id}/listings", "listings_r")
def get_listings_by_shop(shop: Shop, call: Call) -> Json:
    """The shop's listings of one state, page by page.

    With the fault DUPLICATE_PAGE a page begins half a page too early, so that listings come again
    and others of its own are missing: a known flaw (github.com/etsy/open-api).
    """
    asked = call.query(ShopQuery)
    matching = [one for one in shop.listings.values() if one.state == asked.state]
    matching.sort(key=_SORT_KEYS[asked.sort_on], reverse=asked.newest_first)
    start = asked.offset
    if start and shop.faults.strike(call.operation, FaultKind.DUPLICATE_PAGE):
        start = max(0, start - (asked.limit + 1) // 2)
    chosen = matching[start : start + asked.limit]
    if shop.faults.strike(call.operation, FaultKind.SHUFFLED):
        chosen.reverse()
    told = (views.listing_with(one, shop, asked.includes) for one in chosen)
    return views.page(told, len(matching))


_SORT_KEYS: dict[str, Callable[[Listing], Any]] = {
    "created": lambda one: (one.created, one.id),
    "updated": lambda one: (one.updated, one.id),
    "price": lambda one: (min(product.price for product in one.products), one.id),
    "score": lambda one: (one.created, one.id),
}


def _on_sale(shop: Shop, call: Call) -> Json:
    asked = call.query(Page)
    active = [one for one in shop.listings.values() if one.state == "active"]
    active.sort(key=_SORT_KEYS["created"], reverse=True)
    chosen = active[asked.offset : asked.offset + asked.limit]
    return views.page((views.listing(one, shop) for one in chosen), len(active))


def _check_together(changes: Json) -> None:
    # updateListing: each of the three "requires" the other two.
    given = {"who_made", "when_made", "is_supply"} & changes.keys()
    if given and len(given) < len({"who_made", "when_made", "is_supply"}):
        raise Refusal(400, "who_made, when_made and is_supply must be given together")


def _check_references(said: Json, shop: Shop) -> None:
    known: dict[str, Any] = {
        "taxonomy_id": NODES,
        "shipping_profile_id": shop.shipping_profiles,
        "return_policy_id": shop.return_policies,
        "shop_section_id": shop.sections,
        "readiness_state_id": shop.readiness_states,
    }
    for name, ours in known.items():
        if said.get(name) is not None and said[name] not in ours:
            raise Refusal(400, f"There was a problem with /{name} : invalid value {said[name]}")


def _assign_images(listing: Listing, shop: Shop, ids: list[int]) -> None:
    if not ids and listing.state == "active":
        raise Refusal(400, "There was a problem with /images : cannot be less than 1 items")
    at_hand = {picture.id: picture for picture in listing.images} | shop.loose_images
    if unknown := [each for each in ids if each not in at_hand]:
        raise Refusal(400, f"There was a problem with /image_ids : invalid value {unknown[0]}")
    shop.loose_images = {key: one for key, one in at_hand.items() if key not in ids}
    listing.images = [at_hand[each] for each in ids]
