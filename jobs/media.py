"""Photos for connectors: from the store, made ready by the marketplace's rule."""

from dataclasses import dataclass

from images.errors import BadPhoto
from images.renditions import rendition
from images.store import PhotoStore

from connectors.errors import Refused
from connectors.protocol import Issue, Photo, Rendition
from images.rules import ImageRule

_SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


@dataclass(frozen=True, slots=True)
class StoredPhotos:
    """The photo store as a connector sees it. `public_url` serves its renditions, if anything."""

    store: PhotoStore
    public_url: str | None = None

    def rendition(self, photo: Photo, rule: ImageRule) -> Rendition:
        """The photo as `rule` wants it, rendered once.

        Raises:
            Refused: the photo cannot be read or does not satisfy the rule.
        """
        try:
            content = rendition(self.store, photo.sha256, rule)
        except BadPhoto as bad:
            raise Refused([Issue(bad.code, str(bad), field="photos")]) from bad
        name = f"{photo.sha256[:16]}.{_SUFFIX[rule.media_type]}"
        return Rendition(content, rule.media_type, name)

    def url(self, photo: Photo, rule: ImageRule) -> str | None:
        """The public address of that rendition; None where nothing serves it."""
        return None
