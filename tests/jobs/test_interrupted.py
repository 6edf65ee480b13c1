"""A pass that is asked to end finishes what it has in hand, and the next one does the rest."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NoReturn

from sqlmodel import select

from connectors.memory import MemoryConnector
from connectors.protocol import (
    Accepted,
    Change,
    Connector,
    Outcome,
    Pending,
    Receipt,
    Remote,
)
from jobs.models import Channel
from jobs.sync import PUSH, STOCK, ChannelPass, Interrupted, Scope, Workshop, lock_of, sync
from tests.jobs.conftest import Atelier


def run(atelier: Atelier, scope: Scope, change: Callable[[Workshop], Workshop]) -> ChannelPass:
    """A pass of the one channel."""
    with atelier.session() as session:
        channel = session.exec(select(Channel)).one()
        session.expunge_all()
    for market in atelier.markets.values():
        market.calls.clear()
    [told] = sync(change(atelier.workshop()), [channel], scope)
    return told


def titles(atelier: Atelier) -> list[str]:
    return sorted(one.title for one in atelier.markets["us"].shown())


def test_an_interrupted_pass_stops_between_outcomes_and_the_next_one_goes_on(
    atelier: Atelier,
) -> None:
    market = atelier.channel("us")
    for number in range(6):
        atelier.product(f"T-{number}")

    def after_three(shop: Workshop) -> Workshop:
        return replace(shop, interrupted=lambda: len(market.listings) == 3)

    told = run(atelier, PUSH, after_three)
    assert (len(titles(atelier)), told.cut_short, told.trouble) == (3, True, None)
    assert told.desk.tally == {"accepted": 3}
    told = run(atelier, PUSH, lambda shop: shop)
    assert (titles(atelier), told.cut_short) == ([f"Tapis T-{n}" for n in range(6)], False)
    assert market.calls["create"] == 3


def test_a_wait_that_is_cut_short_is_no_trouble(atelier: Atelier) -> None:
    atelier.channel("us")
    atelier.product("T-1")

    def waits(shop: Workshop) -> Workshop:
        def market(_: Channel) -> NoReturn:
            raise Interrupted

        return replace(shop, market=market)

    told = run(atelier, PUSH, waits)
    assert (told.cut_short, told.trouble) == (True, None)


def test_a_pass_over_stock_sends_what_moved_and_drafts_nothing_else(atelier: Atelier) -> None:
    market = atelier.channel("us")
    for number in range(3):
        atelier.product(f"T-{number}", stock=5)
    atelier.sync()
    atelier.product("NEW")
    atelier.edit("T-0", title="Kilim")
    atelier.count("T-0", 4, "second")
    atelier.count("T-1", 3, "third")
    told = run(atelier, STOCK, lambda shop: shop)
    assert dict(market.calls) == {"stock": 2}
    assert titles(atelier) == ["Tapis T-0", "Tapis T-1", "Tapis T-2"]
    assert told.desk.tally == {"accepted": 2}
    run(atelier, PUSH, lambda shop: shop)
    assert titles(atelier) == ["Kilim", "Tapis NEW", "Tapis T-1", "Tapis T-2"]


def test_a_busy_account_is_left_alone_in_words(atelier: Atelier) -> None:
    atelier.channel("us")
    atelier.product("T-1")
    shop = atelier.workshop()
    hold = shop.locks.take(lock_of("us"))
    assert hold
    told = run(atelier, PUSH, lambda other: replace(other, locks=shop.locks))
    assert (told.trouble or "").endswith("is at work on account us: try again when it is through")
    assert titles(atelier) == []
    hold.release()
    assert run(atelier, PUSH, lambda other: replace(other, locks=shop.locks)).trouble is None
    assert titles(atelier) == ["Tapis T-1"]


class Judging(MemoryConnector):
    """A marketplace that judges what it took, and tells when it is asked later."""

    judged = True

    def push(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        for one in super().push(changes):
            if isinstance(one, Accepted):
                yield Pending(one.key, Receipt(one.key, one.facets, "feed"), one.remote)
            else:
                yield one

    def poll(self, receipts: Sequence[Receipt]) -> Iterator[Outcome]:
        for one in receipts if self.judged else ():
            remote_id = self._market.find(one.key)
            assert remote_id
            yield Accepted(one.key, one.facets, Remote(remote_id))


def test_stock_that_moves_again_while_the_last_figure_is_judged(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("T-1", stock=5)

    def judging(shop: Workshop) -> Workshop:
        def connect(channel: Channel) -> Connector:
            opened = atelier.connect(channel)
            assert isinstance(opened, MemoryConnector)
            return Judging(market, opened._account)

        return replace(shop, connect=connect)

    run(atelier, PUSH, judging)
    atelier.count("T-1", 4, "second")
    assert not run(atelier, STOCK, judging).held
    atelier.count("T-1", 3, "third")
    Judging.judged = False
    assert run(atelier, STOCK, judging).held
    assert dict(market.calls) == {}
    Judging.judged = True
    assert not run(atelier, STOCK, judging).held
    assert dict(market.calls) == {"stock": 1}
