"""Segments that a run has in hand, so that no other run has them translated and pays again."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func
from sqlmodel import Session, col, delete, select

from catalog.translation.gaps import Gap, lacking
from catalog.translation.memory import insert_into
from catalog.translation.models import Segment, TranslationClaim

# Longer than a patient engine takes for a batch; what a killed run had in hand waits as long.
LASTS = timedelta(minutes=30)


def free(session: Session, gap: Gap, limit: int, after: int, now: datetime) -> list[int]:
    """The ids of segments of the gap that no run has in hand, in their order."""
    in_hand = exists().where(
        col(TranslationClaim.segment_id) == col(Segment.id), _living(gap.target, now)
    )
    query = lacking(select(Segment.id), gap).where(col(Segment.id) > after, ~in_hand)
    return list(session.exec(query.order_by(col(Segment.id)).limit(limit)))


def take(
    session: Session, gap: Gap, ids: Sequence[int], run: str, now: datetime
) -> Sequence[Segment]:
    """Claim those segments for `run`; those that are its own, and still lack what the gap says.

    Nothing may have been read in this transaction before: what another run has stored by the time
    its claims are gone must be seen.
    """
    insert = insert_into(session, TranslationClaim)
    new = insert.excluded
    taken = insert.on_conflict_do_update(
        index_elements=["segment_id", "language"],
        set_={"run": new.run, "until": new.until},
        where=col(TranslationClaim.until) <= now,
    )
    key = {"language": gap.target, "run": run, "until": now + LASTS}
    session.execute(taken, [{"segment_id": segment_id, **key} for segment_id in sorted(ids)])
    mine = lacking(select(Segment), gap).join(
        TranslationClaim, col(TranslationClaim.segment_id) == col(Segment.id)
    )
    return list(
        session.exec(
            mine.where(
                col(Segment.id).in_(ids),
                TranslationClaim.language == gap.target,
                TranslationClaim.run == run,
            ).order_by(col(Segment.id))
        )
    )


def release(session: Session, run: str, besides: Collection[int] = ()) -> None:
    """Give up what `run` has in hand, but for those segments."""
    session.execute(
        delete(TranslationClaim).where(
            col(TranslationClaim.run) == run, col(TranslationClaim.segment_id).not_in(besides)
        )
    )


def in_hand(session: Session, languages: Collection[str], now: datetime) -> int:
    """How many segments some run has in hand, for any of those languages."""
    return sum(
        session.exec(select(func.count()).where(_living(language, now))).one()
        for language in languages
    )


def _living(language: str, now: datetime) -> ColumnElement[bool]:
    return (col(TranslationClaim.language) == language) & (col(TranslationClaim.until) > now)
