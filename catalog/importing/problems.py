"""What may be wrong with a row: stable codes, and messages for people in fr, ar and en."""

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("fr", "ar", "en")


class Code(StrEnum):
    """What programs may rely on; docs/import.md says what each means."""

    MISSING_SKU = "missing_sku"
    BAD_SKU = "bad_sku"
    DUPLICATE_SKU = "duplicate_sku"
    OTHER_MAKER = "other_maker"
    MISSING_TITLE = "missing_title"
    TITLE_TOO_LONG = "title_too_long"
    BAD_PRICE = "bad_price"
    UNKNOWN_CURRENCY = "unknown_currency"
    BAD_QUANTITY = "bad_quantity"
    MISSING_QUANTITY = "missing_quantity"
    BAD_DIMENSIONS = "bad_dimensions"
    BAD_WEIGHT = "bad_weight"
    BAD_LEAD_TIME = "bad_lead_time"
    BAD_BARCODE = "bad_barcode"
    UNSAFE_TEXT = "unsafe_text"
    TEXT_TOO_LONG = "text_too_long"
    MOJIBAKE = "mojibake"
    LATIN_DARIJA = "latin_darija"
    RAGGED_ROW = "ragged_row"
    NULL_BYTE = "null_byte"
    UNKNOWN_PHOTO = "unknown_photo"
    BAD_PHOTO = "bad_photo"
    UNSAFE_PHOTO_PATH = "unsafe_photo_path"


class Misread(ValueError):
    """A cell that cannot be understood. `reason` is a key of messages.toml: code, dot, why."""

    def __init__(self, reason: str, **details: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details


@dataclass(frozen=True, slots=True)
class Problem:
    """One complaint about one cell.

    `cell` names it as a spreadsheet does, with its header; `value` is what stands there.
    """

    reason: str
    field: str
    cell: str = ""
    value: str = ""
    details: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def code(self) -> Code:
        """The stable code."""
        return Code(self.reason.partition(".")[0])

    def message(self, language: str) -> str:
        """What happened, where, and what to write instead."""
        value = self.value if len(self.value) <= _SHOWN else self.value[:_SHOWN] + "…"
        return message(self.reason, {**self.details, "cell": self.cell, "value": value}, language)

    def to_json(self, language: str) -> dict[str, str]:
        """The problem as the report shows it."""
        return {"code": self.code, "field": self.field, "message": self.message(language)}


# Characters of a cell that a message repeats.
_SHOWN = 60


def message(reason: str, details: Mapping[str, object], language: str) -> str:
    """The sentence for a reason, in one of LANGUAGES.

    A detail that is a mapping has a text for each language.
    """
    code, _, why = reason.partition(".")
    text: str = _messages()[code][why][language]
    said = {n: d[language] if isinstance(d, Mapping) else d for n, d in details.items()}
    return text.format(**said)


@cache
def _messages() -> Mapping[str, Any]:
    return tomllib.loads((files("catalog.importing") / "messages.toml").read_text("utf-8"))
