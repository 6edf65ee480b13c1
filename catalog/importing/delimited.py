"""CSV, TSV and their kin: the delimiter is the one that makes a header."""

import csv
import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from catalog.importing.encodings import detect_encoding
from catalog.importing.headers import SEARCHED, Header, find_header

_DELIMITERS = (";", ",", "\t", "|")
# Excel's own hint, the line before everything else.
_HINT = re.compile(r"sep=(.)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Delimited:
    """A text file of rows. Raises csv.Error while reading where a cell never ends."""

    path: Path
    encoding: str
    delimiter: str

    def rows(self) -> Generator[list[str], None, None]:
        """Its rows, from the first, read as they are asked for."""
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as file:
            yield from csv.reader(file, delimiter=self.delimiter)


def open_delimited(
    path: Path, mapping: Mapping[str, str] | None = None
) -> tuple[Delimited, Header | None]:
    """A text file with the delimiter under which its header names the most fields."""
    encoding = detect_encoding(path)
    tables = [Delimited(path, encoding, mark) for mark in _candidates(path, encoding)]
    firsts = [_first_rows(table) for table in tables]
    found = [
        (table, find_header(rows, mapping), max(map(len, rows), default=0))
        for table, rows in zip(tables, firsts, strict=True)
    ]
    # Where none makes a header that we know, the one that parts a row into the most cells.
    best, header, _ = max(found, key=lambda one: (len(one[1].columns) if one[1] else 0, one[2]))
    return best, header


def _candidates(path: Path, encoding: str) -> Sequence[str]:
    with path.open(encoding=encoding, errors="replace") as file:
        hint = _HINT.fullmatch(file.readline(len("sep=;\r\n")))
    return (hint[1],) if hint else _DELIMITERS


def _first_rows(table: Delimited) -> list[list[str]]:
    rows: list[list[str]] = []
    # Under a wrong delimiter quotes may not pair; the right one tells on reading.
    with suppress(csv.Error):
        rows.extend(islice(table.rows(), SEARCHED))
    return rows
