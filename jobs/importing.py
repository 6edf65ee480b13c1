"""Take a cooperative's file into the catalog, and its photos into the store."""

import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sqlmodel import Session, col, select

from catalog.importing.changes import Terms, new_maker
from catalog.importing.photos import parse_photos, photo_file
from catalog.importing.problems import Misread
from catalog.importing.report import RowReport, Totals
from catalog.importing.tables import Table, open_table
from catalog.importing.taking_in import take_in
from catalog.models import Maker
from images.advice import LANGUAGES, sentence
from images.checks import unreadable
from images.errors import BadPhoto
from images.fetch import Web
from images.inspect import check
from images.store import PhotoStore
from jobs.scoring import rescore_stale


class Progress(Protocol):
    """What an import tells while it goes."""

    def photos(self, done: int, total: int) -> None:
        """So many of a file's photos are in the store."""

    def row(self, report: RowReport) -> None:
        """One row is done. It is in the catalog only once the whole file is."""


@dataclass(frozen=True, slots=True)
class FileImport:
    """What a user asks of one file.

    `maker` is the short name of whose it is; `mapping` is their reading of odd headers, kept with
    the maker. `photos` is a folder, or files by the names that people gave them. With `fetch`,
    photos that the file names by an https address and that are not among these are fetched from
    there. With `dry_run` everything is done and undone.
    """

    path: Path
    maker: str | None = None
    photos: Path | Mapping[str, Path] | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    dry_run: bool = False
    fetch: bool = False


def import_file(
    wanted: FileImport,
    sessions: Callable[[], Session],
    store: PhotoStore,
    progress: Progress,
    web: Web | None = None,
    before_commit: Callable[[Session, Totals], None] | None = None,
) -> Totals:
    """Import one file in one transaction: a crash leaves all of it or nothing.

    `before_commit` writes what must stand or fall with the file; a rehearsal does not call it.

    Raises:
        Unreadable: the file is no table that we know; nothing was changed.
    """
    with sessions() as session:
        mapping = {**_saved_mapping(session, wanted.maker), **wanted.mapping}
    table = open_table(wanted.path, mapping)
    # Before the transaction: while it is open nobody else can write to SQLite.
    sources = _Sources(
        _found(wanted.photos),
        (web or Web()) if wanted.fetch else None,
        flat=isinstance(wanted.photos, Mapping),
    )
    searched = wanted.photos is not None or wanted.fetch
    kept = _keep_photos(table, sources, store, progress) if searched else KeptPhotos()
    terms = Terms(table.header, wanted.maker, kept.sha256, kept.trouble)
    totals = Totals()
    with sessions() as session:
        for report in take_in(session, table, terms):
            totals.count(report)
            progress.row(report)
        _save_mapping(session, wanted)
        if not wanted.dry_run:
            if before_commit:
                before_commit(session, totals)
            session.commit()
    if not wanted.dry_run:
        rescore_stale(sessions)
    return totals


def _saved_mapping(session: Session, slug: str | None) -> Mapping[str, str]:
    maker = _maker(session, slug)
    return maker.column_mapping if maker else {}


def _save_mapping(session: Session, wanted: FileImport) -> None:
    if not (wanted.maker and wanted.mapping):
        return
    maker = _maker(session, wanted.maker) or new_maker(wanted.maker, None)
    maker.column_mapping = {**maker.column_mapping, **wanted.mapping}
    session.add(maker)


def _maker(session: Session, slug: str | None) -> Maker | None:
    return session.exec(select(Maker).where(col(Maker.slug) == slug)).first()


@dataclass(frozen=True, slots=True)
class KeptPhotos:
    """Photos of a file by the name it gives them: digests of those in the store, and trouble."""

    sha256: dict[str, str] = field(default_factory=dict)
    trouble: dict[str, Misread] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Sources:
    """Where the bytes of photos are: files by their keys, and the web where it may be asked.

    `flat` files are known by the last part of their names alone.
    """

    files: Mapping[str, Path]
    web: Web | None
    flat: bool

    def content(self, name: str) -> bytes | None:
        """The bytes of a photo; None where there is none of that name.

        Raises:
            BadPhoto: its file cannot be read, or its address not fetched.
        """
        key = flat_key(name) if self.flat else photo_key(photo_file(name))
        if path := self.files.get(key):
            return _read(path)
        if self.web and name.lower().startswith("https://"):
            return self.web.photo(name)
        return None


def _keep_photos(
    table: Table, sources: _Sources, store: PhotoStore, progress: Progress
) -> KeptPhotos:
    kept = KeptPhotos()
    names = list(dict.fromkeys(_photo_names(table)))
    for done, name in enumerate(names, start=1):
        try:
            if (content := sources.content(name)) is None:
                kept.trouble[name] = Misread("unknown_photo.it", photo=name)
            else:
                check(content)
                kept.sha256[name] = store.add(content)
        except BadPhoto as bad:
            why = {language: sentence(unreadable(bad), language) for language in LANGUAGES}
            kept.trouble[name] = Misread("bad_photo.it", photo=name, why=why)
        progress.photos(done, len(names))
    return kept


def _photo_names(table: Table) -> Iterator[str]:
    for row in table.rows():
        texts = table.header.texts(row.cells)
        for name in ("photos", "variant_photo"):
            try:
                yield from parse_photos(texts.get(name, ""))
            except Misread:
                continue


def _found(photos: Path | Mapping[str, Path] | None) -> Mapping[str, Path]:
    match photos:
        case None:
            return {}
        case Path():
            return _files(photos)
        case _:
            return {photo_key(name): path for name, path in photos.items()}


def _files(folder: Path) -> dict[str, Path]:
    """The files below a folder by path and by name, in one case; what is nearer the top wins.

    A link is followed only where it stays inside: a name in a file opens nothing else.
    """
    root = folder.resolve()
    found = sorted(_walk(root), key=lambda path: (len(path.parts), path))
    inside = [path for path in found if path.resolve().is_relative_to(root)]
    by_name = {photo_key(path.name): path for path in reversed(inside)}
    return by_name | {photo_key(path.relative_to(root).as_posix()): path for path in inside}


def _walk(root: Path) -> Iterable[Path]:
    for folder, _, names in os.walk(root):
        yield from (Path(folder) / name for name in names)


def photo_key(name: str) -> str:
    """A photo's name as names are compared: in one case, its accents composed."""
    # A Mac writes accents apart, a camera writes .JPG.
    return unicodedata.normalize("NFC", name).casefold().removeprefix("./")


def flat_key(name: str) -> str:
    """The key of the last part of the name that a file gives a photo."""
    return photo_key(photo_file(name)).rpartition("/")[2]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadPhoto("not_a_photo", error.strerror or "unreadable") from error
