"""Files of lists: whole, and harmless in a spreadsheet."""

import asyncio
import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from trade_ma.api import exports
from trade_ma.api.exports import DANGEROUS, Format, exported, harmless

ROWS = [
    {"title": "Tapis «Azilal» ازيلال", "price": Decimal("-12.50"), "note": None},
    {"title": "=HYPERLINK(1)", "price": Decimal(3), "note": "\tx"},
    {"title": "+212 600", "price": Decimal(0), "note": "@sum\x00\x0b"},
]
COLUMNS = {name: (lambda row, name=name: row[name]) for name in ("title", "price", "note")}
SHOWN = [
    ["title", "price", "note"],
    ["Tapis «Azilal» ازيلال", "-12.50", ""],
    ["'=HYPERLINK(1)", "3", "'\tx"],
    ["'+212 600", "0", "'@sum"],
]


def body(rows: Iterable[Any], form: Format) -> bytes:
    async def read() -> bytes:
        answer = exported(rows, COLUMNS, form, "products")
        return b"".join([bytes(part) async for part in answer.body_iterator])  # type: ignore[arg-type]  # ours are bytes

    return asyncio.run(read())


def test_a_csv_file_is_read_by_spreadsheets_as_what_it_says() -> None:
    text = body(ROWS, Format.CSV).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline=""))) == SHOWN


def sheets(file: bytes) -> list[list[list[Any]]]:
    book = load_workbook(io.BytesIO(file))
    return [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book]


def test_an_xlsx_file_holds_numbers_as_numbers_and_no_formula() -> None:
    assert sheets(body(ROWS, Format.XLSX)) == [
        [
            ["title", "price", "note"],
            ["Tapis «Azilal» ازيلال", -12.5, None],
            ["'=HYPERLINK(1)", 3, "'\tx"],
            ["'+212 600", 0, "'@sum"],
        ]
    ]


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "LONGEST_SHEET", 2)
    told = sheets(body(ROWS[:2], Format.XLSX))
    assert [len(sheet) for sheet in told] == [2, 1]


@given(st.text())
def test_no_text_begins_like_a_formula(text: str) -> None:
    told = harmless(text)
    assert isinstance(told, str)
    assert not told.startswith(DANGEROUS)


def test_the_trail_is_exported_as_it_is_listed(admin: httpx.Client) -> None:
    admin.post("/api/v1/tokens", json={"name": "=cmd()", "scopes": ["orders:read"]})
    told = admin.get("/api/v1/audit/export")
    assert told.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    rows = list(csv.DictReader(io.StringIO(told.content.decode("utf-8-sig"), newline="")))
    assert [(row["principal"], row["action"], row["object"]) for row in rows] == [
        ("user:1", "token.issue", "token:1")
    ]
