"""Texts out to a translator's own tool, and back: XLIFF 1.2 and CSV."""

from enum import StrEnum
from typing import Annotated

from fastapi import File, Query, Response, UploadFile
from pydantic import BaseModel, Field

from catalog.translation.exchange import BadExchange, from_csv, from_xliff, to_csv, to_xliff
from jobs.reviewing import Reviewing, Standing, Verdict, to_review
from jobs.texts import register
from trade_ma.api.access import DbSession
from trade_ma.api.problems import invalid
from trade_ma.api.recording import Recorder
from trade_ma.api.routers.texts import Language, Name, Reader, judge, wanted_texts
from trade_ma.api.subject import subject

router = subject("texts")
XLIFF, CSV = "application/xliff+xml", "text/csv"


class Exchange(StrEnum):
    """A file's format."""

    XLIFF = "xliff"
    CSV = "csv"


class VerdictShown(BaseModel):
    """What became of one text of the file, and why."""

    place: str = Field(examples=["line 2"])
    verdict: Verdict
    why: str


class TakenBack(BaseModel):
    """What became of each text, but for those that nobody touched."""

    items: list[VerdictShown]
    unchanged: int
    dry_run: bool


@router.get(
    "/export",
    summary="Texts as a file for a translator's tool",
    response_class=Response,
    responses={200: {"description": "The file.", "content": {XLIFF: {}, CSV: {}}}},
)
def export_texts(
    session: DbSession,
    principal: Reader,
    form: Annotated[Exchange, Query(alias="format")] = Exchange.XLIFF,
    language: Annotated[list[Language] | None, Query(max_length=40)] = None,
    state: Annotated[list[Standing] | None, Query(max_length=5)] = None,
    product: Name = None,
    maker: Name = None,
) -> Response:
    """What nobody has looked at yet, or what is asked for; with the problems as notes."""
    register(session)
    wanted = wanted_texts(session, principal, language or (), state or (), product, maker)
    units = to_review(session, wanted)
    is_csv = form is Exchange.CSV
    name = "texts.csv" if is_csv else "texts.xlf"
    return Response(
        to_csv(units) if is_csv else to_xliff(units),
        media_type=f"{CSV}; charset=utf-8" if is_csv else XLIFF,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post("/import", summary="Take back what a translator did")
def import_texts(
    session: DbSession,
    principal: Reader,
    record: Recorder,
    file: Annotated[UploadFile, File(description="As it came back: .xlf, .xliff or .csv.")],
    accept_anyway: Annotated[bool, Query(description="Also what fails a check.")] = False,
    dry_run: bool = False,
) -> TakenBack:
    """Each text is taken or refused by itself: see the verdicts."""
    told = taken_back(session, principal, file, accept_anyway=accept_anyway)
    changed = [one for one in told if one.verdict is not Verdict.UNCHANGED]
    answer = TakenBack(
        items=[VerdictShown(place=o.place, verdict=o.verdict, why=o.why) for o in changed],
        unchanged=len(told) - len(changed),
        dry_run=dry_run,
    )
    if dry_run:
        session.rollback()
    else:
        record("text.import", f"file:{(file.filename or '')[:80]}", after=answer)
    return answer


def taken_back(
    session: DbSession, principal: Reader, file: UploadFile, *, accept_anyway: bool = False
) -> list[Reviewing]:
    """What became of each text of the file.

    Raises:
        Problem: 422 where it is none of ours.
    """
    read = from_csv if (file.filename or "").lower().endswith(".csv") else from_xliff
    try:
        back = read(file.file.read())
    except BadExchange as error:
        raise invalid("body.file", str(error)) from error
    return judge(session, principal, back, accept_anyway=accept_anyway)
