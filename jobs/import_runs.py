"""An import from its upload to the catalog: checked, applied once, or failed with a reason.

The states are in the database. Whoever has an import in hand holds the lock that the import's
`worker` names: where nobody holds it any more, the import was interrupted, and nothing of it was
written, since a file is one transaction.
"""

import logging
import shutil
import traceback
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, delete, select, update
from sqlmodel.sql.expression import SelectOfScalar

from catalog.columns import utc_now
from catalog.importing.report import Totals
from catalog.importing.tables import Unreadable, open_table
from catalog.models import Maker
from images.fetch import Web
from images.store import PhotoStore
from jobs.import_models import WORKING, ImportPhoto, ImportRow, ImportRun, ImportState
from jobs.import_photos import advice, match_photos
from jobs.import_progress import Telling
from jobs.import_rows import Spool, keep_rows
from jobs.import_uploads import TABLE, photo_paths
from jobs.importing import FileImport, import_file
from jobs.locks import Locks

# How long an import and its files are kept: a maker mends a file in the evenings of a week.
KEPT = timedelta(days=14)
# From where an import may be checked, and applied.
TO_CHECK = frozenset({ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED})
TO_APPLY = frozenset({ImportState.CHECKED})
INTERRUPTED = "import_failed.interrupted"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ImportRoom:
    """Where imports are: the database, the photos, the folder of uploads, and the web.

    `web` is the way to photos that a file names by address; it is gone only where one asks.
    """

    sessions: Callable[[], Session]
    store: PhotoStore
    folder: Path
    web: Web | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """An import in the hands of a worker, and what it was claimed for."""

    run_id: int
    state: ImportState
    worker: str


class Overtaken(Exception):
    """The import is not in the hands of this worker any more."""


def claim(session: Session, task: Task, among: Collection[ImportState]) -> bool:
    """Take an import in hand where it is in one of these states; one of two who try has it."""
    return _moved(session, task.run_id, among, "", task.state, worker=task.worker)


def _moved(
    session: Session,
    run_id: int,
    among: Collection[ImportState],
    held_by: str,
    state: ImportState,
    **values: object,
) -> bool:
    """Whether the import was in one of those states, and in the hands of `held_by`, until now."""
    statement = update(ImportRun).where(
        col(ImportRun.id) == run_id, col(ImportRun.state).in_(among)
    )
    if held_by:
        statement = statement.where(col(ImportRun.worker) == held_by)
    told = {"failure": None, "failure_details": {}, **values}
    changed = session.exec(statement.values(state=state, changed_at=utc_now(), **told))
    session.expire_all()
    return bool(changed.rowcount)


def check_import(room: ImportRoom, task: Task) -> None:
    """Rehearse an import that was claimed: its report is kept, and nothing else is changed."""

    def rehearse(wanted: FileImport, spool: Spool) -> None:
        totals = import_file(
            replace(wanted, dry_run=True), room.sessions, room.store, spool, room.web
        )
        findings = advice(room.sessions, room.store, task.run_id, spool.named)
        with room.sessions() as session:
            _end(session, task, ImportState.CHECKED, _figures(totals, spool))
            keep_rows(session, task.run_id, spool.rows())
            match_photos(session, task.run_id, spool.named, findings)
            session.commit()

    _work(room, task, rehearse)


def apply_import(room: ImportRoom, task: Task, also: Callable[[Session, int], None]) -> None:
    """Take an import that was claimed into the catalog.

    That it is applied, its report, and what `also` writes (who did it) are in the transaction of
    the file: all of it or nothing.
    """

    def apply(wanted: FileImport, spool: Spool) -> None:
        def before_commit(session: Session, totals: Totals) -> None:
            _end(session, task, ImportState.APPLIED, _figures(totals, spool))
            keep_rows(session, task.run_id, spool.rows())
            also(session, task.run_id)

        import_file(wanted, room.sessions, room.store, spool, room.web, before_commit)

    _work(room, task, apply)


def _figures(totals: Totals, spool: Spool) -> dict[str, int]:
    photos = {"photos_named": len(spool.named), "photos_missing": len(spool.missing)}
    return {**totals.to_json(), **photos}


def _end(session: Session, task: Task, state: ImportState, totals: dict[str, int]) -> None:
    if not _moved(session, task.run_id, {task.state}, task.worker, state, totals=totals):
        raise Overtaken


