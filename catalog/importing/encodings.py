"""The encoding of a text file, found by its marks and by what its bytes spell."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from charset_normalizer import from_bytes

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What French and Arabic spreadsheets save without a mark.
_EIGHT_BIT = ["cp1252", "cp1256", "mac_roman"]
_SAMPLE = 64 * 1024
# In UTF-16 without a mark every second byte of ASCII is zero; a stray one means nothing.
_ZEROS = 0.2
# A file of UTF-8 may have an accident or two.
_ACCIDENTS = 0.02


def detect_encoding(path: Path) -> str:
    """The name of the encoding of a text file, read in pieces."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding
    if head[1::2].count(0) > len(head) / 2 * _ZEROS:
        return "utf-16-le"
    if head[::2].count(0) > len(head) / 2 * _ZEROS:
        return "utf-16-be"
    return _of_lines(b"".join(_telling_lines(path)))


def _telling_lines(path: Path) -> Iterator[bytes]:
    """Lines with letters beyond ASCII, from anywhere in the file, up to the sample's size."""
    left = _SAMPLE
    with path.open("rb") as file:
        while left > 0 and (line := file.readline(_SAMPLE)):
            if not line.isascii():
                left -= len(line)
                yield line


def _of_lines(lines: bytes) -> str:
    text = lines.decode("utf-8", "replace")
    letters = sum(not c.isascii() for c in text)
    if text.count("\ufffd") <= letters * _ACCIDENTS:
        return "utf-8"
    best = from_bytes(lines, cp_isolation=_EIGHT_BIT).best()
    return best.encoding if best else "cp1252"
