"""What is to be translated: segments that a language lacks, or has badly."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_
from sqlmodel import Session, col, select

from catalog.models import Product
from catalog.translation.models import Segment, SegmentUse, TextState, Translation


@dataclass(frozen=True, slots=True)
class Gap:
    """What a pair of languages lacks: the segments that have no translation yet.

    With the name of an engine as `again` it is those whose translation was rejected or kept back,
    and which that engine did not make.
    """

    source: str
    target: str
    again: str = ""


def missing(session: Session, gap: Gap, limit: int, after: int = 0) -> list[Segment]:
    """Segments of products on sale that the gap lacks, in the order of their ids."""
    query = lacking(select(Segment), gap).where(col(Segment.id) > after)
    return list(session.exec(query.order_by(col(Segment.id)).limit(limit)))


def backlog(session: Session, gap: Gap) -> tuple[int, int]:
    """How many segments the gap lacks, and their characters."""
    count = select(func.count(), func.coalesce(func.sum(func.length(Segment.text)), 0))
    segments, characters = session.execute(lacking(count.select_from(Segment), gap)).one()
    return int(segments), int(characters)


def lacking(query: Any, gap: Gap) -> Any:
    """`query`, which selects of segments, narrowed to those of the gap that are on sale."""
    used = (
        exists()
        .where(col(SegmentUse.segment_id) == col(Segment.id))
        .where(col(Product.id) == col(SegmentUse.product_id), col(Product.withdrawn).is_(False))
    )
    theirs = (col(Translation.segment_id) == col(Segment.id)) & (
        col(Translation.language) == gap.target
    )
    lacks = (
        exists().where(theirs, failed_by_others(gap.again))
        if gap.again
        else ~exists().where(theirs)
    )
    return query.where(Segment.language == gap.source, used, lacks)


def failed_by_others(engine: Any) -> ColumnElement[bool]:
    """Of translations: rejected or kept back, and not made by `engine`."""
    is_held = (col(Translation.state) == TextState.MACHINE) & col(Translation.held)
    return and_(
        or_(col(Translation.state) == TextState.REJECTED, is_held),
        col(Translation.engine) != engine,
    )
