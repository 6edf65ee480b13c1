"""One pass: orders of every channel first, then what each channel needs, the urgent first.

Level-triggered: every step may be killed, and the next pass converges to the same end.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Protocol

from sqlmodel import Session

from catalog.chunks import chunks
from catalog.pricing.rates import Rate
from connectors.clock import Clock
from connectors.errors import ConnectorError, CredentialsRejected, Refused
from connectors.protocol import Connector, Issue, Marketplace
from jobs import conflicts, listings, orders, planning, push, settlements, shipping
from jobs.hints import HINTS
from jobs.locks import Hold, Locks, ThreadLocks, wait_for
from jobs.models import Channel, Run, RunState
from jobs.notifications import taken_up
from jobs.plan import ListingPlan, Phase, changes
from jobs.planning import Planned, Undraftable
from jobs.push import Desk, Work
from jobs.sealing import Seal
from jobs.unexpected import told

log = logging.getLogger(__name__)

# Seconds. A pass that is asked to end within ten finishes a wait of so many, looking up in between.
SHORT_WAIT = 3.0
WAIT_STEP = 0.2


class Progress(Protocol):
    """Who watches a pass."""

    def stage(self, channel: str, stage: str, total: int) -> None:
        """`channel` begins `stage`, with `total` listings to send."""
        ...

    def advance(self, channel: str) -> None:
        """One listing is through."""
        ...


class Silent:
    """Nobody watches."""

    def stage(self, channel: str, stage: str, total: int) -> None:
        """Say nothing."""

    def advance(self, channel: str) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a pass works with.

    `locks` keep two passes off one account, whichever process they run in; a pass waits
    `patience` seconds for another's end. `interrupted` asks a pass to finish what it has in hand.
    """

    sessions: Callable[[], Session]
    market: Callable[[Channel], Marketplace]
    connect: Callable[[Channel], Connector]
    sealer: Seal
    rates: Mapping[str, Rate]
    clock: Clock
    progress: Progress = field(default_factory=Silent)
    locks: Locks = field(default_factory=ThreadLocks)
    patience: float = 10.0
    interrupted: Callable[[], bool] = lambda: False


class Interrupted(Exception):
    """A wait was cut short, because the pass is asked to end."""


@dataclass(frozen=True, slots=True)
class InterruptibleClock:
    """A clock on which no long wait outlasts an interruption."""

    clock: Clock
    interrupted: Callable[[], bool]

    def now(self) -> datetime:
        """The present moment."""
        return self.clock.now()

    def sleep(self, seconds: float) -> None:
        """Wait. A short wait is finished in any case.

        Raises:
            Interrupted: asked to end with a long wait still to go.
        """
        left = seconds
        while left > 0:
            if left > SHORT_WAIT and self.interrupted():
                raise Interrupted
            self.clock.sleep(min(left, WAIT_STEP))
            left -= WAIT_STEP


@dataclass(frozen=True, slots=True)
class Scope:
    """What a pass does: its name, whether it pulls orders, and the phases that it pushes.

    A pass over stock alone looks at nothing but listings that are there and whose stock moved.
    """

    job: str
    pull: bool
    phases: tuple[Phase, ...]
    stock_alone: bool = False


SYNC = Scope("sync", pull=True, phases=tuple(Phase))
ORDERS = Scope("orders", pull=True, phases=())
PUSH = Scope("push", pull=False, phases=tuple(Phase))
STOCK = Scope(
    "stock", pull=False, phases=(Phase.END, Phase.LESS_STOCK, Phase.MORE_STOCK), stock_alone=True
)


@dataclass(slots=True)
class ChannelPass:
    """One channel on its way through a pass: its counts, and its trouble where it met any.

    `cut_short` says that the pass was interrupted, and that something may be left to do; `held`
    that something waits for the marketplace's judgement of what was sent before. `remarks` are
    what a person should read of it, though the channel is well.
    """

    channel: Channel
    connector: Connector
    desk: Desk
    run_id: int
    works: list[Work] = field(default_factory=list)
    trouble: str | None = None
    cut_short: bool = False
    held: bool = False
    remarks: list[str] = field(default_factory=list)

    @property
    def calls(self) -> Counter[str]:
        """Requests sent to the marketplace in this pass."""
        return self.connector.calls


def sync(shop: Workshop, channels: Sequence[Channel], scope: Scope = SYNC) -> list[ChannelPass]:
    """One pass over `channels`. Trouble with one is told in its result, and stops no other.

    A channel whose account another pass is at work on is left alone, which its trouble says.
    """
    with ExitStack() as held:
        ours, busy = _take_accounts(shop, channels, held)
        passes = [_start(shop, channel, hold, scope.job) for channel, hold in ours]
        if scope.pull:
            _each(shop, passes, _pull)
        if scope.stock_alone:
            _each(shop, passes, _poll_moved)
        if scope.phases:
            # Planned only now: an order pulled from the last channel changes the stock of the
            # first.
            _each(shop, passes, partial(_plan, scope))
        for phase in scope.phases:
            _each(shop, passes, partial(_push, phase))
        if scope.pull:
            # Last: nobody's stock waits for it.
            _each(shop, passes, _pull_books)
        _finish_all(shop, passes)
    return passes + busy


