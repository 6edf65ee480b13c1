"""Texts for a person to read: a list page by page, and one with all that helps to judge it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    true,
    tuple_,
    union_all,
)
from sqlalchemy import select as selected
from sqlmodel import Session, col, select

from catalog.models import Product
from catalog.translation import memory
from catalog.translation.checks import Finding
from catalog.translation.exchange import Unit, returned
from catalog.translation.glossary import Kept, kept_terms
from catalog.translation.memory import Said
from catalog.translation.models import Segment, SegmentUse, TextField, TextState, Translation
from jobs.reviewing import Standing, Verdict, Wanted, standing, take
from jobs.texts import maker_names

# Of what the memory knows so much is shown beside a text.
NEAREST = 3
# Texts that are accepted together at most.
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Text:
    """A text in a language, and where it stands: its first product, and of how many.

    `others` says that another maker's products say it as well: no maker judges it alone.
    """

    unit: Unit
    product_id: int
    code: str
    products: int
    field: TextField
    others: bool
    engine: str = ""
    findings: tuple[Finding, ...] = ()
    reviewed_at: datetime | None = None

    @property
    def name(self) -> str:
        """Its short name: 12-en."""
        return f"{self.unit.segment_id}-{self.unit.target_language}"

    @property
    def standing(self) -> Standing:
        """How it stands."""
        return standing(self.unit)


@dataclass(frozen=True, slots=True)
class Help:
    """What helps to judge a text: terms that must stay, and what people said of texts like it."""

    terms: tuple[Kept, ...]
    alike: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a list, a segment's id and a language each, and the columns that order them."""

    rows: Select[tuple[int, str]]
    segment: Any
    language: Any


def listed(wanted: Wanted, most: int, *, begin: int | None = None, falls: bool = False) -> Listed:
    """The texts that are wanted, for a page by keyset of at most so many rows.

    Each language is walked by itself, up or down from the segment `begin` as far as the page may
    go: no database sorts all texts for the sake of a few.
    """
    walks = [
        # The first row of a walk may be the last one of the page before.
        _part(walk, column, most + 1, begin, falls=falls)
        for language in sorted(wanted.languages)
        for walk, column in _walks(language, wanted)
    ]
    none = selected(col(Segment.id), literal("", String).label("language")).where(false())
    rows = union_all(none, *(selected(walk.c.id, walk.c.language) for walk in walks)).subquery()
    return Listed(selected(rows.c.id, rows.c.language), rows.c.id, rows.c.language)


def _walks(language: str, wanted: Wanted) -> Iterator[tuple[Any, Any]]:
    """Statements of texts into a language, each with the column that it is walked by."""
    tongue = literal(language, String).label("language")
    of_another = col(Segment.language) != language
    theirs = and_(
        col(Translation.segment_id) == col(Segment.id), col(Translation.language) == language
    )
    if Standing.MISSING in wanted.states:
        # What is missing has no row to begin with: every segment is looked at.
        walk = selected(col(Segment.id), tongue).join(Translation, theirs, isouter=True)
        walk = walk.where(of_another, _used(wanted), or_(*map(_stands, sorted(wanted.states))))
        yield walk, col(Segment.id)
        return
    for one in sorted(wanted.states):
        walk = selected(col(Translation.segment_id).label("id"), tongue).join(Segment, theirs)
        yield walk.where(of_another, _used(wanted), _stands(one)), col(Translation.segment_id)


def _part(walk: Any, column: Any, most: int, begin: int | None, *, falls: bool) -> Any:
    if begin is not None:
        walk = walk.where(column <= begin if falls else column >= begin)
    return walk.order_by(column.desc() if falls else column).limit(most).subquery()


def _used(wanted: Wanted) -> ColumnElement[bool]:
    if wanted.product is not None or wanted.maker_id is not None:
        # Theirs are few: begun at them.
        theirs = selected(col(SegmentUse.segment_id)).join(Product).where(*wanted.of_products())
        return col(Segment.id).in_(theirs)
    return (
        exists()
        .where(col(SegmentUse.segment_id) == col(Segment.id))
        .where(col(Product.id) == col(SegmentUse.product_id), *wanted.of_products())
    )


def _stands(one: Standing) -> ColumnElement[bool]:
    state, held = col(Translation.state), col(Translation.held)
    match one:
        case Standing.MISSING:
            return col(Translation.id).is_(None)
        case Standing.HELD:
            return and_(state == TextState.MACHINE, held.is_(True))
        case Standing.MACHINE:
            return and_(state == TextState.MACHINE, held.is_(False))
        case Standing.REVIEWED | Standing.REJECTED:
            return state == TextState(one)


