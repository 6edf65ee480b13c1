"""Comparisons of channels with their marketplaces, and what they found."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import BackgroundTasks, Depends, Query, Response
from pydantic import BaseModel, Field
from sqlmodel import Session, col, select

from jobs import channels, reconcile_book
from jobs.drift_models import Answer, Difference, DifferenceKind, ReconcileReport
from jobs.models import Channel
from jobs.reconcile import DAYS, reconcile
from jobs.reconcile_report import Found, Reconciled
from trade_ma.api.access import DbSession, Installation, require
from trade_ma.api.paging import Page, Paging, page, paging
from trade_ma.api.problems import not_found
from trade_ma.api.recording import Recorder
from trade_ma.api.subject import Id, Text, subject
from trade_ma.identity.permissions import Permission
from trade_ma.workshop import workshop_of

router = subject("reconcile")
RUN = [require(Permission.RECONCILE_RUN)]


class Comparison(BaseModel):
    """Which channel to compare, and the orders of how many days."""

    channel: Annotated[Text, Field(max_length=60, examples=["etsy"])]
    days: Annotated[int, Field(ge=1, le=365)] = DAYS
    dry_run: bool = False


class DifferenceShown(BaseModel):
    """One thing that differed, and what was done about it."""

    kind: DifferenceKind
    subject: str = Field(description="A SKU, a listing's key or an order's number.")
    ours: str
    theirs: str
    answer: Answer


class ReportShown(BaseModel):
    """A comparison. Null in `finished_at`: at work, or it met trouble."""

    id: int
    channel: str
    started_at: datetime
    finished_at: datetime | None
    counts: dict[str, int]
    answers: dict[Answer, int] = Field(description="Differences by what was done about them.")


class Compared(BaseModel):
    """A comparison that began; with `dry_run` all that it would find and do."""

    channel: str
    dry_run: bool
    trouble: str | None = None
    counts: dict[str, int] = {}
    differences: list[DifferenceShown] = []


class Differences(BaseModel):
    """Differences as they were found; `next` is the `after` of those that follow."""

    items: list[DifferenceShown]
    next: int | None = None


def report_page(session: Session, asked: Paging, channel: str | None = None) -> Page[ReportShown]:
    """A page of reports, the latest first."""
    statement = select(ReconcileReport)
    if channel is not None:
        statement = statement.join(Channel).where(Channel.code == channel)
    key = col(ReconcileReport.id)
    found = page(session, statement, asked, {"-id": key}, key, lambda row: row)
    return Page(items=_reports(session, found.items), next=found.next)


def _reports(session: Session, rows: list[ReconcileReport]) -> list[ReportShown]:
    codes = dict(session.exec(select(Channel.id, Channel.code)).all())
    answers = reconcile_book.answers(session, rows)
    return [
        ReportShown(
            id=row.id or 0,
            channel=codes[row.channel_id],
            started_at=row.started_at,
            finished_at=row.finished_at,
            counts=row.counts,
            answers=dict(answers[row.id or 0]),
        )
        for row in rows
    ]


def report_of(session: Session, report_id: int) -> ReportShown:
    """A report.

    Raises:
        Problem: 404 where there is none.
    """
    row = session.get(ReconcileReport, report_id)
    if row is None:
        raise not_found(f"There is no report {report_id}.")
    return _reports(session, [row])[0]


def channel_to_compare(session: Session, code: str) -> Channel:
    """The channel of that code, with nothing of the database left open.

    Raises:
        Problem: 404 where there is none.
    """
    try:
        [channel] = channels.find(session, [code])
    except LookupError as error:
        raise not_found(str(error)) from error
    session.expunge_all()
    session.rollback()
    return channel


def shown(one: Difference | Found) -> DifferenceShown:
    """A difference as it is told."""
    return DifferenceShown.model_validate(one, from_attributes=True)


@router.post("", status_code=202, dependencies=RUN, summary="Compare a channel")
def start(
    body: Comparison,
    session: DbSession,
    installation: Installation,
    tasks: BackgroundTasks,
    response: Response,
    record: Recorder,
) -> Compared:
    """Compare a channel with its marketplace, and settle what differs.

    The newest report tells how far it is. A dry run changes nothing, and takes as long as the
    marketplace's bulk reads; its answer has all that differs.
    """
    channel = channel_to_compare(session, body.channel)
    shop = workshop_of(installation)
    if body.dry_run:
        response.status_code = 200
        return rehearsed(reconcile(shop, channel, days=body.days, dry_run=True))
    record("reconcile.start", f"channel:{channel.code}")
    tasks.add_task(reconcile, shop, channel, days=body.days)
    return Compared(channel=channel.code, dry_run=False)


def rehearsed(result: Reconciled) -> Compared:
    """What a dry run found."""
    return Compared(
        channel=result.channel,
        dry_run=True,
        trouble=result.trouble,
        counts=dict(result.counts),
        differences=[shown(one) for one in result.found],
    )


@router.get("", dependencies=RUN, summary="Reports of comparisons")
def list_reports(
    session: DbSession,
    asked: Annotated[Paging, Depends(paging)],
    channel: Annotated[Text | None, Query(max_length=60)] = None,
) -> Page[ReportShown]:
    """Every comparison, the latest first."""
    return report_page(session, asked, channel)


@router.get("/{report_id}", dependencies=RUN, summary="One report")
def read_report(report_id: Id, session: DbSession) -> ReportShown:
    """What a comparison compared, and how many differences had which answer."""
    return report_of(session, report_id)


@router.get("/{report_id}/differences", dependencies=RUN, summary="What differed")
def list_differences(
    report_id: Id,
    session: DbSession,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> Differences:
    """All that differed, as it was found, with what was done about it."""
    report_of(session, report_id)
    rows = reconcile_book.differences(session, report_id, limit + 1, after)
    items: list[Any] = [shown(one) for one in rows[:limit]]
    return Differences(items=items, next=rows[limit - 1].id if len(rows) > limit else None)
