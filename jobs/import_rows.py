"""The rows of an import's report: set aside while a file is read, then kept, then told."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlmodel import Session, col, delete, insert, select

from catalog.importing.problems import Code, Problem
from catalog.importing.report import RowReport
from catalog.importing.tables import open_source
from jobs.import_models import ImportRow, Standing
from jobs.import_progress import Telling
from jobs.importing import flat_key

# Rows written at once: SQLite binds 32,766 values.
_BATCH = 500
_LONGEST_SKU, _LONGEST_TITLE = 200, 300
_OTHER_MAKER = "other_maker"
ERRORS_TITLE: Mapping[str, str] = {"fr": "Erreurs", "ar": "الأخطاء", "en": "Errors"}


@dataclass(frozen=True, slots=True)
class Naming:
    """Where a photo is first named: the row, and its SKU."""

    row: int
    sku: str


class Spool:
    """Takes the rows of an import as they are done; on disk, for a file may be of any length."""

    def __init__(self, import_id: int, telling: Telling) -> None:
        self._import_id = import_id
        self._telling = telling
        # Closed by __exit__.
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        self.named: dict[str, Naming] = {}
        self.missing: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def photos(self, done: int, total: int) -> None:
        """So many photos are read."""
        self._telling.photo(done, total)

    def row(self, report: RowReport) -> None:
        """Set a row aside, with the photos that it names."""
        json.dump(_row(self._import_id, report), self._file, ensure_ascii=False)
        self._file.write("\n")
        row = report.row
        for name in filter(None, (*row.photos, row.variant_photo)):
            self.named.setdefault(flat_key(name), Naming(row.number, row.sku))
        for one in report.warnings:
            if one.code is Code.UNKNOWN_PHOTO:
                self.missing.add(flat_key(str(one.details["photo"])))
        self._telling.row()

    def rows(self) -> Iterator[dict[str, Any]]:
        """The rows, from the first, as values of ImportRow."""
        self._file.seek(0)
        return map(json.loads, self._file)


def _row(import_id: int, report: RowReport) -> dict[str, Any]:
    row = report.row
    complaints = [_complaint(one, refuses=True) for one in report.errors]
    complaints += [_complaint(one, refuses=False) for one in report.warnings]
    return {
        "import_id": import_id,
        "number": row.number,
        "record": row.record,
        "sku": row.sku[:_LONGEST_SKU],
        "title": (row.title or "")[:_LONGEST_TITLE],
        "standing": Standing.REFUSED if report.outcome is None else report.outcome.value,
        "warned": bool(report.warnings),
        "complaints": complaints,
    }


def _complaint(problem: Problem, *, refuses: bool) -> dict[str, Any]:
    details, reason = dict(problem.details), problem.reason
    # Of a cell with several photos it is the one in question.
    value = problem.value or str(details.get("photo", ""))
    if reason.startswith(_OTHER_MAKER):
        # Whose it is is none of the business of who sends a file over the web.
        details, reason = {}, f"{_OTHER_MAKER}.closed"
    return {
        "reason": reason,
        "refuses": refuses,
        "field": problem.field,
        "cell": problem.cell,
        "value": value.replace("\0", "\ufffd")[:_LONGEST_TITLE],
        "details": details,
    }


def keep_rows(session: Session, import_id: int, rows: Iterator[dict[str, Any]]) -> None:
    """Put these rows in the place of what an import's report said before."""
    session.exec(delete(ImportRow).where(col(ImportRow.import_id) == import_id))
    while batch := list(islice(rows, _BATCH)):
        session.exec(insert(ImportRow), params=batch)


def problem_of(complaint: Mapping[str, Any]) -> Problem:
    """A complaint as it was told, to be put into words."""
    said = {name: complaint[name] for name in ("reason", "field", "cell", "value", "details")}
    return Problem(**said)


def with_errors(
    session: Session, import_id: int, path: Path, mapping: Mapping[str, str], language: str
) -> Iterator[list[str]]:
    """Every row of the file as it was sent, and behind the last column what is wrong with it.

    Raises:
        Unreadable: the file is no table.
    """
    source, header = open_source(path, mapping)
    said = dict(_sentences(session, import_id, language))
    width = len(header.cells) if header else 0
    # A file that came back once has the column already.
    again = bool(header) and header is not None and header.cells[-1] in ERRORS_TITLE.values()
    with closing(source.rows()) as rows:
        for record, cells in enumerate(rows, start=1):
            kept = cells[: width - 1] if again and len(cells) >= width else cells
            is_header = header is not None and record == header.record
            last = ERRORS_TITLE[language] if is_header else said.get(record, "")
            yield [*kept, *[""] * (width - again - len(kept)), last]


def _sentences(session: Session, import_id: int, language: str) -> Iterator[tuple[int, str]]:
    rows = session.exec(
        select(ImportRow.record, ImportRow.complaints).where(ImportRow.import_id == import_id)
    )
    for record, complaints in rows:
        told = [problem_of(one).message(language) for one in complaints]
        if told:
            yield record, " ".join(told)
