"""A table goes into the catalog: its rows read, checked, grouped, written and reported."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from sqlmodel import Session

from catalog.importing.applying import Import
from catalog.importing.changes import Terms
from catalog.importing.groups import Parsed, grouped
from catalog.importing.problems import Problem
from catalog.importing.report import RowReport, reports
from catalog.importing.rows import ImageRow, ProductRow, RowErrors, parse_row
from catalog.importing.seen import Seen
from catalog.importing.tables import Table


def take_in(session: Session, table: Table, terms: Terms) -> Iterator[RowReport]:
    """Write the table's good rows, and report each row as it is done. The caller commits.

    Rows are read as they are written, so that memory does not grow with the file.

    Raises:
        Unreadable: the file breaks off; roll back.
    """
    with closing(Seen()) as seen:
        run = Import(session, terms)
        run.begin()
        for change in run.apply(grouped(_parsed(table, terms, seen))):
            yield from reports(change)


def _parsed(table: Table, terms: Terms, seen: Seen) -> Iterator[Parsed]:
    for row in table.rows():
        parsed = _told_of_photos(parse_row(table.header, row), terms)
        yield _once(parsed, terms, seen) if isinstance(parsed, ProductRow) else parsed


def _once(row: ProductRow, terms: Terms, seen: Seen) -> ProductRow | RowErrors:
    """The row, refused where another row of the file has its SKU: neither may win silently."""
    first = seen.first(row.sku, row.record)
    if first == row.record:
        return row
    place = terms.header.cell("sku", row.record)
    problem = Problem("duplicate_sku.it", "sku", place, row.sku, {"first": first})
    return RowErrors(row, (problem,))


def _told_of_photos(parsed: Parsed, terms: Terms) -> Parsed:
    if isinstance(parsed, ImageRow | RowErrors):
        return parsed
    names = [*parsed.photos, *filter(None, [parsed.variant_photo])]
    trouble = [terms.photo_trouble[name] for name in names if name in terms.photo_trouble]
    place = terms.header.cell("photos", parsed.record)
    warnings = [Problem(t.reason, "photos", place, "", t.details) for t in trouble]
    return replace(parsed, warnings=(*parsed.warnings, *warnings)) if warnings else parsed
