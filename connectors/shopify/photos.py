"""Photos on their way to Shopify: fetched by it where they have an address, handed over if not."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connectors.errors import Refused
from connectors.protocol import Issue, Photo, PhotoSource, Rendition
from connectors.shopify.client import Client
from connectors.shopify.documents import STAGED_UPLOADS_CREATE
from connectors.shopify.limits import PHOTO

Ready = str | Rendition


def ready(photos: Iterable[Photo], source: PhotoSource) -> dict[str, Ready]:
    """Each photo made ready, by its SHA-256: its public address, or the picture itself.

    Raises:
        Refused: one of them cannot be made ready.
    """
    return {
        photo.sha256: source.url(photo, PHOTO) or source.rendition(photo, PHOTO) for photo in photos
    }


def hand_over(photos: Mapping[str, Ready], client: Client) -> dict[str, str]:
    """Where Shopify finds each photo; pictures without an address are uploaded first.

    Raises:
        Refused: Shopify does not want one of them.
        ConnectorError: trouble with the channel.
    """
    pictures = {sha256: one for sha256, one in photos.items() if isinstance(one, Rendition)}
    uploaded = _upload(pictures, client) if pictures else {}
    addresses = {sha256: one for sha256, one in photos.items() if isinstance(one, str)}
    return addresses | uploaded


def _upload(renditions: Mapping[str, Rendition], client: Client) -> dict[str, str]:
    targets = staged_targets(
        client, "IMAGE", [(one.filename, one.media_type) for one in renditions.values()]
    )
    resources = {}
    for (sha256, one), target in zip(renditions.items(), targets, strict=True):
        client.upload(target, one.filename, one.content, one.media_type)
        resources[sha256] = target["resourceUrl"]
    return resources


def staged_targets(
    client: Client, resource: str, files: Sequence[tuple[str, str]]
) -> list[Mapping[str, Any]]:
    """Where files of that kind, each with its name and media type, may be put.

    Raises:
        Refused: Shopify does not want one of them.
    """
    wanted = [
        {"resource": resource, "filename": name, "mimeType": media_type, "httpMethod": "POST"}
        for name, media_type in files
    ]
    staged = client.call(STAGED_UPLOADS_CREATE, input=wanted)["stagedUploadsCreate"]
    if staged["userErrors"]:
        complaints = (error["message"] for error in staged["userErrors"])
        raise Refused([Issue("upload_refused", text, field="photos") for text in complaints])
    targets: list[Mapping[str, Any]] = staged["stagedTargets"]
    return targets
