"""Files with their photos, a maker's own columns, and rehearsals."""

import signal
import subprocess
import sys
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
import respx
from PIL import Image
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from catalog.importing.report import RowReport, Totals
from catalog.models import Maker, Photo, Product
from images.fetch import Web
from images.store import PhotoStore
from jobs.importing import FileImport, import_file

ROWS = "Référence;Désignation;Prix;Quantité;Photos\nA;Tapis;100;1;Tapis-1.JPG, absente.jpg\n"


@dataclass
class Office:
    """An installation's database and photo store, and a folder with files."""

    engine: Engine
    folder: Path
    told: list[RowReport] = field(default_factory=list)

    @property
    def store(self) -> PhotoStore:
        return PhotoStore(self.folder / "store")

    def photos(self, done: int, total: int) -> None:
        assert 0 < done <= total

    def row(self, report: RowReport) -> None:
        self.told.append(report)

    def file(self, text: str) -> Path:
        path = self.folder / "catalogue.csv"
        path.write_text(text, "utf-8")
        return path

    def picture(self, name: str, colour: str = "red") -> bytes:
        """A small picture in the folder of photos."""
        path = self.folder / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = BytesIO()
        Image.new("RGB", (40, 30), colour).save(content, "JPEG")
        path.write_bytes(content.getvalue())
        return content.getvalue()

    def take(self, wanted: FileImport) -> Totals:
        self.told.clear()
        return import_file(wanted, partial(Session, self.engine), self.store, self)

    def photos_kept(self) -> dict[str, str | None]:
        with Session(self.engine) as session:
            return {p.name: p.sha256 for p in session.exec(select(Photo).order_by(col(Photo.id)))}


@pytest.fixture
def office(sqlite: Engine, tmp_path: Path) -> Office:
    """An empty installation."""
    return Office(sqlite, tmp_path)


def test_photos_are_found_in_any_case_and_missing_ones_told(office: Office) -> None:
    content = office.picture("2026/tapis-1.jpg")
    office.take(FileImport(office.file(ROWS), photos=office.folder / "photos"))
    kept = office.photos_kept()
    assert kept["absente.jpg"] is None
    assert office.store.open(kept["Tapis-1.JPG"] or "") == content
    assert [warning.code for warning in office.told[0].warnings] == ["unknown_photo"]


def test_names_alone_are_kept_without_a_folder_and_filled_later(office: Office) -> None:
    file = office.file(ROWS)
    office.take(FileImport(file))
    assert office.photos_kept() == {"Tapis-1.JPG": None, "absente.jpg": None}
    office.picture("tapis-1.jpg")
    totals = office.take(FileImport(file, photos=office.folder / "photos"))
    assert totals.to_json()["updated"] == 1
    assert office.photos_kept()["Tapis-1.JPG"] is not None


def test_a_photo_with_new_content_revises_its_product(office: Office) -> None:
    wanted = FileImport(office.file(ROWS), photos=office.folder / "photos")
    office.picture("tapis-1.jpg")
    office.take(wanted)
    assert office.take(wanted).to_json()["unchanged"] == 1
    office.picture("tapis-1.jpg", "blue")
    office.take(wanted)
    with Session(office.engine) as session:
        assert session.exec(select(Product.revision)).one() == 2


def test_what_is_no_picture_is_told_and_not_kept(office: Office) -> None:
    office.picture("tapis-1.jpg")
    (office.folder / "photos/tapis-1.jpg").write_text("no picture")
    office.take(FileImport(office.file(ROWS), photos=office.folder / "photos"))
    codes = [warning.code for warning in office.told[0].warnings]
    assert codes == ["bad_photo", "unknown_photo"]
    assert office.photos_kept()["Tapis-1.JPG"] is None


def test_a_link_out_of_the_folder_is_not_followed(office: Office) -> None:
    office.picture("other.jpg")
    secret = office.folder / "secret.jpg"
    secret.write_bytes(office.picture("other.jpg", "green"))
    (office.folder / "photos/tapis-1.jpg").symlink_to(secret)
    office.take(FileImport(office.file(ROWS), photos=office.folder / "photos"))
    assert [warning.code for warning in office.told[0].warnings] == ["unknown_photo"] * 2


@respx.mock
def test_photos_named_by_address_are_fetched_where_that_was_asked_for(office: Office) -> None:
    content = office.picture("other.jpg")
    route = respx.get("https://93.184.215.14/p/tapis.jpg").respond(content=content)
    respx.get("https://93.184.215.14/p/gone.jpg").respond(404)
    good, gone = "https://shop.example/p/tapis.jpg", "https://shop.example/p/gone.jpg"
    file = office.file(ROWS.replace("Tapis-1.JPG, absente.jpg", f"{good} | {gone}"))
    office.take(FileImport(file))
    assert not route.called
    web = Web(resolve=lambda _host: ["93.184.215.14"])
    import_file(
        FileImport(file, fetch=True), partial(Session, office.engine), office.store, office, web
    )
    assert office.store.open(office.photos_kept()[good] or "") == content
    [warning] = office.told[-1].warnings
    assert warning.code == "bad_photo"
    assert "vérifiez que le lien s'ouvre" in warning.message("fr")
    assert "check that the link opens" in warning.message("en")
    assert office.photos_kept()[gone] is None


def test_a_rehearsal_reports_and_changes_nothing(office: Office) -> None:
    totals = office.take(FileImport(office.file(ROWS), maker="tifawin", dry_run=True))
    assert totals.to_json() == {
        "accepted": 1,
        "rejected": 0,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
    }
    with Session(office.engine) as session:
        assert session.exec(select(Product)).all() == []
        assert session.exec(select(Maker)).all() == []


def test_a_killed_import_leaves_nothing_and_the_next_one_all(office: Office) -> None:
    rows = "".join(f"T-{n};Tapis {n};{100 + n};1;\n" for n in range(1200))
    file = office.file(ROWS.splitlines()[0] + "\n" + rows)
    # More than a batch is written by then, and more is to come.
    words = [sys.executable, "-c", KILLED, str(office.engine.url), str(file), "700"]
    assert subprocess.run(words, check=False).returncode == -signal.SIGKILL
    with Session(office.engine) as session:
        assert session.exec(select(Product)).all() == []
    assert office.take(FileImport(file)).to_json()["created"] == 1200


KILLED = """
import os, signal, sys
from pathlib import Path
from sqlmodel import Session
from images.fetch import Web
from images.store import PhotoStore
from jobs.importing import FileImport, import_file
from trade_ma.database import open_engine

class Killer:
    def photos(self, done, total): ...
    def row(self, report):
        if report.row.number == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)

engine = open_engine(sys.argv[1])
file = FileImport(Path(sys.argv[2]))
import_file(file, lambda: Session(engine), PhotoStore(file.path.parent), Killer())
"""


def test_a_makers_mapping_is_remembered(office: Office) -> None:
    file = office.file("Bidule;Machin;Truc\nA;Tapis;100\n")
    mapping = {"Bidule": "sku", "Machin": "title", "Truc": "price"}
    office.take(FileImport(file, maker="tifawin", mapping=mapping))
    assert office.take(FileImport(file, maker="tifawin")).to_json()["unchanged"] == 1
    with Session(office.engine) as session:
        assert session.exec(select(Maker)).one().column_mapping == mapping
