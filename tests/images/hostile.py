"""Files made to harm whoever opens them, each small, built here and nowhere kept."""

import struct
import zlib
from io import BytesIO

from PIL import Image

from tests.images.pictures import picture, saved

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes) -> bytes:
    """A PNG's chunk."""
    checksum = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + checksum


def png(width: int, height: int, *extra: bytes, rows: bytes = b"") -> bytes:
    """A grey PNG that claims a size, whatever its rows hold."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = b"".join(extra) + chunk(b"IDAT", zlib.compress(rows))
    return _SIGNATURE + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


def png_with_bomb(kind: bytes, megabytes: int = 80) -> bytes:
    """A small, whole PNG with a chunk that unfolds to so many megabytes."""
    packed = zlib.compress(bytes(megabytes * 10**6), 9)
    fields = {
        b"zTXt": b"Comment\x00\x00",
        b"iTXt": b"Comment\x00\x01\x00\x00\x00",
        b"iCCP": b"profile\x00\x00",
    }
    rows = (b"\x00" + bytes(300)) * 200
    return png(300, 200, chunk(kind, fields[kind] + packed), rows=rows)


def tiff_of(width: int, height: int) -> bytes:
    """A TIFF whose header claims a size, and that holds no strip of it."""
    tags = [(256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 8), (278, height)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in [*tags, (279, 9)])
    return b"II*\x00" + struct.pack("<IH", 8, len(tags) + 1) + entries + bytes(4)


def gif_of(width: int, height: int) -> bytes:
    """A GIF of one frame of that size, with no picture in it."""
    screen = struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)
    frame = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02L\x01\x00"
    return b"GIF89a" + screen + frame + b";"


def endless_gif(frames: int = 20_000) -> bytes:
    """A GIF that repeats its frame very often, and then asks to be played forever."""
    whole = saved(picture(60, 40), "gif")
    start = whole.index(b",", 13 + 3 * 2 ** ((whole[10] & 7) + 1))
    return whole[:-1] + whole[start:-1] * frames + b";"


def resized(content: bytes, width: int, height: int) -> bytes:
    """A HEIF or AVIF file whose box of the size (ispe) claims another one."""
    at = content.index(b"ispe") + 8
    return content[:at] + struct.pack(">II", width, height) + content[at + 8 :]


def polyglot() -> bytes:
    """A whole JPEG that is a ZIP archive and a web page as well."""
    page = b"<script>alert(document.cookie)</script>"
    return saved(picture(300, 200), comment=page) + page + b"PK\x05\x06" + bytes(18)


def heif(width: int, height: int) -> bytes:
    """A small HEIF file."""
    return saved(picture(width, height), "heif")


def avif(width: int, height: int) -> bytes:
    """A small AVIF file."""
    buffer = BytesIO()
    Image.new("RGB", (width, height)).save(buffer, "avif", speed=10)
    return buffer.getvalue()
