"""Translate what is missing: the memory first, then an engine, then the checks.

An engine is asked for some segments at a time with no transaction open, and what it answers is
stored in one transaction a batch: killed at any moment, only the batch in hand is asked again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlmodel import Session, col, update

from catalog.translation import memory
from catalog.translation.checks import Finding, check
from catalog.translation.detection import DARIJA, WRITTEN, language_of
from catalog.translation.engines.errors import EngineError
from catalog.translation.engines.protocol import Answer, Engine, Untranslatable
from catalog.translation.glossary import glossary
from catalog.translation.memory import Reviewed
from catalog.translation.models import Segment, Translation, TranslationSpend
from connectors.clock import Clock
from jobs.models import Channel
from jobs.policies import TextRule, read_channel_policy
from jobs.texts import maker_names, pair_for, register, register_all, revise, titles_among

# Segments that go to the engine at a time.
_SEGMENTS = 50
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
    """What to translate into what, and for how many characters a day at most (None: any)."""

    languages: frozenset[str]
    budget: int | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a pair of languages lacks."""

    source: str
    target: str
    segments: int
    characters: int


@dataclass(slots=True)
class Translating:
    """What a run did: segments translated, kept back by checks and taken from the memory.

    `stopped` says why it ended before its time; `unsupported` names pairs the engine has not, and
    `left` what still lacks. `darija` segments wait for a person.
    """

    translated: int = 0
    held: int = 0
    adapted: int = 0
    characters: int = 0
    stopped: str | None = None
    unsupported: list[str] = field(default_factory=list)
    left: list[Backlog] = field(default_factory=list)
    darija: int = 0


@dataclass(frozen=True)
class Desk:
    """Where a run works: its sessions, its engine, the clock that days are told by."""

    sessions: Callable[[], Session]
    engine: Engine
    clock: Clock
    progress: Progress


def work_for(channels: Sequence[Channel], budget: int | None = None) -> Work:
    """The languages of those channels whose policy shows translated text."""
    allowed = (one for one in channels if _text_rule(one) is not TextRule.COMPOSED)
    return Work(frozenset(language_of(tag) for one in allowed for tag in one.locales), budget)


def _text_rule(channel: Channel) -> TextRule:
    return read_channel_policy(channel.policy).text


def translate(work: Work, desk: Desk) -> Translating:
    """Translate until nothing is missing, the budget is spent or the engine has trouble."""
    run = Translating()
    register_all(desk.sessions)
    with desk.sessions() as session:
        waiting = backlogs(session, work.languages)
    desk.progress.begin(sum(one.segments for one in waiting))
    for one in waiting:
        if run.stopped is None:
            _translate_pair(one, work, desk, run)
    with desk.sessions() as session:
        run.left = backlogs(session, work.languages)
        run.darija = _darija(session)
    return run


def forecast(work: Work, sessions: Callable[[], Session]) -> Translating:
    """What `translate` would ask an engine for; nothing is changed."""
    with sessions() as session:
        register(session)
        return Translating(left=backlogs(session, work.languages), darija=_darija(session))


def backlogs(session: Session, languages: frozenset[str]) -> list[Backlog]:
    """What each pair lacks; pairs that lack nothing are left out."""
    pairs = ((source, target) for source in WRITTEN for target in sorted(languages - {source}))
    counted = [Backlog(*pair, *memory.backlog(session, *pair)) for pair in pairs]
    return [one for one in counted if one.segments]


def _darija(session: Session) -> int:
    # Counted for any language, as no language has a translation of them by a machine.
    return memory.backlog(session, DARIJA, "en")[0]


def _translate_pair(one: Backlog, work: Work, desk: Desk, run: Translating) -> None:
    try:
        if not desk.engine.supports(one.source, one.target):
            run.unsupported.append(f"{one.source}-{one.target}")
            return
    except EngineError as error:
        run.stopped = str(error)
        return
    with desk.sessions() as session:
        known = memory.reviewed(session, one.source, one.target)
        names = maker_names(session)
    terms = glossary(one.source, one.target, names)
    for batch in _batches(one, desk, known, names):
        waiting = _adapt(batch, desk, run)
        affordable = _affordable(waiting, work, desk, run)
        _ask(affordable, terms, desk, run)
        if run.stopped:
            return


@dataclass(frozen=True, slots=True)
class Batch:
    """Segments of one pair, with what their translations are checked by."""

    source: str
    target: str
    segments: Sequence[Segment]
    titles: frozenset[int]
    names: tuple[str, ...]
    known: Reviewed

    def findings(self, segment: Segment, text: str) -> tuple[Finding, ...]:
        """What is wrong with `text` as a translation of `segment`."""
        title = segment.id in self.titles
        pair = pair_for(self.source, self.target, self.names, title=title)
        return check(segment.text, text, pair)

    def with_segments(self, segments: Sequence[Segment]) -> "Batch":
        """The same for other segments."""
        return Batch(self.source, self.target, segments, self.titles, self.names, self.known)


