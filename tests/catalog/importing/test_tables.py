"""Files as spreadsheets save them."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.importing.encodings import detect_encoding
from catalog.importing.headers import find_header
from catalog.importing.tables import Unreadable, open_table

FRENCH = "Référence;Désignation;Prix\nA-1;Théière ciselée;120,50\n"
ARABIC = "المرجع;اسم المنتج;الثمن\nA-1;زربية من الصوف;١٢٠\n"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (FRENCH, "utf-8", "utf-8"),
        (FRENCH, "utf-8-sig", "utf-8-sig"),
        (FRENCH, "cp1252", "cp1252"),
        (FRENCH, "utf-16", "utf-16"),
        (FRENCH, "utf-16-le", "utf-16-le"),
        (ARABIC, "utf-8", "utf-8"),
        (ARABIC.replace("١٢٠", "120"), "cp1256", "cp1256"),
    ],
)
def test_the_encoding_is_found(tmp_path: Path, text: str, encoding: str, found: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode(encoding))
    assert detect_encoding(path) == found


def test_letters_far_down_decide_too(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"SKU;Titre\n" + b"A-1;Tapis\n" * 20_000 + "B-1;Théière\n".encode("cp1252"))
    assert detect_encoding(path) == "cp1252"


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_the_delimiter_is_the_one_that_makes_a_header(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "file.csv"
    path.write_text(f'SKU{mark}Titre{mark}Prix\nA{mark}"Tapis, rouge; grand"{mark}5\n')
    assert [row.cells for row in open_table(path).rows()] == [["A", "Tapis, rouge; grand", "5"]]


def test_titles_blanks_totals_and_repeated_headers_are_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(
        "Coopérative Al Amal;;\n;;\nRéf.;Produit;Prix\nA;Tapis;5\n;;\n"
        "Réf.;Produit;Prix\nB;Vase;6\nTOTAL;;11\n"
    )
    rows = [(row.number, row.record, row.cells[0]) for row in open_table(path).rows()]
    assert rows == [(1, 4, "A"), (3, 7, "B")]


def test_a_workbook_is_read_as_it_looks(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    book.create_sheet("Notes", 0).append(["rien ici"])
    for cells in (
        ["Coopérative Al Amal"],
        ["Code", "Produit", "Catégorie", "Prix", "Poids (kg)"],
        [1001, "Tapis", "Laine", 8500, 1.234],
        ["A-2", "Vase", None, "560", None],
        ["A-3", datetime(2026, 1, 2), None, 5.5, None],  # noqa: DTZ001  # Excel's dates have no zone
    ):
        sheet.append(cells)
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("C3:C4")
    path = tmp_path / "classeur.xlsx"
    book.save(path)
    assert [row.cells for row in open_table(path).rows()] == [
        ["1001", "Tapis", "Laine", "8500", "1.2340"],
        ["A-2", "Vase", "Laine", "560", ""],
        ["A-3", "2026-01-02", "", "5.5", ""],
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no_header.it"),
        (b"bonjour\nle monde\n", "no_header.it"),
        (b"PK\x03\x04 no archive", "unreadable_file.broken"),
        (b"\xd0\xcf\x11\xe0 old", "unreadable_file.old_excel"),
    ],
)
def test_what_is_no_table_is_told(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(Unreadable) as told:
        open_table(path)
    assert told.value.reason == reason


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"SKU;Titre;Prix\n" + content)
    with suppress(Unreadable):
        assert all(any(row.cells) for row in open_table(path).rows())


def test_headers_tell_fields_units_and_currency() -> None:
    header = find_header([["Réf.", "Nom", "Prix de vente (DH)", "Masse g", "Photo 1", "Photo 2"]])
    assert header is not None
    assert (header.columns, header.units, header.currency, header.language) == (
        {"sku": (0,), "title": (1,), "price": (2,), "weight": (3,), "photos": (4, 5)},
        {"weight": "g"},
        "MAD",
        "fr",
    )
    assert header.cell("price", 8) == "C8 (Prix de vente (DH))"


def test_a_makers_own_mapping_reads_odd_headers() -> None:
    cells = ["Bidule", "Machin", "Truc"]
    mapping = {"bidule": "sku", "MACHIN": "title", "Truc": "price"}
    assert find_header([cells]) is None
    header = find_header([cells], mapping)
    assert header is not None
    assert header.columns == {"sku": (0,), "title": (1,), "price": (2,)}
