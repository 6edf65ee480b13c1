"""What the shop holds, as the JSON that Etsy answers. Pure."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from connectors.sandbox.etsy.call import Json
from connectors.sandbox.etsy.shop import (
    SHOP_ID,
    SHOP_NAME,
    USER_ID,
    Listing,
    Picture,
    Product,
    PropertyValue,
    Shop,
)

DIVISOR = 100
IMAGE_ADDRESS = "/_sandbox/images"


def money(amount: Decimal, currency: str) -> Json:
    """An amount of the shop's currency."""
    return {"amount": int(amount * DIVISOR), "divisor": DIVISOR, "currency_code": currency}


def page(results: Iterable[Any], total: int | None = None) -> Json:
    """A list as Etsy answers it. `total` counts what stands on other pages too."""
    told = list(results)
    return {"count": len(told) if total is None else total, "results": told}


def the_shop(shop: Shop) -> Json:
    """Shop."""
    return {
        "shop_id": SHOP_ID,
        "user_id": USER_ID,
        "shop_name": SHOP_NAME,
        "title": "Moroccan craft, for practice",
        "create_date": shop.opened,
        "created_timestamp": shop.opened,
        "update_date": shop.opened,
        "updated_timestamp": shop.opened,
        "currency_code": shop.currency,
        "is_vacation": False,
        "listing_active_count": sum(one.state == "active" for one in shop.listings.values()),
        "digital_listing_count": 0,
        "login_name": SHOP_NAME.lower(),
        "accepts_custom_requests": True,
        "url": f"https://www.etsy.com/shop/{SHOP_NAME}",
        "num_favorers": 0,
        "languages": ["en-US"],
        "is_shop_us_based": False,
        "transaction_sold_count": sum(len(one.sales) for one in shop.receipts.values()),
        "shipping_from_country_iso": "MA",
        "shop_location_country_iso": "MA",
    }


# What the seller's forms say that Etsy's answer repeats under the same name.
_REPEATED = (
    "title", "description", "shop_section_id", "tags", "materials", "shipping_profile_id",
    "return_policy_id", "processing_min", "processing_max", "who_made", "when_made", "is_supply",
    "item_weight", "item_length", "item_width", "item_height", "taxonomy_id",
)  # fmt: skip


def listing(one: Listing, shop: Shop) -> Json:
    """ShopListing."""
    said = one.said
    return {
        "listing_id": one.id,
        "user_id": USER_ID,
        "shop_id": SHOP_ID,
        "state": one.state,
        **_times(one),
        **{name: said.get(name) for name in _REPEATED},
        "quantity": one.quantity,
        "featured_rank": said.get("featured_rank") or 0,
        "url": f"https://www.etsy.com/listing/{one.id}",
        "num_favorers": 0,
        "non_taxable": not said["is_taxable"],
        "is_taxable": said["is_taxable"],
        "is_customizable": said["is_customizable"],
        "is_personalizable": False,
        "listing_type": said["type"],
        "item_weight_unit": said.get("item_weight_unit") or None,
        "item_dimensions_unit": said.get("item_dimensions_unit") or None,
        "is_private": False,
        "style": said["styles"],
        "file_data": "",
        "has_variations": len(one.products) > 1,
        "should_auto_renew": said["should_auto_renew"],
        "language": "en-US",
        "price": money(min(product.price for product in one.products), shop.currency),
        # Told only of what is on sale: createDraftListing, readiness_state_id.
        "readiness_state_id": one.products[0].readiness_state_id if one.state == "active" else None,
    }


def _times(one: Listing) -> Json:
    return {
        "creation_timestamp": one.created,
        "created_timestamp": one.created,
        "original_creation_timestamp": one.created,
        "ending_timestamp": one.ending,
        "last_modified_timestamp": one.updated,
        "updated_timestamp": one.updated,
        "state_timestamp": one.state_since,
    }


def listing_with(one: Listing, shop: Shop, includes: Iterable[str]) -> Json:
    """ShopListingWithAssociations, with those associations that were asked for."""
    parts = set(includes)
    told = listing(one, shop)
    told["skus"] = sorted({product.sku for product in one.products if product.sku})
    told["views"] = 0
    if "Images" in parts:
        told["images"] = images(one)
    if "Inventory" in parts:
        told["inventory"] = inventory(one, shop)
    if "Translations" in parts:
        told["translations"] = one.translations
    if "Shipping" in parts:
        told["shipping_profile"] = shop.shipping_profiles.get(one.said["shipping_profile_id"])
    if "Shop" in parts:
        told["shop"] = the_shop(shop)
    return told


def images(one: Listing) -> list[Json]:
    """The listing's images in the order of their rank."""
    return [image(one, picture, rank) for rank, picture in enumerate(one.images, start=1)]


def image_address(picture: Picture) -> str:
    """Where the sandbox shows a picture, whatever the size that is asked for."""
    return f"{IMAGE_ADDRESS}/{picture.id}.jpg"


def image(one: Listing, picture: Picture, rank: int) -> Json:
    """ListingImage."""
    sizes = ("url_75x75", "url_170x135", "url_570xN", "url_fullxfull")
    return {
        "listing_id": one.id,
        "listing_image_id": picture.id,
        "creation_tsz": picture.created,
        "created_timestamp": picture.created,
        "rank": rank,
        **dict.fromkeys(sizes, image_address(picture)),
        "full_height": picture.height,
        "full_width": picture.width,
        "alt_text": picture.alt_text,
    }


def inventory(one: Listing, shop: Shop) -> Json:
    """ListingInventory."""
    return {
        "products": [product(each, shop) for each in one.products],
        "price_on_property": list(one.varies.price),
        "quantity_on_property": list(one.varies.quantity),
        "sku_on_property": list(one.varies.sku),
        "readiness_state_on_property": list(one.varies.readiness_state),
    }


def product(one: Product, shop: Shop) -> Json:
    """ListingInventoryProduct."""
    return {
        "product_id": one.id,
        "sku": one.sku,
        "is_deleted": False,
        "offerings": [offering(one, shop)],
        "property_values": [property_value(value) for value in one.values],
    }


def offering(one: Product, shop: Shop) -> Json:
    """ListingInventoryProductOffering."""
    return {
        "offering_id": one.offering_id,
        "quantity": one.quantity,
        "is_enabled": one.is_enabled,
        "is_deleted": False,
        "price": money(one.price, shop.currency),
        "readiness_state_id": one.readiness_state_id,
    }


def property_value(value: PropertyValue) -> Json:
    """ListingPropertyValue."""
    return {
        "property_id": value.property_id,
        "property_name": value.property_name,
        "scale_id": value.scale_id,
        "scale_name": None,
        "value_ids": list(value.value_ids),
        "values": list(value.values),
    }
