"""Translate what is missing: the memory first, then an engine, then the checks.

An engine is asked for some segments at a time with no transaction open. Before, they are claimed
and their characters reserved, in one transaction; after, what it answered is stored, in another.
Runs side by side share the work and the budget, and one that is killed loses the batch in hand.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

from sqlmodel import Session

from catalog.translation import claims, gaps, memory
from catalog.translation.checks import Finding
from catalog.translation.detection import DARIJA, WRITTEN, language_of
from catalog.translation.engines.errors import EngineError
from catalog.translation.engines.protocol import Answer, Engine, Untranslatable
from catalog.translation.gaps import Gap
from catalog.translation.glossary import glossary
from catalog.translation.models import ENGINE_NAME, Segment
from connectors.clock import Clock
from jobs.batches import Batch, Task, row_of, store
from jobs.models import Channel
from jobs.policies import TextRule, read_channel_policy
from jobs.spending import Account
from jobs.texts import maker_names, register, register_all

# Segments that go to the engine at a time, and that the memory is asked for at a time.
_SEGMENTS = 50
_REMEMBERED = 500
# The name of the memory where an engine's stands.
MEMORY = "memory"


class Progress(Protocol):
    """What a run tells while it goes."""

    def begin(self, segments: int) -> None:
        """So many segments are missing."""

    def advance(self, segments: int, characters: int) -> None:
        """So many more are stored; so many characters were paid for."""


@dataclass(frozen=True, slots=True)
class Work:
    """What to translate into what, and for how many characters a day at most (None: any).

    With `again` the engine also gets what was rejected or kept back and another engine made.
    """

    languages: frozenset[str]
    budget: int | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a pair of languages lacks, or has only as `again` tells."""

    source: str
    target: str
    segments: int
    characters: int
    again: bool = False


@dataclass(slots=True)
class Translating:
    """What a run did: segments translated, kept back by checks and taken from the memory.

    `stopped` says why it ended before its time; `unsupported` names pairs the engine has not, and
    `left` what still lacks, of which another run has `in_hand`. `darija` segments wait for a
    person.
    """

    translated: int = 0
    held: int = 0
    adapted: int = 0
    characters: int = 0
    stopped: str | None = None
    unsupported: list[str] = field(default_factory=list)
    left: list[Backlog] = field(default_factory=list)
    in_hand: int = 0
    darija: int = 0


@dataclass(frozen=True)
class Desk:
    """Where a run works: its sessions, its engine, the clock that days are told by."""

    sessions: Callable[[], Session]
    engine: Engine
    clock: Clock
    progress: Progress

    @property
    def engine_name(self) -> str:
        """The engine's name as far as it is kept."""
        return self.engine.name[:ENGINE_NAME]


def work_for(
    channels: Sequence[Channel], budget: int | None = None, *, again: bool = False
) -> Work:
    """The languages of those channels whose policy shows translated text."""
    allowed = (one for one in channels if _text_rule(one) is not TextRule.COMPOSED)
    return Work(
        frozenset(language_of(tag) for one in allowed for tag in one.locales), budget, again
    )


def _text_rule(channel: Channel) -> TextRule:
    return read_channel_policy(channel.policy).text


def translate(work: Work, desk: Desk) -> Translating:
    """Translate until nothing is missing, the budget is spent or the engine has trouble.

    The memory goes first, for all languages: it costs nothing and needs no engine.
    """
    run = Translating()
    register_all(desk.sessions)
    with desk.sessions() as session:
        names = maker_names(session)
        waiting = [(gap, _backlog(session, gap)) for gap in _gaps(work, desk.engine_name)]
    desk.progress.begin(sum(found.segments for _, found in waiting))
    tasks = [Task(gap, names) for gap, found in waiting if found.segments]
    for task in tasks:
        if not task.gap.again:
            _adapt(task, desk, run)
    for task in tasks:
        if run.stopped is None:
            _translate_pair(task, work, desk, run)
    with desk.sessions() as session:
        run.left = backlogs(session, work, desk.engine_name)
        run.in_hand = claims.in_hand(session, work.languages, desk.clock.now())
        run.darija = _darija(session)
    return run


def forecast(work: Work, sessions: Callable[[], Session], engine: str = "") -> Translating:
    """What `translate` would ask that engine for; nothing is changed."""
    with sessions() as session:
        register(session)
        return Translating(left=backlogs(session, work, engine), darija=_darija(session))


def backlogs(session: Session, work: Work, engine: str) -> list[Backlog]:
    """What each pair lacks; pairs that lack nothing are left out."""
    counted = [_backlog(session, gap) for gap in _gaps(work, engine)]
    return [one for one in counted if one.segments]


def _gaps(work: Work, engine: str) -> list[Gap]:
    kinds = ("", engine) if work.again else ("",)
    return [
        Gap(source, target, again)
        for again in kinds
        for source in WRITTEN
        for target in sorted(work.languages - {source})
    ]


