"""Imports as resources: checked, applied once, interrupted, and hostile uploads."""

import io
import stat
import zipfile
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from catalog.columns import utc_now
from catalog.importing.tables import Unreadable
from catalog.importing.understanding import understand
from catalog.models import Maker, Product, StockMovement
from images.fetch import Web
from images.store import PhotoStore
from jobs.import_archives import UploadRefused
from jobs.import_models import ImportPhoto, ImportRow, ImportRun, ImportState, Standing
from jobs.import_rows import with_errors
from jobs.import_runs import (
    INTERRUPTED,
    TO_APPLY,
    TO_CHECK,
    ImportRoom,
    Task,
    apply_import,
    check_import,
    claim,
    remove_old,
    settle,
)
from jobs.import_uploads import MOST_TABLE_BYTES, add_photos, receive
from jobs.locks import FileLocks

ROWS = (
    "Référence;Désignation;Prix;Quantité;Photos\n"
    "A;Tapis;100;1;tapis-1.jpg, absente.jpg\n"
    "B;Pouf;cher;1;\n"
)


def picture(colour: str = "red") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(content, "JPEG")
    return content.getvalue()


def archive(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return content.getvalue()


@dataclass
class Hall:
    """An installation where files arrive."""

    engine: Engine
    folder: Path
    applied: list[int] = field(default_factory=list)

    @property
    def room(self) -> ImportRoom:
        store = PhotoStore(self.folder / "photos")
        # Nobody may be asked: a name that is resolved fails the test.
        web = Web(resolve=lambda host: pytest.fail(f"asked for {host}"))
        return ImportRoom(partial(Session, self.engine), store, self.folder / "imports", web)

    @property
    def locks(self) -> FileLocks:
        return FileLocks(self.folder / "locks")

    def send(self, content: bytes | str, name: str = "catalogue.csv") -> int:
        sent = content.encode() if isinstance(content, str) else content
        with self.room.sessions() as session:
            maker = session.exec(select(Maker)).first() or Maker(slug="tifawin", name="Tifawin")
            session.add(maker)
            session.flush()
            run = receive(
                session,
                self.room.folder,
                (name, io.BytesIO(sent)),
                maker_id=maker.id,
                asked_by="user:1",
            )
            session.commit()
            return run.id or 0

    def add(self, run_id: int, *photos: tuple[str, bytes]) -> list[tuple[str, str | None]]:
        with self.room.sessions() as session:
            run = session.get_one(ImportRun, run_id)
            sent = [(name, io.BytesIO(content)) for name, content in photos]
            kept = add_photos(session, self.room.folder, run, sent)
            session.commit()
            return [(one.name, one.trouble) for one in kept]

    def claim(self, run_id: int, state: ImportState, worker: str = "hand") -> Task | None:
        task = Task(run_id, state, worker)
        among = TO_CHECK if state is ImportState.CHECKING else TO_APPLY
        with self.room.sessions() as session:
            taken = claim(session, task, among)
            session.commit()
        return task if taken else None

    def check(self, run_id: int) -> ImportRun:
        task = self.claim(run_id, ImportState.CHECKING)
        assert task
        check_import(self.room, task)
        return self.run(run_id)

    def apply(self, run_id: int) -> ImportRun:
        task = self.claim(run_id, ImportState.APPLYING)
        assert task
        apply_import(self.room, task, lambda _, applied: self.applied.append(applied))
        return self.run(run_id)

    def run(self, run_id: int) -> ImportRun:
        with Session(self.engine) as session:
            return session.get_one(ImportRun, run_id)

    def products(self) -> list[str]:
        with Session(self.engine) as session:
            return list(session.exec(select(Product.code).order_by(Product.code)))


@pytest.fixture
def hall(engine: Engine, tmp_path: Path) -> Hall:
    return Hall(engine, tmp_path)


def test_a_check_tells_all_and_changes_nothing(hall: Hall) -> None:
    run_id = hall.send(ROWS)
    hall.add(run_id, ("Tapis-1.JPG", picture()), ("autre.jpg", picture("blue")))
    run = hall.check(run_id)
    assert (run.state, run.totals, hall.products()) == (
        ImportState.CHECKED,
        {
            "accepted": 1,
            "rejected": 1,
            "created": 1,
            "updated": 0,
            "unchanged": 0,
            "photos_named": 2,
            "photos_missing": 1,
        },
        [],
    )
    with Session(hall.engine) as session:
        rows = session.exec(select(ImportRow).order_by(col(ImportRow.number))).all()
        photos = session.exec(select(ImportPhoto).order_by(col(ImportPhoto.id))).all()
    assert [(row.sku, row.standing, row.record) for row in rows] == [
        ("A", Standing.CREATED, 2),
        ("B", Standing.REFUSED, 3),
    ]
    [error] = rows[1].complaints
    assert error == {
        "reason": "bad_price.not_a_price",
        "refuses": True,
        "field": "price",
        "cell": "C3 (Prix)",
        "value": "cher",
        "details": {},
    }
    assert [(one.name, one.row, one.sku) for one in photos] == [
        ("Tapis-1.JPG", 1, "A"),
        ("autre.jpg", None, None),
    ]
    assert {one["code"] for one in photos[0].findings} == {"too_dark"}


def test_an_apply_is_done_once(hall: Hall) -> None:
    run_id = hall.send(ROWS)
    hall.check(run_id)
    first = hall.claim(run_id, ImportState.APPLYING)
    assert first
    assert hall.claim(run_id, ImportState.APPLYING) is None
    apply_import(hall.room, first, lambda _, applied: hall.applied.append(applied))
    assert hall.claim(run_id, ImportState.APPLYING) is None
    assert (hall.run(run_id).state, hall.applied, hall.products()) == (
        ImportState.APPLIED,
        [run_id],
        ["A"],
    )


def test_an_import_that_was_taken_away_writes_nothing(hall: Hall) -> None:
    run_id = hall.send(ROWS)
    hall.check(run_id)
    task = hall.claim(run_id, ImportState.APPLYING)
    assert task
    with hall.room.sessions() as session:
        settle(session, hall.locks, session.get_one(ImportRun, run_id))
        session.commit()
    apply_import(hall.room, task, lambda _, applied: hall.applied.append(applied))
    run = hall.run(run_id)
    assert (run.state, run.failure) == (ImportState.FAILED, INTERRUPTED)
    assert (hall.products(), hall.applied) == ([], [])
    with Session(hall.engine) as session:
        assert session.exec(select(StockMovement)).all() == []


def test_an_import_in_living_hands_is_left_to_them(hall: Hall) -> None:
    run_id = hall.send(ROWS)
    hold = hall.locks.take("imports-0")
    assert hold
    hall.claim(run_id, ImportState.CHECKING, "imports-0")
    with hall.room.sessions() as session:
        settle(session, hall.locks, run := session.get_one(ImportRun, run_id))
        living = run.state
        hold.release()
        settle(session, hall.locks, run)
        assert (living, run.state) == (ImportState.CHECKING, ImportState.FAILED)


def test_an_interrupted_import_is_started_again(hall: Hall) -> None:
    run_id = hall.send(ROWS)
    hall.claim(run_id, ImportState.CHECKING)
    with hall.room.sessions() as session:
        settle(session, hall.locks, session.get_one(ImportRun, run_id))
        session.commit()
    assert hall.check(run_id).state is ImportState.CHECKED
    assert hall.apply(run_id).state is ImportState.APPLIED


def test_a_correction_of_columns_is_kept_with_the_maker_once_it_is_applied(hall: Hall) -> None:
    run_id = hall.send("Truc;Machin;Prix\nA;Tapis;100\n")
    place = hall.room.folder / hall.run(run_id).folder / "table"
    shown = understand(place)
    assert (shown.known, [(one.letters, one.title, one.samples) for one in shown.columns]) == (
        False,
        [("A", "Truc", ("A",)), ("B", "Machin", ("Tapis",)), ("C", "Prix", ("100",))],
    )
    assert hall.check(run_id).failure == "no_header.it"
    with hall.room.sessions() as session:
        run = session.get_one(ImportRun, run_id)
        run.mapping = {"Truc": "sku", "Machin": "title"}
        session.add(run)
        session.commit()
    hall.check(run_id)
    hall.apply(run_id)
    with Session(hall.engine) as session:
        maker = session.exec(select(Maker)).one()
    assert (hall.products(), maker.column_mapping) == (["A"], {"Truc": "sku", "Machin": "title"})


def test_a_column_may_be_told_to_say_nothing(tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_text("Référence;Titre;Prix\nA;Tapis;100\n", "utf-8")
    read = {one.title: one.field for one in understand(path, {"Titre": ""}).columns}
    assert read == {"Référence": "sku", "Titre": None, "Prix": "price"}


def test_the_file_comes_back_with_its_errors_behind_its_columns(hall: Hall) -> None:
    run_id = hall.send("Catalogue 2026\n" + ROWS)
    hall.check(run_id)
    run = hall.run(run_id)
    path = hall.room.folder / run.folder / "table"
    with hall.room.sessions() as session:
        rows = list(with_errors(session, run_id, path, run.mapping, "fr"))
    assert rows[:3] == [
        ["Catalogue 2026", "", "", "", "", ""],
        ["Référence", "Désignation", "Prix", "Quantité", "Photos", "Erreurs"],
        ["A", "Tapis", "100", "1", "tapis-1.jpg, absente.jpg", ""],
    ]
    assert rows[3][-1].startswith("Cellule C4 (Prix) : « cher »")


def test_a_file_that_came_back_once_gets_no_second_column(hall: Hall) -> None:
    run_id = hall.send("Référence;Titre;Prix;Erreurs\nB;Pouf;cher;an old one\n")
    hall.check(run_id)
    run = hall.run(run_id)
    path = hall.room.folder / run.folder / "table"
    with hall.room.sessions() as session:
        rows = list(with_errors(session, run_id, path, {}, "ar"))
    assert rows[0] == ["Référence", "Titre", "Prix", "الأخطاء"]
    assert (len(rows[1]), "an old one" in rows[1]) == (4, False)


def test_whose_a_sku_is_is_not_told_to_another_maker(hall: Hall) -> None:
    with hall.room.sessions() as session:
        other = Maker(slug="secret-atelier", name="Atelier")
        session.add(other)
        session.flush()
        session.add(Product(maker_id=other.id or 0, code="A", title="Tapis"))
        session.commit()
        maker = Maker(slug="tifawin", name="Tifawin")
        session.add(maker)
        session.flush()
        run = receive(
            session,
            hall.room.folder,
            ("f.csv", io.BytesIO(ROWS.encode())),
            maker_id=maker.id,
            asked_by="user:1",
        )
        session.commit()
        run_id = run.id or 0
    hall.check(run_id)
    with Session(hall.engine) as session:
        rows = session.exec(select(ImportRow).order_by(col(ImportRow.number))).all()
    assert rows[0].complaints[0]["reason"] == "other_maker.closed"
    assert "secret" not in str([row.complaints for row in rows])


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/passwd", "C:\\photos\\x.csv", "a\0b.csv", "n" * 5000, "..", ""],
)
def test_no_file_has_the_name_that_it_was_sent_under(hall: Hall, name: str) -> None:
    run_id = hall.send(ROWS, name)
    hall.add(run_id, (name, picture()))
    run = hall.run(run_id)
    found = [path for path in hall.folder.rglob("*") if path.is_file() and "imports" in path.parts]
    assert {len(path.name) for path in found} == {len("table"), 64}
    assert {path.parent for path in found} == {hall.folder / "imports" / run.folder}
    assert "/" not in run.file_name
    assert "\\" not in run.file_name
    assert "\0" not in run.file_name
    assert 0 < len(run.file_name) <= 200


def test_photos_come_in_an_archive_without_its_folders(hall: Hall) -> None:
    run_id = hall.send(ROWS)
    made = archive(**{"photos/Tapis-1.jpg": picture(), "__MACOSX/._x.jpg": b"x", "lu.txt": b"lu"})
    told = hall.add(run_id, ("photos.zip", made))
    assert told == [("Tapis-1.jpg", None), ("lu.txt", "not_a_photo")]
    assert hall.check(run_id).totals["photos_missing"] == 1


@pytest.mark.parametrize("name", ["../x.jpg", "/etc/x.jpg", "a/../../x.jpg", "C:\\x.jpg", "..\\x"])
def test_an_archive_with_a_name_that_leads_out_is_refused_whole(hall: Hall, name: str) -> None:
    run_id = hall.send(ROWS)
    made = archive(**{"good.jpg": picture(), name: picture("blue")})
    with pytest.raises(UploadRefused, match="unsafe_archive"):
        hall.add(run_id, ("photos.zip", made))
    with Session(hall.engine) as session:
        assert session.exec(select(ImportPhoto)).all() == []


def test_an_archive_with_a_link_is_refused(hall: Hall) -> None:
    entry = zipfile.ZipInfo("tapis-1.jpg")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr(entry, "/etc/passwd")
    with pytest.raises(UploadRefused, match="unsafe_archive"):
        hall.add(hall.send(ROWS), ("photos.zip", content.getvalue()))


def bomb(name: str, megabytes: int, level: int = 9) -> bytes:
    content = io.BytesIO()
    with (
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as made,
        made.open(name, "w", force_zip64=True) as entry,
    ):
        for _ in range(megabytes):
            entry.write(bytes(1 << 20))
    return content.getvalue()


def test_an_archive_that_unfolds_to_gigabytes_is_refused_before_it_does(hall: Hall) -> None:
    with pytest.raises(UploadRefused, match="large_photos"):
        hall.add(hall.send(ROWS), ("photos.zip", bomb("x.jpg", 1100, 1)))


def test_an_archive_that_declares_too_little_gives_no_more(hall: Hall) -> None:
    made = bytearray(bomb("x.jpg", 5))
    real, said = (5 << 20).to_bytes(4, "little"), (100).to_bytes(4, "little")
    lying = bytes(made).replace(real, said)
    assert lying != bytes(made)
    with pytest.raises(UploadRefused, match="broken_archive"):
        hall.add(hall.send(ROWS), ("photos.zip", lying))


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 4000])
def test_a_broken_archive_is_told(hall: Hall, content: bytes) -> None:
    with pytest.raises(UploadRefused) as refused:
        hall.add(hall.send(ROWS), ("photos.zip", content))
    assert "photos.zip" in refused.value.sentence("ar")