def _batches(one: Backlog, desk: Desk, known: Reviewed, names: tuple[str, ...]) -> Iterator[Batch]:
    last = 0
    most = min(_SEGMENTS, desk.engine.limits.texts)
    while True:
        with desk.sessions() as session:
            segments = memory.missing(session, one.source, one.target, most, after=last)
            titles = titles_among(session, [s.id for s in segments if s.id])
            session.expunge_all()
        if not segments:
            return
        last = segments[-1].id or 0
        yield Batch(one.source, one.target, segments, frozenset(titles), names, known)


def _adapt(batch: Batch, desk: Desk, run: Translating) -> Batch:
    """Store what the memory knows but for its numbers; the rest of the batch."""
    found: dict[int, str] = {}
    for segment in batch.segments:
        text = batch.known.adapted(segment.text)
        if text is not None and not batch.findings(segment, text):
            found[segment.id or 0] = text
    if found:
        rows = [_row(n, batch.target, text, MEMORY, ()) for n, text in found.items()]
        with desk.sessions() as session:
            _store(session, rows)
            session.commit()
        run.adapted += len(found)
        desk.progress.advance(len(found), 0)
    return batch.with_segments([s for s in batch.segments if s.id not in found])


def _affordable(batch: Batch, work: Work, desk: Desk, run: Translating) -> Batch:
    """What the day's budget still pays for of the batch; the run stops where that is not all."""
    if work.budget is None:
        return batch
    left = work.budget - spent(desk)
    kept = []
    for segment in batch.segments:
        left -= len(segment.text)
        if left < 0:
            run.stopped = f"the budget of {work.budget} characters a day is spent"
            break
        kept.append(segment)
    return batch.with_segments(kept)


def spent(desk: Desk) -> int:
    """The characters that the engine was given today (UTC)."""
    with desk.sessions() as session:
        row = session.get(TranslationSpend, (desk.clock.now().date(), desk.engine.name))
        return row.characters if row else 0


def _ask(batch: Batch, terms: Mapping[str, str], desk: Desk, run: Translating) -> None:
    if not batch.segments:
        return
    answers: list[Answer] = []
    texts = [segment.text for segment in batch.segments]
    try:
        answers.extend(desk.engine.translate(texts, batch.source, batch.target, terms))
    except EngineError as error:
        # What came before the trouble was paid for: list.extend has kept it.
        run.stopped = str(error)
    answered = list(zip(batch.segments, answers, strict=False))
    rows = [_answer_row(batch, segment, answer, desk) for segment, answer in answered]
    characters = sum(len(segment.text) for segment, _ in answered)
    with desk.sessions() as session:
        _store(session, rows)
        _pay(session, desk, characters)
        session.commit()
    run.held += sum(row["held"] for row in rows)
    run.translated += sum(not row["held"] for row in rows)
    run.characters += characters
    desk.progress.advance(len(rows), characters)


def _answer_row(batch: Batch, segment: Segment, answer: Answer, desk: Desk) -> dict[str, Any]:
    name, segment_id = desk.engine.name, segment.id or 0
    if isinstance(answer, Untranslatable):
        reason = Finding("untranslatable", answer.reason)
        return _row(segment_id, batch.target, "", name, [reason])
    return _row(segment_id, batch.target, answer, name, batch.findings(segment, answer))


def _row(
    segment_id: int, language: str, text: str, engine: str, findings: Sequence[Finding]
) -> dict[str, Any]:
    return {
        "segment_id": segment_id,
        "language": language,
        "text": text,
        "engine": engine,
        "held": any(finding.holds for finding in findings),
        "problems": [finding.to_json() for finding in findings],
    }


def _store(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session.execute(memory.new_rows(session, Translation), rows)
        revise(session, [row["segment_id"] for row in rows if not row["held"]])


def _pay(session: Session, desk: Desk, characters: int) -> None:
    key = {"day": desk.clock.now().date(), "engine": desk.engine.name}
    session.execute(memory.new_rows(session, TranslationSpend), [{**key, "characters": 0}])
    session.execute(
        update(TranslationSpend)
        .where(col(TranslationSpend.day) == key["day"])
        .where(col(TranslationSpend.engine) == key["engine"])
        .values(characters=TranslationSpend.characters + characters)
        .execution_options(synchronize_session=False)
    )
