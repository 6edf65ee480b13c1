"""Passes between a catalog and marketplaces: they converge, spare calls, and survive trouble."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import col, select

from catalog.models import MovementKind, Variant
from catalog.pricing.rates import Rate
from catalog.stock import move
from connectors.errors import CredentialsRejected, Unavailable
from connectors.memory import MemoryConnector
from connectors.protocol import Change, Notice, NoticeKind, Outcome
from connectors.retry import ATTEMPTS
from connectors.sandbox.faults import Fault, FaultKind
from jobs.models import Channel, ListingIssue, Notification, Run, RunState
from jobs.notifications import receive
from jobs.status import status
from tests.jobs.conftest import Atelier


def shown(atelier: Atelier, channel: str) -> dict[str, tuple[str, str, int, bool]]:
    """What a buyer sees: title, price, units and presence by SKU."""
    return {
        offer.sku: (one.title, f"{offer.price} {offer.currency}", offer.available, one.present)
        for one in atelier.markets[channel].shown()
        for offer in one.offers
    }


def test_the_catalog_is_shown_on_every_channel_in_its_currency(atelier: Atelier) -> None:
    atelier.channel("us")
    atelier.channel("jp", currency="JPY")
    atelier.product("BO-001", price=925_00)
    atelier.sync()
    assert shown(atelier, "us") == {"BO-001": ("Tapis BO-001", "100.00 USD", 1, True)}
    assert shown(atelier, "jp") == {"BO-001": ("Tapis BO-001", "15417 JPY", 1, True)}


def test_a_second_pass_asks_for_orders_and_nothing_else(atelier: Atelier) -> None:
    market = atelier.channel("us")
    for number in range(10):
        atelier.product(f"T-{number}")
    [first] = atelier.sync()
    assert first.desk.tally == {"accepted": 10}
    [second] = atelier.sync()
    assert (dict(market.calls), second.desk.tally) == ({"orders": 1}, {})


def test_an_unchanged_catalog_is_not_even_drafted(
    atelier: Atelier, monkeypatch: pytest.MonkeyPatch
) -> None:
    atelier.channel("us")
    atelier.product("BO-001")
    atelier.product("SOLD-OUT", stock=0)
    atelier.sync()

    def never(*_: object) -> None:
        raise AssertionError("a draft was read")

    monkeypatch.setattr("jobs.planning.draft", never)
    atelier.sync()


def test_a_stock_change_sends_stock_alone(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("CS-101", stock=24)
    atelier.sync()
    atelier.count("CS-101", 20, "second")
    atelier.sync()
    assert dict(market.calls) == {"orders": 1, "stock": 1}
    assert shown(atelier, "us")["CS-101"][2] == 20


def test_a_buffer_is_held_back(atelier: Atelier) -> None:
    atelier.channel("us", buffer=2)
    atelier.product("CS-101", stock=5)
    atelier.sync()
    assert shown(atelier, "us")["CS-101"][2] == 3


def test_a_new_rate_sends_prices_alone(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("BO-001", price=925_00)
    atelier.sync()
    atelier.rates = {**atelier.rates, "USD": replace_rate(atelier, "10")}
    atelier.sync()
    assert dict(market.calls) == {"orders": 1, "price": 1}
    assert shown(atelier, "us")["BO-001"][1] == "92.50 USD"


def replace_rate(atelier: Atelier, mad_per_unit: str) -> Rate:
    return replace(atelier.rates["USD"], mad_per_unit=Decimal(mad_per_unit))


def test_the_last_unit_sold_is_off_every_other_channel_in_the_same_pass(atelier: Atelier) -> None:
    us, eu = atelier.channel("us"), atelier.channel("eu", currency="EUR")
    atelier.product("BO-001", stock=1)
    atelier.sync()
    us.buy({"BO-001": 1}, "US")
    atelier.sync()
    assert (atelier.available("BO-001"), shown(atelier, "eu")["BO-001"][2]) == (0, 0)
    assert dict(eu.calls) == {"orders": 1, "stock": 1}


def test_a_withdrawn_product_is_ended_and_comes_back(atelier: Atelier) -> None:
    atelier.channel("us")
    atelier.product("BO-001")
    atelier.sync()
    atelier.edit("BO-001", withdrawn=True)
    atelier.sync()
    assert shown(atelier, "us")["BO-001"][3] is False
    atelier.edit("BO-001", withdrawn=False)
    atelier.sync()
    assert shown(atelier, "us")["BO-001"][3] is True


def test_a_refused_listing_says_why_blocks_nothing_and_waits_for_its_draft_to_change(
    atelier: Atelier,
) -> None:
    market = atelier.channel("us")
    atelier.product("BAD", title="Counterfeit rug")
    atelier.product("GOOD")
    atelier.sync()
    assert list(shown(atelier, "us")) == ["GOOD"]
    with atelier.session() as session:
        [channel] = session.exec(select(Channel)).all()
        told = status(session, channel)
    assert told.listings == {"refused": 1, "live": 1}
    assert [(i.key, i.field, i.message) for i in told.issues] == [
        ("BAD", "title", "This product may not be sold here")
    ]

    atelier.count("BAD", 7, "second")
    atelier.sync()
    assert dict(market.calls) == {"orders": 1}

    atelier.edit("BAD", title="Honest rug")
    atelier.sync()
    assert set(shown(atelier, "us")) == {"GOOD", "BAD"}
    with atelier.session() as session:
        assert session.exec(select(ListingIssue)).all() == []


TOO_MANY = [["Taille", "S"], ["Couleur", "bleu"], ["Forme", "rond"], ["Style", "Fès"]]


def test_what_would_surely_be_refused_is_told_without_a_call(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("WIDE")
    atelier.edit("WIDE", options=TOO_MANY)
    atelier.sync()
    assert dict(market.calls) == {"orders": 1, "settlements": 1}
    with atelier.session() as session:
        assert [i.code for i in session.exec(select(ListingIssue))] == ["too_many_options"]


def test_bad_words_of_a_live_listing_do_not_keep_its_stock_back(atelier: Atelier) -> None:
    atelier.channel("us")
    atelier.product("BO-001", stock=3)
    atelier.sync()
    atelier.edit("BO-001", title="Kilim", options=TOO_MANY)
    atelier.count("BO-001", 2, "second")
    atelier.sync()
    assert shown(atelier, "us")["BO-001"] == ("Tapis BO-001", "10.82 USD", 2, True)


def test_a_create_whose_answer_was_lost_is_looked_for_and_not_repeated(atelier: Atelier) -> None:
    market = atelier.channel("us")
    for number in range(6):
        atelier.product(f"T-{number}")
    market.faults.arm(Fault(kind=FaultKind.LOST_ANSWER, operation="create", every=2, times=3))
    troubles = [one.trouble for _ in range(5) for one in atelier.sync()]
    assert sum(trouble is not None for trouble in troubles) == 3
    assert sorted(shown(atelier, "us")) == [f"T-{number}" for number in range(6)]
    assert len(market.listings) == 6


def test_a_create_that_was_begun_is_found_even_if_its_draft_is_bad_by_now(
    atelier: Atelier,
) -> None:
    market = atelier.channel("us")
    atelier.product("BO-001")
    market.faults.arm(Fault(kind=FaultKind.LOST_ANSWER, operation="create"))
    atelier.sync()
    atelier.edit("BO-001", title="Kilim", options=TOO_MANY)
    atelier.sync()
    atelier.edit("BO-001", title="Tapis", options=[])
    atelier.sync()
    assert len(market.listings) == 1
    assert shown(atelier, "us")["BO-001"][0] == "Tapis"


class Silent(MemoryConnector):
    """A marketplace that does what it is asked, and whose answer is lost."""

    def push(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        next(iter(super().push(changes)))
        raise Unavailable("no answer")
        yield


def test_a_change_of_which_nobody_heard_the_end_is_sent_again_though_it_was_taken_back(
    atelier: Atelier,
) -> None:
    market = atelier.channel("us")
    atelier.product("BO-001", stock=3)
    atelier.sync()

    def silent(channel: Channel) -> MemoryConnector:
        opened = atelier.connect(channel)
        assert isinstance(opened, MemoryConnector)
        return Silent(market, opened._account)

    atelier.count("BO-001", 2, "second")
    atelier.sync(silent)
    assert shown(atelier, "us")["BO-001"][2] == 2
    atelier.count("BO-001", 3, "third")
    atelier.sync()
    assert shown(atelier, "us")["BO-001"][2] == 3


def moved(rates: Mapping[str, Rate], currency: str, share: str, on: date) -> dict[str, Rate]:
    rate = rates[currency]
    return {
        **rates,
        currency: replace(rate, mad_per_unit=rate.mad_per_unit * Decimal(share), date=on),
    }


def test_a_rate_reprices_only_beyond_the_hysteresis_and_sends_prices_alone(
    atelier: Atelier,
) -> None:
    dollars, euros = atelier.channel("us"), atelier.channel("eu", currency="EUR")
    for sku in ("A-1", "B-2", "C-3"):
        atelier.product(sku, price=925_00)
    atelier.sync()
    today = atelier.clock.now().date()
    atelier.rates = moved(moved(atelier.rates, "USD", "1.06", today), "EUR", "1.01", today)
    atelier.sync()
    assert (dict(dollars.calls), dict(euros.calls)) == ({"orders": 1, "price": 3}, {"orders": 1})
    assert shown(atelier, "us")["A-1"][1] == "94.34 USD"
    atelier.sync()
    assert dict(dollars.calls) == {"orders": 1}


def test_a_price_that_must_wait_is_sent_on_its_day_without_any_other_cause(
    atelier: Atelier,
) -> None:
    market = atelier.channel("us", price={"charm": "none", "min_days": 2})
    atelier.product("A-1", price=925_00)
    atelier.sync()
    atelier.rates = moved(atelier.rates, "USD", "1.06", atelier.clock.now().date())
    atelier.sync()
    assert dict(market.calls) == {"orders": 1}
    atelier.clock.sleep(timedelta(days=2).total_seconds())
    atelier.sync()
    assert dict(market.calls) == {"orders": 1, "price": 1, "settlements": 1}


def test_old_rates_freeze_prices_and_never_stock(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("A-1", stock=3, price=925_00)
    atelier.sync()
    atelier.clock.sleep(timedelta(days=30).total_seconds())
    atelier.edit("A-1", price_minor=2_000_00)
    atelier.count("A-1", 2, "second")
    atelier.product("NEW", price=100_00)
    atelier.sync()
    assert shown(atelier, "us")["A-1"][1:3] == ("100.00 USD", 2)
    assert "NEW" not in shown(atelier, "us")
    with atelier.session() as session:
        told = {issue.code for issue in session.exec(select(ListingIssue))}
    assert told == {"rates_stale", "price_under_floor", "no_rate"}
    atelier.rates = moved(atelier.rates, "USD", "1", atelier.clock.now().date())
    atelier.sync()
    assert (shown(atelier, "us")["A-1"][1], "NEW" in shown(atelier, "us")) == ("216.22 USD", True)
    assert dict(market.calls)["orders"] == 1
    with atelier.session() as session:
        assert session.exec(select(ListingIssue)).all() == []


def test_a_sick_channel_stops_no_other_and_is_made_up_for_later(atelier: Atelier) -> None:
    sick, _ = atelier.channel("a-sick"), atelier.channel("b-well")
    atelier.product("BO-001")
    sick.faults.arm(Fault(kind=FaultKind.ERROR, times=None))
    first = {one.channel.code: one.trouble for one in atelier.sync()}
    assert first == {"a-sick": "Unavailable: out of order", "b-well": None}
    assert (shown(atelier, "a-sick"), list(shown(atelier, "b-well"))) == ({}, ["BO-001"])
    sick.faults.clear()
    atelier.sync()
    assert list(shown(atelier, "a-sick")) == ["BO-001"]


def test_a_mistake_in_one_connector_harms_its_own_channel_and_no_other(
    atelier: Atelier, caplog: pytest.LogCaptureFixture
) -> None:
    broken, _ = atelier.channel("a-broken"), atelier.channel("b-well")
    atelier.product("BO-001")

    class Broken(MemoryConnector):
        def push(self, _changes: Sequence[Change]) -> Iterator[Outcome]:
            raise KeyError("secret")
            yield

    def connect(channel: Channel) -> MemoryConnector:
        opened = atelier.connect(channel)
        assert isinstance(opened, MemoryConnector)
        return Broken(broken, opened._account) if channel.code == "a-broken" else opened

    told = {one.channel.code: one.trouble for one in atelier.sync(connect)}
    assert told == {
        "a-broken": "a mistake of this program (KeyError): see the log",
        "b-well": None,
    }
    assert list(shown(atelier, "b-well")) == ["BO-001"]
    assert "a mistake of this program" in caplog.text


def test_trouble_is_logged_once_when_it_starts_and_once_when_it_ends(
    atelier: Atelier, caplog: pytest.LogCaptureFixture
) -> None:
    market = atelier.channel("us")
    market.faults.arm(Fault(kind=FaultKind.ERROR, times=3 * ATTEMPTS))
    with caplog.at_level(logging.WARNING):
        for _ in range(6):
            atelier.sync()
    assert [record.getMessage() for record in caplog.records] == [
        "channel us: trouble begins: Unavailable: out of order",
        "channel us: trouble is over",
    ]
    with atelier.session() as session:
        states = [run.state for run in session.exec(select(Run).order_by(col(Run.id)))]
    assert states == [RunState.FAILED] * 3 + [RunState.DONE] * 3


def test_rejected_credentials_pause_the_channel_until_a_person_resumes_it(
    atelier: Atelier,
) -> None:
    market = atelier.channel("us")
    atelier.product("BO-001")

    class Stranger(MemoryConnector):
        def push(self, _changes: Sequence[Change]) -> Iterator[Outcome]:
            raise CredentialsRejected("the token was revoked: enter a new one")
            yield

    def connect(channel: Channel) -> MemoryConnector:
        opened = atelier.connect(channel)
        assert isinstance(opened, MemoryConnector)
        return Stranger(market, opened._account)

    atelier.sync(connect)
    assert atelier.sync() == []
    with atelier.session() as session:
        [channel] = session.exec(select(Channel)).all()
        assert channel.paused_reason == "the token was revoked: enter a new one"
        channel.paused_reason = None
        session.commit()
    atelier.sync()
    assert list(shown(atelier, "us")) == ["BO-001"]


def test_an_unknown_currency_is_an_issue_on_the_listing(atelier: Atelier) -> None:
    atelier.channel("xx", currency="KWD")
    atelier.product("BO-001")
    [one] = atelier.sync()
    assert one.desk.tally == {"rejected": 1}
    with atelier.session() as session:
        [issue] = session.exec(select(ListingIssue)).all()
    assert (issue.code, issue.field) == ("no_rate", "price")
    assert "KWD" in issue.message


def test_orders_are_pulled_with_an_overlap_and_told_once(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("CS-101", stock=10)
    atelier.sync()
    market.buy({"CS-101": 2}, "US")
    tallies = []
    for _ in range(3):
        [one] = atelier.sync()
        tallies.append(one.desk.tally["orders_new"])
        atelier.clock.sleep(timedelta(minutes=1).total_seconds())
    assert (tallies, atelier.available("CS-101")) == ([1, 0, 0], 8)


def test_a_unit_that_came_back_to_its_market_is_taken_off_where_it_is_owed_to_another(
    atelier: Atelier,
) -> None:
    us, eu = atelier.channel("us"), atelier.channel("eu", currency="EUR")
    atelier.product("BO-001", stock=1)
    atelier.sync()
    theirs = us.buy({"BO-001": 1}, "US")
    eu.buy({"BO-001": 1}, "FR")
    atelier.sync()
    # The market puts the unit back on sale by itself, and the other order still wants it.
    us.cancel(theirs, None, restock=True)
    atelier.sync()
    assert atelier.available("BO-001") == 0
    assert shown(atelier, "us")["BO-001"][2] == 0


def test_a_unit_found_in_place_of_one_just_sold_is_put_back_on_sale(atelier: Atelier) -> None:
    market = atelier.channel("us")
    atelier.product("CS-101", stock=4)
    atelier.sync()
    market.buy({"CS-101": 1}, "US")
    with atelier.session() as session:
        variant = session.exec(select(Variant)).one()
        move(session, variant, 1, MovementKind.ADJUSTMENT, source="test", reference="found")
        session.commit()
    atelier.sync()
    assert atelier.available("CS-101") == 4
    assert shown(atelier, "us")["CS-101"][2] == 4


def test_a_listing_that_its_market_ended_as_sold_out_comes_back_with_the_unit_that_is_left(
    atelier: Atelier,
) -> None:
    market = atelier.channel("us")
    atelier.product("BO-001", stock=1)
    atelier.sync()
    market.buy({"BO-001": 1}, "US")
    # Etsy does so by itself.
    market.listings[market.find("BO-001") or ""].present = False
    with atelier.session() as session:
        variant = session.exec(select(Variant)).one()
        move(session, variant, 1, MovementKind.ADJUSTMENT, source="test", reference="found")
        session.commit()
    atelier.sync()
    assert shown(atelier, "us")["BO-001"][2:] == (1, True)


def test_an_order_that_came_and_went_between_two_passes_leaves_its_unit_on_sale(
    atelier: Atelier,
) -> None:
    market = atelier.channel("us")
    atelier.product("BO-001", stock=1)
    atelier.sync()
    market.cancel(market.buy({"BO-001": 1}, "US"), None, restock=True)
    # Not every market puts it back on sale by itself.
    market.listings[market.find("BO-001") or ""].stock["BO-001"] = 0
    atelier.sync()
    assert atelier.available("BO-001") == 1
    assert shown(atelier, "us")["BO-001"][2] == 1


def test_notices_are_taken_up_by_the_pass_that_began_after_them(atelier: Atelier) -> None:
    atelier.channel("us")
    now = atelier.clock.now()
    minute = timedelta(minutes=1)
    told = {
        "before": (NoticeKind.ORDERS, now - minute),
        "at once": (NoticeKind.STOCK, now),
        "after": (NoticeKind.ORDERS, now + minute),
        "a buyer asks": (NoticeKind.PRIVACY, now - minute),
    }
    with atelier.session() as session:
        channel = session.exec(select(Channel)).one()
        for name, (kind, _) in told.items():
            receive(session, channel, Notice(name, kind, "topic"))
        for row in session.exec(select(Notification)):
            row.received_at = told[row.remote_id][1]
        session.commit()
    atelier.sync()
    with atelier.session() as session:
        handled = {row.remote_id: row.handled_at for row in session.exec(select(Notification))}
    assert handled == {"before": now, "at once": now, "after": None, "a buyer asks": None}
