"""Imports: a maker's file and photos, from the upload to the catalog."""

from collections.abc import AsyncIterator, Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import BackgroundTasks, Depends, Form, Request, Response, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlmodel import Session, col, select

from catalog.importing.headers import field_names
from catalog.importing.tables import Unreadable
from catalog.importing.understanding import Understanding, understand
from catalog.models import Maker
from jobs.import_archives import UploadRefused
from jobs.import_models import WORKING, ImportPhoto, ImportRow, ImportRun, ImportState, Standing
from jobs.import_runs import (
    TO_APPLY,
    TO_CHECK,
    Task,
    claim,
    find_import,
    imports_of,
    mapping_of,
    remove,
    settle,
)
from jobs.import_uploads import TABLE, Sent, add_photos, receive
from trade_ma.api.access import DbSession, Installation, require
from trade_ma.api.conditions import IfMatch, locked, must_match, tagged
from trade_ma.api.event_streams import progress_of
from trade_ma.api.exports import FILES, Format
from trade_ma.api.import_files import sent_back
from trade_ma.api.import_shapes import (
    ColumnsChange,
    ColumnShown,
    ColumnsShown,
    ImportShown,
    Language,
    PhotoShown,
    RowShown,
    language_of,
    photo_shown,
    row_shown,
    shown,
)
from trade_ma.api.paging import Page, Paging, page, paging
from trade_ma.api.problems import Problem, conflict, invalid, not_found
from trade_ma.api.recording import Recorder
from trade_ma.api.subject import Id, subject
from trade_ma.console.streams import event
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import Principal
from trade_ma.import_work import Asking, ImportWork
from trade_ma.installation import App

router = subject("imports")
Importer = Annotated[Principal, require(Permission.IMPORT_RUN)]


def work_of(request: Request) -> ImportWork:
    """The imports that this process has in hand."""
    work: ImportWork = request.app.state.imports
    return work


Work = Annotated[ImportWork, Depends(work_of)]


def own_import(session: Session, app: App, principal: Principal, import_id: int) -> ImportRun:
    """An import of the principal's; one that was interrupted says so.

    Raises:
        Problem: 404 where there is none, or it is another maker's.
    """
    run = find_import(session, import_id, principal.maker_id)
    if run is None:
        raise not_found(f"There is no import {import_id}.")
    settle(session, app.locks, run)
    return run


def changeable(session: Session, app: App, principal: Principal, import_id: int) -> ImportRun:
    """An import that may still be changed, which nobody else changes until this request is done.

    Raises:
        Problem: 404 as own_import; 409 while it is at work, and once it is applied.
    """
    run = own_import(session, app, principal, import_id)
    if run.state in WORKING or run.state is ImportState.APPLIED:
        raise conflict("import-state", f"The import is {run.state}: it cannot be changed now.")
    return locked(session, ImportRun, import_id, "import")


def refused(error: UploadRefused) -> Problem:
    """What is not taken in, as a problem: 413 for too much, 422 for the rest."""
    told = error.sentence("en")
    if "large" in error.reason or "many" in error.reason:
        return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", told)
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, error.reason.replace(".", "-"), told)


def sent(files: Sequence[UploadFile] | None) -> list[Sent]:
    """What a form has sent, each as its name and its bytes."""
    return [(file.filename or "", file.file) for file in files or ()]


def maker_for(session: Session, principal: Principal, maker_id: int | None) -> int | None:
    """Whose an import of the principal's is: a maker's own, whatever they ask for.

    Raises:
        Problem: 422 for a maker that is not there.
    """
    if principal.maker_id is not None:
        if maker_id not in {None, principal.maker_id}:
            raise invalid("body.maker_id", "there is no such maker")
        return principal.maker_id
    if maker_id is not None and session.get(Maker, maker_id) is None:
        raise invalid("body.maker_id", "there is no such maker")
    return maker_id


def understood(session: Session, work: ImportWork, run: ImportRun) -> Understanding:
    """How the columns of an import are read.

    Raises:
        Unreadable: it is no table.
    """
    return understand(work.room.folder / run.folder / TABLE, mapping_of(session, run))


def remap(run: ImportRun, mapping: dict[str, str]) -> None:
    """Read these headers as these fields from now on; the import has to be checked again."""
    run.mapping = {**run.mapping, **mapping}
    run.state = ImportState.UPLOADED


@router.get("", summary="Every import")
def list_imports(
    session: DbSession,
    app: Installation,
    principal: Importer,
    work: Work,
    asked: Annotated[Paging, Depends(paging)],
) -> Page[ImportShown]:
    """Imports, the latest first; a maker's own alone."""
    key = col(ImportRun.id)

    def settled(run: ImportRun) -> ImportShown:
        settle(session, app.locks, run)
        return shown(run, work.room.folder, principal.locale)

    return page(session, imports_of(principal.maker_id), asked, {"-id": key}, key, settled)


