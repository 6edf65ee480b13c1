"""The reports of comparisons, as a person reads them."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from jobs.drift_models import Answer, Difference, ReconcileReport


def differences(session: Session, report_id: int, limit: int, after: int = 0) -> list[Difference]:
    """What differed, as it was found, from the one after the id `after` on."""
    wanted = select(Difference).where(Difference.report_id == report_id, col(Difference.id) > after)
    return list(session.exec(wanted.order_by(col(Difference.id)).limit(limit)))


def answers(
    session: Session, reports: Sequence[ReconcileReport]
) -> Mapping[int, Mapping[Answer, int]]:
    """How many differences of each report had which answer. The caller bounds the reports."""
    ids = [report.id or 0 for report in reports]
    found: dict[int, Counter[Answer]] = {one: Counter() for one in ids}
    rows = session.execute(
        select(col(Difference.report_id), col(Difference.answer), func.count())
        .where(col(Difference.report_id).in_(ids))
        .group_by(col(Difference.report_id), col(Difference.answer))
    )
    for report_id, answer, count in rows:
        found[report_id][Answer(answer)] = count
    return found
