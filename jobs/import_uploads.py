"""What people send of an import: its table and its photos, kept under names that we choose."""

import hashlib
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO
from uuid import uuid4

from sqlmodel import Session, col, func, select

from catalog.importing.photos import LONGEST
from images.checks import unreadable
from images.decode import BYTE_LIMIT, opened
from images.errors import BadPhoto
from images.inspect import check
from images.store import write
from jobs.import_archives import (
    MOST_PHOTO_BYTES,
    MOST_PHOTOS,
    ZIP,
    PhotoFile,
    UploadRefused,
    unpacked,
)
from jobs.import_models import ImportPhoto, ImportRun, ImportState
from jobs.import_photos import plain
from jobs.importing import photo_key

TABLE = "table"
# A workbook of 20,000 articles has 4 MB.
MOST_TABLE_BYTES = 32 << 20
_LONGEST_NAME = 200
_PIECE = 1 << 20

Sent = tuple[str, IO[bytes]]


def receive(
    session: Session, folder: Path, sent: Sent, *, maker_id: int | None, asked_by: str
) -> ImportRun:
    """A new import of the table that was sent, as (its name, its bytes).

    Raises:
        UploadRefused: it is empty or too large.
    """
    name, content = sent
    run = ImportRun(
        folder=uuid4().hex,
        maker_id=maker_id,
        asked_by=asked_by,
        file_name=shown_name(name)[-_LONGEST_NAME:],
        file_bytes=0,
    )
    place = folder / run.folder
    place.mkdir(parents=True, mode=0o700)
    try:
        run.file_bytes = _write(place / TABLE, content)
    except UploadRefused:
        shutil.rmtree(place)
        raise
    session.add(run)
    session.flush()
    return run


def _write(path: Path, content: IO[bytes]) -> int:
    size = 0
    with path.open("wb") as file:
        while piece := content.read(_PIECE):
            size += len(piece)
            if size > MOST_TABLE_BYTES:
                raise UploadRefused("large_table", most=MOST_TABLE_BYTES >> 20)
            file.write(piece)
    if not size:
        raise UploadRefused("empty")
    return size


def add_photos(
    session: Session, folder: Path, run: ImportRun, sent: Iterable[Sent]
) -> list[ImportPhoto]:
    """Keep photos, and those in zip archives, with an import; it has to be checked again.

    A photo of a name that is there already takes its place. What is no photo is kept as a row
    that says so, without its bytes.

    Raises:
        UploadRefused: an archive that is not taken, or more than an import may have.
    """
    place = folder / run.folder
    count, size = session.exec(
        select(func.count(), func.coalesce(func.sum(ImportPhoto.bytes), 0)).where(
            ImportPhoto.import_id == run.id
        )
    ).one()
    kept = []
    for file in _files(sent):
        count, size = count + 1, size + len(file.content)
        if count > MOST_PHOTOS:
            raise UploadRefused("many_photos", most=MOST_PHOTOS)
        if size > MOST_PHOTO_BYTES:
            raise UploadRefused("large_photos", most=MOST_PHOTO_BYTES >> 20)
        kept.append(_keep(session, place, run, file))
    if kept:
        run.state = ImportState.UPLOADED
        session.add(run)
    session.flush()
    return kept


def _files(sent: Iterable[Sent]) -> Iterator[PhotoFile]:
    for name, content in sent:
        start = content.read(len(ZIP))
        content.seek(0)
        if start == ZIP:
            yield from _unpacked(shown_name(name), content)
        elif start:
            yield PhotoFile(shown_name(name), content.read(BYTE_LIMIT + 1))


def _unpacked(name: str, content: IO[bytes]) -> Iterator[PhotoFile]:
    # By a path: what a form has sent may be no file that seeks from its end.
    with NamedTemporaryFile() as file:
        shutil.copyfileobj(content, file)
        file.flush()
        for one in unpacked(Path(file.name), name, BYTE_LIMIT):
            yield PhotoFile(shown_name(one.name), one.content)


def _keep(session: Session, place: Path, run: ImportRun, file: PhotoFile) -> ImportPhoto:
    photo = _photo_of(session, run, file.name)
    photo.sha256 = hashlib.sha256(file.content).hexdigest()
    photo.bytes = len(file.content)
    photo.row = photo.sku = None
    photo.width = photo.height = 0
    photo.trouble, photo.findings = None, []
    try:
        with opened(file.content) as header:
            photo.width, photo.height = header.width, header.height
        check(file.content)
    except BadPhoto as bad:
        photo.trouble, photo.findings = bad.code, [plain(unreadable(bad))]
    else:
        write(place / photo.sha256, file.content)
    session.add(photo)
    session.flush()
    return photo


def _photo_of(session: Session, run: ImportRun, name: str) -> ImportPhoto:
    key = photo_key(name)[-LONGEST:]
    found = session.exec(
        select(ImportPhoto).where(ImportPhoto.import_id == run.id, col(ImportPhoto.key) == key)
    ).first()
    shown = name[-LONGEST:]
    return found or ImportPhoto(import_id=run.id or 0, key=key, name=shown, sha256="", bytes=0)


def shown_name(name: str) -> str:
    """The last part of a name that somebody gave a file, fit to be shown and stored."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in last if sign.isprintable()).strip()
    # Half a character cannot be stored; isprintable leaves none.
    return unicodedata.normalize("NFC", plain) or "?"


def photo_paths(session: Session, folder: Path, run: ImportRun) -> dict[str, Path]:
    """The usable photos of an import: their files by the names that people gave them."""
    photos = session.exec(
        select(ImportPhoto.name, ImportPhoto.sha256).where(
            ImportPhoto.import_id == run.id, col(ImportPhoto.trouble).is_(None)
        )
    )
    return {name: folder / run.folder / sha256 for name, sha256 in photos}
