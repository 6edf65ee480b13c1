"""Texts in other languages, for people to read: accepted, corrected or rejected."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response
from pydantic import BaseModel, Field
from sqlmodel import Session, col, select

from catalog.models import Maker
from catalog.translation.exchange import Returned, returned
from catalog.translation.models import Segment, TextField, TextState
from jobs import reading
from jobs.channels import find as channels_of
from jobs.reading import Help
from jobs.reading import Text as Reading
from jobs.reviewing import OTHERS, Reviewing, Standing, Verdict, Wanted, take
from jobs.texts import register_latest
from jobs.translating import work_for
from trade_ma.api.access import DbSession, require
from trade_ma.api.bulk import Edited, Edits
from trade_ma.api.conditions import IfMatch
from trade_ma.api.paging import Page, Paging, beginning, page, paging
from trade_ma.api.problems import FieldProblem, Problem, conflict, invalid, not_found
from trade_ma.api.recording import Record, Recorder
from trade_ma.api.subject import Text, subject
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import Principal

router = subject("texts")
Reader = Annotated[Principal, require(Permission.TEXTS_REVIEW)]
# What a person has not looked at yet.
OPEN = (Standing.MISSING, Standing.HELD, Standing.MACHINE)
# Products whose texts are cut anew while somebody waits for a list; the rest follows.
CUT_AT_ONCE = 400
CHANGED = "It has changed since you read it: read it again."
_VERSION = r"^\d{1,9}-[A-Za-z-]+\.\w{12}\.\w{12}$"

TextId = Annotated[str, Path(pattern=r"^\d{1,9}-[A-Za-z-]{2,12}$", examples=["12-en"])]
Version = Annotated[
    str, Field(pattern=_VERSION, examples=["12-en.0a1b2c3d4e5f.5f4e3d2c1b0a"], max_length=60)
]
Language = Annotated[str, Query(max_length=12, pattern=r"^[A-Za-z-]+$")]
Name = Annotated[Text | None, Query(max_length=120)]


class FindingShown(BaseModel):
    """What a check found; one that holds keeps the text from buyers until a person looked."""

    code: str = Field(examples=["number_lost"])
    message: str
    holds: bool


class TextShown(BaseModel):
    """A title or a sentence in a language. `version` names its source and its translation."""

    id: str = Field(examples=["12-en"])
    version: str = Field(description="For If-Match, and for many at once.")
    state: Standing
    source_language: str
    language: str
    source: str
    translation: str
    product: str = Field(description="The code of the first product that says it.")
    title: str
    products: int = Field(description="How many products say it.")
    field: TextField
    shared: bool = Field(description="Another maker says it too: no maker judges it alone.")
    engine: str
    findings: list[FindingShown]
    reviewed_at: datetime | None


class TermShown(BaseModel):
    """A term that must stay, and how it is written in the translation."""

    found: str
    write: str


class SaidShown(BaseModel):
    """What a person said of a text much like it."""

    source: str
    translation: str


class TextRead(TextShown):
    """A text with what helps to judge it."""

    terms: list[TermShown]
    alike: list[SaidShown]


class Acceptance(BaseModel):
    """Accept a text as it stands, or as corrected by `translation`."""

    translation: Annotated[Text | None, Field(max_length=20_000)] = None
    accept_anyway: bool = Field(
        default=False, description="Also where a check fails; that is recorded with it."
    )


class SeenText(BaseModel):
    """A text as it was seen."""

    version: Version


def shown(text: Reading) -> TextShown:
    """A text as it is told."""
    return TextShown(**_fields(text))


def _fields(text: Reading) -> dict[str, Any]:
    unit = text.unit
    return {
        "id": text.name,
        "version": unit.id,
        "state": text.standing,
        "source_language": unit.source_language,
        "language": unit.target_language,
        "source": unit.source,
        "translation": unit.translation,
        "product": text.code,
        "title": unit.product,
        "products": text.products,
        "field": text.field,
        "shared": text.others,
        "engine": text.engine,
        "findings": [FindingShown(**one.to_json()) for one in text.findings],
        "reviewed_at": text.reviewed_at,
    }


def _read(text: Reading, helped: Help) -> TextRead:
    return TextRead(
        **_fields(text),
        terms=[TermShown(found=one.found, write=one.wanted) for one in helped.terms],
        alike=[SaidShown(source=one.source, translation=one.translation) for one in helped.alike],
    )


def wanted_texts(
    session: Session,
    principal: Principal,
    language: Collection[str] = (),
    state: Collection[Standing] = (),
    product: str | None = None,
    maker: str | None = None,
) -> Wanted:
    """What is asked for, of the principal's own maker where they are one's.

    Raises:
        Problem: 404 for a maker who is not there, or is none of theirs.
    """
    maker_id = principal.maker_id
    if maker is not None:
        maker_id = session.exec(select(Maker.id).where(col(Maker.slug) == maker)).first()
        if maker_id is None or not principal.sees(maker_id):
            raise not_found(f"There is no maker {maker}.")
    languages = frozenset(language) or work_for(channels_of(session)).languages
    return Wanted(languages, frozenset(state or OPEN), product, maker_id)


def page_of(
    session: Session, wanted: Wanted, asked: Paging, maker_id: int | None
) -> tuple[list[Reading], str | None]:
    """A page of the texts that are wanted, and the cursor of the next."""
    # Of everybody: what another maker says too is nobody's alone.
    register_latest(session, CUT_AT_ONCE)
    if wanted.product is not None or wanted.maker_id is not None:
        register_latest(session, CUT_AT_ONCE, *wanted.of_products())
    falls, begin = beginning(asked, {"id": col(Segment.id)}, col(Segment.language))
    found = reading.listed(wanted, asked.limit + 1, begin=begin, falls=falls)
    rows: Any = found.rows
    keys: Page[Any] = page(
        session, rows, asked, {"id": found.segment}, found.language, lambda row: row
    )
    texts = reading.read(session, [(row.id, row.language) for row in keys.items], maker_id)
    return texts, keys.next


@router.get("", summary="Texts for a person to read")
def list_texts(
    session: DbSession,
    principal: Reader,
    asked: Annotated[Paging, Depends(paging)],
    language: Annotated[list[Language] | None, Query(max_length=40)] = None,
    state: Annotated[list[Standing] | None, Query(max_length=5)] = None,
    product: Name = None,
    maker: Name = None,
) -> Page[TextShown]:
    """Texts of products on sale; those that nobody has looked at, in the channels' languages."""
    wanted = wanted_texts(session, principal, language or (), state or (), product, maker)
    texts, follows = page_of(session, wanted, asked, principal.maker_id)
    return Page(items=[shown(one) for one in texts], next=follows)