def read(
    session: Session, asked: Sequence[tuple[int, str]], maker_id: int | None = None
) -> list[Text]:
    """Those texts, by the ids of segments and languages, in their order; three queries.

    What no product on sale says, or none of the maker's, is left out.
    """
    ids = {segment_id for segment_id, _ in asked}
    segments = {
        one.id: one for one in session.exec(select(Segment).where(col(Segment.id).in_(ids)))
    }
    said = {
        (one.segment_id, one.language): one
        for one in session.exec(select(Translation).where(col(Translation.segment_id).in_(ids)))
    }
    places = _places(session, ids, maker_id)
    return [
        _text(segments[segment_id], language, said.get((segment_id, language)), places[segment_id])
        for segment_id, language in asked
        if segment_id in places and segments[segment_id].language != language
    ]


def _text(segment: Segment, language: str, said: Translation | None, place: "_Place") -> Text:
    unit = Unit(
        segment.id or 0,
        segment.digest,
        segment.language,
        language,
        segment.text,
        translation=said.text if said else "",
        state=said.state if said else None,
        held=said is not None and said.held and said.state is TextState.MACHINE,
        product=place.title,
    )
    return Text(
        unit,
        place.product_id,
        place.code,
        place.products,
        TextField.TITLE if place.is_title else TextField.DESCRIPTION,
        place.others,
        engine=said.engine if said else "",
        findings=tuple(Finding(**one) for one in said.problems) if said else (),
        reviewed_at=said.reviewed_at if said else None,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    product_id: int
    code: str
    title: str
    products: int
    is_title: bool
    others: bool


def _places(session: Session, ids: Collection[int], maker_id: int | None) -> dict[int, _Place]:
    own = col(Product.maker_id) == maker_id if maker_id is not None else true()
    counted = (
        selected(
            col(SegmentUse.segment_id),
            func.min(case((own, col(Product.id)))).label("first"),
            func.count(func.distinct(case((own, col(Product.id))))).label("products"),
            func.max(case((col(SegmentUse.field) == TextField.TITLE, 1), else_=0)).label("title"),
            func.max(case((own, 0), else_=1)).label("others"),
        )
        .join(Product, col(Product.id) == col(SegmentUse.product_id))
        .where(col(SegmentUse.segment_id).in_(ids), col(Product.withdrawn).is_(False))
        .group_by(col(SegmentUse.segment_id))
        .subquery()
    )
    rows = session.execute(
        selected(*counted.c, col(Product.code), col(Product.title).label("named")).join(
            Product, col(Product.id) == counted.c.first
        )
    )
    return {
        one.segment_id: _Place(
            one.first, one.code, one.named, one.products, bool(one.title), bool(one.others)
        )
        for one in rows
    }


def find(
    session: Session, segment_id: int, language: str, maker_id: int | None = None
) -> Text | None:
    """One text; None where nobody's product, or none of the maker's, says it."""
    found = read(session, [(segment_id, language)], maker_id)
    return found[0] if found else None


def aid(session: Session, text: Text, maker_id: int | None = None) -> Help:
    """What helps to judge a text; a maker is shown their own makers' memory."""
    unit = text.unit
    source, target = unit.source_language, unit.target_language
    known = memory.reviewed(session, source, target, maker_id)
    alike = (one for one in known.alike(unit.source, NEAREST + 1) if one.source != unit.source)
    terms = kept_terms(unit.source, source, target, maker_names(session))
    return Help(terms, tuple(alike)[:NEAREST])


def following(session: Session, wanted: Wanted, segment_id: int, language: str) -> str | None:
    """The short name of the first wanted text behind that one; None behind the last."""
    found = listed(wanted, 1, begin=segment_id)
    behind = tuple_(found.segment, found.language) > tuple_(literal(segment_id), literal(language))
    rows = found.rows.where(behind).order_by(found.segment, found.language).limit(1)
    row = session.execute(rows).first()
    return f"{row[0]}-{row[1]}" if row else None


def accept_passed(
    session: Session, wanted: Wanted, now: datetime, maker_id: int | None = None
) -> list[str]:
    """Accept what machines translated and the checks passed, of what is wanted; which texts.

    What a maker does not judge alone stays. The caller commits.
    """
    found = listed(replace(wanted, states=frozenset({Standing.MACHINE})), AT_ONCE)
    rows = found.rows.order_by(found.segment, found.language).limit(AT_ONCE)
    keys = [(row[0], row[1]) for row in session.execute(rows)]
    asked = [
        returned(one.name, one.unit.id, one.unit.translation, TextState.REVIEWED)
        for one in read(session, keys, maker_id)
    ]
    told = take(session, asked, now, maker_id=maker_id)
    return [one.place for one in told if one.verdict is Verdict.REVIEWED]
