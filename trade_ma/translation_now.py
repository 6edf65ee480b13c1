"""Translation asked for by a person: put into the queue for a worker, and how far it is."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from catalog.translation.models import TranslationSpend
from jobs.channels import find
from jobs.translating import Backlog, backlogs, work_for
from jobs.work_queue import RUNNING, WAITING, Job, Tick, find_queue, open_queue, queue_url
from trade_ma.installation import App


@dataclass(frozen=True, slots=True)
class TranslationStatus:
    """How translating stands: what is left, and whether a worker has it in hand or will have.

    `engine` is empty where none is configured; `spent` are the characters given to engines today.
    """

    engine: str
    budget: int | None
    spent: int
    left: tuple[Backlog, ...]
    waits: bool
    at_work: bool


def translation_status(app: App, session: Session) -> TranslationStatus:
    """How translating stands now."""
    settings = app.settings
    work = work_for(find(session), settings.translation_budget)
    left = tuple(backlogs(session, work, settings.translation_engine))
    spent = _spent(session, datetime.now(UTC).date())
    waits, at_work = _in_queue(app)
    return TranslationStatus(settings.translation_engine, work.budget, spent, left, waits, at_work)


def _spent(session: Session, day: date) -> int:
    total = select(func.coalesce(func.sum(TranslationSpend.characters), 0))
    return int(session.exec(total.where(col(TranslationSpend.day) == day)).one())


def _in_queue(app: App) -> tuple[bool, bool]:
    queue = find_queue(queue_url(app.settings.sqlalchemy_url))
    if queue is None:
        return False, False
    try:
        waiting, running = (
            any(entry.tick.job is Job.TEXTS for entry in queue.entries(status))
            for status in (WAITING, RUNNING)
        )
    finally:
        queue.close()
    return waiting, running


def translate_now(app: App) -> bool:
    """Ask a worker to translate what is missing; False where it waits to be done already.

    Raises:
        LookupError: no engine is configured.
    """
    if not app.settings.translation_engine:
        raise LookupError("no engine is configured: set TRADE_MA_TRANSLATION_ENGINE")
    queue = open_queue(queue_url(app.settings.sqlalchemy_url), app.locks)
    try:
        return queue.put(Tick(Job.TEXTS, "", f" {Job.TEXTS}", datetime.now(UTC).isoformat()))
    finally:
        queue.close()