def _work(room: ImportRoom, task: Task, work: Callable[[FileImport, Spool], None]) -> None:
    """Do `work`; whatever it raises becomes the import's failure, in words for its sender."""
    try:
        with room.sessions() as session:
            wanted, place = _wanted(session, room, task.run_id)
        telling = Telling(place)
        telling.begin(sum(1 for _ in open_table(wanted.path, wanted.mapping).rows()))
        with Spool(task.run_id, telling) as spool:
            work(wanted, spool)
    except Overtaken:
        logger.warning("import %s was taken out of our hands", task.run_id)
    except Unreadable as unreadable:
        _fail(room, task, unreadable.reason, unreadable.details)
    except OperationalError:
        _fail(room, task, "import_failed.busy", {})
    except Exception as error:  # noqa: BLE001 - whatever it is, who sent the file must be told
        # Without the error's own words: they may hold anything of the file.
        trace = "".join(traceback.format_tb(error.__traceback__))
        logger.error("import %s: %s\n%s", task.run_id, type(error).__name__, trace)  # noqa: TRY400
        _fail(room, task, "import_failed.unexpected", {})


def _wanted(session: Session, room: ImportRoom, run_id: int) -> tuple[FileImport, Path]:
    run = session.get_one(ImportRun, run_id)
    maker = session.get(Maker, run.maker_id) if run.maker_id else None
    place = room.folder / run.folder
    wanted = FileImport(
        path=place / TABLE,
        maker=maker.slug if maker else None,
        photos=photo_paths(session, room.folder, run) or None,
        mapping=mapping_of(session, run),
        fetch=run.fetch,
    )
    return wanted, place


def _fail(room: ImportRoom, task: Task, reason: str, details: dict[str, object]) -> None:
    told = {name: str(value) for name, value in details.items()}
    with room.sessions() as session:
        failed = ImportState.FAILED
        values = {"failure": reason, "failure_details": told}
        _moved(session, task.run_id, {task.state}, task.worker, failed, **values)
        session.commit()


def imports_of(maker_id: int | None) -> SelectOfScalar[ImportRun]:
    """The imports of a maker; all of them without one."""
    statement = select(ImportRun)
    return statement if maker_id is None else statement.where(ImportRun.maker_id == maker_id)


def find_import(session: Session, run_id: int, maker_id: int | None) -> ImportRun | None:
    """An import, where it is the maker's; whosever it is without one."""
    return session.exec(imports_of(maker_id).where(ImportRun.id == run_id)).first()


def mapping_of(session: Session, run: ImportRun) -> dict[str, str]:
    """How the headers of an import are read: as its maker's files are, and as it says itself."""
    maker = session.get(Maker, run.maker_id) if run.maker_id else None
    return {**(maker.column_mapping if maker else {}), **run.mapping}


def settle(session: Session, locks: Locks, run: ImportRun) -> None:
    """Say of an import that nobody has in hand any more that it was interrupted."""
    if run.state in WORKING and locks.holder(run.worker) is None:
        left_behind(session, run.worker, run.id)
        session.refresh(run)


def left_behind(session: Session, worker: str, run_id: int | None = None) -> None:
    """Fail what a worker that is gone has left: that import, or all of its imports."""
    statement = update(ImportRun).where(
        col(ImportRun.worker) == worker, col(ImportRun.state).in_(WORKING)
    )
    if run_id is not None:
        statement = statement.where(col(ImportRun.id) == run_id)
    values = {"failure": INTERRUPTED, "failure_details": {}, "changed_at": utc_now()}
    session.exec(statement.values(state=ImportState.FAILED, **values))


def remove(session: Session, folder: Path, run: ImportRun) -> None:
    """Forget an import and its files; what it brought into the catalog stays."""
    shutil.rmtree(folder / run.folder, ignore_errors=True)
    for table in (ImportRow, ImportPhoto):
        session.exec(delete(table).where(col(table.import_id) == run.id))
    session.delete(run)
    session.flush()


def remove_old(session: Session, folder: Path, now: datetime) -> int:
    """Forget the imports that nobody touched for KEPT; how many these were."""
    old = session.exec(
        select(ImportRun).where(
            col(ImportRun.changed_at) < now - KEPT, col(ImportRun.state).not_in(WORKING)
        )
    ).all()
    for run in old:
        remove(session, folder, run)
    _remove_strays(session, folder, now - KEPT)
    return len(old)


def _remove_strays(session: Session, folder: Path, before: datetime) -> None:
    """Remove the folders of uploads that never came into the database."""
    known = set(session.exec(select(ImportRun.folder)))
    for place in folder.iterdir() if folder.is_dir() else ():
        if place.name not in known and place.stat().st_mtime < before.timestamp():
            shutil.rmtree(place, ignore_errors=True)