def pull_orders(shop: Workshop, channels: Sequence[Channel]) -> list[ChannelPass]:
    """Orders alone, of every channel."""
    return sync(shop, channels, ORDERS)


def count_orders(shop: Workshop, channel: Channel) -> Counter[str]:
    """What a pull would bring in of `channel`, without keeping any of it.

    Raises:
        ConnectorError: trouble with the channel.
    """
    desk = Desk(shop.sessions, shop.clock)
    with closing(shop.connect(channel)) as connector:
        orders.pull(desk, connector, channel, shop.sealer, keep=False)
    return desk.tally


def _take_accounts(
    shop: Workshop, channels: Sequence[Channel], held: ExitStack
) -> tuple[list[tuple[Channel, Hold]], list[ChannelPass]]:
    """The channels whose accounts are ours until `held` closes, and those that are busy."""
    well = [channel for channel in channels if not channel.paused_reason]
    taken: dict[str, Hold] = {}
    # In the order of their names, so that two passes never wait for each other.
    for account in sorted({channel.account for channel in well}):
        name = lock_of(account)
        if hold := wait_for(shop.locks, name, shop.clock, shop.patience, shop.interrupted):
            held.callback(hold.release)
            taken[account] = hold
    return (
        [(channel, taken[channel.account]) for channel in well if channel.account in taken],
        [_busy(shop, channel) for channel in well if channel.account not in taken],
    )


def lock_of(account: str) -> str:
    """The name of the lock of an account."""
    return f"account {account}"


def _busy(shop: Workshop, channel: Channel) -> ChannelPass:
    who = shop.locks.holder(lock_of(channel.account)) or "another pass"
    words = f"{who} is at work on account {channel.account}: try again when it is through"
    desk = Desk(shop.sessions, shop.clock)
    with closing(shop.connect(channel)) as connector:
        return ChannelPass(channel, connector, desk, 0, trouble=words, cut_short=True)


def _each(
    shop: Workshop, passes: Sequence[ChannelPass], step: Callable[[Workshop, ChannelPass], None]
) -> None:
    """Take every channel that is well through one step."""
    for one in passes:
        one.cut_short |= one.desk.interrupted()
        if not one.trouble and not one.cut_short:
            with _trouble_told(shop, one):
                step(shop, one)
                one.cut_short = one.desk.interrupted()


def _pull(shop: Workshop, one: ChannelPass) -> None:
    shop.progress.stage(one.channel.code, "orders", 0)
    began = shop.clock.now()
    push.poll(one.desk, one.connector, one.channel)
    orders.pull(one.desk, one.connector, one.channel, shop.sealer)
    one.remarks += shipping.tell_parcels(one.desk, one.connector, one.channel)
    with shop.sessions() as session:
        one.desk.tally.update(conflicts=conflicts.look_everywhere(session, shop.clock.now()))
        taken_up(session, one.channel, HINTS, before=began)
        session.commit()
    one.desk.tally = +one.desk.tally


def _pull_books(shop: Workshop, one: ChannelPass) -> None:
    with shop.sessions() as session:
        channel = session.get_one(Channel, one.channel.id)
        session.expunge(channel)
    try:
        settlements.pull(one.desk, one.connector, channel)
    except Refused as error:
        one.remarks.append(f"the marketplace's books: {error}")


def _poll_moved(shop: Workshop, one: ChannelPass) -> None:
    """Ask what became of what was sent of listings whose stock moved again: it holds them up."""
    with shop.sessions() as session:
        moved = listings.moved(session, one.channel, shop.clock.now())
    push.poll(
        one.desk, one.connector, one.channel, {item.listing_id for item in moved if item.listing_id}
    )


def _push(phase: Phase, _shop: Workshop, one: ChannelPass) -> None:
    push.push_phase(one.desk, one.connector, phase, one.works)


def _start(shop: Workshop, channel: Channel, hold: Hold, job: str) -> ChannelPass:
    with shop.sessions() as session:
        run = Run(channel_id=channel.id or 0, job=job, started_at=shop.clock.now())
        session.add(run)
        session.commit()
        run_id = run.id or 0
    code = channel.code
    desk = Desk(
        shop.sessions,
        shop.clock,
        on_done=lambda: shop.progress.advance(code),
        # A server that lost our connection may have given the account to another pass.
        interrupted=lambda: shop.interrupted() or not hold.held(),
    )
    return ChannelPass(channel, shop.connect(channel), desk, run_id)


@contextmanager
def _trouble_told(shop: Workshop, one: ChannelPass) -> Iterator[None]:
    try:
        yield
    except Interrupted:
        one.cut_short = True
    except CredentialsRejected as error:
        one.trouble = str(error)
        with shop.sessions() as session:
            session.get_one(Channel, one.channel.id).paused_reason = str(error)
            session.commit()
    except ConnectorError as error:
        one.trouble = f"{type(error).__name__}: {error}"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        # A mistake of ours, or of somebody's connector, harms its own channel and no other.
        one.trouble = told(log, f"channel {one.channel.code}", error)


