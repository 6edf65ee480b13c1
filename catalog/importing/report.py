"""What became of a file, row by row: for programs as JSON, and for people in their language."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from catalog.importing.changes import Outcome, ProductChange
from catalog.importing.problems import Problem
from catalog.importing.rows import ProductRow, RowErrors


@dataclass(frozen=True, slots=True)
class RowReport:
    """One row: accepted with an outcome, or refused with errors."""

    row: ProductRow
    outcome: Outcome | None
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def to_json(self, language: str) -> dict[str, Any]:
        """The row as the report shows it."""
        return {
            "row": self.row.number,
            "sku": self.row.sku,
            "accepted": self.outcome is not None,
            "errors": [error.to_json(language) for error in self.errors],
            "warnings": [warning.to_json(language) for warning in self.warnings],
            "values": _values(self.row) if self.outcome else None,
        }


@dataclass(slots=True)
class Totals:
    """How many rows of a file were accepted and refused, and what the accepted ones did."""

    accepted: int = 0
    rejected: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)

    def count(self, report: RowReport) -> None:
        """Add a row."""
        if report.outcome is None:
            self.rejected += 1
        else:
            self.accepted += 1
            self.outcomes[report.outcome] += 1

    def to_json(self) -> dict[str, int]:
        """The end of a file's report."""
        outcomes = {outcome.value: self.outcomes[outcome] for outcome in Outcome}
        return {"accepted": self.accepted, "rejected": self.rejected, **outcomes}


def reports(change: ProductChange) -> Iterator[RowReport]:
    """The rows of one product, in the order of the file."""
    told = [_accepted(v.row, change.outcome(v)) for v in change.variants]
    if change.rows.overview:
        told.append(_accepted(change.rows.overview, change.outcome(None)))
    told += [_refused(errors) for errors in change.refused]
    yield from sorted(told, key=lambda report: report.row.number)


def _accepted(row: ProductRow, outcome: Outcome) -> RowReport:
    return RowReport(row, outcome, (), row.warnings)


def _refused(errors: RowErrors) -> RowReport:
    return RowReport(errors.row, None, errors.errors, errors.row.warnings)


def _values(row: ProductRow) -> dict[str, Any]:
    values: dict[str, Any] = {
        "title": row.title,
        "price": None if row.price is None else f"{row.price:.2f}",
        "currency": row.currency,
        "quantity": row.quantity,
        "dimensions_cm": row.dimensions.as_list() if row.dimensions else None,
        "weight_g": row.weight_g,
        "materials": list(row.materials),
        "photos": list(row.photos),
        "language": row.language,
    }
    if row.parent:
        values |= {"parent": row.parent, "option": dict(row.options)}
    return values
