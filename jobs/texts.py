"""What translating and reviewing share: the segments of products, and whom a change concerns."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from catalog.importing.rows import LONGEST_TITLE
from catalog.models import Maker, Product
from catalog.translation import memory
from catalog.translation.checks import Pair
from catalog.translation.models import SegmentUse, TextCut, TextField

# Products whose texts are read at a time.
_PRODUCTS = 400


def register_all(sessions: Callable[[], Session]) -> None:
    """Bring the segments up to date with the words of all products."""
    with sessions() as session:
        register(session, commit=True)


def register(session: Session, *, commit: bool = False) -> None:
    """Bring the segments up to date within the session; committed as it goes if so wanted.

    Only products are read whose revision moved since their texts were last cut.
    """
    last = 0
    while found := _moved(session, col(Product.id) > last):
        _cut(session, found)
        last = max(found)
        if commit:
            session.commit()


def register_latest(session: Session, most: int, *those: ColumnElement[bool]) -> None:
    """The same for the `most` last changed of those products, to some hundreds: somebody waits.

    To find what was never cut in a large catalog, all of it has to be looked through: that is for
    a worker, and for the end of an import.
    """
    latest = (
        select(Product.id)
        .where(Product.withdrawn == False, *those)  # noqa: E712 - "is" finds no index on SQLite
        .order_by(col(Product.updated_at).desc(), col(Product.id).desc())
        .limit(most)
    )
    register_these(session, latest)


def register_these(session: Session, product_ids: Collection[int] | SelectOfScalar[Any]) -> None:
    """The same for those products alone, a few hundred at most, by their ids or a query of them."""
    if found := _moved(session, col(Product.id).in_(product_ids)):
        _cut(session, found)


def _cut(session: Session, revisions: Mapping[int, int]) -> None:
    # The revisions were read before the words: an edit in between is only cut once more.
    memory.register(session, memory.texts_of(session, list(revisions)))
    _remember(session, revisions)


def _moved(session: Session, those: ColumnElement[bool]) -> dict[int, int]:
    """The revisions of some of those products whose texts were not cut at them, by product."""
    is_cut = exists().where(
        col(TextCut.product_id) == col(Product.id), col(TextCut.revision) == col(Product.revision)
    )
    query = select(Product.id, Product.revision).where(
        col(Product.withdrawn).is_(False), ~is_cut, those
    )
    found = session.exec(query.order_by(col(Product.id)).limit(_PRODUCTS))
    return {product_id: revision for product_id, revision in found if product_id}


def _remember(session: Session, revisions: Mapping[int, int]) -> None:
    insert = memory.insert_into(session, TextCut)
    rows = [{"product_id": n, "revision": revision} for n, revision in revisions.items()]
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["product_id"], set_={"revision": insert.excluded.revision}
        ),
        rows,
    )


def revise(session: Session, segment_ids: Sequence[int]) -> None:
    """Count a change of the products that use those segments, so that plans compare them."""
    users = select(SegmentUse.product_id).where(col(SegmentUse.segment_id).in_(segment_ids))
    session.execute(
        update(Product)
        .where(col(Product.id).in_(users))
        .values(revision=Product.revision + 1)
        .execution_options(synchronize_session=False)
    )


def titles_among(session: Session, segment_ids: Sequence[int]) -> set[int]:
    """Those segments that stand as a title somewhere, and so must fit one."""
    return set(
        session.exec(
            select(SegmentUse.segment_id).where(
                col(SegmentUse.segment_id).in_(segment_ids), SegmentUse.field == TextField.TITLE
            )
        )
    )


def said_by_others(
    session: Session, segment_ids: Collection[int], maker_id: int | None
) -> set[int]:
    """Those segments that another maker's products say, or none of `maker_id`'s.

    None is nobody's maker, to whom nobody is another.
    """
    if maker_id is None:
        return set()
    rows = session.exec(
        select(SegmentUse.segment_id, Product.maker_id)
        .join(Product, col(Product.id) == col(SegmentUse.product_id))
        .where(col(SegmentUse.segment_id).in_(segment_ids))
        .distinct()
    ).all()
    own = {segment for segment, maker in rows if maker == maker_id}
    return {segment for segment, maker in rows if maker != maker_id} | (set(segment_ids) - own)


def maker_names(session: Session) -> tuple[str, ...]:
    """The names of all makers, which no translation changes."""
    return tuple(session.exec(select(Maker.name).order_by(Maker.name)))


def pair_for(source: str, target: str, names: tuple[str, ...], *, title: bool) -> Pair:
    """What a translation is checked by, in the place where it stands."""
    return Pair(source, target, names, longest=LONGEST_TITLE if title else 0)