@router.post("", status_code=201, summary="Send a file")
def upload(
    session: DbSession,
    principal: Importer,
    work: Work,
    record: Recorder,
    response: Response,
    file: UploadFile,
    photos: list[UploadFile] | None = None,
    maker_id: Annotated[int | None, Form(ge=1, le=2**31 - 1)] = None,
) -> ImportShown:
    """A CSV or XLSX file of 32 MB at most, and photos or zip archives of them.

    Without a maker the file's own column says whose the products are. Nothing is read yet: see
    how its columns are understood, then check it.
    """
    maker = maker_for(session, principal, maker_id)
    [table] = sent([file])
    try:
        run = receive(
            session, work.room.folder, table, maker_id=maker, asked_by=principal.reference
        )
        add_photos(session, work.room.folder, run, sent(photos))
    except UploadRefused as error:
        raise refused(error) from error
    after = shown(run, work.room.folder, principal.locale)
    record("import.upload", f"import:{run.id}", after=after)
    tagged(response, after)
    return after


@router.get("/{import_id}", summary="One import")
def read_import(
    import_id: Id,
    session: DbSession,
    app: Installation,
    principal: Importer,
    work: Work,
    response: Response,
) -> ImportShown:
    """How far it is, and its totals once it was checked."""
    run = own_import(session, app, principal, import_id)
    found = shown(run, work.room.folder, principal.locale)
    tagged(response, found)
    return found


@router.delete("/{import_id}", status_code=204, summary="Forget an import")
def remove_import(
    import_id: Id,
    session: DbSession,
    app: Installation,
    principal: Importer,
    work: Work,
    record: Recorder,
) -> None:
    """Its files and its report are gone; what it brought into the catalog stays."""
    run = own_import(session, app, principal, import_id)
    if run.state in WORKING:
        raise conflict("import-state", f"The import is {run.state}: it cannot be removed now.")
    record("import.remove", f"import:{import_id}", before=shown(run, work.room.folder, "en"))
    remove(session, work.room.folder, run)


@router.post("/{import_id}/photos", summary="Send photos")
def send_photos(
    import_id: Id,
    session: DbSession,
    app: Installation,
    principal: Importer,
    work: Work,
    record: Recorder,
    photos: list[UploadFile],
) -> list[PhotoShown]:
    """Photos, or zip archives of them: 2,000 and 1 GB at most for an import.

    They are found by the names that the file gives them, in any case and without folders. One of
    a name that is there takes its place. The import has to be checked again.
    """
    run = changeable(session, app, principal, import_id)
    try:
        kept = add_photos(session, work.room.folder, run, sent(photos))
    except UploadRefused as error:
        raise refused(error) from error
    record("import.photos", f"import:{import_id}")
    return [photo_shown(one, principal.locale) for one in kept]


@router.get("/{import_id}/photos", summary="The photos of an import")
def list_photos(
    import_id: Id,
    session: DbSession,
    app: Installation,
    principal: Importer,
    asked: Annotated[Paging, Depends(paging)],
    language: Language | None = None,
) -> Page[PhotoShown]:
    """Which row names each, and what would make it sell better."""
    run = own_import(session, app, principal, import_id)
    told = language_of(language, principal.locale)
    statement = select(ImportPhoto).where(ImportPhoto.import_id == run.id)
    key = col(ImportPhoto.id)
    return page(session, statement, asked, {"id": key}, key, lambda one: photo_shown(one, told))


@router.get("/{import_id}/columns", summary="How the columns are understood")
def read_columns(
    import_id: Id,
    session: DbSession,
    app: Installation,
    principal: Importer,
    work: Work,
    response: Response,
) -> ColumnsShown:
    """Each column with some of its values, and the field that it is read as."""
    run = own_import(session, app, principal, import_id)
    found = _columns(session, work, run)
    tagged(response, found)
    return found


def _columns(session: Session, work: ImportWork, run: ImportRun) -> ColumnsShown:
    try:
        found = understood(session, work, run)
    except Unreadable as unreadable:
        raise conflict("unreadable-file", unreadable.sentence("en")) from unreadable
    columns = [
        ColumnShown(
            letters=one.letters, title=one.title, field=one.field, samples=list(one.samples)
        )
        for one in found.columns
    ]
    return ColumnsShown(header_found=found.known, columns=columns, fields=list(field_names()))


@router.put("/{import_id}/columns", summary="Correct how columns are understood")
def change_columns(
    import_id: Id,
    body: ColumnsChange,
    session: DbSession,
    app: Installation,
    principal: Importer,
    work: Work,
    record: Recorder,
    response: Response,
    if_match: IfMatch = None,
) -> ColumnsShown:
    """Read these headers otherwise; kept with the maker once the import is applied.

    The import has to be checked again.
    """
    run = changeable(session, app, principal, import_id)
    must_match(if_match, before := _columns(session, work, run))
    for header, name in body.mapping.items():
        if name not in {"", *field_names()}:
            raise invalid(f"body.mapping.{header[:80]}", "there is no such field")
    remap(run, body.mapping)
    session.add(run)
    session.flush()
    after = _columns(session, work, run)
    record("import.columns", f"import:{import_id}", before=before, after=after)
    tagged(response, after)
    return after


