"""Pictures of listings, fetched from their marketplace to be compared with ours."""

from urllib.parse import urljoin, urlsplit

import httpx

from images.decode import BYTE_LIMIT
from images.errors import BadPhoto
from images.fetch import Web
from images.measures import measure
from images.renditions import render
from images.sheet import THUMBNAIL
from jobs.models import Channel

# Seconds for any one step.
_STEP = 10.0


def fingerprint_at(channel: Channel, address: str, web: Web) -> int | None:
    """The fingerprint of the picture at an address that the channel's marketplace told.

    Only the public web is asked; and the channel's own practice market, which stands on this
    machine and may tell addresses without its own. None where there is no picture to be had.
    """
    try:
        return measure(picture_at(channel, address, web)).fingerprint
    except BadPhoto:
        return None


def small_picture_at(channel: Channel, address: str, web: Web) -> bytes:
    """A small JPEG of that picture, drawn anew: nothing else of the file is passed on.

    Raises:
        BadPhoto: there is no picture to be had.
    """
    return render(picture_at(channel, address, web), THUMBNAIL)


def picture_at(channel: Channel, address: str, web: Web) -> bytes:
    """The file at an address that the channel's marketplace told, asked for as above.

    Raises:
        BadPhoto: it cannot be had.
    """
    practice = channel.settings.get("base_url")
    if practice:
        here = urljoin(practice, address)
        if _origin(here) == _origin(practice):
            return _from_practice(here)
    return web.photo(address)


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc


def _from_practice(address: str) -> bytes:
    content = bytearray()
    try:
        with httpx.stream("GET", address, timeout=_STEP, trust_env=False) as answer:
            answer.raise_for_status()
            for part in answer.iter_bytes():
                content += part
                if len(content) > BYTE_LIMIT:
                    raise BadPhoto("too_large", "The picture is too large")
    except httpx.HTTPError as error:
        raise BadPhoto("not_fetched", f"The picture could not be fetched: {error}") from error
    return bytes(content)
