"""The report of a comparison, written as it goes: a killed one keeps what it had settled."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from jobs.drift_models import Answer, Difference, DifferenceKind, ReconcileReport
from jobs.models import Channel
from jobs.order_gaps import Day

# As many letters as the tables take of a subject.
SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Found:
    """One difference, and what was done about it."""

    kind: DifferenceKind
    subject: str
    ours: str
    theirs: str
    answer: Answer
    listing_id: int | None = None


@dataclass(slots=True)
class Reconciled:
    """One channel compared with its marketplace: what was compared, and all that differed.

    `days` are the orders on both sides as they stood before anything was fetched.
    """

    channel: str
    found: list[Found] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    days: list[Day] = field(default_factory=list)
    trouble: str | None = None

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to a person: no trouble, and every difference was answered."""
        left = any(found.answer is Answer.REPORTED for found in self.found)
        return self.trouble is None and not left


@dataclass(slots=True)
class Report:
    """Where a comparison of `channel` is written. A rehearsal writes nothing, and says the same."""

    sessions: Callable[[], Session]
    channel: Channel
    rehearsal: bool
    result: Reconciled
    id: int = 0

    @classmethod
    def begin(
        cls,
        sessions: Callable[[], Session],
        channel: Channel,
        now: datetime,
        *,
        rehearsal: bool,
    ) -> "Report":
        """A new report, in the database unless it is a rehearsal."""
        report = cls(sessions, channel, rehearsal, Reconciled(channel.code))
        with report.writing() as session:
            row = ReconcileReport(channel_id=channel.id or 0, started_at=now)
            session.add(row)
            session.flush()
            report.id = row.id or 0
        return report

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction, kept unless this is a rehearsal."""
        with self.sessions() as session:
            yield session
            session.rollback() if self.rehearsal else session.commit()

    def tell(self, session: Session, found: Found) -> None:
        """Write a difference beside its answer, in the same transaction."""
        self.result.found.append(found)
        if not self.rehearsal:
            session.add(
                Difference(
                    report_id=self.id,
                    kind=found.kind,
                    subject=found.subject[:SUBJECT],
                    listing_id=found.listing_id,
                    ours=found.ours,
                    theirs=found.theirs,
                    answer=found.answer,
                )
            )

    def finish(self, now: datetime) -> None:
        """Write what was counted; a report that met trouble stays unfinished."""
        if self.rehearsal or self.result.trouble:
            return
        with self.writing() as session:
            row = session.get_one(ReconcileReport, self.id)
            row.finished_at, row.counts = now, dict(self.result.counts)
