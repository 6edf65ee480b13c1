"""Whose a photo is: the only thing that a rendition keeps of what its file says."""

import re
from dataclasses import dataclass
from html import unescape

from PIL import ExifTags, Image, ImageFile, IptcImagePlugin

# Characters of a name or a notice; a longer one is cut.
LONGEST = 200

# XMP's dc:creator and dc:rights; a pattern reads them, since an XML parser could be bombed.
_XMP = {
    "artist": re.compile(rb"<dc:creator>.{0,200}?<rdf:li[^>]{0,80}>([^<]{1,800})<", re.DOTALL),
    "copyright": re.compile(rb"<dc:rights>.{0,200}?<rdf:li[^>]{0,80}>([^<]{1,800})<", re.DOTALL),
}
_XMP_BYTES = 65_536
# IPTC IIM 4.2, application record: 2:80 by-line, 2:116 copyright notice.
_IPTC = {"artist": (2, 80), "copyright": (2, 116)}
# EXIF 2.32, section 4.6.4, D.
_EXIF = {"artist": ExifTags.Base.Artist, "copyright": ExifTags.Base.Copyright}


@dataclass(frozen=True, slots=True)
class Credit:
    """Who took a photo and whose it is, each empty where the file does not say."""

    artist: str = ""
    copyright: str = ""


def credit(image: ImageFile.ImageFile) -> Credit:
    """What the file says in EXIF, in XMP where EXIF is silent, and in IPTC where both are."""
    return Credit(_said(image, "artist"), _said(image, "copyright"))


def exif(credit: Credit) -> bytes | None:
    """EXIF data of that credit and nothing else; None where there is none."""
    tags = Image.Exif()
    for name, tag in _EXIF.items():
        if text := getattr(credit, name):
            # EXIF 3.0 has UTF-8 where 2.32 had ASCII, and readers took it long before.
            tags[tag] = text.encode()
    return tags.tobytes() if tags else None


def _said(image: ImageFile.ImageFile, name: str) -> str:
    for read in (_in_exif, _in_xmp, _in_iptc):
        try:
            text = _clean(read(image, name))
        # Of a damaged block we only lose the credit; which errors that raises nobody promises.
        except Exception:  # noqa: BLE001, S112
            continue
        if text:
            return text
    return ""


def _in_exif(image: ImageFile.ImageFile, name: str) -> object:
    # PNG's own getexif would decode the whole picture first.
    text = Image.Image.getexif(image).get(_EXIF[name], "")
    # Pillow reads the bytes as Latin-1.
    return text.encode("latin-1") if isinstance(text, str) else text


def _in_xmp(image: ImageFile.ImageFile, name: str) -> object:
    packet = image.info.get("xmp", b"")[:_XMP_BYTES]
    found = _XMP[name].search(packet)
    return unescape(found[1].decode("utf-8", "replace")) if found else ""


def _in_iptc(image: ImageFile.ImageFile, name: str) -> object:
    if not isinstance(image, ImageFile.ImageFile):
        return ""
    told = (IptcImagePlugin.getiptcinfo(image) or {}).get(_IPTC[name], b"")
    return told[0] if isinstance(told, list) else told


def _clean(text: object) -> str:
    said = _decoded(text) if isinstance(text, bytes) else str(text)
    words = "".join(c if c.isprintable() else " " for c in said).split()
    return " ".join(words)[:LONGEST]


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")
