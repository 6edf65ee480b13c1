"""Lists as CSV or XLSX files, of any length, that no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import Any, TypeVar

from fastapi.responses import StreamingResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

R = TypeVar("R")

# What makes a spreadsheet read a text as a formula. Source: OWASP, CSV Injection.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
# Source: Microsoft, Excel specifications and limits: rows of a sheet, characters of a cell.
LONGEST_SHEET, LONGEST_CELL = 1_048_576, 32_767
ROWS_AT_ONCE = 500
CHUNK = 1 << 16


class Format(StrEnum):
    """A file's format."""

    CSV = "csv"
    XLSX = "xlsx"


MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# For the `responses` of a route that answers with a file.
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {
            media_type.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
            for media_type in MEDIA_TYPES.values()
        },
    }
}


def exported(
    rows: Iterable[R], columns: Mapping[str, Callable[[R], Any]], form: Format, name: str
) -> StreamingResponse:
    """`rows` as a file called `name`, made while it is sent.

    The request's own session is closed by then: let `rows` be a generator that opens one.
    """
    body = ([of(row) for of in columns.values()] for row in rows)
    return exported_cells(chain([list(columns)], body), form, name)


def exported_cells(
    rows: Iterable[Sequence[Any]], form: Format, name: str, delimiter: str = ","
) -> StreamingResponse:
    """Rows of cells, the header among them, as a file called `name`; see `exported`."""
    cells = ([harmless(value) for value in row] for row in rows)
    made = _csv(cells, delimiter) if form is Format.CSV else _xlsx(cells)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return StreamingResponse(made, media_type=MEDIA_TYPES[form], headers=headers)


def harmless(value: Any) -> str | int | float | Decimal | None:
    """A value that a spreadsheet shows as it is: a text that looks like a formula gets a '."""
    match value:
        case None | int() | float() | Decimal():
            return value
        case datetime():
            return value.isoformat()
        case _:
            text = ILLEGAL_CHARACTERS_RE.sub("", str(value))[: LONGEST_CELL - 1]
            return f"'{text}" if text.startswith(DANGEROUS) else text


def _csv(rows: Iterable[list[Any]], delimiter: str = ",") -> Iterator[bytes]:
    """Batches of lines; the mark at the start is what lets Excel read UTF-8."""
    rows = iter(rows)
    mark = "\ufeff"
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows(batch)
        yield (mark + text.getvalue()).encode()
        mark = ""


def _xlsx(rows: Iterable[list[Any]]) -> Iterator[bytes]:
    """A workbook, row by row into a file, with as many sheets as it takes."""
    rows = iter(rows)
    book = Workbook(write_only=True)
    first = next(rows, [])
    while True:
        sheet = book.create_sheet()
        sheet.append(first)
        for row in islice(rows, LONGEST_SHEET - 1):
            sheet.append(row)
        if (following := next(rows, None)) is None:
            break
        first = following
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk
