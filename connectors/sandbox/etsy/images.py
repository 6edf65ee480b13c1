"""Images of a listing: uploaded, decoded, ranked, taken off."""

from functools import lru_cache
from io import BytesIO

from PIL import Image, UnidentifiedImageError
from pydantic import BaseModel, Field

from connectors.sandbox.etsy import rules, views
from connectors.sandbox.etsy.call import Call, Json, Refusal, not_found
from connectors.sandbox.etsy.listings import listing_of
from connectors.sandbox.etsy.operations import Operations
from connectors.sandbox.etsy.shop import Listing, Picture, Shop

images = Operations()
_ADDRESS = "/shops/{shop_id}/listings/{listing_id}/images"
# What the page for buyers shows: Etsy's own middle size is 570 px wide.
PREVIEW_WIDTH = 570


class Upload(BaseModel):
    """uploadListingImage, beside the file."""

    listing_image_id: int | None = None
    rank: int = Field(default=1, ge=0)
    overwrite: bool = False
    alt_text: str = Field(default="", max_length=rules.ALT_LENGTH)


@images("GET /listings/{listing_id}/images")
def get_listing_images(shop: Shop, call: Call) -> Json:
    """All images, by rank."""
    return views.page(views.images(listing_of(shop, call)))


@images("GET /listings/{listing_id}/images/{listing_image_id}")
def get_listing_image(shop: Shop, call: Call) -> Json:
    """One image."""
    listing = listing_of(shop, call)
    rank = _rank(listing, call)
    return views.image(listing, listing.images[rank], rank + 1)


@images(f"POST {_ADDRESS}", "listings_w", 201)
def upload_listing_image(shop: Shop, call: Call) -> Json:
    """Put an image at its rank, in place of the one there or before it."""
    listing, form = listing_of(shop, call), call.form(Upload)
    picture = _picture(shop, call, form)
    place = min(max(form.rank, 1) - 1, len(listing.images))
    if form.overwrite and place < len(listing.images):
        _take_off(shop, listing, place)
    elif len(listing.images) >= rules.IMAGES:
        raise Refusal(400, f"A listing can have at most {rules.IMAGES} images")
    listing.images.insert(place, picture)
    listing.updated = shop.now()
    return views.image(listing, picture, place + 1)


@images(f"DELETE {_ADDRESS}/{{listing_image_id}}", "listings_w", 204)
def delete_listing_image(shop: Shop, call: Call) -> None:
    """Take an image off; the last one of what is on sale stays."""
    listing = listing_of(shop, call)
    rank = _rank(listing, call)
    if listing.state == "active" and len(listing.images) == 1:
        raise Refusal(400, "There was a problem with /images : cannot be less than 1 items")
    _take_off(shop, listing, rank)
    listing.updated = shop.now()


def _take_off(shop: Shop, listing: Listing, place: int) -> None:
    picture = listing.images.pop(place)
    shop.loose_images[picture.id] = picture


def _rank(listing: Listing, call: Call) -> int:
    wanted = call.id("listing_image_id")
    for rank, picture in enumerate(listing.images):
        if picture.id == wanted:
            return rank
    raise not_found("Listing Image", "listing_image_id", wanted)


def _picture(shop: Shop, call: Call, form: Upload) -> Picture:
    """The uploaded image; without a file, the one that was taken off before."""
    if call.upload is not None:
        width, height, preview = _decoded(call.upload)
        return Picture(shop.new_id(), width, height, shop.now(), form.alt_text, preview)
    if form.listing_image_id is None:
        raise Refusal(400, "Missing input parameter: [image]")
    try:
        return shop.loose_images.pop(form.listing_image_id)
    except KeyError:
        raise not_found("Listing Image", "listing_image_id", form.listing_image_id) from None


# The same photo often comes more than once: for listings alike, and after a failure.
@lru_cache(maxsize=256)
def _decoded(content: bytes) -> tuple[int, int, bytes]:
    if len(content) > rules.IMAGE_BYTES:
        raise Refusal(400, f"The image file is larger than {rules.IMAGE_BYTES} bytes")
    try:
        with Image.open(BytesIO(content), formats=sorted(rules.IMAGE_FORMATS)) as image:
            width, height = image.size
            image.draft("RGB", (PREVIEW_WIDTH, PREVIEW_WIDTH))
            image.thumbnail((PREVIEW_WIDTH, PREVIEW_WIDTH))
            preview = BytesIO()
            image.convert("RGB").save(preview, "JPEG", quality=80)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise Refusal(400, "The image file is not a valid JPG, PNG or GIF") from error
    return width, height, preview.getvalue()
