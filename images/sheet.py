"""Contact sheets: many photos at once, so that a person can look."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from images.rules import Fit, ImageRule, Role

# Pixels of a picture's square on the sheet.
SIDE = 240
THUMBNAIL = ImageRule(
    Role.SWATCH, min_side=1, max_side=SIDE, max_bytes=10**6, count=1, fit=Fit.PAD, ratio=1.0
)
_COLUMNS, _GAP, _LINE = 5, 12, 18
# Characters that fit below a picture.
_CAPTION = 34


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture on a sheet by THUMBNAIL's rule, None where there is none; and what to say of it."""

    picture: bytes | None = field(repr=False)
    caption: str
    remarks: tuple[str, ...] = ()


def html_sheet(shown: Sequence[Shown], title: str) -> str:
    """A page of its own, with the pictures inside and nothing to fetch."""
    figures = "\n".join(_figure(one) for one in shown)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title><style>
body {{ font: 14px sans-serif; margin: 2em; background: #f4f2ee }}
main {{ display: grid; gap: 1em; grid-template-columns: repeat(auto-fill, {SIDE}px) }}
figure {{ margin: 0; overflow-wrap: anywhere }}
img, .none {{ width: {SIDE}px; height: {SIDE}px; display: block; background: #ddd }}
li {{ color: #a3210f }}
</style></head><body><h1>{escape(title)}</h1><main>
{figures}
</main></body></html>
"""


def _figure(one: Shown) -> str:
    picture = '<div class="none"></div>'
    if one.picture is not None:
        source = b64encode(one.picture).decode()
        picture = f'<img alt="{escape(one.caption)}" src="data:image/jpeg;base64,{source}">'
    remarks = "".join(f"<li>{escape(remark)}</li>" for remark in one.remarks)
    words = f'<figcaption dir="auto">{escape(one.caption)}<ul>{remarks}</ul></figcaption>'
    return f"<figure>{picture}{words}</figure>"


def png_sheet(shown: Sequence[Shown]) -> bytes:
    """One picture of all, five in a row, each with its caption and the first remark below."""
    columns, rows = min(_COLUMNS, max(1, len(shown))), -(-len(shown) // _COLUMNS) or 1
    width, height = SIDE + _GAP, SIDE + 2 * _LINE + _GAP
    sheet = Image.new("RGB", (columns * width + _GAP, rows * height + _GAP), "#f4f2ee")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for at, one in enumerate(shown):
        left, top = _GAP + at % _COLUMNS * width, _GAP + at // _COLUMNS * height
        if one.picture is None:
            draw.rectangle((left, top, left + SIDE, top + SIDE), fill="#dddddd")
        else:
            with Image.open(BytesIO(one.picture)) as picture:
                sheet.paste(picture, (left, top))
        draw.text((left, top + SIDE + 2), one.caption[:_CAPTION], "#222222", font)
        remark = one.remarks[0] if one.remarks else ""
        draw.text((left, top + SIDE + _LINE), remark[:_CAPTION], "#a3210f", font)
    buffer = BytesIO()
    sheet.save(buffer, "PNG")
    return buffer.getvalue()
