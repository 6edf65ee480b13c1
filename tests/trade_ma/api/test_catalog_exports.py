"""An exported catalog imports again as it was, and as somebody edited it."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from catalog.importing.report import RowReport
from catalog.models import Maker, Photo, Product, StockMovement, Variant
from images.store import PhotoStore
from jobs.editing import add_variant, change_product, change_variant
from jobs.importing import FileImport, import_file
from tests.trade_ma.api.conftest import House
from tests.trade_ma.api.shelf import Shelf, stocked
from trade_ma.identity.permissions import Permission


class Reports:
    """Keeps what an import tells of rows."""

    def __init__(self) -> None:
        self.rows: list[RowReport] = []

    def photos(self, done: int, total: int) -> None:
        raise AssertionError(f"no photos are looked for: {done} of {total}")

    def row(self, report: RowReport) -> None:
        self.rows.append(report)


@pytest.fixture
def shelf(house: House) -> Shelf:
    """The small catalog, with all that is awkward in a file."""
    shelf = stocked(house)
    with house.installation.session() as session:
        rug, lamp = (session.get_one(Product, id_) for id_ in (shelf.rug, shelf.lamp))
        awkward: dict[str, Any] = {
            "title": "=2+2; «زربية», +1",
            "description": '-Une ligne,\n"deux"\n@trois',
            "care": "Laver à la main; sécher à plat",
            "techniques": ["noué"],
            "motifs": ["losange"],
            "rooms": ["salon", "chambre"],
            "region": "Moyen Atlas",
            "made_in_year": 1987,
            "lead_time_days": 12,
            "language": "ar",
        }
        change_product(session, rug, awkward)
        third = {"sku": "+RUG-XL", "price_minor": 99, "options": [["Taille", "XL"]]}
        own = add_variant(session, rug, third)
        change_variant(session, own, {"length_cm": 300.5, "width_cm": 200, "weight_g": 1250})
        change_product(session, lamp, {"tags": ["Été", "Cadeau"]})
        for name, variant in (("a.jpg", None), ("b c.jpg", own.id), ("d.jpg", None)):
            photo = Photo(product_id=shelf.rug, variant_id=variant, name=name, alt=f"de {name}")
            photo.position = len(session.exec(select(Photo)).all())
            session.add(photo)
            session.flush()
        session.commit()
    return shelf


def contents(house: House) -> dict[str, list[dict[str, Any]]]:
    """All of the catalog's rows; a photo that is written again may have another number."""
    with house.installation.session() as session:
        return {
            table.__name__: [
                row.model_dump(exclude={"id"} if table is Photo else set())
                for row in session.exec(select(table)).all()
            ]
            for table in (Maker, Product, Variant, Photo, StockMovement)
        }


def exported(house: House, folder: Path, **asked: Any) -> Path:
    client = house.program(Permission.CATALOG_READ, name=f"reader {sorted(asked.items())}")
    answer = client.get("/api/v1/products/export", params=asked)
    assert answer.status_code == 200
    path = folder / f"products.{asked.get('format', 'csv')}"
    path.write_bytes(answer.content)
    return path


def imported(house: House, path: Path) -> list[tuple[str, str]]:
    told, store = Reports(), PhotoStore(path.parent / "photos")
    import_file(FileImport(path), house.installation.session, store, told)
    return [(report.row.sku, str(report.outcome)) for report in told.rows]


SKUS = ["RUG-S", "RUG-L", "+RUG-XL", "LAMP-1"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("stock", [False, True])
def test_an_export_imports_again_and_changes_nothing(
    house: House, shelf: Shelf, tmp_path: Path, form: str, stock: bool
) -> None:
    del shelf
    before = contents(house)
    path = exported(house, tmp_path, format=form, stock=stock)
    assert imported(house, path) == [(sku, "unchanged") for sku in SKUS]
    assert contents(house) == before


def test_an_export_that_was_edited_changes_what_was_edited(
    house: House, shelf: Shelf, tmp_path: Path
) -> None:
    path = exported(house, tmp_path, format="xlsx", stock=True)
    book = load_workbook(path)
    [header, *rows] = book.active.iter_rows()  # type: ignore[union-attr]  # it has a sheet
    columns = {cell.value: at for at, cell in enumerate(header)}
    lamp = next(row for row in rows if row[columns["SKU"]].value == "LAMP-1")
    lamp[columns["Price"]].value = "499,90"
    lamp[columns["Quantity"]].value = 3
    book.save(path)
    before = contents(house)
    assert imported(house, path) == [
        *[(sku, "unchanged") for sku in SKUS[:3]],
        ("LAMP-1", "updated"),
    ]
    after = contents(house)
    assert after["Variant"][-1] == before["Variant"][-1]
    changed = {(v["sku"], v["price_minor"]) for v in after["Variant"]} - {
        (v["sku"], v["price_minor"]) for v in before["Variant"]
    }
    assert changed == {("LAMP-1", 49_990)}
    [product] = [one for one in after["Product"] if one["id"] == shelf.lamp]
    assert product["available"] == 3
