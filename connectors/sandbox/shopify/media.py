"""Pictures: fetched from where the call says, looked at, and served again."""

import io
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from PIL import Image as Picture
from PIL import UnidentifiedImageError

from connectors.sandbox.shopify.limits import (
    IMAGE_BYTES,
    IMAGE_FORMATS,
    IMAGE_PIXELS,
    IMAGE_PROCESSING,
)
from connectors.sandbox.shopify.store import Call, number
from connectors.sandbox.shopify.translations import Translated

# Seconds. The other end is on this machine.
FETCH_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file turned out to be: a picture, or the code and reason of its failure."""

    media_type: str = ""
    width: int = 0
    height: int = 0
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that is ready."""

    id: str
    url: str
    width: int
    height: int
    alt_text: str | None

    def translations(self, _call: Call, _args: Mapping[str, Any]) -> list[Any]:
        """None are kept for pictures."""
        return []


@dataclass(eq=False, kw_only=True)
class MediaImage(Translated):
    """A picture of a product, on its way or ready."""

    id: str
    source: str
    content: bytes
    looked: Looked
    created_at: datetime
    ready_at: datetime
    alt: str | None = None
    media_content_type: str = "IMAGE"

    @property
    def updated_at(self) -> datetime:
        """When it was made."""
        return self.created_at

    @property
    def address(self) -> str | None:
        """Where it is served, on this server; None where it is no picture."""
        return None if self.looked.code else f"/cdn/{number(self.id)}"

    def status(self, call: Call, _args: Mapping[str, Any]) -> str:
        """How far its processing is."""
        if call.now < self.ready_at:
            return "PROCESSING"
        return "FAILED" if self.looked.code else "READY"

    file_status = status

    def media_errors(self, call: Call, args: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Why it failed."""
        if self.status(call, args) != "FAILED":
            return []
        reason = self.looked.reason
        return [{"code": self.looked.code, "message": reason, "details": reason}]

    file_errors = media_errors

    def media_warnings(self, _call: Call, _args: Mapping[str, Any]) -> list[Any]:
        """None."""
        return []

    def mime_type(self, call: Call, args: Mapping[str, Any]) -> str | None:
        """What kind of picture it is, once that is known."""
        return self.looked.media_type if self.status(call, args) == "READY" else None

    def image(self, call: Call, args: Mapping[str, Any]) -> Image | None:
        """The picture, once it is ready."""
        if self.status(call, args) != "READY":
            return None
        url = f"{call.base_url}{self.address}"
        gid = f"gid://shopify/ImageSource/{number(self.id)}"
        return Image(gid, url, self.looked.width, self.looked.height, self.alt)

    def preview(self, call: Call, args: Mapping[str, Any]) -> dict[str, Any]:
        """The picture again."""
        return {"image": self.image(call, args), "status": self.status(call, args)}

    def translatable(self) -> dict[str, str]:
        """Its alternative text."""
        return {"alt": self.alt or ""}


def is_address(source: str) -> bool:
    """Whether a picture could be fetched from there at all."""
    parts = urlsplit(source)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def new_picture(call: Call, source: str, alt: str | None) -> MediaImage:
    """A picture from `source`, whose processing begins now."""
    content = _fetch(call, source)
    looked = (
        Looked(code="IMAGE_DOWNLOAD_FAILURE", reason="The image could not be downloaded.")
        if content is None
        else look(content)
    )
    return call.store.add(
        MediaImage(
            id=call.store.new_id("MediaImage"),
            source=source,
            content=content or b"",
            looked=looked,
            alt=alt,
            created_at=call.now,
            ready_at=call.now + timedelta(seconds=IMAGE_PROCESSING),
        )
    )


def look(content: bytes) -> Looked:
    """What a file is, by its bytes."""
    if len(content) > IMAGE_BYTES:
        reason = f"The file is larger than {IMAGE_BYTES // 10**6} MB."
        return Looked(code="INVALID_IMAGE_FILE_SIZE", reason=reason)
    try:
        with Picture.open(io.BytesIO(content), formats=IMAGE_FORMATS) as picture:
            width, height = picture.size
            if width * height > IMAGE_PIXELS:
                reason = f"The image has more than {IMAGE_PIXELS // 10**6} megapixels."
                return Looked(code="INVALID_IMAGE_RESOLUTION", reason=reason)
            # The whole file is read, and yet a JPEG decoded at an eighth of its size: enough to see
            # that it is sound.
            picture.draft("RGB", (1, 1))
            picture.load()
            return Looked(Picture.MIME[picture.format or ""], width, height)
    except UnidentifiedImageError:
        reason = "The file type is not supported."
        return Looked(code="UNSUPPORTED_IMAGE_FILE_TYPE", reason=reason)
    except (OSError, SyntaxError, ValueError) as error:
        reason = f"The image could not be processed: {error}"
        return Looked(code="IMAGE_PROCESSING_FAILURE", reason=reason)


# Made once: it takes longer than a fetch on this machine.
_TLS = ssl.create_default_context()


def _fetch(call: Call, source: str) -> bytes | None:
    if source.startswith(call.base_url):
        return call.store.uploads.content(source.removeprefix(call.base_url))
    if urlsplit(source).hostname not in {"127.0.0.1", "localhost"}:
        return None  # this market has no other world than this machine
    try:
        answer = httpx.get(source, timeout=FETCH_TIMEOUT, verify=_TLS)
    except httpx.HTTPError:
        return None
    return answer.content if answer.is_success else None
