"""The only words of a file that a rendition keeps."""

import struct

import pytest
from PIL import Image

from images.renditions import render
from images.rules import ImageRule, Role
from tests.images.pictures import opened, picture, saved

RULE = ImageRule(Role.MAIN, min_side=100, max_side=400, max_bytes=10**6, count=5)
ARTIST, COPYRIGHT, MODEL = 0x013B, 0x8298, 0x0110
XMP = (
    b"<x:xmpmeta><rdf:Description><photoshop:City>Azilal</photoshop:City>"
    b"<dc:creator><rdf:Seq><rdf:li>Fatima</rdf:li></rdf:Seq></dc:creator>"
    b'<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">Tifawin &amp; Co</rdf:li></rdf:Alt>'
    b"</dc:rights></rdf:Description></x:xmpmeta>"
)


def tags(content: bytes) -> dict[int, str]:
    """The EXIF data of a file, its text in UTF-8."""
    read = dict(opened(render(content, RULE)).getexif())
    return {tag: str(text).encode("latin-1").decode() for tag, text in read.items()}


def signed(**options: object) -> bytes:
    return saved(picture(800, 600), "jpeg", **options)


def test_artist_and_copyright_stay_and_the_camera_goes() -> None:
    exif = Image.Exif()
    exif[ARTIST], exif[COPYRIGHT] = "Fatima", "© Coopérative Tifawin".encode()
    exif[MODEL] = "SM-A515F"
    assert tags(signed(exif=exif)) == {ARTIST: "Fatima", COPYRIGHT: "© Coopérative Tifawin"}


def test_xmp_speaks_where_exif_is_silent() -> None:
    assert tags(signed(xmp=XMP)) == {ARTIST: "Fatima", COPYRIGHT: "Tifawin & Co"}


def test_iptc_speaks_where_both_are_silent() -> None:
    records = b"".join(
        struct.pack(">BBBH", 0x1C, 2, record, len(text)) + text
        for record, text in [(80, b"Fatima"), (90, b"Azilal"), (116, b"Tifawin")]
    )
    block = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(records)) + records
    block += b"\x00" * (len(records) % 2)
    segment = b"Photoshop 3.0\x00" + block
    plain = signed()
    marked = plain[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + plain[2:]
    assert tags(marked) == {ARTIST: "Fatima", COPYRIGHT: "Tifawin"}


@pytest.mark.parametrize("exif", [b"", b"Exif\x00\x00no exif at all", b"Exif\x00\x00II*\x00\xff"])
def test_a_damaged_block_costs_the_credit_and_not_the_photo(exif: bytes) -> None:
    assert tags(signed(exif=exif)) == {}


def test_a_long_credit_is_cut_and_kept_to_one_line() -> None:
    exif = Image.Exif()
    exif[ARTIST] = "Fatima\n" + "a" * 900
    [text] = tags(signed(exif=exif)).values()
    assert text.startswith("Fatima a")
    assert len(text) == 200
