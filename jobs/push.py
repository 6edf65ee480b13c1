"""Send the changes of one channel's plans, and record each outcome as it comes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from sqlmodel import Session

from connectors.clock import Clock
from connectors.protocol import (
    Accepted,
    Change,
    Claimed,
    Connector,
    Deferred,
    Draft,
    Facet,
    Issue,
    Outcome,
    Pending,
    Rejected,
    Severity,
    facet_value,
)
from jobs import listings
from jobs.listings import Seen
from jobs.models import Channel
from jobs.plan import Action, ListingPlan, Phase, changes

# Outcomes written in one transaction. Losing some of them in a crash costs repeating absolute
# writes; a claim is never kept waiting.
BATCH = 50


@dataclass(slots=True)
class Work:
    """One listing's plan on its way: what is still to be answered, and whether all went through."""

    listing_id: int
    plan: ListingPlan
    seen: Seen
    open_facets: set[Facet] = field(default_factory=set)
    complete: bool = True

    def __post_init__(self) -> None:
        self.open_facets = set(self.plan.facets)
        self.complete = not self.plan.held


@dataclass(slots=True)
class Desk:
    """Where outcomes are written: sessions, the clock, and the tally of a run.

    `interrupted` says that something more urgent waits: what is in hand is finished, and no more.
    """

    sessions: Callable[[], Session]
    clock: Clock
    tally: Counter[str] = field(default_factory=Counter)
    on_done: Callable[[], None] = lambda: None
    interrupted: Callable[[], bool] = lambda: False


def screen(work: Work, issues: Sequence[Issue]) -> Rejected | None:
    """Take out of `work` what the marketplace would surely refuse; the refusal, if any.

    A new listing waits whole; of a live one only the blamed facets are held back. A create that
    was begun is not held back at all: it has to be looked for first, whatever its draft says now.
    """
    if work.plan.known.unsure:
        return None
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    blamed = frozenset(map(listings.facet_of, errors)) & work.open_facets
    if not blamed:
        return None
    kept = {} if work.plan.action is Action.CREATE else dict(work.plan.facets)
    for facet in blamed:
        kept.pop(facet, None)
    action = work.plan.action if kept else Action.REFUSED
    work.plan = replace(work.plan, facets=kept, action=action)
    work.open_facets = set(kept)
    told = tuple(issue for issue in errors if listings.facet_of(issue) in blamed)
    return Rejected(work.plan.draft.key, blamed, told)


def advice(draft: Draft, issues: Sequence[Issue]) -> tuple[Issue, ...]:
    """The warnings among a connector's `issues` of a draft: they keep nothing off its market.

    Of what is not to be on sale there is nothing to advise.
    """
    if not draft.present:
        return ()
    return tuple(issue for issue in issues if issue.severity is Severity.WARNING)


def settle(desk: Desk, works: Sequence[Work], refusals: dict[int, Rejected]) -> None:
    """Write the refusals of our own, and mark what has nothing left to send as seen."""
    with desk.sessions() as session:
        for work in works:
            if refusal := refusals.get(work.listing_id):
                _record(session, desk, work, refusal)
        done = {w.listing_id: w.seen for w in works if not w.open_facets and w.complete}
        listings.mark_seen(session, done)
        session.commit()


def push_phase(desk: Desk, connector: Connector, phase: Phase, works: Sequence[Work]) -> None:
    """Send the changes of `phase`, or as many as there are until the desk is interrupted.

    What is not sent stays as it was, to be planned again.

    Raises:
        ConnectorError: trouble with the channel; all that was answered before is recorded.
    """
    by_key = {work.plan.draft.key: work for work in works}
    sent = [c for w in works if w.open_facets and (c := changes(w.plan).get(phase))]
    if not sent or desk.interrupted():
        return
    _announce(desk, by_key, sent)
    waiting: list[Outcome] = []
    told = connector.push(sent)
    try:
        for outcome in told:
            waiting.append(outcome)
            if isinstance(outcome, Claimed):
                # Its listing is in hand until its final outcome.
                _write(desk, by_key, waiting)
                continue
            if len(waiting) >= BATCH:
                _write(desk, by_key, waiting)
            if desk.interrupted():
                break
    finally:
        _close(told)
        _write(desk, by_key, waiting)


