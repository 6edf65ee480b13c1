"""Comparisons with the marketplaces: begun, rehearsed, and what they found."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import BackgroundTasks, Form
from sqlmodel import select
from starlette.responses import Response

from jobs import reconcile_book
from jobs.drift_models import Answer, DifferenceKind
from jobs.models import Channel
from jobs.reconcile import reconcile
from trade_ma.api.paging import Paging
from trade_ma.api.routers.reconcile import (
    DifferenceShown,
    channel_to_compare,
    rehearsed,
    report_of,
    report_page,
    shown,
)
from trade_ma.console.difference_words import side_told
from trade_ma.console.languages import marked
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.audit import audit
from trade_ma.identity.permissions import Permission
from trade_ma.workshop import workshop_of

router = page_router()
Runner = Annotated[Visit, allowed(Permission.RECONCILE_RUN)]
SHOWN, DIFFERENCES = 20, 200
KINDS: Mapping[DifferenceKind, str] = {
    DifferenceKind.PRICE: marked("Price"),
    DifferenceKind.STOCK: marked("Stock"),
    DifferenceKind.PRESENCE: marked("For sale or not"),
    DifferenceKind.TEXT: marked("Text"),
    DifferenceKind.IMAGES: marked("Pictures"),
    DifferenceKind.UNKNOWN_LISTING: marked("A listing that is not ours"),
    DifferenceKind.MISSING_LISTING: marked("A listing of ours is gone"),
    DifferenceKind.MISSING_ORDER: marked("An order we had not heard of"),
    DifferenceKind.ORDER: marked("An order with other figures"),
    DifferenceKind.LEDGER: marked("Our stock and its movements disagree"),
}
ANSWERS: Mapping[Answer, tuple[str, str]] = {
    Answer.OVERWRITTEN: (marked("ours is sent again"), "good"),
    Answer.ACCEPTED: (marked("theirs was taken over"), "good"),
    Answer.FETCHED: (marked("brought in"), "good"),
    Answer.REPORTED: (marked("left to you"), "warning"),
}


@router.get("/reconcile")
def reports(visit: Runner, after: str = "") -> Response:
    """Every comparison, the latest first, and the form that begins one."""
    found = report_page(visit.session, Paging(SHOWN, after or None, None))
    codes = visit.session.exec(select(Channel.code).order_by(Channel.code)).all()
    return visit.page(
        "reconcile/reports.html",
        reports=found.items,
        next=found.next,
        channels=[(code, code) for code in codes],
        answers=ANSWERS,
    )


@router.post("/reconcile")
def start(
    visit: Runner,
    tasks: BackgroundTasks,
    channel: Annotated[str, Form()] = "",
    rehearsal: Annotated[str, Form()] = "",
) -> Response:
    """Compare a channel; rehearsed, the page of what would be found is the answer."""
    found = channel_to_compare(visit.session, channel)
    shop = workshop_of(visit.installation)
    if rehearsal:
        told = rehearsed(reconcile(shop, found, dry_run=True))
        return visit.page(
            "reconcile/rehearsal.html",
            told=told,
            differences=[_told(visit, one) for one in told.differences],
            kinds=KINDS,
            answers=ANSWERS,
        )
    number = visit.request.state.request_id
    obj = f"channel:{found.code}"
    audit(visit.session, visit.principal, "reconcile.start", obj, request_id=number)
    tasks.add_task(reconcile, shop, found)
    said = visit.say("The comparison has begun. Load this page again in a while.")
    answer = visit.to("/reconcile", said)
    answer.background = tasks
    return answer


def _told(visit: Visit, one: DifferenceShown) -> DifferenceShown:
    sides = {name: side_told(visit, one.kind, getattr(one, name)) for name in ("ours", "theirs")}
    return one.model_copy(update=sides)


@router.get("/reconcile/{report_id:int}")
def report(visit: Runner, report_id: int) -> Response:
    """One comparison: that nothing differs, or exactly what, with what was done."""
    rows = reconcile_book.differences(visit.session, report_id, DIFFERENCES)
    return visit.page(
        "reconcile/report.html",
        report=report_of(visit.session, report_id),
        differences=[_told(visit, shown(one)) for one in rows],
        most=DIFFERENCES,
        kinds=KINDS,
        answers=ANSWERS,
    )
