"""The report of an import: a table for the eye, or JSON as long as the files are."""

import json
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from rich.markup import escape
from rich.table import Table

from catalog.importing.problems import Problem
from catalog.importing.report import RowReport, Totals
from trade_ma.cli.app import out

# Complaints about one file that a terminal shows; JSON has them all.
SHOWN = 200


class Report(Protocol):
    """What is told of files, one after the other."""

    def row(self, report: RowReport) -> None:
        """A row of the file is done."""

    def done(self, path: Path, totals: Totals) -> None:
        """The file is in."""

    def failed(self, path: Path, code: str, message: str) -> None:
        """Nothing of the file is in."""

    def close(self) -> None:
        """That was the last file."""


@dataclass(slots=True)
class ScreenReport:
    """The rows with something to say, in a table."""

    language: str
    complaints: list[tuple[RowReport, Problem]] = field(default_factory=list)
    untold: int = 0

    def row(self, report: RowReport) -> None:
        """Keep the row's complaints, as far as a screen takes them."""
        for problem in (*report.errors, *report.warnings):
            if len(self.complaints) < SHOWN:
                self.complaints.append((report, problem))
            else:
                self.untold += 1

    def done(self, path: Path, totals: Totals) -> None:
        """Print the table and the totals."""
        if self.complaints:
            out.print(self._table(path))
        if self.untold:
            out.print(f"... and {self.untold} more: --json has them all")
        counts = ", ".join(f"{count} {name}" for name, count in totals.to_json().items())
        out.print(f"{escape(path.name)}: {counts}")
        self.complaints, self.untold = [], 0

    def failed(self, path: Path, code: str, message: str) -> None:
        """Print why."""
        del code
        out.print(f"[red]{escape(path.name)}:[/] {escape(message)}")
        self.complaints, self.untold = [], 0

    def close(self) -> None:
        """Nothing is left to print."""

    def _table(self, path: Path) -> Table:
        table = Table("row", "SKU", "", "message", title=escape(path.name))
        for report, problem in self.complaints:
            sign = "[red]refused" if problem in report.errors else "[yellow]warning"
            message = escape(problem.message(self.language))
            table.add_row(str(report.row.number), escape(report.row.sku), sign, message)
        return table


def _spool() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8")


@dataclass(slots=True)
class JsonReport:
    """One object for one file, a list for several. Rows wait on disk until their file is in."""

    language: str
    several: bool
    told: int = 0
    _rows: IO[str] = field(default_factory=_spool)

    def row(self, report: RowReport) -> None:
        """Set the row aside."""
        separator = ",\n" if self._rows.tell() else "\n"
        self._rows.write(separator)
        json.dump(report.to_json(self.language), self._rows, ensure_ascii=False)

    def done(self, path: Path, totals: Totals) -> None:
        """Print the file's report."""
        self._begin(path)
        self._rows.seek(0)
        for line in self._rows:
            sys.stdout.write(line)
        self._end({**totals.to_json()})

    def failed(self, path: Path, code: str, message: str) -> None:
        """Print a report without rows, and why."""
        self._begin(path)
        self._end({**Totals().to_json(), "error": {"code": code, "message": message}})

    def close(self) -> None:
        """Print the end."""
        sys.stdout.write("]\n" if self.several else "\n")
        self._rows.close()

    def _begin(self, path: Path) -> None:
        start = ("[" if not self.told else ",\n") if self.several else ""
        self.told += 1
        sys.stdout.write(f'{start}{{"file": {json.dumps(path.name, ensure_ascii=False)}, "rows": [')

    def _end(self, rest: dict[str, object]) -> None:
        sys.stdout.write("],\n" + json.dumps(rest, ensure_ascii=False)[1:])
        self._rows.seek(0)
        self._rows.truncate()
