"""Free text: tidied, rid of markup, repaired where its encoding was broken."""

import html
import re
import unicodedata
from dataclasses import dataclass

import ftfy
import nh3

from catalog.importing.problems import Misread

# Marks that show nothing and make equal words differ: BOM, zero-width space, bidi controls.
INVISIBLE = dict.fromkeys([0xFEFF, 0x200B, 0x2060, *range(0x200E, 0x2010), *range(0x202A, 0x202F)])
INVISIBLE |= dict.fromkeys(range(0x2066, 0x206A))
# Not NUL, which refuses its row: something cut or overwrote the file there.
_CONTROL: dict[int, str | None] = dict.fromkeys([*range(1, 9), 11, 12, *range(14, 32), 127])
# Half a character cannot be stored.
_CONTROL |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:[a-z]{2,8}|#x?[0-9a-f]{1,6});", re.IGNORECASE)
_BREAK = re.compile(r"<br\b[^>]*>|</(?:p|div|li|ul|ol|h[1-6]|tr)\s*>", re.IGNORECASE)
_ACTIVE = re.compile(
    r"<\s*(?:script|iframe|object|embed|style|form|svg|link|meta|base)\b"
    r"|<[^>]*\son\w+\s*=|(?:javascript|vbscript|data)\s*:[^\s]",
    re.IGNORECASE,
)
# What UTF-8 looks like when it was read as cp1252 once too often; ftfy judges what this finds.
_SUSPECT = re.compile("[ÂÃâØÙ][^\x00-\x7f]|Ã ")
_FORMULA = re.compile(r"[=@+]\S|-[A-Za-z(]")
_UNREADABLE = "\ufffd"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text as it may be kept, and the reasons to warn about it."""

    text: str
    reasons: tuple[str, ...] = ()


def tidy(text: str) -> str:
    """`text` in composed form, without control characters and surrounding blanks."""
    if text.isascii() and text.isprintable():
        return text.strip()
    composed = unicodedata.normalize("NFC", text.translate(_CONTROL)).replace("\r", "")
    return composed.strip("\ufeff\u200b\u200e\u200f \t\n\u00a0\u202f\u2007\u3000")


def clean(text: str) -> Cleaned:
    """`text` as plain text that is safe to show.

    A formula stays what it is, a text, and is warned of: whoever writes it to a spreadsheet must
    neutralise it.

    Raises:
        Misread: some characters were lost before we got the file.
    """
    repaired = ftfy.fix_encoding(text) if _SUSPECT.search(text) else text
    if _UNREADABLE in repaired:
        raise Misread("mojibake.lost")
    reasons = ["mojibake.repaired"] if repaired != text else []
    if _FORMULA.match(repaired):
        reasons.append("unsafe_text.formula")
    if _MARKUP.search(repaired):
        if _ACTIVE.search(repaired):
            reasons.append("unsafe_text.markup")
        repaired = without_markup(repaired)
    return Cleaned(repaired, tuple(reasons))


def without_markup(text: str) -> str:
    """The text of HTML, a line for each block. Scripts and styles go with what is in them."""
    while _MARKUP.search(text):
        # Escaped markup comes to light by unescaping: as often as there is any left.
        bare = nh3.clean(_BREAK.sub("\n", text), tags=set(), clean_content_tags={"script", "style"})
        bare = html.unescape(bare)
        if bare == text:
            return bare.replace("<", "‹")
        text = bare
    return "\n".join(filter(None, (line.strip() for line in text.splitlines())))
