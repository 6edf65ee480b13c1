"""People review texts: exported for their tools, taken back, or approved and rejected by id."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import ColumnElement, ScalarResult, func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from catalog.chunks import chunks
from catalog.models import Product
from catalog.translation import memory
from catalog.translation.checks import Finding, check
from catalog.translation.exchange import Returned, Unit, named
from catalog.translation.models import Segment, SegmentUse, TextState, Translation
from jobs.texts import maker_names, pair_for, revise, said_by_others, titles_among

# Whose translation it is once a person wrote or approved it and no machine did before.
PERSON = "person"
# Why a maker cannot judge a text.
OTHERS = "another maker says the same: ask the cooperative to review it"
_CHUNK = 1_000

R = TypeVar("R")


class Verdict(StrEnum):
    """What became of one returned unit."""

    REVIEWED = "reviewed"
    REJECTED = "rejected"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    FAILED_CHECKS = "failed checks"


@dataclass(frozen=True, slots=True)
class Reviewing:
    """One returned unit, what became of it, and why; `failed` are the codes of failed checks."""

    place: str
    verdict: Verdict
    why: str = ""
    failed: tuple[str, ...] = ()


class Standing(StrEnum):
    """How a text stands in a language; a machine's is held where its checks keep it back."""

    MISSING = "missing"
    HELD = "held"
    MACHINE = "machine"
    REVIEWED = "reviewed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which texts to show: into these languages, in these states.

    `product` is the code of the only product wanted, `maker_id` the only maker.
    """

    languages: frozenset[str]
    states: frozenset[Standing]
    product: str | None = None
    maker_id: int | None = None

    def of_products(self) -> list[ColumnElement[bool]]:
        """The products whose texts are wanted, as conditions of a query: those on sale."""
        wanted: list[ColumnElement[bool]] = [col(Product.withdrawn).is_(False)]
        if self.product is not None:
            wanted.append(col(Product.code) == self.product)
        if self.maker_id is not None:
            wanted.append(col(Product.maker_id) == self.maker_id)
        return wanted


def standing(unit: Unit) -> Standing:
    """How a unit stands."""
    if unit.state is None:
        return Standing.MISSING
    return Standing.HELD if unit.held else Standing(unit.state)


def to_review(session: Session, wanted: Wanted) -> list[Unit]:
    """The texts of products on sale that are wanted, with where they stand and what is near."""
    return [
        unit for language in sorted(wanted.languages) for unit in _units(session, language, wanted)
    ]


def _units(session: Session, language: str, wanted: Wanted) -> list[Unit]:
    is_theirs = (col(Translation.segment_id) == col(Segment.id)) & (
        col(Translation.language) == language
    )
    used = (
        select(SegmentUse.segment_id, func.min(Product.title).label("title"))
        .join(Product, col(Product.id) == col(SegmentUse.product_id))
        .where(*wanted.of_products())
        .group_by(col(SegmentUse.segment_id))
        .subquery()
    )
    rows = session.execute(
        select(Segment, Translation, used.c.title)
        .join(used, used.c.segment_id == col(Segment.id))
        .outerjoin(Translation, is_theirs)
        .where(Segment.language != language)
        .order_by(Segment.language, col(Segment.id))
    )
    units = (_unit(segment, language, said, title) for segment, said, title in rows)
    return _with_near(session, [unit for unit in units if standing(unit) in wanted.states])


def _unit(segment: Segment, language: str, said: Translation | None, title: str) -> Unit:
    plain = Unit(
        segment.id or 0, segment.digest, segment.language, language, segment.text, product=title
    )
    if said is None:
        return plain
    problems = tuple(f"{one['code']}: {one['message']}" for one in said.problems)
    held = said.held and said.state is TextState.MACHINE
    return replace(plain, translation=said.text, state=said.state, held=held, problems=problems)


def _with_near(session: Session, units: Sequence[Unit]) -> list[Unit]:
    pairs = {(unit.source_language, unit.target_language) for unit in units}
    known = {pair: memory.reviewed(session, *pair) for pair in pairs}
    return [
        replace(unit, near=near.translation)
        if unit.state is not TextState.REVIEWED
        and (near := known[unit.source_language, unit.target_language].near(unit.source))
        else unit
        for unit in units
    ]


def take_back(
    returned: Sequence[Returned],
    sessions: Callable[[], Session],
    now: datetime,
    *,
    accept_anyway: bool = False,
    dry_run: bool = False,
) -> list[Reviewing]:
    """Take what came back, in one transaction; a unit that cannot be taken stops no other.

    Each text is checked again. One that fails stays as it was, unless `accept_anyway`: then it is
    reviewed, and its findings stay recorded with it.
    """
    with sessions() as session:
        told = take(session, returned, now, accept_anyway=accept_anyway)
        if not dry_run:
            session.commit()
    return told


def take(
    session: Session,
    returned: Sequence[Returned],
    now: datetime,
    *,
    accept_anyway: bool = False,
    maker_id: int | None = None,
) -> list[Reviewing]:
    """The same within `session`, which the caller commits.

    A maker takes only texts that no other maker's products say.
    """
    desk = _Desk(session, now, accept_anyway, maker_names(session), maker_id)
    told = [
        desk.take(one, here)
        for chunk in chunks(returned, _CHUNK)
        for one, here in desk.found(chunk)
    ]
    revise(session, sorted(desk.changed))
    return told


def judge(
    names: Collection[str],
    state: TextState,
    sessions: Callable[[], Session],
    now: datetime,
    *,
    accept_anyway: bool = False,
    dry_run: bool = False,
) -> list[Reviewing]:
    """Approve or reject the translations of those ids ('12-en') as they stand.

    Raises:
        LookupError: there is no such translation; nothing was changed.
    """
    with sessions() as session:
        returned = [_as_it_stands(session, name, state) for name in names]
    return take_back(returned, sessions, now, accept_anyway=accept_anyway, dry_run=dry_run)


def _as_it_stands(session: Session, name: str, state: TextState) -> Returned:
    number, _, language = name.partition("-")
    found = session.execute(
        select(Segment, Translation)
        .join(Translation, col(Translation.segment_id) == col(Segment.id))
        .where(col(Segment.id) == (int(number) if number.isdecimal() else 0))
        .where(Translation.language == language)
    ).first()
    if found is None:
        raise LookupError(f"there is no translation {name!r}: see trade-ma texts list")
    segment, said = found
    source, seen = segment.digest[:12], named(said.text)
    return Returned(name, segment.id or 0, language, source, seen, said.text, state)


@dataclass(frozen=True, slots=True)
class _Here:
    """What is here of a returned unit: its segment, its translation, and where that stands."""

    segment: Segment | None
    said: Translation | None
    is_used: bool
    is_title: bool
    is_others: bool


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where returned units are taken in, within one transaction."""

    session: Session
    now: datetime
    accept_anyway: bool
    names: tuple[str, ...]
    maker_id: int | None = None
    changed: set[int] = field(default_factory=set)

    def found(self, returned: Sequence[Returned]) -> list[tuple[Returned, _Here]]:
        """Each unit with what is here of it, which nobody else changes until this is done."""
        ids = [one.segment_id for one in returned]
        held = select(Segment).where(col(Segment.id).in_(ids)).order_by(col(Segment.id))
        segments = {one.id: one for one in self._fresh(held.with_for_update())}
        said = {
            (one.segment_id, one.language): one
            for one in self._fresh(select(Translation).where(col(Translation.segment_id).in_(ids)))
        }
        used = set(
            self.session.exec(
                select(SegmentUse.segment_id).where(col(SegmentUse.segment_id).in_(ids))
            )
        )
        others = said_by_others(self.session, ids, self.maker_id)
        titles = titles_among(self.session, ids)
        return [
            (
                one,
                _Here(
                    segments.get(one.segment_id),
                    said.get((one.segment_id, one.language)),
                    one.segment_id in used,
                    one.segment_id in titles,
                    one.segment_id in others,
                ),
            )
            for one in returned
        ]

    def _fresh(self, rows: SelectOfScalar[R]) -> ScalarResult[R]:
        return self.session.exec(rows, execution_options={"populate_existing": True})

    def take(self, one: Returned, here: _Here) -> Reviewing:
        """Take one unit."""
        segment = here.segment
        if segment is None or not segment.digest.startswith(one.source):
            unknown = "this text is not in the catalog: export the texts again"
            return Reviewing(one.place, Verdict.CONFLICT, unknown)
        if here.is_others:
            return Reviewing(one.place, Verdict.CONFLICT, OTHERS)
        if conflict := _conflict(one, segment, here):
            return Reviewing(one.place, Verdict.CONFLICT, conflict)
        if not _says_anything(one, here.said):
            return Reviewing(one.place, Verdict.UNCHANGED)
        if one.state is TextState.REJECTED:
            self._write(one, here.said, TextState.REJECTED, ())
            return Reviewing(one.place, Verdict.REJECTED)
        return self._review(one, segment, here)

    def _review(self, one: Returned, segment: Segment, here: _Here) -> Reviewing:
        pair = pair_for(segment.language, one.language, self.names, title=here.is_title)
        findings = check(segment.text, one.translation, pair)
        holding = [finding for finding in findings if finding.holds]
        why = "; ".join(finding.message for finding in holding)
        if holding and not self.accept_anyway:
            failed = tuple(finding.code for finding in holding)
            return Reviewing(one.place, Verdict.FAILED_CHECKS, why, failed)
        self._write(one, here.said, TextState.REVIEWED, findings)
        return Reviewing(one.place, Verdict.REVIEWED, f"in spite of: {why}" if why else "")

    def _write(
        self,
        one: Returned,
        said: Translation | None,
        state: TextState,
        findings: Sequence[Finding],
    ) -> None:
        row = said or Translation(
            segment_id=one.segment_id, language=one.language, text="", engine=PERSON
        )
        row.engine = row.engine if row.text == one.translation else PERSON
        row.text, row.state, row.held = one.translation, state, False
        row.problems = [finding.to_json() for finding in findings]
        row.reviewed_at = self.now
        self.session.add(row)
        self.changed.add(one.segment_id)


def _says_anything(one: Returned, said: Translation | None) -> bool:
    wanted = one.state or TextState.REVIEWED
    if said and (said.text, said.state) == (one.translation, wanted):
        # The same file a second time.
        return False
    has_text = bool(one.translation.strip()) or one.state is TextState.REJECTED
    return has_text and (one.state is not None or named(one.translation) != one.seen)


def _conflict(one: Returned, segment: Segment, here: _Here) -> str:
    """Why what came back no longer fits what is here; empty where it does."""
    if not here.is_used:
        return f"the maker changed the text meanwhile; it was: {segment.text[:80]}"
    now = here.said.text if here.said else ""
    if named(now) != one.seen and now != one.translation:
        return f"somebody changed the translation meanwhile, to: {now[:80]}"
    return ""
