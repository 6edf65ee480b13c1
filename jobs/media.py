"""Photos for connectors: from the store, made ready by the marketplace's rule."""

from dataclasses import dataclass

from connectors.errors import Refused
from connectors.protocol import Issue, Photo, Rendition
from images.errors import BadPhoto
from images.renditions import SUFFIXES, rendition, rendition_name
from images.rules import ImageRule
from images.store import PhotoStore
from jobs.shown_photos import missing_photo


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
        except FileNotFoundError as error:
            gone = missing_photo()
            raise Refused([Issue(gone.code, str(gone), field="photos")]) from error
        name = f"{photo.sha256[:16]}.{SUFFIXES[rule.media_type]}"
        return Rendition(content, rule.media_type, name)

    def url(self, photo: Photo, rule: ImageRule) -> str | None:
        """The public address of that rendition, rendered by now; None where nothing serves it.

        Raises:
            Refused: as `rendition` does.
        """
        if self.public_url is None:
            return None
        self.rendition(photo, rule)
        return f"{self.public_url.rstrip('/')}/{rendition_name(photo.sha256, rule)}"