def _close(told: Iterator[object]) -> None:
    """End a connector's generator where it stands: what it has yielded has happened."""
    if isinstance(told, Generator):
        told.close()


def _announce(desk: Desk, by_key: dict[str, Work], sent: Sequence[Change]) -> None:
    """Store the intentions: of a process that is killed now nobody hears what came of them."""
    new = [by_key[change.key].listing_id for change in sent if change.remote is None]
    changed: defaultdict[frozenset[Facet], list[int]] = defaultdict(list)
    for change in sent:
        if change.remote is not None:
            changed[change.facets].append(by_key[change.key].listing_id)
    with desk.sessions() as session:
        listings.mark_in_flight(session, new, desk.clock.now())
        for facets, ids in changed.items():
            listings.doubt(session, ids, facets)
        session.commit()


def _write(desk: Desk, by_key: dict[str, Work], waiting: list[Outcome]) -> None:
    """Write and forget the waiting outcomes, in one transaction."""
    if not waiting:
        return
    with desk.sessions() as session:
        finished: dict[int, Seen] = {}
        for outcome in waiting:
            work = by_key[_key(outcome)]
            _record(session, desk, work, outcome)
            if not work.open_facets and work.complete:
                finished[work.listing_id] = work.seen
        listings.mark_seen(session, finished)
        session.commit()
    waiting.clear()


def _key(outcome: Outcome) -> str:
    return outcome.receipt.key if isinstance(outcome, Pending) else outcome.key


def _record(session: Session, desk: Desk, work: Work, outcome: Outcome) -> None:
    draft = work.plan.draft
    listings.record(session, work.listing_id, outcome, _values(draft), desk.clock.now())
    match outcome:
        case Claimed():
            return
        case Accepted(facets=facets):
            work.open_facets -= facets
        case Rejected(facets=facets, issues=issues):
            # Of a create that is refused nothing more will come; of an update, what nobody
            # complained of is sent again by the next pass, on its own.
            new = work.plan.known.remote is None
            work.open_facets -= set(Facet) if new else facets
            work.complete &= new or listings.blamed(facets, issues) == facets
        case Pending(receipt=receipt):
            work.open_facets -= receipt.facets
        case Deferred(facets=facets):
            work.open_facets -= facets
            work.complete = False
    desk.tally[type(outcome).__name__.lower()] += 1
    if not work.open_facets:
        desk.on_done()


def _values(draft: Draft) -> dict[Facet, dict[str, object]]:
    return {facet: facet_value(draft, facet) for facet in Facet}


def poll(
    desk: Desk, connector: Connector, channel: Channel, among: Container[int] | None = None
) -> None:
    """Ask for the answers that the marketplace still owes, and record those that came.

    With `among` only for the listings of those ids.

    Raises:
        ConnectorError: trouble with the channel.
    """
    with desk.sessions() as session:
        awaited = [
            (listing_id, receipt)
            for listing_id, receipt in listings.awaited(session, channel)
            if among is None or listing_id in among
        ]
    if not awaited:
        return
    ids = {receipt.key: listing_id for listing_id, receipt in awaited}
    # Until an answer is written its receipt stays pending, so that a crash only asks for it again.
    told = connector.poll([receipt for _, receipt in awaited])
    while batch := list(islice(told, BATCH)):
        with desk.sessions() as session:
            for outcome in batch:
                listing_id = ids[_key(outcome)]
                values = listings.pending_values(session, listing_id)
                listings.record(session, listing_id, outcome, values, desk.clock.now())
            session.commit()
        desk.tally.update(type(outcome).__name__.lower() for outcome in batch)