def _plan(scope: Scope, shop: Workshop, one: ChannelPass) -> None:
    """Find the works of a channel, write our own refusals, mark what needs nothing as seen."""
    with shop.sessions() as session:
        channel = session.get_one(Channel, one.channel.id)
        market = shop.market(channel)
        planned = list(
            planning.plans(
                session, channel, market, shop.rates, shop.clock, stock_alone=scope.stock_alone
            )
        )
        stale = {item.stale.product_id: item.stale.listing_id for item in planned}
        begun = listings.begin(session, channel, [p for p, known in stale.items() if not known])
        ids = {product: known or begun[product] for product, known in stale.items()}
        session.commit()
    by_listing = {ids[item.stale.product_id]: item for item in planned}
    remarks = {listing_id: item.remarks for listing_id, item in by_listing.items()}
    works, refusals = [], {}
    try:
        for listing_id, item in by_listing.items():
            plan = item.plan
            if isinstance(plan, Undraftable):
                one.desk.tally["rejected"] += 1
                continue
            issues = one.connector.validate(plan.draft)
            remarks[listing_id] += push.advice(plan.draft, issues)
            work = Work(listing_id, plan, item.stale.seen)
            if work.open_facets and (refusal := push.screen(work, issues)):
                refusals[listing_id] = refusal
            works.append(work)
    finally:
        # A connector that stumbles over one draft takes nothing from what is said of the others.
        _remark(shop, by_listing, remarks)
    push.settle(one.desk, works, refusals)
    one.held = any(work.plan.held for work in works)
    one.works = [work for work in works if work.open_facets]
    shop.progress.stage(one.channel.code, "listings", len(one.works))


def _remark(
    shop: Workshop, planned: Mapping[int, Planned], remarks: Mapping[int, Sequence[Issue]]
) -> None:
    """Write what there is to say of drafts, and that what cannot be drafted was looked at."""
    with shop.sessions() as session:
        for chunk in chunks(list(planned), planning.CHUNK):
            now = shop.clock.now()
            listings.remark(session, {id_: remarks[id_] for id_ in chunk}, now)
            given_up = {
                id_: planned[id_].stale.seen
                for id_ in chunk
                if isinstance(planned[id_].plan, Undraftable)
            }
            listings.mark_seen(session, given_up)
        session.commit()


def _finish_all(shop: Workshop, passes: Sequence[ChannelPass]) -> None:
    for one in passes:
        one.connector.close()
    for one in passes:
        _finish(shop, one)


def _finish(shop: Workshop, one: ChannelPass) -> None:
    """Write the run, and log trouble once when it starts and once when it ends."""
    with shop.sessions() as session:
        channel = session.get_one(Channel, one.channel.id)
        if one.trouble and not channel.trouble:
            log.warning("channel %s: trouble begins: %s", channel.code, one.trouble)
        if channel.trouble and not one.trouble:
            log.warning("channel %s: trouble is over", channel.code)
        channel.trouble = one.trouble
        run = session.get_one(Run, one.run_id)
        run.state = RunState.FAILED if one.trouble else RunState.DONE
        run.finished_at = shop.clock.now()
        run.error = one.trouble or "; ".join(one.remarks) or None
        run.counts = dict(one.desk.tally) | {"calls": one.calls.total()}
        session.commit()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a pass would send of one listing now, and what would be refused of it."""

    plan: ListingPlan | Undraftable
    refused: tuple[Issue, ...] = ()


def preview(
    session: Session, channel: Channel, shop: Workshop, *, ask: bool = False
) -> list[Preview]:
    """What a pass would send to `channel` now. Writes nothing.

    With `ask` the marketplace itself is asked what it would refuse, where it can be asked.
    """
    with closing(shop.connect(channel)) as connector:
        return _preview(session, channel, shop, connector, ask=ask)


def _preview(
    session: Session, channel: Channel, shop: Workshop, connector: Connector, *, ask: bool
) -> list[Preview]:
    works: list[Work] = []
    shown: dict[str, Preview] = {}
    for item in planning.plans(session, channel, shop.market(channel), shop.rates, shop.clock):
        plan = item.plan
        if isinstance(plan, Undraftable):
            shown[plan.key] = Preview(plan, item.remarks)
            continue
        work = Work(item.stale.listing_id or 0, plan, item.stale.seen)
        refusal = push.screen(work, connector.validate(plan.draft)) if work.open_facets else None
        shown[plan.draft.key] = Preview(plan, refusal.issues if refusal else ())
        works.append(work)
    session.rollback()
    if ask:
        wanted = [change for work in works for change in changes(work.plan).values()]
        for refused in connector.rehearse(wanted):
            before = shown[refused.key]
            shown[refused.key] = replace(before, refused=before.refused + refused.issues)
    return list(shown.values())
