"""The cells of one row by field, and the complaints that come up while they are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from catalog.importing.headers import Header
from catalog.importing.problems import Misread, Problem
from catalog.importing.tables import Row

Value = TypeVar("Value")


@dataclass(slots=True)
class RowCells:
    """The cells of a row by field, and the complaints that come up while they are read."""

    header: Header
    row: Row
    texts: Mapping[str, str]
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def cell(self, name: str) -> str:
        """The text of a field, empty where the row has none."""
        return self.texts.get(name, "")

    def problem(self, reason: str, name: str, details: Mapping[str, object]) -> Problem:
        """A complaint about a field's cell."""
        place = self.header.cell(name, self.row.record)
        return Problem(reason, name, place, self.cell(name), details)

    def complain(self, reason: str, name: str, **details: object) -> None:
        """Refuse the row for a field."""
        self.errors.append(self.problem(reason, name, details))

    def warn(self, reason: str, name: str, **details: object) -> None:
        """Warn of a field."""
        self.warnings.append(self.problem(reason, name, details))

    def take(
        self, name: str, parse: Callable[[str], Value], *, optional: bool = False
    ) -> Value | None:
        """What `parse` makes of a cell; None where it is empty or cannot be read.

        What is `optional` is left out with a warning instead of refusing the row.
        """
        text = self.texts.get(name)
        if text is None:
            return None
        try:
            return parse(text)
        except Misread as misread:
            tell = self.warn if optional else self.complain
            tell(misread.reason, name, **misread.details)
            return None

    def wreck(self) -> Problem | None:
        """What makes the whole row unreliable: a NUL, or another number of cells."""
        for index, cell in enumerate(self.row.cells):
            if "\0" in cell:
                place = Header.cell(_only(self.header, index), "cell", self.row.record)
                return Problem("null_byte.it", "cell", place)
        known, given = len(self.header.cells), len(self.row.cells)
        if given < known or any(self.row.cells[known:]):
            details = {"given": given, "known": known}
            return Problem("ragged_row.it", "row", str(self.row.record), "", details)
        return None


def _only(header: Header, index: int) -> Header:
    cells = (*header.cells, *[""] * (index + 1 - len(header.cells)))
    return Header(header.record, cells, {"cell": (index,)}, header.language)
