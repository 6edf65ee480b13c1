"""XLSX workbooks: the first visible sheet with a header, read row by row."""

import re
import warnings
import zipfile
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import range_boundaries

from catalog.importing.headers import SEARCHED, Header, find_header

_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+\d+:[A-Z]+\d+)"')
_PIECE = 1 << 20
_OVERLAP = 60  # bytes of the longest mergeCell element
# Rows of a sheet. Source: Microsoft, Excel specifications and limits. A file may claim others.
_LONGEST_SHEET = 1_048_576
# Bytes of all that is packed in a workbook: openpyxl holds its texts in memory. One of 20,000
# articles unfolds to 30 MB.
MOST_UNFOLDED = 256 << 20


@dataclass(frozen=True, slots=True)
class Workbook:
    """One sheet of a workbook."""

    path: Path
    sheet: str

    def rows(self) -> Generator[list[str], None, None]:
        """Its rows from the first, as text; a merged cell's value stands in each of its rows."""
        with _opened(self.path) as book:
            sheet = book[self.sheet]
            # Some programs write a wrong extent; read what there is.
            sheet.reset_dimensions()
            # No public name says where the sheet lies in the archive.
            merged = _merged(self.path, sheet._worksheet_path)  # noqa: SLF001
            held: dict[int, tuple[int, str]] = {}
            found = islice(sheet.iter_rows(values_only=True), _LONGEST_SHEET)
            for record, values in enumerate(found, start=1):
                cells = [_text(value) for value in values]
                for column, last in merged.get(record, ()):
                    held[column] = (last, cells[column] if column < len(cells) else "")
                for column, (last, value) in list(held.items()):
                    if record > last:
                        del held[column]
                    elif column < len(cells):
                        cells[column] = value
                yield cells


def unfolded(path: Path) -> int:
    """How many bytes a workbook has when it is opened; nothing unfolds to more than it declares.

    Raises:
        zipfile.BadZipFile: it is no archive.
    """
    with zipfile.ZipFile(path) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def open_workbook(
    path: Path, mapping: Mapping[str, str] | None = None
) -> tuple[Workbook, Header | None]:
    """The first visible sheet that has a header, or the first of all."""
    with _opened(path) as book:
        names = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    sheets = [Workbook(path, name) for name in names or book.sheetnames]
    for sheet in sheets:
        with closing(sheet.rows()) as rows:
            header = find_header(list(islice(rows, SEARCHED)), mapping)
        if header:
            return sheet, header
    return sheets[0], None


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    # By its bytes: openpyxl would refuse a workbook whose name ends in something else.
    with path.open("rb") as file:
        with warnings.catch_warnings():
            # openpyxl warns of charts and validations that it does not read: neither do we.
            warnings.simplefilter("ignore")
            # data_only: of a formula its value, as the person saw it.
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        with closing(book):
            yield book


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value)
        case float():
            return _number(value)
        case datetime():
            return value.date().isoformat()
        case _:
            return str(value)


def _number(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    # Twelve digits drop what binary fractions add to a sum.
    text = format(Decimal(f"{value:.12g}"), "f")
    # Three decimals could be taken for thousands; a fourth cannot.
    return text + "0" if len(text.partition(".")[2]) == len("000") else text


def _merged(path: Path, sheet: str) -> dict[int, list[tuple[int, int]]]:
    """Cells merged over several rows: by first row, their columns and last rows."""
    found: dict[int, list[tuple[int, int]]] = {}
    with zipfile.ZipFile(path) as archive, archive.open(sheet.removeprefix("/")) as xml:
        seen, tail = set(), b""
        while piece := xml.read(_PIECE):
            tail = tail[-_OVERLAP:] + piece
            seen.update(_MERGED.findall(tail))
    for reference in sorted(seen):
        # Whole columns, whose bounds would be None, are no match of _MERGED.
        left, top, right, bottom = (at or 0 for at in range_boundaries(reference.decode()))
        if bottom > top and left == right:
            found.setdefault(top, []).append((left - 1, bottom))
    return found
