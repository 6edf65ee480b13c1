"""One-of-a-kind pieces: shown where they may be, and off every other market before all else."""

from collections.abc import Iterator, Sequence

import pytest

from connectors.memory import MemoryConnector
from connectors.protocol import Change, Connector, Facet, Outcome
from jobs.exclusivity import set_exclusive
from jobs.models import Channel
from tests.jobs.conftest import Atelier

MANY = 60


def units(atelier: Atelier) -> dict[str, dict[str, int]]:
    """What buyers can buy, by channel and SKU."""
    return {
        code: {o.sku: o.available for one in market.shown() if one.present for o in one.offers}
        for code, market in atelier.markets.items()
    }


def exclusive(atelier: Atelier, code: str, channel: str | None) -> bool:
    with atelier.session() as session:
        changed = set_exclusive(session, code, channel)
        session.commit()
    return changed


def test_a_sold_piece_is_off_all_other_channels_before_anything_else_is_sent(
    atelier: Atelier,
) -> None:
    markets = [atelier.channel(code) for code in ("a", "b", "c")]
    atelier.product("BO-001", stock=1)
    for number in range(MANY):
        atelier.product(f"CS-{number}", stock=9)
    atelier.sync()
    for number in range(MANY):
        atelier.edit(f"CS-{number}", title=f"Coussin {number}")
        atelier.count(f"CS-{number}", 12, f"more of {number}")
    markets[0].buy({"BO-001": 1}, "US")
    sent: list[tuple[str, str, frozenset[Facet]]] = []

    class Watched(MemoryConnector):
        def push(self, changes: Sequence[Change]) -> Iterator[Outcome]:
            sent.extend((self._account.channel, c.key, c.facets) for c in changes)
            yield from super().push(changes)

    def connect(channel: Channel) -> Connector:
        opened = atelier.connect(channel)
        assert isinstance(opened, MemoryConnector)
        return Watched(opened._market, opened._account)

    atelier.sync(connect)
    stock = frozenset({Facet.STOCK})
    # The market that sold it shows none already, and hears it all the same.
    assert {(code, sku) for code, sku, _ in sent[:3]} == {(code, "BO-001") for code in "abc"}
    assert all(facets >= stock for _, _, facets in sent[:3])
    assert len(sent) == 3 + 3 * 2 * MANY
    assert [shown["BO-001"] for shown in units(atelier).values()] == [0, 0, 0]


def test_an_exclusive_product_is_listed_on_its_channel_alone(atelier: Atelier) -> None:
    atelier.channel("us")
    atelier.channel("eu", currency="EUR")
    atelier.product("BO-001", stock=1)
    atelier.product("CS-101", stock=5)
    exclusive(atelier, "BO-001", "eu")
    atelier.sync()
    assert units(atelier) == {"us": {"CS-101": 5}, "eu": {"BO-001": 1, "CS-101": 5}}


def test_a_product_becomes_exclusive_and_common_again(atelier: Atelier) -> None:
    atelier.channel("us")
    atelier.channel("eu", currency="EUR")
    atelier.product("BO-001", stock=1)
    atelier.sync()
    assert exclusive(atelier, "BO-001", "eu")
    assert not exclusive(atelier, "BO-001", "eu")
    atelier.sync()
    assert units(atelier) == {"us": {}, "eu": {"BO-001": 1}}
    exclusive(atelier, "BO-001", None)
    atelier.sync()
    assert units(atelier) == {"us": {"BO-001": 1}, "eu": {"BO-001": 1}}


def test_exclusive_to_nobody_known_is_refused(atelier: Atelier) -> None:
    atelier.channel("us")
    atelier.product("BO-001")
    with pytest.raises(LookupError, match="moon"):
        exclusive(atelier, "BO-001", "moon")
    with pytest.raises(LookupError, match="no product 'BO-002'"):
        exclusive(atelier, "BO-002", "us")


def test_the_last_unit_is_on_one_channel_only_where_the_others_hide_it(atelier: Atelier) -> None:
    atelier.channel("shop")
    market = atelier.channel("market", last_unit="hide")
    atelier.product("BO-001", stock=1)
    atelier.product("CS-101", stock=2)
    atelier.sync()
    assert units(atelier) == {"shop": {"BO-001": 1, "CS-101": 2}, "market": {"CS-101": 2}}
    market.buy({"CS-101": 1}, "US")
    atelier.sync()
    assert units(atelier) == {"shop": {"BO-001": 1, "CS-101": 1}, "market": {"CS-101": 0}}


def test_a_policy_that_hides_last_units_is_followed_at_the_next_pass(atelier: Atelier) -> None:
    atelier.channel("us")
    atelier.product("BO-001", stock=1)
    atelier.sync()
    with atelier.session() as session:
        channel = session.get_one(Channel, 1)
        channel.policy = channel.policy | {"last_unit": "hide"}
        session.commit()
    atelier.sync()
    assert units(atelier) == {"us": {"BO-001": 0}}


def test_an_oversold_piece_is_shown_as_none(atelier: Atelier) -> None:
    us = atelier.channel("us")
    eu = atelier.channel("eu", currency="EUR")
    atelier.product("BO-001", stock=1)
    atelier.sync()
    for market in (us, eu):
        market.buy({"BO-001": 1}, "US")
    atelier.sync()
    assert (atelier.available("BO-001"), units(atelier)) == (
        -1,
        {"us": {"BO-001": 0}, "eu": {"BO-001": 0}},
    )
