"""Pictures: fetched from the address that a listing names, decoded, and measured.

Sizes: https://sellercentral.amazon.com/help/hub/reference/G1881 (500 to 10,000 pixels on the
longest side). Code 20000, Amazon cannot reach or read the picture: known from
https://helpcenter.channable.com (Solving common errors for Amazon).
"""

import ssl
import warnings
from collections.abc import Callable
from io import BytesIO

import httpx
from PIL import Image

from connectors.sandbox.amazon.checks import issue
from connectors.sandbox.amazon.listing import Json

MIN_SIDE = 500
MAX_SIDE = 10_000
MAX_BYTES = 10_000_000
FORMATS = frozenset({"JPEG", "PNG", "TIFF", "GIF"})
TIMEOUT = 5.0

Fetch = Callable[[str], bytes]


# Made once: it takes longer than a fetch on this machine.
_TLS = ssl.create_default_context()


def fetch_by_http(url: str) -> bytes:
    """The bytes at `url`. Raises httpx.HTTPError, or InvalidURL, where there are none."""
    answer = httpx.get(url, timeout=TIMEOUT, follow_redirects=True, verify=_TLS)
    return answer.raise_for_status().content


class Pictures:
    """The pictures seen so far, by address: a good one is fetched and measured once."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._good: dict[str, Json] = {}

    def look(self, url: str) -> Json | str:
        """The picture's link, height and width; a sentence where it cannot be used."""
        if url in self._good:
            return self._good[url]
        seen = self._look(url)
        if isinstance(seen, dict):
            self._good[url] = seen
        return seen

    def _look(self, url: str) -> Json | str:
        try:
            content = self._fetch(url)
        except (httpx.HTTPError, httpx.InvalidURL, LookupError, OSError):
            return "We are unable to access the media at the URL provided."
        if len(content) > MAX_BYTES:
            return f"The image file is larger than {MAX_BYTES} bytes."
        return _measured(url, content)


def _measured(url: str, content: bytes) -> Json | str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content)) as image:
                kind, (width, height) = image.format, image.size
                # A small rendition is decoded many times faster, and shows a broken file as well.
                image.draft("L", (1, 1))
                image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombWarning):
        return "The media at the URL provided is not a readable image."
    if kind not in FORMATS:
        return f"{kind} is not an image format that is taken here."
    if not MIN_SIDE <= max(width, height) <= MAX_SIDE:
        return f"The longest side has {max(width, height)} pixels: {MIN_SIDE} to {MAX_SIDE}."
    return {"link": url, "height": height, "width": width}


def picture_issue(attribute: str, reason: str) -> Json:
    """The issue of a picture that cannot be used."""
    return issue("20000", reason, attribute, categories=("INVALID_IMAGE",))
