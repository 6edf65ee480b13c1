"""The import wizard: a file and photos, what was understood, what is wrong, and the catalog."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import BackgroundTasks, Form, UploadFile
from pydantic import Field
from sqlalchemy import or_
from sqlmodel import Session, col, func, select
from starlette.responses import Response, StreamingResponse

from catalog.importing.headers import field_names
from catalog.importing.tables import Unreadable
from catalog.importing.understanding import Understanding
from catalog.models import Maker
from catalog.refusals import Refused
from jobs.editing import maker_named
from jobs.import_archives import UploadRefused
from jobs.import_models import WORKING, ImportPhoto, ImportRow, ImportRun, ImportState, Standing
from jobs.import_progress import doing
from jobs.import_runs import imports_of, remove, settle
from jobs.import_uploads import add_photos, receive
from trade_ma.api.import_shapes import failure_of, photo_shown, row_shown
from trade_ma.api.paging import Page, Paging, page
from trade_ma.api.problems import conflict
from trade_ma.api.routers.imports import (
    Work,
    begin_apply,
    begin_check,
    changeable,
    maker_for,
    own_import,
    remap,
    sent,
    streamed,
    understood,
)
from trade_ma.api.subject import Id
from trade_ma.console.headers import HEADERS
from trade_ma.console.import_words import FIELDS, STANDINGS, STATES
from trade_ma.console.languages import marked
from trade_ma.console.recording import record
from trade_ma.console.rendering import environment
from trade_ma.console.streams import event
from trade_ma.console.tables import Column, Query, Table
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission
from trade_ma.import_work import ImportWork

router = page_router()
Importer = Annotated[Visit, allowed(Permission.IMPORT_RUN)]
MakerId = Annotated[int, Field(ge=1, le=2**31 - 1)]
LIST, ONE = "imports/imports.html", "imports/import.html"
# Of a page: imports, rows of a report, photos.
IMPORTS, ROWS, PHOTOS = 20, 30, 60

# Which rows of a report are shown.
VIEWS: Mapping[str, str] = {
    "refused": marked("Refused rows"),
    "remarks": marked("Rows with a remark"),
    "all": marked("All rows"),
}
NO_FILE = marked("Choose the file of your products first.")


@router.get("/imports")
def imports(visit: Importer, after: str = "") -> Response:
    """The way in for a file, and the imports so far."""
    return visit.page(LIST, errors={}, **_list(visit, after))


def _list(visit: Visit, after: str = "") -> dict[str, Any]:
    session, own = visit.session, visit.principal.maker_id
    key = col(ImportRun.id)

    def shown(run: ImportRun) -> Mapping[str, Any]:
        settle(session, visit.installation.locks, run)
        return {"run": run, "state": STATES[run.state], "file": run.file_name, "at": run.created_at}

    found: Page[Any] = page(
        session, imports_of(own), Paging(IMPORTS, after or None, None), {"-id": key}, key, shown
    )
    columns = (
        Column("file", visit.say("File")),
        Column("state", visit.say("State")),
        Column("at", visit.say("Sent")),
    )
    table = Table(
        visit.say("Your imports"),
        columns,
        found.items,
        Query("/imports", {}, after=after),
        next=found.next,
    )
    makers = session.exec(select(Maker).order_by(Maker.name)).all() if own is None else []
    told = [(str(one.id), one.name) for one in makers]
    return {"table": table, "makers": told, "names_makers": own is None}


@router.post("/imports")
def send(
    visit: Importer,
    work: Work,
    file: UploadFile | None = None,
    photos: list[UploadFile] | None = None,
    maker_id: Annotated[MakerId | Literal[""], Form()] = "",
    maker_name: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """A new import; on to how its columns are understood."""
    if file is None or not file.filename:
        return visit.refused(LIST, {"file": visit.say(NO_FILE)}, **_list(visit))
    maker = maker_for(visit.session, visit.principal, maker_id or None)
    name = maker_name.replace("\0", "").strip()
    if name and visit.principal.maker_id is None:
        try:
            maker = _maker_named(visit, name)
        except Refused:
            said = {"maker_name": visit.say("Write the name in letters.")}
            return visit.refused(LIST, said, **_list(visit))
    [table] = sent([file])
    try:
        run = receive(
            visit.session,
            work.room.folder,
            table,
            maker_id=maker,
            asked_by=visit.principal.reference,
        )
        add_photos(visit.session, work.room.folder, run, sent(photos))
    except UploadRefused as error:
        field = "file" if "table" in error.reason or "empty" in error.reason else "photos"
        told = {field: error.sentence(visit.language.code)}
        return visit.refused(LIST, told, **_list(visit))
    record(visit, "import.upload", f"import:{run.id or 0}")
    return visit.to(f"/imports/{run.id}")


def _maker_named(visit: Visit, name: str) -> int | None:
    maker, is_new = maker_named(visit.session, name)
    if is_new:
        after = {"name": maker.name, "is_cooperative": maker.is_cooperative}
        record(visit, "maker.create", f"maker:{maker.slug}", after=after)
    return maker.id


@router.get("/imports/{import_id}")
def one_import(
    visit: Importer, work: Work, import_id: Id, show: str = "", after: str = ""
) -> Response:
    """An import, at the step where it is."""
    run = own_import(visit.session, visit.installation, visit.principal, import_id)
    return visit.page(ONE, errors={}, **_import(visit, work, run, show, after))


def _import(
    visit: Visit, work: ImportWork, run: ImportRun, show: str = "", after: str = ""
) -> dict[str, Any]:
    language = visit.language.code
    read, unreadable = _understood(visit.session, work, run)
    photos = visit.session.exec(
        select(ImportPhoto)
        .where(ImportPhoto.import_id == run.id)
        .order_by(col(ImportPhoto.row).is_(None), col(ImportPhoto.id))
        .limit(PHOTOS)
    )
    show = show or ("refused" if run.totals.get("rejected") else "remarks")
    rows = _rows(visit.session, run, Paging(ROWS, after or None, None), language, show)
    return {
        "run": run,
        "state": STATES[run.state],
        "busy": run.state in WORKING,
        "doing": doing(work.room.folder / run.folder),
        "failure": failure_of(run, language),
        "read": read,
        "unreadable": unreadable,
        "by_web": read is not None and _names_addresses(read),
        "fields": [(name, visit.say(FIELDS[name])) for name in field_names()],
        "rows": rows,
        "show": show,
        "views": [(name, visit.say(label)) for name, label in VIEWS.items()],
        "standings": STANDINGS,
        "photos": [photo_shown(one, language) for one in photos],
        "photo_count": _count(visit.session, run),
        "pages": visit.request.app.state.first_pages,
        "told": run.state in {ImportState.CHECKED, ImportState.APPLIED},
    }


def _understood(
    session: Session, work: ImportWork, run: ImportRun
) -> tuple[Understanding | None, Unreadable | None]:
    try:
        return understood(session, work, run), None
    except Unreadable as unreadable:
        return None, unreadable


def _names_addresses(read: Understanding) -> bool:
    shown = (one for one in read.columns if one.field in {"photos", "variant_photo"})
    return any(sample.startswith("https://") for one in shown for sample in one.samples)


def _rows(session: Session, run: ImportRun, asked: Paging, language: str, show: str) -> Page[Any]:
    statement = select(ImportRow).where(ImportRow.import_id == run.id)
    refused = col(ImportRow.standing) == Standing.REFUSED
    match show:
        case "refused":
            statement = statement.where(refused)
        case "remarks":
            statement = statement.where(or_(refused, col(ImportRow.warned)))
    key = col(ImportRow.number)
    return page(session, statement, asked, {"row": key}, key, lambda one: row_shown(one, language))


def _count(session: Session, run: ImportRun) -> int:
    counted = select(func.count()).where(ImportPhoto.import_id == run.id)
    return session.exec(counted).one()


@router.post("/imports/{import_id}/photos")
def send_photos(
    visit: Importer, work: Work, import_id: Id, photos: list[UploadFile] | None = None
) -> Response:
    """More photos; the file has to be checked again."""
    run = changeable(visit.session, visit.installation, visit.principal, import_id)
    try:
        kept = add_photos(visit.session, work.room.folder, run, sent(photos))
    except UploadRefused as error:
        told = {"photos": error.sentence(visit.language.code)}
        visit.session.rollback()
        return visit.refused(ONE, told, **_import(visit, work, run))
    record(visit, "import.photos", f"import:{import_id}")
    message = visit.counted("%(count)s photo came in.", "%(count)s photos came in.", len(kept))
    return visit.to(f"/imports/{import_id}", message)


@router.post("/imports/{import_id}/check")
def check(
    visit: Importer,
    work: Work,
    later: BackgroundTasks,
    import_id: Id,
    letters: Annotated[list[str] | None, Form()] = None,
    field: Annotated[list[str] | None, Form()] = None,
    fetch: Annotated[str, Form()] = "",
) -> Response:
    """Keep what was corrected of the columns, and check the file."""
    work.slot()
    run = own_import(visit.session, visit.installation, visit.principal, import_id)
    if letters and field and (corrected := _corrected(visit, work, run, letters, field)):
        run = changeable(visit.session, visit.installation, visit.principal, import_id)
        remap(run, corrected)
        visit.session.add(run)
        record(visit, "import.columns", f"import:{import_id}")
    begin_check(
        visit.session,
        visit.installation,
        visit.principal,
        work,
        later,
        import_id,
        fetch=bool(fetch),
    )
    record(visit, "import.check", f"import:{import_id}")
    return visit.to(f"/imports/{import_id}")


def _corrected(
    visit: Visit, work: ImportWork, run: ImportRun, letters: Sequence[str], fields: Sequence[str]
) -> dict[str, str]:
    """The headers that the visitor reads otherwise than we do."""
    read, _ = _understood(visit.session, work, run)
    wanted = dict(zip(letters, fields, strict=False))
    known = {"", *field_names()}
    return {
        one.title: wanted[one.letters]
        for one in (read.columns if read else ())
        if one.title and wanted.get(one.letters, "?") in known - {one.field or ""}
    }


@router.post("/imports/{import_id}/apply")
def apply(visit: Importer, work: Work, later: BackgroundTasks, import_id: Id) -> Response:
    """Take the good rows into the catalog; asked twice, it is done once."""
    begin_apply(
        visit.session,
        visit.installation,
        visit.principal,
        work,
        later,
        import_id,
        visit.request.state.request_id,
    )
    return visit.to(f"/imports/{import_id}")


@router.post("/imports/{import_id}/remove")
def forget(visit: Importer, work: Work, import_id: Id) -> Response:
    """Remove the import and its files; what it brought into the catalog stays."""
    run = own_import(visit.session, visit.installation, visit.principal, import_id)
    if run.state in WORKING:
        raise conflict("import-state", f"The import is {run.state}: it cannot be removed now.")
    record(visit, "import.remove", f"import:{import_id}")
    remove(visit.session, work.room.folder, run)
    return visit.to("/imports", visit.say("The import was removed."))


@router.get("/imports/{import_id}/progress")
def progress(visit: Importer, work: Work, import_id: Id) -> Response:
    """The bar of an import at work; once it is done, the page is loaded again."""
    run = own_import(visit.session, visit.installation, visit.principal, import_id)
    if run.state not in WORKING:
        return Response(headers={"HX-Refresh": "true"})
    return Response(_bar(visit, work, run), media_type="text/html", headers=HEADERS)


@router.get("/imports/{import_id}/events")
def events(visit: Importer, work: Work, import_id: Id) -> StreamingResponse:
    """The same as server-sent events, until nobody is at work on it."""
    own_import(visit.session, visit.installation, visit.principal, import_id)

    def drawn(_: Session, run: ImportRun) -> bytes:
        return event("progress", _bar(visit, work, run))

    return streamed(work.followed(import_id, drawn))


def _bar(visit: Visit, work: ImportWork, run: ImportRun) -> str:
    template = environment(visit.language.code).get_template("imports/bar.html")
    return template.render(doing=doing(work.room.folder / run.folder))
