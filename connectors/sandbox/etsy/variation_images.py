"""Which image stands for which value of a listing's varying property."""

from pydantic import BaseModel

from connectors.sandbox.etsy import views
from connectors.sandbox.etsy.call import Call, Json, Refusal
from connectors.sandbox.etsy.forms import Id
from connectors.sandbox.etsy.listings import listing_of
from connectors.sandbox.etsy.operations import Operations
from connectors.sandbox.etsy.shop import Listing, Shop

variation_images = Operations()
_ADDRESS = "/shops/{shop_id}/listings/{listing_id}/variation-images"


class VariationImage(BaseModel):
    """One value, and its image."""

    property_id: Id
    value_id: Id
    image_id: Id


class Body(BaseModel):
    """updateVariationImages."""

    variation_images: list[VariationImage]


@variation_images(f"GET {_ADDRESS}")
def get_listing_variation_images(shop: Shop, call: Call) -> Json:
    """The values that have an image."""
    return _told(listing_of(shop, call))


@variation_images(f"POST {_ADDRESS}", "listings_w")
def update_variation_images(shop: Shop, call: Call) -> Json:
    """Replace them all."""
    listing = listing_of(shop, call)
    given = call.json(Body).variation_images
    _check(listing, given)
    listing.variation_images = {(one.property_id, one.value_id): one.image_id for one in given}
    listing.updated = shop.now()
    return _told(listing)


def _check(listing: Listing, given: list[VariationImage]) -> None:
    # "variation_images should not contain any duplicates", nor "more than one property_id":
    # updateVariationImages.
    if len({(one.property_id, one.value_id) for one in given}) < len(given):
        raise Refusal(400, "There was a problem with /variation_images : contains duplicates")
    if len({one.property_id for one in given}) > 1:
        raise Refusal(400, "There was a problem with /variation_images : one property_id only")
    values, pictures = _values(listing), {picture.id for picture in listing.images}
    for one in given:
        if (one.property_id, one.value_id) not in values:
            raise Refusal(400, f"There was a problem with /value_id : invalid value {one.value_id}")
        if one.image_id not in pictures:
            raise Refusal(400, f"There was a problem with /image_id : invalid value {one.image_id}")


def _values(listing: Listing) -> dict[tuple[int, int], str]:
    """The listing's values by their property and id."""
    return {
        (value.property_id, value.value_ids[0]): value.values[0]
        for product in listing.products
        for value in product.values
    }


def _told(listing: Listing) -> Json:
    # A value or an image that is gone takes its pair with it.
    values, pictures = _values(listing), {picture.id for picture in listing.images}
    return views.page(
        {"property_id": key[0], "value_id": key[1], "value": values[key], "image_id": image}
        for key, image in listing.variation_images.items()
        if key in values and image in pictures
    )