def test_a_picture_of_too_many_pixels_is_told_and_not_kept(hall: Hall) -> None:
    content = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(content, "PNG")
    run_id = hall.send(ROWS)
    told = hall.add(run_id, ("big.png", content.getvalue()))
    assert told == [("big.png", "too_many_pixels")]


def test_a_workbook_that_unfolds_to_too_much_is_never_opened(hall: Hall) -> None:
    run_id = hall.send(bomb("xl/worksheets/sheet1.xml", 300, 1), "bombe.xlsx")
    run = hall.check(run_id)
    assert (run.state, run.failure) == (ImportState.FAILED, "unreadable_file.unfolds")


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "empty"), (b"x" * (MOST_TABLE_BYTES + 1), "large_table")]
)
def test_a_table_that_is_nothing_or_too_much_leaves_nothing(
    hall: Hall, content: bytes, reason: str
) -> None:
    with pytest.raises(UploadRefused, match=reason):
        hall.send(content)
    assert list((hall.folder / "imports").iterdir()) == []


def test_no_address_in_a_file_is_asked_unless_somebody_says_so(hall: Hall) -> None:
    rows = "Référence;Titre;Prix;Photos\nA;Tapis;100;https://photos.example.com/x.jpg\n"
    run_id = hall.send(rows)
    hall.add(run_id, ("other.jpg", picture()))
    assert hall.check(run_id).state is ImportState.CHECKED


