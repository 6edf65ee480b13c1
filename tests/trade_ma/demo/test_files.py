"""The demo's files, as the import reads them."""

from pathlib import Path

import pytest
from sqlmodel import col, func, select

from catalog.models import Photo, Product, Variant
from connectors.clock import VirtualClock
from jobs.sync import Silent
from trade_ma.demo.photos import sketches
from trade_ma.demo.run import Demo, FileReport
from trade_ma.installation import App, open_app
from trade_ma.settings import Settings


@pytest.fixture
def app(tmp_path: Path) -> App:
    """A fresh installation."""
    return open_app(Settings.model_construct(data_dir=tmp_path / "data"))


@pytest.fixture
def reports(app: App, tmp_path: Path, clock: VirtualClock) -> list[FileReport]:
    """The six files, imported. Of their photos, only the names matter here."""
    photos = tmp_path / "photos"
    photos.mkdir()
    picture = (
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    )
    for sketch in sketches():
        for name in filter(None, (sketch.file, sketch.detail)):
            (photos / name).write_bytes(picture)
    demo = Demo(tmp_path, "", [], clock, Silent())
    demo.import_files(app, photos)
    return demo.result.reports


def test_good_rows_go_in_and_bad_ones_are_told(app: App, reports: list[FileReport]) -> None:
    assert {r.workshop.slug: (r.accepted, r.rejected) for r in reports} == {
        "tifawin": (13, 2),
        "bab-ftouh": (10, 1),
        "annasr": (10, 1),
        "dar-dbagh": (22, 0),
        "mogador": (8, 1),
        "atlas-light": (10, 2),
    }
    remarks = {(m.row, m.sku): m.refused for report in reports for m in report.remarks}
    assert remarks == {
        (14, "TIF-014"): True,
        (15, ""): True,
        (11, "BF-43"): True,
        (11, "NSR-11"): True,
        (9, "MOG-9"): True,
        (10, "ATL-10"): True,
        # Its photo is to follow: the row goes in without it.
        (11, "ATL-11"): False,
        (12, "ATL-12"): True,
    }
    with app.session() as session:
        counts = [
            session.exec(select(func.count()).select_from(table)).one()
            for table in (Product, Variant)
        ]
    assert counts == [60, 73]


def test_every_photo_drawn_is_named_by_a_file_and_found(
    app: App, reports: list[FileReport]
) -> None:
    assert reports
    with app.session() as session:
        found = set(session.exec(select(Photo.name).where(col(Photo.sha256).is_not(None))))
    drawn = {name for s in sketches() for name in (s.file, s.detail) if name}
    assert found == drawn
