"""What a worker does for each tick: small jobs, each harmless to do twice."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from catalog.chunks import chunks
from catalog.pricing.sources import SourceRejected, SourceUnavailable
from catalog.translation.engines.errors import EngineError
from connectors.clock import SystemClock
from jobs import (
    buyers,
    channels,
    listings,
    notifications,
    photo_advice,
    photo_checks,
    rates,
    runs,
    scoring,
)
from jobs.engine import Trouble
from jobs.models import Channel
from jobs.photos import render_photos, tasks
from jobs.reconcile import reconcile
from jobs.schedule import accounts
from jobs.sync import (
    ORDERS,
    PUSH,
    STOCK,
    ChannelPass,
    Interrupted,
    InterruptibleClock,
    Scope,
    Workshop,
    sync,
)
from jobs.texts import register_all
from jobs.translating import Desk, translate, work_for
from jobs.work_queue import Job, Tick, WorkQueue
from trade_ma import import_work
from trade_ma.alerting import alert
from trade_ma.database import take_statistics
from trade_ma.installation import App
from trade_ma.sources import rate_source, translator
from trade_ma.workshop import workshop_of

# How long ticks that are done stay in the queue: longer than the longest interval, so that what
# was done today is not made up for after a restart.
KEPT = timedelta(days=3)
# Photos measured between two looks whether something else is more urgent.
MEASURED_AT_ONCE = 20
# Seconds that a worker waits for a pass by hand before it lets others have its thread.
PATIENCE = 60.0
# Seconds until stock that a marketplace's judgement holds up is looked at again. Amazon, the one
# that judges a change of stock, is as a rule through with it by then.
JUDGED_AFTER = 15.0


@dataclass(frozen=True, slots=True)
class Errand:
    """A tick in the hands of a worker. `interrupted`: something more urgent waits, or the end."""

    app: App
    queue: WorkQueue
    tick: Tick
    interrupted: Callable[[], bool]

    def channel(self) -> Channel:
        """The channel it is for.

        Raises:
            LookupError: there is none of that code any more.
        """
        with self.app.session() as session:
            [channel] = channels.find(session, [self.tick.subject])
            session.expunge(channel)
        return channel

    def put(self, job: Job, subject: str, partition: str) -> None:
        """Ask for a job now, unless it waits already."""
        now = datetime.now(UTC).isoformat()
        self.queue.put(Tick(job, subject, partition, now))

    def again(self) -> None:
        """Ask for the rest of this tick: it ended before its time."""
        self.put(self.tick.job, self.tick.subject, self.tick.partition)

    def later(self) -> None:
        """Ask for the same again in a while, once however many ask."""
        at = f"judged {int(time.time() // JUDGED_AFTER)}"
        tick = self.tick
        self.queue.put(Tick(tick.job, tick.subject, tick.partition, at), JUDGED_AFTER)


def _orders(errand: Errand) -> None:
    """Pull the orders of a channel; then have stock pushed wherever it moved."""
    channel = errand.channel()
    _pass(errand, channel, ORDERS)
    # Asked of the listings and not of this pull: a pull that was killed moved stock as well.
    with errand.app.session() as session:
        behind = listings.channels_behind(session)
        partitions = accounts(session)
    for code in behind:
        if code in partitions:
            errand.put(Job.STOCK, code, partitions[code])


def _stock(errand: Errand) -> None:
    """Push the stock that moved to a channel, and end what is sold out."""
    passes = _pass(errand, errand.channel(), STOCK)
    if any(one.held for one in passes):
        errand.later()


def _push(errand: Errand) -> None:
    """Bring a channel to what the catalog says."""
    _pass(errand, errand.channel(), PUSH)


def _pass(errand: Errand, channel: Channel, scope: Scope) -> list[ChannelPass]:
    passes = sync(_workshop(errand), [channel], scope)
    if any(one.cut_short for one in passes):
        errand.again()
    return passes


def _workshop(errand: Errand) -> Workshop:
    clock = InterruptibleClock(SystemClock(), errand.interrupted)
    shop = workshop_of(errand.app, clock=clock)
    return replace(shop, patience=PATIENCE, interrupted=errand.interrupted)


def _rates(errand: Errand) -> None:
    """Ask for the day's exchange rates."""
    settings = errand.app.settings
    try:
        source = rate_source(errand.app, settings.rates_source)
        rates.fetch(errand.app.session, source, datetime.now(UTC), file=settings.rates_file)
    except (SourceUnavailable, SourceRejected, ValueError, OSError) as error:
        raise Trouble(str(error)) from error


