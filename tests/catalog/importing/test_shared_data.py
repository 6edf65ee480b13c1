"""Real cooperatives' files, with the results that were agreed beside them."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from catalog.importing.changes import Terms
from catalog.importing.problems import Misread
from catalog.importing.tables import open_table
from catalog.importing.taking_in import take_in
from tests.catalog.importing.conftest import Desk, as_json

PUBLIC = [
    "1-excel-fr.csv",
    "2-utf8-bom-en.csv",
    "3-arabe-utf8.csv",
    "4-classeur.xlsx",
    "5-texte-unicode.txt",
    "6-shopify-export.csv",
    "7-erreurs.csv",
    "8-mise-a-jour.csv",
]
COOPERATIVES = [
    "01_tifawin_catalogue.csv",
    "02_atlas_weavers_export.csv",
    "03_annasr_arabe.csv",
    "03b_draa_arabe_windows.csv",
    "04_dar_dbagh.xlsx",
    "05_essaouira_unicode.txt",
    "06_shopify_products_export.csv",
    "07_erreurs.csv",
    "08_tifawin_mise_a_jour.csv",
]
# The cooperatives' set names what our codes tell by their messages.
FINER = {
    "duplicate_sku_conflict": "duplicate_sku",
    "negative_price": "bad_price",
    "price_on_request": "bad_price",
    "missing_price": "bad_price",
    "zero_price": "bad_price",
    "price_unchanged": "bad_price",
    "formula_without_value": "bad_price",
    "negative_quantity": "bad_quantity",
    "sold_out_text": "bad_quantity",
    "dimension_out_of_range": "bad_dimensions",
    "html_removed": "unsafe_text",
    "formula_text": "unsafe_text",
    "photo_not_found": "unknown_photo",
    "photo_path_unsafe": "unsafe_photo_path",
    "photo_url_forbidden": "unsafe_photo_path",
}
# The public set refuses a row whose photo leads elsewhere, the other drops the photo. We refuse:
# somebody meant a picture there, and the row comes in once they say which.
DISAGREE = {"SFL-MR-01A", "SFL-MR-01B", "SFL-MR-02A", "SFL-MR-02B"}


def taken(desk: Desk, path: Path, photos: Path) -> list[dict[str, Any]]:
    """The report of a file, with photos looked for among `photos`."""
    table = open_table(path)
    names = {name for row in table.rows() for name in _names(table.header.texts(row.cells))}
    have = {found.name for found in photos.rglob("*")}
    trouble = {
        name: Misread("unknown_photo.it", photo=name)
        for name in names
        if name not in have and "://" not in name
    }
    with Session(desk.engine) as session:
        reports = list(take_in(session, table, Terms(table.header, photo_trouble=trouble)))
        session.commit()
    return as_json(reports)


def _names(texts: dict[str, str]) -> list[str]:
    return [name.strip() for name in texts.get("photos", "").replace("|", ",").split(",")]


def codes(row: dict[str, Any]) -> set[str]:
    return {problem["code"] for problem in [*row["errors"], *row["warnings"]]}


@pytest.mark.parametrize("name", PUBLIC)
def test_public_files_are_understood_as_agreed(shared: Path, desk: Desk, name: str) -> None:
    path = shared / "data/public" / name
    expected = json.loads(Path(f"{path}.expected.json").read_text("utf-8"))
    rows = taken(desk, path, shared / "photos")
    assert [row["row"] for row in rows] == [row["row"] for row in expected]
    assert [_judged(row, want) for row, want in zip(rows, expected, strict=True)] == expected


def _judged(row: dict[str, Any], want: dict[str, Any]) -> dict[str, Any]:
    """The row in the words of `want`; what may be either is taken as it is wanted."""
    given = {**row, **(row["values"] or {}), "errors": [e["code"] for e in row["errors"]]}
    judged = {
        name: value if value == "either" or name == "note" else given.get(name)
        for name, value in want.items()
    }
    if want["accepted"] == "either" and want["errors"] != "either":
        judged["errors"] = sorted(codes(row))
    return judged


@pytest.mark.parametrize("name", COOPERATIVES)
def test_cooperatives_files_are_understood_as_agreed(shared: Path, desk: Desk, name: str) -> None:
    path = shared / "data/cooperatives" / name
    if name.startswith("08"):
        taken(desk, path.with_name("01_tifawin_catalogue.csv"), shared / "photos")
    expected = json.loads(Path(f"{path}.expected.json").read_text("utf-8"))["rows"]
    wanted = [row for row in expected if row["kind"] == "product"]
    rows = taken(desk, path, shared / "photos")
    assert len(rows) == len(wanted)
    differing = [
        (row["row"], row["sku"], complaint)
        for row, want in zip(rows, wanted, strict=True)
        if row["sku"] not in DISAGREE and (complaint := _complaint(row, want))
    ]
    assert differing == []


def _complaint(row: dict[str, Any], want: dict[str, Any]) -> object:
    known = {FINER.get(code, code) for code in (*want["errors"], *want["warnings"])}
    if want["accepted"] != "either" and row["accepted"] != want["accepted"]:
        return {"accepted": row["accepted"], "codes": codes(row)}
    if not codes(row) <= known:
        return {"codes": codes(row), "known": known}
    if not row["accepted"]:
        return None if codes(row) else "refused without a reason"
    values, agreed = row["values"], _agreed(want["values"])
    return {
        key: (values[key], value)
        for key, value in agreed.items()
        if values[key] != value and not (isinstance(value, dict) and values[key] in value["either"])
    }


def _agreed(values: dict[str, Any]) -> dict[str, Any]:
    """Their values in our report's form."""
    names = ("title", "quantity", "weight_g", "materials", "photos", "language")
    price = values["price"] or {"amount": None, "currency": None}
    sizes = values["dimensions_cm"]
    return {
        **{name: values[name] for name in names},
        "price": price["amount"],
        "currency": price["currency"],
        "dimensions_cm": _sizes(sizes) if sizes else None,
    }


def _sizes(sizes: dict[str, Any]) -> list[float]:
    if "sides" in sizes:
        return list(sizes["sides"])
    around = [sizes.get("diameter")] * 2
    if not around[0]:
        around = [sizes.get("length"), sizes.get("width")]
    return [size for size in (*around, sizes.get("height")) if size]


def test_an_update_changes_what_it_says_and_deletes_nothing(shared: Path, desk: Desk) -> None:
    folder, photos = shared / "data/cooperatives", shared / "photos"
    taken(desk, folder / "01_tifawin_catalogue.csv", photos)
    before = desk.catalog()
    update = folder / "08_tifawin_mise_a_jour.csv"
    expected = json.loads(Path(f"{update}.expected.json").read_text("utf-8"))["rows"]
    change = {row["values"]["sku"]: row["change"] for row in expected if row["values"]}
    taken(desk, update, photos)
    after = desk.catalog()
    assert set(before) <= set(after)
    seen = {sku: _changed(before.get(sku), after[sku]) for sku in change}
    assert seen == {
        sku: [] if c in (["unchanged"], ["price_empty"]) else c for sku, c in change.items()
    }


def _changed(before: dict[str, Any] | None, after: dict[str, Any]) -> list[str]:
    if before is None:
        return ["new"]
    names = {"price": "price", "units": "quantity"}
    return [told for name, told in names.items() if before[name] != after[name]]