@router.post("/accept", summary="Accept many as they stand")
def accept_many(
    body: Edits[SeenText], session: DbSession, principal: Reader, record: Recorder
) -> Edited[TextShown]:
    """Accept those versions, all or none; one that changed meanwhile or fails a check refuses."""
    asked = [
        returned(str(place), one.version, "", TextState.REVIEWED)
        for place, one in enumerate(body.items)
    ]
    pairs = [(one.segment_id, one.language) for one in asked]
    before = {text.name: text for text in reading.read(session, pairs, principal.maker_id)}
    seen_now = [replace(one, translation=_said(one, before)) for one in asked]
    told = [
        one if body.items[place].version == _version(asked[place], before) else _late(one)
        for place, one in enumerate(judge(session, principal, seen_now))
    ]
    refused = [
        FieldProblem(field=f"body.items.{one.place}", message=one.why)
        for one in told
        if one.verdict in {Verdict.CONFLICT, Verdict.FAILED_CHECKS}
    ]
    if refused:
        why = f"{len(refused)} of {len(told)} are refused: nothing was changed."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "bulk-refused", why, errors=refused)
    session.flush()
    after = reading.read(session, pairs, principal.maker_id)
    for text in after:
        _record(record, "text.accept", before[text.name], text)
    edited: Edited[TextShown] = Edited(items=[shown(one) for one in after], dry_run=body.dry_run)
    if body.dry_run:
        session.rollback()
    return edited


def _said(one: Returned, here: Mapping[str, Reading]) -> str:
    text = here.get(f"{one.segment_id}-{one.language}")
    return text.unit.translation if text else ""


def _version(one: Returned, here: Mapping[str, Reading]) -> str:
    text = here.get(f"{one.segment_id}-{one.language}")
    return text.unit.id if text else ""