def _photos(errand: Errand) -> None:
    """Make the renditions that are not made yet, measure what is new, and judge products anew."""
    app = errand.app
    with app.session() as session:
        wanted = tasks(session, channels.find(session))
        new = photo_advice.unmeasured(session, photo_advice.Which())
    for _ in render_photos(wanted, app.photos):
        if errand.interrupted():
            errand.again()
            return
    for some in chunks(new, MEASURED_AT_ONCE):
        photo_checks.measure_some(app.session, app.photos, some)
        if errand.interrupted():
            errand.again()
            return
    scoring.rescore_stale(app.session)


@dataclass(frozen=True, slots=True)
class _Until:
    """A translation's progress, which ends it between two batches."""

    interrupted: Callable[[], bool]

    def begin(self, segments: int) -> None:
        """Nobody watches."""

    def advance(self, segments: int, characters: int) -> None:
        """A batch is stored: shall there be another?"""
        del segments, characters
        if self.interrupted():
            raise Interrupted


def _texts(errand: Errand) -> None:
    """Cut what was written anew, and translate what is missing where an engine is configured."""
    register_all(errand.app.session)
    try:
        engine = translator(errand.app)
    except EngineError as error:
        raise Trouble(str(error)) from error
    with errand.app.session() as session:
        found = channels.find(session)
        session.expunge_all()
    work = work_for(found, errand.app.settings.translation_budget)
    if engine is None or not work.languages:
        return
    try:
        progress = _Until(errand.interrupted)
        translate(work, Desk(errand.app.session, engine, SystemClock(), progress))
    except Interrupted:
        errand.again()


def _reconcile(errand: Errand) -> None:
    """Compare a channel with its marketplace."""
    result = reconcile(_workshop(errand), errand.channel())
    if errand.interrupted():
        errand.again()
    elif result.trouble:
        raise Trouble(result.trouble)


def _erasure(errand: Errand) -> None:
    """Erase the buyers whose time is over."""
    buyers.erase_due(errand.app.session, datetime.now(UTC))


def _alerts(errand: Errand) -> None:
    """Tell the operator's hooks what needs a person."""
    alert(errand.app, SystemClock())


def _tidy(errand: Errand) -> None:
    """Forget what is over: ticks, runs, notices that were handled; and see how the rest lies."""
    now = datetime.now(UTC)
    errand.queue.tidy(now - KEPT)
    import_work.remove_old(errand.app, now)
    with errand.app.session() as session:
        runs.forget_old(session, now)
        notifications.forget_old(session, now)
        session.commit()
    take_statistics(errand.app.engine)


DUTIES: Mapping[Job, Callable[[Errand], None]] = {
    Job.ORDERS: _orders,
    Job.STOCK: _stock,
    Job.PUSH: _push,
    Job.RATES: _rates,
    Job.PHOTOS: _photos,
    Job.TEXTS: _texts,
    Job.RECONCILE: _reconcile,
    Job.ERASURE: _erasure,
    Job.ALERTS: _alerts,
    Job.TIDY: _tidy,
}


def doing(app: App, queue: WorkQueue) -> Callable[[Tick, Callable[[], bool]], None]:
    """How a worker does a tick."""

    def do(tick: Tick, interrupted: Callable[[], bool]) -> None:
        DUTIES[tick.job](Errand(app, queue, tick, interrupted))

    return do
