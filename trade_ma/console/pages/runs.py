"""Passes: what the next one would send, how those under way stand, and what was done before."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from threading import Event
from typing import Annotated, Any

from fastapi import Form
from fastapi.responses import StreamingResponse
from sqlmodel import col, select
from starlette.responses import HTMLResponse, Response

from connectors.errors import ConnectorError
from connectors.protocol import Facet
from jobs import channels
from jobs.models import Channel, Run, RunState
from jobs.plan import Action
from jobs.plan_report import PlannedListing
from trade_ma.api.paging import Paging, page
from trade_ma.api.problems import not_found
from trade_ma.api.routers.plans import plan_of
from trade_ma.api.routers.syncs import (
    RunShown,
    channel_codes,
    passes_of,
    run_shown,
    sync_noted,
    work,
)
from trade_ma.api.subject import Id
from trade_ma.console import listing_words
from trade_ma.console.channel_words import why_told
from trade_ma.console.complaint_words import complaint_told
from trade_ma.console.flashes import Tone
from trade_ma.console.headers import HEADERS
from trade_ma.console.judged import judged
from trade_ma.console.languages import marked
from trade_ma.console.refusal_words import refusal_told
from trade_ma.console.rendering import environment
from trade_ma.console.streams import event
from trade_ma.console.tables import Column, Filter, Query, Table
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission
from trade_ma.passes import Begun, Standing, State, followed

router = page_router()
Reader = Annotated[Visit, allowed(Permission.CHANNELS_READ)]
Runner = Annotated[Visit, allowed(Permission.SYNC_RUN)]

ROWS = 50
# Of each kind of change of a channel, so many listings are shown.
SHOWN = 30
STATES: Mapping[State, tuple[str, str]] = {
    State.NEVER: (marked("Not yet"), "plain"),
    State.WAITING: (marked("Waits for its turn"), "busy"),
    State.WORKING: (marked("At work"), "busy"),
    State.DONE: (marked("Done"), "good"),
    State.FAILED: (marked("In trouble"), "bad"),
}
ENDS: Mapping[RunState, tuple[str, str]] = {
    RunState.RUNNING: (marked("At work, or broken off"), "busy"),
    RunState.DONE: STATES[State.DONE],
    RunState.FAILED: STATES[State.FAILED],
}
ACTIONS: Mapping[Action, str] = {
    Action.CREATE: marked("New listings"),
    Action.UPDATE: marked("Changes"),
    Action.END: marked("Listings that end"),
    Action.REFUSED: marked("Refused: mend these first"),
    Action.WAIT: marked("Wait: nothing to sell yet, or still being judged"),
}
COUNTS: Mapping[str, str] = {
    "accepted": marked("accepted"),
    "rejected": marked("refused"),
    "pending": marked("being judged"),
    "deferred": marked("put off"),
    "orders_new": marked("new orders"),
    "calls": marked("calls"),
}
STAGES: Mapping[str, str] = {
    "orders": marked("fetches orders"),
    "listings": marked("sends listings"),
}


@router.get("/plan")
def plan(visit: Runner, channel: str = "") -> Response:
    """What a pass would do now, by channel and kind of change."""
    found = _channels(visit, channel)
    visit.session.expunge_all()
    visit.session.rollback()
    plans = [_plan(visit, one) for one in found]
    return visit.page("runs/plan.html", plans=plans, shown=SHOWN)


def _channels(visit: Visit, code: str) -> list[Channel]:
    try:
        return channels.find(visit.session, [code] if code else ())
    except LookupError as error:
        raise not_found(str(error)) from error


def _plan(visit: Visit, channel: Channel) -> dict[str, Any]:
    told: dict[str, Any] = {"code": channel.code, "paused": "", "error": ""}
    if channel.paused_reason:
        told["paused"] = why_told(visit, channel.paused_reason, channel.trouble)
    try:
        listings = plan_of(visit.installation, channel)
    except (ConnectorError, LookupError, ValueError) as error:
        return told | {"groups": [], "error": refusal_told(visit, error)}
    counts = Counter(map(_kind, listings))
    groups = [
        (visit.say(words), counts[action], [_told(visit, one) for one in _first(listings, action)])
        for action, words in ACTIONS.items()
        if counts[action]
    ]
    return told | {"groups": groups}


def _first(listings: Sequence[PlannedListing], action: Action) -> list[PlannedListing]:
    return [one for one in listings if _kind(one) is action][:SHOWN]


def _told(visit: Visit, listing: PlannedListing) -> Mapping[str, Any]:
    """A listing with what is refused of it and, where it is no new one, what changes."""
    facets = {} if listing.action is Action.CREATE else listing.facets
    return {
        "key": listing.key,
        "title": listing.title,
        "refused": [complaint_told(visit, one.code, one.message) for one in listing.refused],
        "changes": [
            (visit.say(listing_words.FACETS[Facet(facet)]), change)
            for facet, differences in facets.items()
            for change in listing_words.changes(visit, Facet(facet), differences)
        ],
    }


def _kind(listing: PlannedListing) -> Action:
    """Its action; of what would be refused, that it is."""
    return Action.REFUSED if listing.refused else listing.action


@router.post("/runs")
def start(visit: Runner, channel: Annotated[str, Form()] = "") -> Response:
    """Have a pass made over one channel or all; one that is under way is joined."""
    found = _channels(visit, channel)
    visit.session.expunge_all()
    visit.session.rollback()
    noted = sync_noted(visit.principal, found, visit.request.state.request_id)
    begun = passes_of(visit.request).start(found, noted)
    outcomes = set(begun.channels.values())
    if Begun.STARTED in outcomes:
        return visit.to("/runs", visit.say("It has begun. You can watch it here."))
    if Begun.JOINED in outcomes:
        return visit.to("/runs", visit.say("One is under way already. You can watch it here."))
    words = visit.say("Nothing was begun: there is no channel that is on.")
    return visit.to("/runs", words, Tone.WARNING)


@router.get("/runs")
def all_runs(
    visit: Reader,
    channel: str = "",
    state: str = "",
    after: str = "",
) -> Response:
    """How passes stand, and what was done before."""
    codes = channel_codes(visit.session)
    statement = select(Run)
    if channel:
        ids = [id_ for id_, code in codes.items() if code == channel]
        statement = statement.where(col(Run.channel_id).in_(ids))
    if state in set(RunState):
        statement = statement.where(Run.state == RunState(state))
    found = page(
        visit.session,
        statement,
        Paging(ROWS, after or None, None),
        {"-id": col(Run.id)},
        col(Run.id),
        lambda run: run_shown(run, codes),
    )
    table = Table(
        caption=visit.say("What was done"),
        columns=(
            Column("started_at", visit.say("Begun")),
            Column("channel", visit.say("Channel")),
            Column("state", visit.say("How it ended")),
            Column("counts", visit.say("What it did")),
        ),
        rows=[_row(visit, one) for one in found.items],
        query=Query("/runs", {"channel": channel, "state": state}, after=after),
        filters=(
            Filter("channel", visit.say("Channel"), _options(visit, sorted(codes.values()))),
            Filter("state", visit.say("How it ended"), _ends(visit)),
        ),
        next=found.next,
    )
    return visit.page(
        "runs/runs.html",
        table=table,
        work=work(visit.installation),
        **_judged_values(visit),
        **live_values(passes_of(visit.request).standings()),
    )


def _judged_values(visit: Visit) -> dict[str, Any]:
    return {"judged": judged(visit), "may_sync": visit.principal.may(Permission.SYNC_RUN)}


def _options(visit: Visit, codes: Sequence[str]) -> list[tuple[str, str]]:
    return [("", visit.say("All")), *((code, code) for code in codes)]


def _ends(visit: Visit) -> list[tuple[str, str]]:
    told = [(state.value, visit.say(words)) for state, (words, _) in ENDS.items()]
    return [("", visit.say("All")), *told]


def _row(visit: Visit, run: RunShown) -> dict[str, Any]:
    label, tone = ENDS[run.state]
    return {
        "id": run.id,
        "started_at": run.started_at,
        "channel": run.channel,
        "job": run.job,
        "state": {"label": visit.say(label), "tone": tone},
        "error": run.error,
        "counts": [(visit.say(w), run.counts[n]) for n, w in COUNTS.items() if run.counts.get(n)],
    }


@router.get("/runs/live")
def live(visit: Reader) -> Response:
    """How passes stand now: what a browser without events asks for again and again."""
    standings = passes_of(visit.request).standings()
    return HTMLResponse(_live(visit.language.code, standings), headers=HEADERS)


@router.get("/runs/judged")
def being_judged(visit: Reader) -> Response:
    """What marketplaces judge now, and what comes next: asked again while something is judged."""
    standings = passes_of(visit.request).standings()
    return visit.page("runs/judged.html", **_judged_values(visit), **live_values(standings))


@router.get("/runs/events")
def events(visit: Reader) -> Response:
    """The same, as it happens."""
    passes, language = passes_of(visit.request), visit.language.code

    def told() -> Iterator[bytes]:
        for standings in followed(passes, (), Event()):
            yield event("progress", _live(language, standings))
        yield event("done")

    return StreamingResponse(told(), media_type="text/event-stream")


def _live(language: str, standings: Sequence[Standing]) -> str:
    template = environment(language).get_template("runs/live.html")
    return template.render(**live_values(standings))


def live_values(standings: Sequence[Standing]) -> dict[str, Any]:
    """What the template of passes under way is drawn with."""
    return {
        "standings": [(one, *STATES[one.state], STAGES.get(one.stage, "")) for one in standings],
        "is_over": all(one.is_over for one in standings),
    }


@router.get("/runs/{run_id}")
def one_run(visit: Reader, run_id: Id) -> Response:
    """One run, with all its counts."""
    if (run := visit.session.get(Run, run_id)) is None:
        raise not_found(f"There is no run {run_id}.")
    told = run_shown(run, channel_codes(visit.session))
    return visit.page("runs/run.html", run=told, row=_row(visit, told))
