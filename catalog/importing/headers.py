"""The header of a table: which column means what, by synonyms in French, English and Arabic."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from string import ascii_uppercase

from catalog.folding import fold
from catalog.importing import dimensions, weights
from catalog.importing.prices import find_currency

_SPOKEN = ("fr", "en", "ar")  # the order of the lists in header_words.toml
_PARENTHESES = re.compile(r"[(\[][^)\]]*[)\]]")
_NUMBERED = re.compile(r"\s*\d+$")
# A header may stand below a title, an address and a date, but not below the catalog.
SEARCHED = 40


@dataclass(frozen=True, slots=True)
class Header:
    """What a table's columns mean.

    `record` is its row as a spreadsheet counts; `columns` gives the indexes of each field.
    """

    record: int
    cells: tuple[str, ...]
    columns: Mapping[str, tuple[int, ...]]
    language: str
    units: Mapping[str, str] = field(default_factory=dict)
    currency: str | None = None

    @property
    def is_shopify(self) -> bool:
        """Whether this is Shopify's product export, which spreads a product over rows."""
        return {"handle", "variant sku"} <= {fold(cell) for cell in self.cells}

    def texts(self, cells: Sequence[str]) -> dict[str, str]:
        """The cells of a row by field, without empty ones; photos may stand in several columns."""
        texts: dict[str, str] = {}
        for name, indexes in self.columns.items():
            said = [cells[at] for at in indexes if at < len(cells) and cells[at]]
            if said:
                texts[name] = "\n".join(said) if name == "photos" else said[0]
        return texts

    def title(self, name: str) -> str:
        """What the table writes over a field."""
        indexes = self.columns.get(name)
        return self.cells[indexes[0]].strip() if indexes else name

    def cell(self, name: str, record: int) -> str:
        """A cell as people name it, such as 'D8 (Prix)'."""
        indexes = self.columns.get(name)
        return (
            f"{column_letters(indexes[0])}{record} ({self.title(name)})"
            if indexes
            else f"{record} ({name})"
        )


def column_letters(index: int) -> str:
    """A column, counted from 0, as spreadsheets call it: A to Z, then AA."""
    head, last = divmod(index, 26)
    return (column_letters(head - 1) if head else "") + ascii_uppercase[last]


def find_header(
    rows: Iterable[Sequence[str]], mapping: Mapping[str, str] | None = None
) -> Header | None:
    """The row that names the most fields, a SKU among them; None where there is none.

    `mapping` is a maker's own reading of odd headers: header text to field name, or to '' for a
    column that says nothing.
    """
    own = {fold(header): name for header, name in (mapping or {}).items()}
    headers = (_header(record, cells, own) for record, cells in enumerate(rows, start=1))
    usable = [h for h in headers if "sku" in h.columns and len(h.columns) > 1]
    return max(usable, key=lambda header: len(header.columns), default=None)


def _header(record: int, cells: Sequence[str], own: Mapping[str, str]) -> Header:
    columns: dict[str, tuple[int, ...]] = {}
    for index, cell in enumerate(cells):
        own_name = own.get(fold(cell))
        name = _field(cell) if own_name is None else own_name
        if name:
            columns[name] = (*columns.get(name, ()), index)
    units = {n: unit for n, at in columns.items() if (unit := _unit(n, cells[at[0]]))}
    price = columns.get("price")
    currency = _currency(cells[price[0]]) if price else None
    return Header(record, tuple(cells), columns, _language(cells), units, currency)


def _field(cell: str) -> str | None:
    if not cell.strip():
        return None
    bare = _PARENTHESES.sub(" ", cell)
    words = " ".join(w for w in fold(bare).split() if not _is_measure(w))
    for spelling in (fold(cell), fold(bare), words, words.removesuffix(" en").removesuffix(" in")):
        if spelling in _synonyms():
            return _synonyms()[spelling]
    numbered = _synonyms().get(_NUMBERED.sub("", words))
    return "photos" if numbered == "photos" else None


def _is_measure(word: str) -> bool:
    return word in weights.UNITS or word in dimensions.UNITS or find_currency(word) is not None


def _unit(name: str, cell: str) -> str | None:
    units = weights.UNITS if name == "weight" else dimensions.UNITS
    if name not in {"weight", "dimensions", "length", "width", "height", "diameter"}:
        return None
    # The last word: in 'Masse g' and 'Poids (kg)' it is the unit.
    word = (fold(cell).split() or [""])[-1]
    return units.get(word)


def _currency(cell: str) -> str | None:
    bracketed = "".join(_PARENTHESES.findall(cell)).strip("()[] ")
    return find_currency(bracketed) or next(filter(None, map(find_currency, cell.split())), None)


def _language(cells: Sequence[str]) -> str:
    folded = {fold(_PARENTHESES.sub(" ", cell)) for cell in cells}
    known = [len(folded & spoken) for spoken in _spoken()]
    return _SPOKEN[known.index(max(known))]


@cache
def _words() -> Mapping[str, list[list[str]]]:
    return tomllib.loads((files("catalog.importing") / "header_words.toml").read_text("utf-8"))


@cache
def _synonyms() -> Mapping[str, str]:
    return {fold(w): name for name, lists in _words().items() for words in lists for w in words}


@cache
def _spoken() -> tuple[frozenset[str], ...]:
    return tuple(
        frozenset(fold(word) for lists in _words().values() for word in lists[position])
        for position in range(len(_SPOKEN))
    )


def field_names() -> tuple[str, ...]:
    """Every field that a header may be mapped to."""
    return tuple(_words())
