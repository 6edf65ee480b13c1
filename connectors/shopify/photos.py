"""Photos on their way to Shopify: fetched by it where they have an address, handed over if not."""

from collections.abc import Sequence

from connectors.errors import Refused
from connectors.protocol import Issue, Photo, PhotoSource, Rendition
from connectors.shopify.client import Client
from connectors.shopify.documents import STAGED_UPLOADS_CREATE
from connectors.shopify.limits import PHOTO


def sources_of(photos: Sequence[Photo], source: PhotoSource, client: Client) -> dict[str, str]:
    """Where Shopify finds each photo, by its SHA-256; what has no address of its own is uploaded.

    Raises:
        Refused: a photo cannot be made ready, or Shopify does not want it.
        ConnectorError: trouble with the channel.
    """
    addresses = {photo.sha256: source.url(photo, PHOTO) for photo in photos}
    ours = [photo for photo in photos if addresses[photo.sha256] is None]
    renditions = {photo.sha256: source.rendition(photo, PHOTO) for photo in ours}
    uploaded = _upload(renditions, client) if renditions else {}
    return {sha256: address or uploaded[sha256] for sha256, address in addresses.items()}


def _upload(renditions: dict[str, Rendition], client: Client) -> dict[str, str]:
    wanted = [
        {
            "resource": "IMAGE",
            "filename": rendition.filename,
            "mimeType": rendition.media_type,
            "httpMethod": "POST",
        }
        for rendition in renditions.values()
    ]
    staged = client.call(STAGED_UPLOADS_CREATE, input=wanted)["stagedUploadsCreate"]
    if staged["userErrors"]:
        complaints = (error["message"] for error in staged["userErrors"])
        raise Refused([Issue("upload_refused", text, field="photos") for text in complaints])
    resources = {}
    for (sha256, rendition), target in zip(
        renditions.items(), staged["stagedTargets"], strict=True
    ):
        client.upload(target, rendition.filename, rendition.content, rendition.media_type)
        resources[sha256] = target["resourceUrl"]
    return resources
