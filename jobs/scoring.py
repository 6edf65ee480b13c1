"""How complete products are: judged from all that is known, and kept for lists to filter by."""

from collections.abc import Callable, Collection, Mapping

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from catalog import snapshots
from catalog.completeness import Completeness, Known, completeness
from catalog.models import Photo, Product
from catalog.translation.models import SegmentUse, TextState, Translation
from images.measures import VERSION
from jobs.models import PhotoCheck

# Products judged at a time.
BATCH = 400


def judged(session: Session, product_ids: Collection[int]) -> dict[int, Completeness]:
    """The completeness of these products, by id; one without variants is left out.

    Seven queries whatever the number; the caller keeps them to some hundreds.
    """
    sides, unread = _sides(session, product_ids), _unread(session, product_ids)
    return {
        one.product.id or 0: completeness(Known(one, sides, unread.get(one.product.id or 0, 0)))
        for one in snapshots.load(session, product_ids)
    }


def _sides(session: Session, product_ids: Collection[int]) -> Mapping[str, int]:
    """The longer side of each photo that was measured, in pixels."""
    rows = session.exec(
        select(PhotoCheck)
        .join(Photo, col(Photo.sha256) == col(PhotoCheck.sha256))
        .where(col(Photo.product_id).in_(product_ids), PhotoCheck.version == VERSION)
    )
    return {row.sha256: max(row.measures["width"], row.measures["height"]) for row in rows}


def _unread(session: Session, product_ids: Collection[int]) -> Mapping[int, int]:
    """How many machine translations of each product nobody has read."""
    rows = session.exec(
        select(SegmentUse.product_id, func.count())
        .join(Translation, col(Translation.segment_id) == col(SegmentUse.segment_id))
        .where(col(SegmentUse.product_id).in_(product_ids), Translation.state == TextState.MACHINE)
        .group_by(col(SegmentUse.product_id))
    )
    return dict(rows.all())


def rescore(session: Session, product_ids: Collection[int]) -> None:
    """Keep the completeness of these products as it is now. The caller commits."""
    session.flush()
    found = judged(session, product_ids)
    rows = [
        {
            "id": row.id,
            "completeness": found[row.id or 0].score if row.id in found else 0,
            "scored_at": row.revision + row.stock_revision,
        }
        for row in session.exec(select(Product).where(col(Product.id).in_(product_ids)))
    ]
    if rows:
        session.execute(update(Product), rows)


def rescore_stale(sessions: Callable[[], Session]) -> int:
    """Judge again every product that moved on since it was judged; how many.

    Some hundreds in a transaction each, so that nobody waits for long to write.
    """
    moved_on = col(Product.scored_at) != col(Product.revision) + col(Product.stock_revision)
    done = after = 0
    while True:
        with sessions() as session:
            later = select(Product.id).where(moved_on, col(Product.id) > after)
            found = session.exec(later.order_by(col(Product.id)).limit(BATCH))
            stale = [id_ for id_ in found if id_]
            if not stale:
                return done
            rescore(session, stale)
            session.commit()
        done, after = done + len(stale), stale[-1]
