"""How a table's columns are understood, with examples: for the person who corrects it."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from catalog.importing.headers import SEARCHED, column_letters
from catalog.importing.tables import open_source, unbroken
from catalog.importing.texts import tidy

# Values of a column that are shown, and signs of each.
SAMPLES, LONGEST_SAMPLE = 3, 40
# Rows below the last that may be the header, read for such values.
READ = 30
# Columns that are shown; a person would not look through more.
MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: how a spreadsheet calls it, what it says over it, some of its values.

    `field` is what it is read as, None where it is read as nothing.
    """

    letters: str
    title: str
    field: str | None
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understanding:
    """A table's columns; `known` says whether its header was found."""

    known: bool
    columns: tuple[Column, ...]


def understand(path: Path, mapping: Mapping[str, str] | None = None) -> Understanding:
    """How the columns of a file are read under `mapping`.

    Where no row is a header that we know, the widest of the first rows is shown as one, so that a
    person can say what its columns are.

    Raises:
        Unreadable: it is no table.
    """
    source, header = open_source(path, mapping)
    with closing(source.rows()) as rows:
        records = unbroken(enumerate(islice(rows, SEARCHED + READ), start=1))
        first = [[tidy(cell) for cell in cells] for _, cells in records]
    record = header.record if header else _widest(first[:SEARCHED])
    fields = {at: name for name, ats in header.columns.items() for at in ats} if header else {}
    titles = first[record - 1] if first else []
    below = first[record:]
    return Understanding(
        header is not None,
        tuple(
            Column(column_letters(at), title, fields.get(at), _samples(below, at))
            for at, title in enumerate(titles[:MOST_COLUMNS])
            if title or _samples(below, at)
        ),
    )


def _widest(rows: Sequence[Sequence[str]]) -> int:
    """The record, from 1, of the first row that has the most cells with something in them."""
    filled = [sum(map(bool, row)) for row in rows]
    return filled.index(max(filled)) + 1 if filled else 1


def _samples(rows: Sequence[Sequence[str]], at: int) -> tuple[str, ...]:
    said = dict.fromkeys(row[at][:LONGEST_SAMPLE] for row in rows if at < len(row) and row[at])
    return tuple(islice(said, SAMPLES))
