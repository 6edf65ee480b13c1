"""The memory of texts: what was said before in another language is not asked for again."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import exists, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, delete, select

from catalog.chunks import chunks
from catalog.models import Product
from catalog.translation.figures import adapted, skeleton
from catalog.translation.models import Segment, SegmentUse, TextField, TextState, Translation
from catalog.translation.segments import Segments, digest, one_segment, split

# Bound values in one query: far below what SQLite and PostgreSQL take.
_CHUNK = 1_000
# A share of likeness, in percent, from which an old translation helps more than it misleads.
NEAR = 90


@dataclass(frozen=True, slots=True)
class ProductText:
    """The words of one product, in the language they were written in."""

    product_id: int
    language: str
    title: str
    description: str

    def segments(self) -> Mapping[TextField, Segments]:
        """Its title and description, cut."""
        return {
            TextField.TITLE: one_segment(self.title),
            TextField.DESCRIPTION: split(self.description),
        }


@dataclass(frozen=True, slots=True)
class Translated:
    """A product's words in another language.

    A text is None where a part of it is missing, rejected or kept back; its state is the weakest
    of its parts.
    """

    title: str | None
    description: str | None
    title_state: TextState | None
    description_state: TextState | None


@dataclass(frozen=True, slots=True)
class Said:
    """A text, and the reviewed translation that somebody gave it."""

    source: str
    translation: str


@dataclass(frozen=True)
class Reviewed:
    """The reviewed translations of one pair of languages."""

    said: Sequence[Said]

    @cached_property
    def _by_skeleton(self) -> Mapping[str, Said]:
        return {skeleton(one.source): one for one in self.said}

    @cached_property
    def _sources(self) -> list[str]:
        return [one.source for one in self.said]

    def adapted(self, text: str) -> str | None:
        """A translation of `text` from that of a text which differs in numbers alone."""
        near = self._by_skeleton.get(skeleton(text))
        return adapted(text, near.source, near.translation) if near else None

    def alike(self, text: str, most: int) -> list[Said]:
        """What was said of the texts like this one, the most alike first."""
        found = process.extract(
            text, self._sources, scorer=fuzz.ratio, score_cutoff=NEAR, limit=most
        )
        return [self.said[at] for _, _, at in found]

    def near(self, text: str) -> Said | None:
        """What was said of the text most like this one, for a person to start from."""
        found = process.extractOne(text, self._sources, scorer=fuzz.ratio, score_cutoff=NEAR)
        return self.said[found[2]] if found else None


def texts_of(session: Session, product_ids: Collection[int]) -> list[ProductText]:
    """The words of those products."""
    columns = select(Product.id, Product.language, Product.title, Product.description)
    found = session.execute(columns.where(col(Product.id).in_(product_ids)))
    return [ProductText(*row) for row in found]


def register(session: Session, texts: Sequence[ProductText]) -> int:
    """Remember the segments of those products and where they stand; how many products changed.

    The caller keeps them to some hundreds, and commits.
    """
    named = [_named(text) for text in texts]
    wanted = {text.product_id: text.places() for text in named}
    stood = _uses(session, list(wanted))
    changed = [text for text in named if stood.get(text.product_id, {}) != wanted[text.product_id]]
    if not changed:
        return 0
    ids = _segment_ids(session, changed)
    moved = [text.product_id for text in changed]
    session.execute(delete(SegmentUse).where(col(SegmentUse.product_id).in_(moved)))
    rows = [
        {"product_id": n, "field": field, "position": position, "segment_id": ids[name]}
        for n in moved
        for (field, position), name in wanted[n].items()
    ]
    if rows:
        # Another run may have written the same a moment ago.
        session.execute(new_rows(session, SegmentUse), rows)
    return len(changed)


def translations(
    session: Session, product_ids: Collection[int], languages: Collection[str]
) -> dict[tuple[int, str], Translated]:
    """Those products in those languages, by product and language; not in the product's own.

    Two or three queries for some hundreds of products. It goes by the words as they are now, so
    that a text which changed is never shown with its old translation.
    """
    texts = [_named(text) for text in texts_of(session, product_ids)]
    names = {name for text in texts for part in text.parts.values() for name in part.names}
    known = _known(session, names, languages)
    return {
        (text.product_id, language): _translated(text, language, known)
        for text in texts
        for language in languages
        if language != text.language
    }


def languages_known(session: Session, languages: Collection[str]) -> tuple[str, ...]:
    """Those of `languages` into which anything was translated."""

    def is_known(language: str) -> bool:
        found = select(Translation.id).where(Translation.language == language).limit(1)
        return session.exec(found).first() is not None

    return tuple(filter(is_known, languages))


def reviewed(session: Session, source: str, target: str, maker_id: int | None = None) -> Reviewed:
    """What people said themselves in this pair of languages, of one maker's texts or of all."""
    theirs = (
        exists()
        .where(col(SegmentUse.segment_id) == col(Segment.id))
        .where(col(Product.id) == col(SegmentUse.product_id), col(Product.maker_id) == maker_id)
    )
    rows = session.execute(
        select(Segment.text, Translation.text)
        .join(Translation, col(Translation.segment_id) == col(Segment.id))
        .where(
            Segment.language == source,
            Translation.language == target,
            Translation.state == TextState.REVIEWED,
            true() if maker_id is None else theirs,
        )
        .order_by(col(Segment.id))
    )
    return Reviewed([Said(*row) for row in rows])


