"""The day's requests are spent by priority, and what is left over waits for tomorrow."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from moneyed import Money

from connectors.errors import Throttled
from connectors.protocol import ALL_FACETS, Accepted, Change, Claimed, Deferred, Draft, Facet
from connectors.sandbox.etsy import quotas
from tests.connectors.etsy.conftest import Stall


def spend(stall: Stall, left: int) -> None:
    """Let another program of the shop use up today's requests but for `left`."""
    with closing(stall.connect()) as connector:
        connector.check()
        while connector._quota.left > left:
            stall.clock.sleep(1)
            connector._client.ask(connector._client.get_shop, connector._shop.id)


@pytest.fixture
def frugal(stall: Stall, monkeypatch: pytest.MonkeyPatch) -> Stall:
    """A shop whose application may send 400 requests a day."""
    monkeypatch.setattr(quotas, "A_DAY", 400)
    return stall


def urgency(stall: Stall, rug: Draft, left: int) -> list[str]:
    """The facets that are still sent when so many requests are left."""
    remote = stall.listed(rug)
    spend(stall, left)
    moved = replace(
        rug, offers=(replace(rug.offers[0], available=2, price=Money("1300.00", "USD")),)
    )
    with closing(stall.connect()) as connector:
        connector.check()
        changes = [Change(moved, frozenset({facet}), remote) for facet in Facet]
        outcomes = [next(iter(connector.push([change]))) for change in changes]
    return [
        facet.value
        for facet, outcome in zip(Facet, outcomes, strict=True)
        if isinstance(outcome, Accepted)
    ]


# Of 400, 20 are kept from content and media and 10 from prices.
@pytest.mark.parametrize(
    ("left", "sent"),
    [
        (60, ["stock", "presence", "price", "content", "media"]),
        (24, ["stock", "presence", "price"]),
        (12, ["stock", "presence"]),
    ],
)
def test_the_less_urgent_waits_while_there_is_still_something_for_the_urgent(
    frugal: Stall, rug: Draft, left: int, sent: list[str]
) -> None:
    assert urgency(frugal, rug, left) == sent


def test_what_waits_says_until_when_and_why(frugal: Stall, rug: Draft) -> None:
    spend(frugal, 20)
    [deferred] = frugal.push(rug, ALL_FACETS, None)
    assert deferred == Deferred(
        "BO-001",
        ALL_FACETS,
        frugal.clock.now() + timedelta(hours=24),
        "18 of Etsy's 400 requests in 24 hours are left, and they are kept for stock and prices: "
        "the rest waits for tomorrow",
    )
    assert frugal.market.shop.listings == {}


def test_tomorrow_it_is_taken_up_again(frugal: Stall, rug: Draft) -> None:
    spend(frugal, 20)
    with closing(frugal.connect()) as connector:
        changes = [Change(replace(rug, key=f"R-{n}"), ALL_FACETS) for n in range(100)]
        deferred, *others = connector.push(changes)
        assert {type(one) for one in others} == {Deferred}
        assert connector.calls.total() == 2
    assert isinstance(deferred, Deferred)
    frugal.clock.sleep((deferred.until - frugal.clock.now()).total_seconds())
    frugal.listed(rug)


def test_a_day_that_ends_in_the_middle_of_a_listing_is_finished_tomorrow(
    frugal: Stall, rug: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    frugal.listed(replace(rug, key="R-0"))
    # Somebody else spends what this worker was told is left.
    calls = frugal.market.calls.total()
    monkeypatch.setattr(quotas, "A_DAY", calls + 12)
    claimed, deferred = frugal.push(
        replace(rug, offers=(replace(rug.offers[0], sku="R-1"),)), ALL_FACETS, None
    )
    assert isinstance(claimed, Claimed)
    assert isinstance(deferred, Deferred)


def test_an_unsure_create_is_not_forgotten_for_lack_of_requests(frugal: Stall, rug: Draft) -> None:
    remote = frugal.listed(rug)
    spend(frugal, 10)
    with closing(frugal.connect()) as connector:
        claimed, deferred = connector.push([Change(rug, ALL_FACETS, unsure=True)])
    assert isinstance(claimed, Claimed)
    assert (claimed.remote.id, type(deferred)) == (remote.id, Deferred)
    spend(frugal, 0)
    with closing(frugal.connect()) as connector, pytest.raises(Throttled):
        list(connector.push([Change(rug, ALL_FACETS, unsure=True)]))
