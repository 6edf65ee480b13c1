"""A listing's pictures: uploaded once, put in order, and tied to the variants they show."""

from collections.abc import Iterator, Mapping

from connectors.etsy.client import Client, Json, Upload
from connectors.etsy.inventory import Document, variation_images
from connectors.etsy.limits import ALT_LENGTH, IMAGES, PHOTO
from connectors.etsy.presence import Parts
from connectors.etsy.shop import EtsyShop
from connectors.protocol import Draft, Photo, PhotoSource, digest


class Pictures:
    """Writes the pictures of one account's listings.

    A listing's parts name each picture by its bytes and its words: a picture with other words is
    another picture.
    """

    def __init__(self, client: Client, shop: EtsyShop, photos: PhotoSource) -> None:
        self._client, self._shop, self._photos = client, shop, photos

    def upload(self, listing_id: int, draft: Draft, parts: Parts) -> dict[str, str]:
        """Upload what is not there yet; the field of updateListing that sets which, in order.

        Raises:
            Refused: a photo cannot be read, or Etsy does not take it.
        """
        wanted = {_name(photo): photo for photo in draft.photos[:IMAGES]}
        known = {name: id_ for name, id_ in parts.items() if name.startswith("image:")}
        # Where nothing is known, each picture takes its rank from whatever has it: an upload that
        # was carried out and not heard of is replaced by its repetition.
        overwrite = not known
        for rank, (name, photo) in enumerate(wanted.items(), start=1):
            if name not in known:
                self._make_room(listing_id, known, wanted)
                known[name] = self._upload_one(listing_id, photo, rank, overwrite=overwrite)
        for name in [name for name in parts if name.startswith("image:")]:
            del parts[name]
        parts |= {name: known[name] for name in wanted}
        return {"image_ids": ",".join(known[name] for name in wanted)}

    def _make_room(self, listing_id: int, known: Parts, wanted: Mapping[str, Photo]) -> None:
        """Take one picture off that is not wanted, where there is no room for another."""
        if len(known) >= IMAGES:
            name = next(name for name in known if name not in wanted)
            delete = self._client.delete_listing_image
            self._client.ask(delete, self._shop.id, listing_id, int(known.pop(name)))

    def _upload_one(self, listing_id: int, photo: Photo, rank: int, *, overwrite: bool) -> str:
        fields = {
            "rank": str(rank),
            "overwrite": "true" if overwrite else "false",
            "alt_text": photo.alt[:ALT_LENGTH],
        }
        upload = Upload(fields, self._photos.rendition(photo, PHOTO))
        image = self._client.ask(
            self._client.upload_listing_image, self._shop.id, listing_id, upload
        )
        return str(image["listing_image_id"])

    def show_variants(
        self, listing_id: int, draft: Draft, products: list[Document], parts: Parts
    ) -> None:
        """Tie pictures to the values of the first option, where variants have photos of their own.

        `products` are those of the listing's inventory; asked for where there are none.
        """
        image_ids = dict(_variant_images(draft, parts))
        if not image_ids:
            return
        if not products:
            inventory = self._client.ask(self._client.get_listing_inventory, listing_id)
            products = inventory["products"]
        document = variation_images(draft, products, image_ids)
        if document:
            update = self._client.update_variation_images
            self._client.ask(update, self._shop.id, listing_id, Json(document))


def _name(photo: Photo) -> str:
    return f"image:{digest({'bytes': photo.sha256, 'words': photo.alt})}"


def _variant_images(draft: Draft, parts: Parts) -> Iterator[tuple[str, int]]:
    """Image ids of variants' photos, by SKU."""
    for offer in draft.offers:
        if offer.photo and offer.options and (id_ := parts.get(_name(offer.photo))):
            yield offer.sku, int(id_)
