"""Segments on their way into another language, and how their translations are stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from catalog.translation import memory
from catalog.translation.checks import Finding, check
from catalog.translation.gaps import Gap, failed_by_others
from catalog.translation.models import Segment, Translation
from jobs.texts import pair_for, revise, titles_among


@dataclass(frozen=True, slots=True)
class Task:
    """A gap between two languages, and the names that stay as they are in both."""

    gap: Gap
    names: tuple[str, ...]

    def batch(self, session: Session, segments: Sequence[Segment]) -> "Batch":
        """Those segments, out of their session."""
        titles = titles_among(session, [segment.id for segment in segments if segment.id])
        for segment in segments:
            session.expunge(segment)
        return Batch(self, segments, frozenset(titles))


@dataclass(frozen=True, slots=True)
class Batch:
    """Segments of one pair, and which of them are titles."""

    task: Task
    segments: Sequence[Segment]
    titles: frozenset[int]

    def findings(self, segment: Segment, text: str) -> tuple[Finding, ...]:
        """What is wrong with `text` as a translation of `segment`."""
        gap, title = self.task.gap, segment.id in self.titles
        return check(
            segment.text, text, pair_for(gap.source, gap.target, self.task.names, title=title)
        )


def row_of(
    batch: Batch, segment: Segment, text: str, engine: str, findings: Sequence[Finding]
) -> dict[str, Any]:
    """The row of one translation, kept back where a finding says so."""
    return {
        "segment_id": segment.id,
        "language": batch.task.gap.target,
        "text": text,
        "engine": engine,
        "held": any(finding.holds for finding in findings),
        "problems": [finding.to_json() for finding in findings],
    }


def store(session: Session, rows: Sequence[dict[str, Any]], *, again: bool = False) -> None:
    """Store those rows, and count a change of the products whose texts they bring.

    What is there already stays, unless it failed and was asked for `again`.
    """
    if rows:
        session.execute(
            _replacing(session) if again else memory.new_rows(session, Translation), rows
        )
        revise(session, [row["segment_id"] for row in rows if not row["held"]])


def _replacing(session: Session) -> Any:
    """An insert that takes the place of what failed, and of nothing that a person did since."""
    insert = memory.insert_into(session, Translation)
    new = insert.excluded
    names = ("text", "state", "engine", "held", "problems", "made_at", "reviewed_at")
    return insert.on_conflict_do_update(
        index_elements=["segment_id", "language"],
        set_={name: new[name] for name in names},
        where=failed_by_others(new.engine),
    )
