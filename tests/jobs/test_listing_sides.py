"""A listing beside its source, as a pass left it and as the next one finds it."""

import pytest

from catalog.pricing.steps import Base, Kept
from connectors.protocol import Facet
from jobs.listing_sides import (
    Coming,
    Sides,
    Standing,
    coming,
    pictures,
    prices,
    sides,
)
from jobs.plan import Action, ListingPlan
from tests.jobs.conftest import Atelier


@pytest.fixture
def sold(atelier: Atelier) -> Atelier:
    """A rug that is on sale, with three of it."""
    atelier.channel("shop")
    atelier.product("R-1", stock=3)
    atelier.sync()
    return atelier


def seen(atelier: Atelier, maker_id: int | None = None) -> Sides:
    with atelier.session() as session:
        return sides(session, atelier.listing("R-1", "shop").id or 0, maker_id)


def test_what_the_market_took_stands_beside_its_source(sold: Atelier) -> None:
    one = seen(sold)
    assert {side.facet: side.standing for side in one.facets} == dict.fromkeys(
        Facet, Standing.ACCEPTED
    )
    assert one.accepted(Facet.STOCK) == {"R-1": 3}
    assert one.source
    assert one.source.available == {"R-1": 3}


def test_another_makers_listing_is_none(sold: Atelier) -> None:
    assert seen(sold, maker_id=1).row.product.code == "R-1"
    with pytest.raises(LookupError, match="no listing"):
        seen(sold, maker_id=2)


def test_what_comes_is_what_the_next_pass_sends(sold: Atelier) -> None:
    sold.count("R-1", 2, "later")
    with sold.session() as session:
        one = sides(session, sold.listing("R-1", "shop").id or 0)
        told = coming(session, one, sold.market(one.channel), sold.rates, sold.clock)
    assert told.planned
    plan = told.planned.plan
    assert isinstance(plan, ListingPlan)
    differences = {facet: [(d.old, d.new) for d in found] for facet, found in plan.facets.items()}
    assert (plan.action, differences) == (Action.UPDATE, {Facet.STOCK: [(3, 2)]})


def test_why_nobody_can_tell_what_comes_is_told(sold: Atelier) -> None:
    with sold.session() as session:
        one = sides(session, sold.listing("R-1", "shop").id or 0)
        one.channel.site = "moon"
        told = coming(session, one, sold.market(one.channel), sold.rates, sold.clock)
    assert told == Coming(trouble=told.trouble)
    assert "moon" in str(told.trouble)


def test_a_price_begins_with_the_makers_and_ends_with_the_shown_one(sold: Atelier) -> None:
    one = seen(sold)
    [price] = prices(one, sold.market(one.channel), sold.rates, sold.clock.now())
    assert price.explained
    steps = price.explained.steps
    assert (type(steps[0].why), type(steps[-1].why)) == (Base, Kept)
    shown = one.accepted(Facet.PRICE)["R-1"]
    assert f"{steps[-1].amount.amount} {steps[-1].amount.currency.code}" == shown


def test_a_price_without_a_rate_says_why_there_is_none(sold: Atelier) -> None:
    one = seen(sold)
    [price] = prices(one, sold.market(one.channel), {}, sold.clock.now())
    assert (price.explained, bool(price.trouble)) == (None, True)


def test_each_photo_has_the_rule_of_its_place(sold: Atelier) -> None:
    one = seen(sold)
    market = sold.market(one.channel)
    assert [(each.place, each.rule) for each in pictures(one, market)] == [
        (0, market.limits.photos[0])
    ]