class CheckAsked(BaseModel):
    """How an import is to be checked."""

    fetch: bool = Field(
        default=False, description="Fetch photos that the file names by public https addresses."
    )


@router.post("/{import_id}/check", status_code=202, summary="Check an import")
def check(
    import_id: Id,
    session: DbSession,
    app: Installation,
    principal: Importer,
    work: Work,
    record: Recorder,
    later: BackgroundTasks,
    body: CheckAsked | None = None,
) -> ImportShown:
    """Rehearse it: every row is read and judged, and nothing is changed. Follow its state."""
    run = begin_check(
        session, app, principal, work, later, import_id, fetch=bool(body and body.fetch)
    )
    record("import.check", f"import:{import_id}")
    return shown(run, work.room.folder, principal.locale)


def begin_check(
    session: Session,
    app: App,
    principal: Principal,
    work: ImportWork,
    later: BackgroundTasks,
    import_id: int,
    *,
    fetch: bool,
) -> ImportRun:
    """Claim the check of an import; it begins once the request is committed.

    Raises:
        Problem: 404 as own_import; 409 where it is applied or being so.
    """
    slot = work.slot()
    run = own_import(session, app, principal, import_id)
    if run.state is ImportState.CHECKING:
        return run
    task = Task(import_id, ImportState.CHECKING, slot)
    if not claim(session, task, TO_CHECK):
        raise conflict("import-state", f"The import is {run.state}: it cannot be checked now.")
    run.fetch = fetch
    session.add(run)
    session.flush()
    later.add_task(work.check, task)
    return run


@router.post("/{import_id}/apply", status_code=202, summary="Take an import into the catalog")
def apply(
    import_id: Id,
    session: DbSession,
    app: Installation,
    principal: Importer,
    work: Work,
    request: Request,
    later: BackgroundTasks,
) -> ImportShown:
    """Its good rows, in one transaction. Asked twice, it is done once: follow its state."""
    run = begin_apply(session, app, principal, work, later, import_id, request.state.request_id)
    return shown(run, work.room.folder, principal.locale)


def begin_apply(
    session: Session,
    app: App,
    principal: Principal,
    work: ImportWork,
    later: BackgroundTasks,
    import_id: int,
    request_id: str,
) -> ImportRun:
    """Claim an import to apply it; where it is applied or being so, it is left as it is.

    Raises:
        Problem: 404 as own_import; 409 where it was not checked as it is now.
    """
    slot = work.slot()
    run = own_import(session, app, principal, import_id)
    task = Task(import_id, ImportState.APPLYING, slot)
    if claim(session, task, TO_APPLY):
        later.add_task(work.apply, task, Asking(principal, request_id))
    elif run.state not in {ImportState.APPLYING, ImportState.APPLIED}:
        raise conflict("import-state", "Check the import first, then apply it.")
    return run


@router.get("/{import_id}/rows", summary="The report, row by row")
def list_rows(
    import_id: Id,
    session: DbSession,
    app: Installation,
    principal: Importer,
    asked: Annotated[Paging, Depends(paging)],
    standing: Standing | None = None,
    warned: bool | None = None,
    language: Language | None = None,
) -> Page[RowShown]:
    """What becomes, or became, of each row, with what is wrong in words."""
    run = own_import(session, app, principal, import_id)
    told = language_of(language, principal.locale)
    statement = select(ImportRow).where(ImportRow.import_id == run.id)
    if standing is not None:
        statement = statement.where(ImportRow.standing == standing)
    if warned is not None:
        statement = statement.where(col(ImportRow.warned).is_(warned))
    key = col(ImportRow.number)
    return page(session, statement, asked, {"row": key}, key, lambda one: row_shown(one, told))


@router.get("/{import_id}/file", responses=FILES, summary="The file back, with its errors")
def file_back(
    import_id: Id,
    session: DbSession,
    app: Installation,
    principal: Importer,
    work: Work,
    format: Format = Format.XLSX,  # noqa: A002 - the name that the query has everywhere
    language: Language | None = None,
) -> StreamingResponse:
    """The rows and columns as they were sent, and behind them one that says what is wrong."""
    run = own_import(session, app, principal, import_id)
    told = language_of(language, principal.locale)
    return sent_back(session, app, work.room.folder, run, format, told)


@router.get("/{import_id}/events", responses=progress_of("the import"), summary="Follow an import")
def follow(
    import_id: Id, session: DbSession, app: Installation, principal: Importer, work: Work
) -> StreamingResponse:
    """Server-sent events for ten minutes at most, until nobody is at work on it."""
    own_import(session, app, principal, import_id)

    def drawn(_: Session, run: ImportRun) -> bytes:
        told = shown(run, work.room.folder, principal.locale)
        return event("progress", told.model_dump_json())

    return streamed(work.followed(import_id, drawn))


def streamed(pieces: AsyncIterator[bytes]) -> StreamingResponse:
    """Server-sent events, the last one named done."""

    async def all_of_them() -> AsyncIterator[bytes]:
        async for piece in pieces:
            yield piece
        yield event("done")

    return StreamingResponse(all_of_them(), media_type="text/event-stream")