def _late(one: Reviewing) -> Reviewing:
    return replace(one, verdict=Verdict.CONFLICT, why=one.why or CHANGED)


@router.get("/{text_id}", summary="One text, with what helps to judge it")
def read_text(
    text_id: TextId, session: DbSession, principal: Reader, response: Response
) -> TextRead:
    """A text with its findings, the terms that must stay and what was said of texts like it."""
    text = found(session, principal, text_id)
    response.headers["ETag"] = f'"{text.unit.id}"'
    return _read(text, reading.aid(session, text, principal.maker_id))


@router.post("/{text_id}/accept", summary="Accept a text, corrected or as it stands")
def accept_text(
    text_id: TextId,
    body: Acceptance,
    session: DbSession,
    principal: Reader,
    record: Recorder,
    response: Response,
    if_match: IfMatch = None,
) -> TextShown:
    """The text is shown to buyers from the next pass on."""
    before = found(session, principal, text_id)
    said = before.unit.translation if body.translation is None else body.translation
    if not said.strip():
        raise invalid("body.translation", "There is no translation yet: send one.")
    asked = seen(before, if_match, said, TextState.REVIEWED)
    [told] = judge(session, principal, [asked], accept_anyway=body.accept_anyway)
    return _judged(session, principal, told, before, record, response)


@router.post("/{text_id}/reject", summary="Say that a text must not be shown")
def reject_text(
    text_id: TextId,
    session: DbSession,
    principal: Reader,
    record: Recorder,
    response: Response,
    if_match: IfMatch = None,
) -> TextShown:
    """The text is kept from buyers until somebody writes a better one."""
    before = found(session, principal, text_id)
    asked = seen(before, if_match, before.unit.translation, TextState.REJECTED)
    [told] = judge(session, principal, [asked])
    return _judged(session, principal, told, before, record, response)


def found(session: Session, principal: Principal, text_id: str) -> Reading:
    """The text of that id.

    Raises:
        Problem: 404 where there is none, or none of the principal's maker's.
    """
    number, _, language = text_id.partition("-")
    text = reading.find(session, int(number), language, principal.maker_id)
    if text is None or int(number) >= 2**31:
        raise not_found(f"There is no text {text_id}.")
    return text


def seen(text: Reading, if_match: str | None, said: str, state: TextState) -> Returned:
    """The verdict of somebody who saw the version in `if_match`.

    Raises:
        Problem: 428 without a version, 412 where the text is another by now.
    """
    if if_match is None:
        told = "Read it first, and send its version in If-Match."
        raise Problem(HTTPStatus.PRECONDITION_REQUIRED, "if-match-needed", told)
    if if_match.strip().strip('"') != text.unit.id:
        raise _changed(CHANGED)
    return returned(text.name, text.unit.id, said, state)


def judge(
    session: Session,
    principal: Principal,
    asked: list[Returned],
    *,
    accept_anyway: bool = False,
) -> list[Reviewing]:
    """The verdicts carried out in this request's transaction, within what is the maker's."""
    now = datetime.now(UTC)
    return take(session, asked, now, accept_anyway=accept_anyway, maker_id=principal.maker_id)


def _judged(
    session: Session,
    principal: Principal,
    told: Reviewing,
    before: Reading,
    record: Record,
    response: Response,
) -> TextShown:
    if told.verdict is Verdict.CONFLICT:
        raise conflict("shared-text", told.why) if told.why == OTHERS else _changed(told.why)
    if told.verdict is Verdict.FAILED_CHECKS:
        raise conflict("failed-checks", told.why)
    session.flush()
    after = found(session, principal, before.name)
    if told.verdict is not Verdict.UNCHANGED:
        action = "text.reject" if told.verdict is Verdict.REJECTED else "text.accept"
        _record(record, action, before, after)
    response.headers["ETag"] = f'"{after.unit.id}"'
    return shown(after)


def _record(record: Record, action: str, before: Reading, after: Reading) -> None:
    record(action, f"text:{before.name}", before=shown(before), after=shown(after))


def _changed(why: str) -> Problem:
    return Problem(HTTPStatus.PRECONDITION_FAILED, "changed-meanwhile", why)