def is_usable(state: TextState, held: bool) -> bool:
    """Whether a translation may be shown at all; the channel's policy decides what it wants."""
    return state is TextState.REVIEWED or (state is TextState.MACHINE and not held)


def new_rows(session: Session, table: type[SQLModel]) -> Any:
    """An insert of rows of which some may be there already: those are left as they are."""
    return insert_into(session, table).on_conflict_do_nothing()


def insert_into(session: Session, table: type[SQLModel]) -> Any:
    """An insert that can be told what to do with rows which are there already."""
    name = session.get_bind().dialect.name
    make = postgresql.insert if name == "postgresql" else sqlite.insert
    return make(table)


def _uses(
    session: Session, product_ids: Collection[int]
) -> dict[int, dict[tuple[TextField, int], str]]:
    found: dict[int, dict[tuple[TextField, int], str]] = {}
    for product_id, field, position, name in session.execute(
        select(SegmentUse.product_id, SegmentUse.field, SegmentUse.position, Segment.digest)
        .join(Segment, col(Segment.id) == col(SegmentUse.segment_id))
        .where(col(SegmentUse.product_id).in_(product_ids))
    ):
        found.setdefault(product_id, {})[field, position] = name
    return found


def _segment_ids(session: Session, texts: Sequence["_Named"]) -> dict[str, int]:
    rows = {
        name: {"language": text.language, "text": part}
        for text in texts
        for cut in text.parts.values()
        for name, part in zip(cut.names, cut.segments.texts, strict=True)
    }
    if rows:
        # In one order, so that two at once do not wait for each other for ever.
        ordered = [{"digest": name, **rows[name]} for name in sorted(rows)]
        session.execute(new_rows(session, Segment), ordered)
    ids: dict[str, int] = {}
    for names in chunks(list(rows), _CHUNK):
        found = select(Segment.digest, Segment.id).where(col(Segment.digest).in_(names))
        ids |= {row[0]: row[1] for row in session.execute(found)}
    return ids


def _known(
    session: Session, names: Iterable[str], languages: Collection[str]
) -> dict[tuple[str, str], tuple[str, TextState]]:
    known: dict[tuple[str, str], tuple[str, TextState]] = {}
    columns = (Segment.digest, Translation.language, Translation.text, Translation.state)
    query = select(*columns, Translation.held).join(  # type: ignore[call-overload]  # five columns
        Translation, col(Translation.segment_id) == col(Segment.id)
    )
    for chunk in chunks(list(names), _CHUNK):
        wanted = (col(Segment.digest).in_(chunk), col(Translation.language).in_(languages))
        for name, language, text, state, held in session.execute(query.where(*wanted)):
            if is_usable(state, held):
                known[name, language] = text, state
    return known


@dataclass(frozen=True, slots=True)
class _Cut:
    """A text cut into segments, and their digests."""

    segments: Segments
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """A product's title and description, cut."""

    product_id: int
    language: str
    parts: Mapping[TextField, _Cut]

    def places(self) -> dict[tuple[TextField, int], str]:
        """The digests of its segments, by where they stand."""
        return {
            (field, position): name
            for field, cut in self.parts.items()
            for position, name in enumerate(cut.names)
        }


def _named(text: ProductText) -> _Named:
    parts = {
        field: _Cut(cut, tuple(digest(text.language, part) for part in cut.texts))
        for field, cut in text.segments().items()
    }
    return _Named(text.product_id, text.language, parts)


def _translated(
    text: _Named, language: str, known: Mapping[tuple[str, str], tuple[str, TextState]]
) -> Translated:
    (title, title_state), (description, state) = (
        _joined(cut.segments, [known.get((name, language)) for name in cut.names])
        for cut in (text.parts[TextField.TITLE], text.parts[TextField.DESCRIPTION])
    )
    return Translated(title, description, title_state, state)


def _joined(
    cut: Segments, parts: Sequence[tuple[str, TextState] | None]
) -> tuple[str | None, TextState | None]:
    found = [part for part in parts if part]
    if len(found) < len(parts):
        return None, None
    machine = any(state is TextState.MACHINE for _, state in found)
    joined = cut.join([said for said, _ in found])
    return joined, TextState.MACHINE if machine else TextState.REVIEWED
