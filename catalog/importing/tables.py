"""A file of any kind that we read, as a table with a header."""

import csv
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from catalog.folding import fold
from catalog.importing.delimited import Delimited, open_delimited
from catalog.importing.headers import Header
from catalog.importing.problems import message
from catalog.importing.texts import tidy
from catalog.importing.workbook import MOST_UNFOLDED, Workbook, open_workbook, unfolded

_TOTALS = {
    *("total", "sous total", "totaux", "somme", "sum", "subtotal", "grand total"),
    *("المجموع", "مجموع", "الاجمالي", "اجمالي"),
}
# Source: OWASP, CSV Injection.
_FORMULA = ("=", "+", "-", "@")
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class Unreadable(Exception):
    """A file that is no table that we read. `reason` is a key of messages.toml."""

    def __init__(self, reason: str, **details: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details

    def sentence(self, language: str) -> str:
        """What is wrong and what to do, in fr, ar or en."""
        return message(self.reason, self.details, language)


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the header: its number among them, its record in the file, its cells."""

    number: int
    record: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """An opened file."""

    source: Delimited | Workbook
    header: Header

    def rows(self) -> Iterator[Row]:
        """The rows below the header that are neither blank, nor totals, nor the header again.

        Raises:
            Unreadable: the file breaks off.
        """
        number = 0
        with closing(self.source.rows()) as rows:
            for record, cells in unbroken(enumerate(rows, start=1)):
                tidied = [_as_written(tidy(cell)) for cell in cells]
                if record <= self.header.record or not any(tidied):
                    continue
                number += 1
                row = Row(number, record, self._padded(tidied))
                if cells != list(self.header.cells) and not _is_total(row):
                    yield row

    def _padded(self, cells: list[str]) -> list[str]:
        # A spreadsheet does not write the empty end of a row; in text a short row is an accident.
        if isinstance(self.source, Workbook):
            return cells + [""] * (len(self.header.cells) - len(cells))
        return cells


def _as_written(cell: str) -> str:
    """A cell without the ' that an export puts before what a spreadsheet takes for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA else cell


def _is_total(row: Row) -> bool:
    first = next(filter(None, row.cells))
    if first[-1].isdigit() or fold(first) not in _TOTALS:
        return False
    words = (cell for cell in row.cells if cell and not any(map(str.isdigit, cell)))
    return all(fold(cell) in _TOTALS for cell in words)


def open_table(path: Path, mapping: Mapping[str, str] | None = None) -> Table:
    """The table in a file, whatever its name ends in.

    Raises:
        Unreadable: it is no file, no table, or has no header that we know.
    """
    source, header = open_source(path, mapping)
    if header is None:
        raise Unreadable("no_header.it")
    return Table(source, header)


def open_source(
    path: Path, mapping: Mapping[str, str] | None = None
) -> tuple[Delimited | Workbook, Header | None]:
    """What a file's rows are read from, and its header where it has one that we know.

    Raises:
        Unreadable: it is no file, or no table.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(len(_ZIP))
    except OSError as error:
        raise Unreadable("unreadable_file.missing", why=error.strerror or "") from error
    if magic == _OLD_EXCEL:
        raise Unreadable("unreadable_file.old_excel")
    return _open_workbook(path, mapping) if magic == _ZIP else open_delimited(path, mapping)


def _open_workbook(path: Path, mapping: Mapping[str, str] | None) -> tuple[Workbook, Header | None]:
    try:
        if unfolded(path) > MOST_UNFOLDED:
            raise Unreadable("unreadable_file.unfolds", most=MOST_UNFOLDED >> 20)
        return open_workbook(path, mapping)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        # openpyxl raises what its XML parser and its archive raise; ParseError is a SyntaxError.
        raise Unreadable("unreadable_file.broken") from error


def unbroken(records: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Records as they are read, each with its number.

    Raises:
        Unreadable: the file breaks off.
    """
    record = 0
    try:
        for record, cells in records:
            yield record, cells
    except (csv.Error, UnicodeError) as error:
        raise Unreadable("unreadable_file.cell_without_end", record=record + 1) from error
    except (zipfile.BadZipFile, OSError, SyntaxError) as error:
        raise Unreadable("unreadable_file.broken") from error
