"""The photos that a cell names: file names, or addresses of pictures on the web."""

import ipaddress
import re
import unicodedata
from urllib.parse import urlsplit

from catalog.importing.problems import Misread

_BETWEEN = re.compile(r"\s*[;|\n،]\s*|\s*,\s*")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
LONGEST = 500  # characters of a name


def parse_photos(text: str) -> tuple[str, ...]:
    """The names in a cell, in order and each once.

    An https address of a public host is kept as a name. Nothing here opens or fetches anything.

    Raises:
        Misread: unsafe_photo_path, with the `photo` that leads out of the folder of photos.
    """
    names = filter(None, _BETWEEN.split(text.strip()))
    return tuple(dict.fromkeys(_safe(unicodedata.normalize("NFC", name)) for name in names))


def photo_file(name: str) -> str:
    """The file that `name` names, below the folder of photos: of an address, its last part."""
    return urlsplit(name).path.rpartition("/")[2] if "://" in name else name


def _safe(name: str) -> str:
    if len(name) > LONGEST or not _inside(name):
        raise Misread("unsafe_photo_path.it", photo=name[:60])
    return name


def _inside(name: str) -> bool:
    if _ADDRESS.match(name):
        return _is_public(name)
    return "\\" not in name and not name.startswith("/") and ".." not in name.split("/")


def _is_public(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme.lower() not in {"http", "https"} or "@" in parts.netloc or port:
        return False
    return "." in host.strip(".") and not host.endswith((".local", ".internal")) and _named(host)


def _named(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        # A last label of digits is an address too, in one of its old writings.
        return not host.rstrip(".").rpartition(".")[2].isdigit()
    return False