def _backlog(session: Session, gap: Gap) -> Backlog:
    counted = gaps.backlog(session, gap)
    return Backlog(gap.source, gap.target, *counted, again=bool(gap.again))


def _darija(session: Session) -> int:
    # Counted for any language, as no language has a translation of them by a machine.
    return gaps.backlog(session, Gap(DARIJA, "en"))[0]


def _adapt(task: Task, desk: Desk, run: Translating) -> None:
    """Store what the memory knows but for its numbers."""
    with desk.sessions() as session:
        known = memory.reviewed(session, task.gap.source, task.gap.target)
    after = 0
    while known.said and (batch := _remembered(task, desk, after)).segments:
        after = batch.segments[-1].id or 0
        said = [(segment, known.adapted(segment.text)) for segment in batch.segments]
        rows = [
            row_of(batch, segment, text, MEMORY, ())
            for segment, text in said
            if text is not None and not batch.findings(segment, text)
        ]
        if rows:
            with desk.sessions() as session:
                store(session, rows)
                session.commit()
            run.adapted += len(rows)
            desk.progress.advance(len(rows), 0)


def _remembered(task: Task, desk: Desk, after: int) -> Batch:
    with desk.sessions() as session:
        return task.batch(session, gaps.missing(session, task.gap, _REMEMBERED, after))


def _translate_pair(task: Task, work: Work, desk: Desk, run: Translating) -> None:
    source, target = task.gap.source, task.gap.target
    try:
        if not desk.engine.supports(source, target):
            if f"{source}-{target}" not in run.unsupported:
                run.unsupported.append(f"{source}-{target}")
            return
    except EngineError as error:
        run.stopped = str(error)
        return
    terms = glossary(source, target, task.names)
    for hand in _hands(task, work, desk, run):
        _ask(hand, terms, desk, run)


@dataclass(frozen=True, slots=True)
class Hand:
    """A batch that a run has claimed under a name, and whose characters it has reserved."""

    batch: Batch
    run: str
    account: Account


def _hands(task: Task, work: Work, desk: Desk, run: Translating) -> Iterator[Hand]:
    """Batches to ask the engine for, until none is free, the budget is spent or the run stops."""
    after, most = 0, min(_SEGMENTS, desk.engine.limits.texts)
    while run.stopped is None:
        with desk.sessions() as session:
            ids = claims.free(session, task.gap, most, after, desk.clock.now())
        if not ids:
            return
        after = ids[-1]
        hand, is_all = _claimed(task, ids, work, desk)
        if not is_all:
            run.stopped = f"the budget of {work.budget} characters a day is spent"
        if hand.batch.segments:
            yield hand


def _claimed(task: Task, ids: Sequence[int], work: Work, desk: Desk) -> tuple[Hand, bool]:
    """What of those segments is ours and paid for, and whether the budget paid for all of ours."""
    run, now = uuid4().hex, desk.clock.now()
    account = Account(now.date(), desk.engine_name, work.budget)
    with desk.sessions() as session:
        segments = claims.take(session, task.gap, ids, run, now)
        paid = segments[: account.reserve(session, [len(segment.text) for segment in segments])]
        claims.release(session, run, besides=[segment.id for segment in paid if segment.id])
        batch = task.batch(session, paid)
        session.commit()
    return Hand(batch, run, account), len(paid) == len(segments)


def _ask(hand: Hand, terms: Mapping[str, str], desk: Desk, run: Translating) -> None:
    batch, gap = hand.batch, hand.batch.task.gap
    answers: list[Answer] = []
    texts = [segment.text for segment in batch.segments]
    try:
        # What comes before trouble was paid for: list.extend keeps it.
        answers.extend(desk.engine.translate(texts, gap.source, gap.target, terms))
    except EngineError as error:
        run.stopped = str(error)
    finally:
        # Also where a person interrupts it.
        _keep(hand, answers, desk, run)


def _keep(hand: Hand, answers: Sequence[Answer], desk: Desk, run: Translating) -> None:
    batch = hand.batch
    answered = list(zip(batch.segments, answers, strict=False))
    rows = [_answer_row(batch, segment, answer, desk) for segment, answer in answered]
    characters = sum(len(segment.text) for segment, _ in answered)
    reserved = sum(len(segment.text) for segment in batch.segments)
    with desk.sessions() as session:
        store(session, rows, again=bool(batch.task.gap.again))
        claims.release(session, hand.run)
        hand.account.give_back(session, reserved - characters)
        session.commit()
    run.held += sum(row["held"] for row in rows)
    run.translated += sum(not row["held"] for row in rows)
    run.characters += characters
    desk.progress.advance(len(rows), characters)


def _answer_row(batch: Batch, segment: Segment, answer: Answer, desk: Desk) -> dict[str, Any]:
    name = desk.engine_name
    if isinstance(answer, Untranslatable):
        return row_of(batch, segment, "", name, [Finding("untranslatable", answer.reason)])
    return row_of(batch, segment, answer, name, batch.findings(segment, answer))
