"""Passes: started, watched, and looked back at; and how the work in the queue goes."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from threading import Event
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlmodel import col, select

from jobs import channels
from jobs.models import Channel, Run, RunState
from jobs.work_queue import find_queue, queue_url
from trade_ma.api.access import DbSession, Installation, require
from trade_ma.api.event_streams import progress_of
from trade_ma.api.paging import Page, Paging, page, paging
from trade_ma.api.problems import not_found
from trade_ma.api.recording import Recorder
from trade_ma.api.subject import Id, Text, subject
from trade_ma.health import work_status
from trade_ma.identity.permissions import Permission
from trade_ma.installation import App
from trade_ma.passes import Begun, Passes, Standing, State, followed

syncs = subject("syncs")
runs = subject("runs")
queue = subject("queue")
schedule = subject("schedule")
READ = [require(Permission.CHANNELS_READ)]
Codes = Annotated[
    Sequence[Text], Query(alias="channel", max_length=100, description="All without.")
]


class Wish(BaseModel):
    """The channels to bring up to date; all of them without."""

    channels: Annotated[list[Text], Field(max_length=100, examples=[["etsy"]])] = []


class Started(BaseModel):
    """Who makes the pass, and what became of the wish for each channel."""

    by_worker: bool = Field(description="False: this process makes it, for want of a worker.")
    channels: dict[str, Begun]


class StandingShown(BaseModel):
    """How the latest pass of a channel stands."""

    channel: str
    state: State
    run_id: int | None
    job: str
    stage: str
    done: int
    total: int
    counts: dict[str, int]
    error: str | None
    started_at: datetime | None


class RunShown(BaseModel):
    """One pass of one job on one channel."""

    id: int
    channel: str
    job: str = Field(examples=["sync"])
    state: RunState
    started_at: datetime
    finished_at: datetime | None
    counts: dict[str, int] = Field(examples=[{"accepted": 4, "rejected": 1, "calls": 9}])
    error: str | None


def passes_of(request: Request) -> Passes:
    """The passes of this serving process."""
    found: Passes = request.app.state.passes
    return found


AllPasses = Annotated[Passes, Depends(passes_of)]


def shown(one: Standing) -> StandingShown:
    """A standing as it is told."""
    return StandingShown.model_validate(one, from_attributes=True)


@syncs.post(
    "",
    status_code=202,
    dependencies=[require(Permission.SYNC_RUN)],
    summary="Bring channels up to date",
)
def start_sync(body: Wish, session: DbSession, passes: AllPasses, record: Recorder) -> Started:
    """Have a pass made, by a worker or else here; one that is under way is joined."""
    try:
        found = channels.find(session, body.channels)
    except LookupError as error:
        raise not_found(str(error)) from error
    session.expunge_all()
    session.rollback()
    begun = passes.start(found)
    told = Started(by_worker=begun.by_worker, channels=dict(begun.channels))
    record("sync.start", "sync", after=told)
    return told


@syncs.get("", dependencies=READ, summary="How the latest passes stand")
def read_syncs(passes: AllPasses, codes: Codes = ()) -> list[StandingShown]:
    """The latest pass of each channel, with its stage where it is at work in this process."""
    return [shown(one) for one in passes.standings(codes)]


@syncs.get(
    "/events",
    dependencies=READ,
    summary="The same, as it happens",
    response_class=StreamingResponse,
    responses=progress_of("the standings"),
)
def watch_syncs(passes: AllPasses, codes: Codes = ()) -> StreamingResponse:
    """Server-sent events: `progress` with the list of standings as JSON, at the end `done`."""
    return StreamingResponse(_events(passes, codes), media_type="text/event-stream")


def _events(passes: Passes, codes: Sequence[str]) -> Iterator[str]:
    for standings in followed(passes, codes, Event()):
        told = [shown(one).model_dump(mode="json") for one in standings]
        yield f"event: progress\ndata: {json.dumps(told)}\n\n"
    yield "event: done\ndata: \n\n"


@runs.get("", dependencies=READ, summary="What was done on the channels")
def list_runs(
    session: DbSession,
    asked: Annotated[Paging, Depends(paging)],
    channel: Annotated[Text | None, Query(max_length=60)] = None,
    state: RunState | None = None,
) -> Page[RunShown]:
    """Runs, the latest first; of one channel, or in one state."""
    codes = channel_codes(session)
    statement = select(Run)
    if channel is not None:
        ids = [id_ for id_, code in codes.items() if code == channel]
        statement = statement.where(col(Run.channel_id).in_(ids))
    if state is not None:
        statement = statement.where(Run.state == state)
    sorts = {"-id": col(Run.id)}
    return page(session, statement, asked, sorts, col(Run.id), lambda run: run_shown(run, codes))


def channel_codes(session: DbSession) -> Mapping[int, str]:
    """The codes of all channels, by id."""
    return {id_ or 0: code for id_, code in session.exec(select(Channel.id, Channel.code))}


def run_shown(run: Run, codes: Mapping[int, str]) -> RunShown:
    """A run as it is told."""
    told = {name: getattr(run, name) for name in RunShown.model_fields if name != "channel"}
    return RunShown(channel=codes[run.channel_id], **told)


@runs.get("/{run_id}", dependencies=READ, summary="One run")
def read_run(run_id: Id, session: DbSession) -> RunShown:
    """A run with its counts, and its error where it met one."""
    if (run := session.get(Run, run_id)) is None:
        raise not_found(f"There is no run {run_id}.")
    return run_shown(run, channel_codes(session))


class InHandShown(BaseModel):
    """A job that somebody does."""

    job: str
    subject: str
    executor: str
    since: str | None


class QueueShown(BaseModel):
    """Who is alive, what they do, and how many jobs wait."""

    executors: dict[str, str]
    accounts: dict[str, str] = Field(description="Accounts at work, with who works on them.")
    in_hand: list[InHandShown]
    waiting: int


class JobShown(BaseModel):
    """A job: when it was last done, and when it is due."""

    job: str
    subject: str
    began: str | None
    ended: str | None
    waiting: int
    next: str


@queue.get("", dependencies=READ, summary="How the work goes")
def read_queue(installation: Installation) -> QueueShown:
    """Workers that are alive, and what they have in hand; empty where none ever ran."""
    told = work(installation)
    return QueueShown.model_validate(
        told or {"executors": {}, "accounts": {}, "in_hand": [], "waiting": 0}
    )


@schedule.get("", dependencies=READ, summary="When each job is due")
def read_schedule(installation: Installation) -> list[JobShown]:
    """Every job of every channel, and those of the house; empty where no worker ever ran."""
    told = work(installation)
    return [JobShown.model_validate(one) for one in (told or {}).get("jobs", ())]


def work(installation: App) -> dict[str, Any] | None:
    """How the work goes, as plain JSON; None where no worker ever ran."""
    found = find_queue(queue_url(installation.settings.sqlalchemy_url))
    if found is None:
        return None
    with closing(found):
        return work_status(installation, found).as_json()
