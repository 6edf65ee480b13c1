"""What a page says of its table: columns, order, filters, and where the next rows begin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Column:
    """A column, `label` already in the reader's language; one that `sorts` can be ordered by."""

    key: str
    label: str
    sorts: bool = False
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A field above the table: a search, or one of `options` (value, label)."""

    name: str
    label: str
    options: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """How the table's page was asked for: filters, the key of order (with - downwards), cursor."""

    path: str
    filters: Mapping[str, str]
    sort: str = ""
    after: str = ""

    def address(self) -> str:
        """The page's own address."""
        said = {**self.filters, "sort": self.sort, "after": self.after}
        kept = {name: value for name, value in said.items() if value}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path

    def sorted_by(self, key: str) -> str:
        """The address of the first rows by that column, the other way round where it is so now."""
        return replace(self, sort=f"-{key}" if self.sort == key else key, after="").address()

    def beginning(self, after: str) -> str:
        """The address of the rows that follow the cursor `after`; the first ones where it is ''."""
        return replace(self, after=after).address()

    def direction(self, key: str) -> str:
        """How a column is ordered, in the words of aria-sort."""
        return {key: "ascending", f"-{key}": "descending"}.get(self.sort, "none")


@dataclass(frozen=True, slots=True)
class Table:
    """A page of rows; each maps its columns' keys to what is shown."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    query: Query
    filters: Sequence[Filter] = ()
    next: str | None = None
