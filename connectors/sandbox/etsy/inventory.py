"""Inventory: the products of a listing with their SKUs, prices and quantities, set as a whole."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from pydantic import BaseModel

from connectors.sandbox.etsy import forms, rules, views
from connectors.sandbox.etsy.call import Call, Json, Refusal, not_found
from connectors.sandbox.etsy.listings import listing_of
from connectors.sandbox.etsy.operations import Operations
from connectors.sandbox.etsy.shop import (
    Listing,
    Product,
    PropertyValue,
    Shop,
    Varies,
    depends,
)
from connectors.sandbox.etsy.taxonomy import VARIATION_PROPERTIES

inventory = Operations()


class Query(BaseModel):
    """getListingInventory."""

    includes: Literal["Listing"] | None = None


@inventory("GET /listings/{listing_id}/inventory", "listings_r")
def get_listing_inventory(shop: Shop, call: Call) -> Json:
    """The products of a listing."""
    listing = listing_of(shop, call)
    told = views.inventory(listing, shop)
    if call.query(Query).includes:
        told["listing"] = views.listing(listing, shop)
    return told


@inventory("GET /listings/{listing_id}/inventory/products/{product_id}", "listings_r")
def get_listing_product(shop: Shop, call: Call) -> Json:
    """One product of a listing."""
    for product in listing_of(shop, call).products:
        if product.id == call.id("product_id"):
            return views.product(product, shop)
    raise not_found("Listing Product", "product_id", call.path["product_id"])


@inventory("PUT /listings/{listing_id}/inventory", "listings_w")
def update_listing_inventory(shop: Shop, call: Call) -> Json:
    """Replace all products. A product of the same values keeps its id.

    Nothing may be set to 0 as a whole: a listing without stock is to be deactivated (the
    maintainers in github.com/etsy/open-api, issues 395 and 560).
    """
    listing = listing_of(shop, call)
    body = call.json(forms.InventoryBody)
    varies = Varies(
        tuple(body.price_on_property),
        tuple(body.quantity_on_property),
        tuple(body.sku_on_property),
        tuple(body.readiness_state_on_property or ()),
    )
    products = _products(body, listing, shop)
    _check(products, varies, shop)
    listing.products, listing.varies = products, varies
    listing.updated = shop.now()
    return views.inventory(listing, shop)


def _products(body: forms.InventoryBody, listing: Listing, shop: Shop) -> list[Product]:
    known = {product.values: product for product in listing.products}
    ids = _ValueIds(listing, shop)
    products = []
    for given in body.products:
        values = tuple(ids.resolve(value) for value in given.property_values)
        before = known.get(values)
        offering = given.offerings[0]
        products.append(
            Product(
                id=before.id if before else shop.new_id(),
                offering_id=before.offering_id if before else shop.new_id(),
                sku=given.sku or "",
                price=round(offering.price, 2),
                quantity=offering.quantity,
                is_enabled=offering.is_enabled,
                readiness_state_id=offering.readiness_state_id,
                values=values,
            )
        )
    return products


class _ValueIds:
    """Gives a value the id that it already has in this listing, or a new one."""

    def __init__(self, listing: Listing, shop: Shop) -> None:
        self._shop = shop
        self._known = {
            (value.property_id, value.values): value.value_ids
            for product in listing.products
            for value in product.values
        }

    def resolve(self, given: forms.Value) -> PropertyValue:
        """The value as the shop keeps it."""
        key = (given.property_id, tuple(given.values))
        if key not in self._known:
            self._known[key] = (self._shop.new_id(),)
        return PropertyValue(
            given.property_id,
            given.property_name or "",
            given.scale_id,
            self._known[key],
            tuple(given.values),
        )


def _check(products: Sequence[Product], varies: Varies, shop: Shop) -> None:
    _check_properties(products)
    on_offer = [product for product in products if product.is_enabled]
    if not any(product.quantity for product in on_offer):
        raise Refusal(400, "One offering must have quantity greater than 0")
    for product in products:
        wanted = product.readiness_state_id
        if wanted is not None and wanted not in shop.readiness_states:
            raise Refusal(400, f"There was a problem with /readiness_state_id : {wanted}")
    _check_varies("price", products, varies.price, lambda one: one.price)
    _check_varies("quantity", on_offer, varies.quantity, lambda one: one.quantity)
    _check_varies("sku", products, varies.sku, lambda one: one.sku)
    _check_varies(
        "readiness_state", products, varies.readiness_state, lambda one: one.readiness_state_id
    )


def _check_properties(products: Sequence[Product]) -> None:
    named = {tuple(value.property_id for value in product.values) for product in products}
    if len(named) > 1:
        raise Refusal(400, "All products must have the same property_values properties")
    if len(products) > 1 and named == {()}:
        raise Refusal(400, "Property values can't be empty")
    if unknown := {number for one in named for number in one} - VARIATION_PROPERTIES:
        raise Refusal(400, f"Invalid property_id for this taxonomy: {min(unknown)}")
    if any(len(one) > rules.PROPERTIES or len(set(one)) < len(one) for one in named):
        raise Refusal(400, f"A product has at most {rules.PROPERTIES} different properties")
    if len({product.values for product in products}) < len(products):
        raise Refusal(400, "Two products have the same property_values")


def _check_varies(
    what: str,
    products: Iterable[Product],
    properties: Sequence[int],
    seen: Callable[[Product], Any],
) -> None:
    # "The update fails if the supplied values ... are incompatible with values in *_on_property
    # fields": updateListingInventory.
    values = defaultdict(set)
    for product in products:
        values[depends(product, properties)].add(seen(product))
    if any(len(different) > 1 for different in values.values()):
        raise Refusal(400, f"The supplied {what} values are incompatible with {what}_on_property")
