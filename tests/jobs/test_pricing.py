"""Prices of channels: explained as they are shown, and simulated at other rates."""

from decimal import Decimal

import pytest
from moneyed import Money
from sqlmodel import Session, select

from catalog.pricing.price import Hold
from catalog.pricing.rates import Rate
from connectors.protocol import Fee, Site
from jobs import pricing
from jobs.models import Channel
from jobs.policies import ChannelPolicy, TextRule, read_channel_policy
from jobs.pricing import Repriced, Steady
from tests.jobs.conftest import Atelier

SITE = Site("us", "A market", "USD", "en-US", country="US", fees=(Fee("fee", Decimal(20)),))


def only_channel(session: Session) -> Channel:
    return session.exec(select(Channel)).one()


def test_terms_take_the_published_fees_unless_the_policy_has_its_own(atelier: Atelier) -> None:
    def fees(policy: dict[str, object]) -> list[str]:
        with atelier.session() as session:
            channel = only_channel(session)
            channel.policy = {"price": policy}
            return [fee.name for fee in pricing.price_terms_of(channel, SITE, atelier.rates).fees]

    atelier.channel("us")
    assert fees({}) == ["fee"]
    assert fees({"fees": "none"}) == []
    assert fees({"fees": [{"name": "own"}]}) == ["own"]


def test_what_is_shown_is_explained_with_what_holds_it(atelier: Atelier) -> None:
    atelier.channel("us", price={})
    atelier.product("A-1", price=850_00)
    atelier.sync()
    with atelier.session() as session:
        channel = only_channel(session)
        terms = pricing.price_terms_of(channel, SITE, atelier.rates)
        told = pricing.explain(session, channel, "A-1", terms, atelier.clock.now())
    # The market still shows the maker's price at the rate, under what the fee leaves.
    assert (told.priced.price, told.priced.held) == (Money("114.99", "USD"), None)
    assert [step.name for step in told.steps][-1] == "kept"


def test_an_unknown_sku_is_named(atelier: Atelier) -> None:
    atelier.channel("us")
    with atelier.session() as session:
        channel = only_channel(session)
        terms = pricing.price_terms_of(channel, SITE, atelier.rates)
        with pytest.raises(LookupError, match="no product has the SKU 'B-9'"):
            pricing.explain(session, channel, "B-9", terms, atelier.clock.now())


def test_a_simulation_tells_what_would_move_and_what_would_not(
    atelier: Atelier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pricing, "CHUNK", 1)
    atelier.channel("us")
    # At 9.25 they are shown at 91.90 and 100.00.
    atelier.product("A-1", price=850_00)
    atelier.product("B-2", price=925_00)
    atelier.sync()
    policy = {"price": {"fees": "none", "charm": "none"}}

    def simulated(dirhams: str) -> list[Repriced | Steady]:
        with atelier.session() as session:
            channel = only_channel(session)
            channel.policy = policy
            now = atelier.clock.now()
            rate = Rate("USD", Decimal(dirhams), now.date(), "as asked for")
            terms = pricing.price_terms_of(channel, SITE, {"USD": rate})
            return list(pricing.simulate(session, channel, terms, now))

    assert simulated("9.80") == [
        Repriced("A-1", Money("91.90", "USD"), Money("86.74", "USD")),
        Repriced("B-2", Money("100.00", "USD"), Money("94.39", "USD")),
    ]
    assert simulated("9.26") == [Steady("A-1", Hold.HYSTERESIS), Steady("B-2", Hold.HYSTERESIS)]


def test_a_digest_tells_a_rate_of_another_day_from_the_last(atelier: Atelier) -> None:
    atelier.channel("us")
    with atelier.session() as session:
        channel = only_channel(session)
        before = pricing.digest_inputs(pricing.price_terms_of(channel, SITE, atelier.rates))
        newer = Rate("USD", Decimal("9.25"), atelier.clock.now().date(), "a bank")
        rates = {**atelier.rates, "USD": newer}
        after = pricing.digest_inputs(pricing.price_terms_of(channel, SITE, rates))
    assert {name for name in before if before[name] != after[name]} == {"rates"}


def test_a_channels_whole_policy_is_read() -> None:
    read = read_channel_policy({"buffer": 2, "text": "machine", "price": {"margin": 20}})
    assert (read.buffer, read.text, read.price.margin) == (2, TextRule.MACHINE, Decimal(20))
    assert read_channel_policy({}) == ChannelPolicy()


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({"buffer": -1}, "policy.buffer: Input should be greater than or equal to 0"),
        ({"buffer": True}, "policy.buffer: write a whole number"),
        ({"text": "any"}, "policy.text: Input should be 'composed', 'machine' or 'reviewed'"),
        ({"colour": "red"}, "policy.colour: there is no such name"),
        ({"price": {"margin": -1}}, "price.margin: Input should be greater than or equal to 0"),
    ],
)
def test_nonsense_in_a_policy_is_refused_in_words(policy: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        read_channel_policy(policy)
    assert str(refused.value) == words