def test_an_address_that_leads_inside_is_never_asked(hall: Hall) -> None:
    rows = "Référence;Titre;Prix;Photos\nA;Tapis;100;https://photos.example.com/x.jpg\n"
    run_id = hall.send(rows)
    with hall.room.sessions() as session:
        run = session.get_one(ImportRun, run_id)
        run.fetch = True
        session.add(run)
        session.commit()
    task = hall.claim(run_id, ImportState.CHECKING)
    assert task
    inside = Web(resolve=lambda _: ["169.254.169.254"])
    room = hall.room
    check_import(ImportRoom(room.sessions, room.store, room.folder, inside), task)
    with Session(hall.engine) as session:
        [row] = session.exec(select(ImportRow)).all()
    assert [one["reason"] for one in row.complaints] == ["bad_photo.it"]


def test_old_imports_go_with_their_files_and_what_they_brought_stays(hall: Hall) -> None:
    run_id = hall.send(ROWS)
    hall.add(run_id, ("tapis-1.jpg", picture()))
    hall.check(run_id)
    hall.apply(run_id)
    with hall.room.sessions() as session:
        now = utc_now()
        kept = remove_old(session, hall.room.folder, now + timedelta(days=13))
        gone = remove_old(session, hall.room.folder, now + timedelta(days=15))
        session.commit()
        assert (kept, gone) == (0, 1)
        assert session.exec(select(ImportRow)).all() == []
    assert list(hall.room.folder.iterdir()) == []
    assert hall.products() == ["A"]


def test_what_is_no_table_is_told(tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"x" * 100)
    with pytest.raises(Unreadable, match="old_excel"):
        understand(path)
