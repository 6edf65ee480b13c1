"""What a plan asks for, from a draft and what is known of its listing."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from moneyed import Money

from connectors.protocol import (
    ALL_FACETS,
    Draft,
    Facet,
    Maker,
    Offer,
    Photo,
    Remote,
    Text,
    digest,
    facet_value,
)
from jobs.plan import Action, Difference, Known, KnownFacet, Phase, changes, compare

RUG = Draft(
    key="BO-001",
    craft="rug-beni-ourain",
    maker=Maker("Coopérative Tifawin", region="Azrou"),
    texts=(Text("fr", "Tapis Beni Ourain", "Noué main en laine vierge.", materials=("laine",)),),
    offers=(Offer("BO-001", Money("920.00", "USD"), 1),),
    photos=(Photo("ab" * 32, "Tapis"),),
)


def accepted(draft: Draft, **overrides: KnownFacet) -> Known:
    """The marketplace shows just what `draft` says, but for `overrides`."""
    facets = {f: KnownFacet(digest(facet_value(draft, f)), facet_value(draft, f)) for f in Facet}
    return Known(Remote("gid"), facets=facets | {Facet(k): v for k, v in overrides.items()})


def selling(available: int, draft: Draft = RUG) -> Draft:
    return replace(draft, offers=(replace(draft.offers[0], available=available),))


def costing(amount: str, draft: Draft = RUG) -> Draft:
    offer = replace(draft.offers[0], price=Money(Decimal(amount), "USD"))
    return replace(draft, offers=(offer,))


def named(title: str) -> Draft:
    return replace(RUG, texts=(replace(RUG.texts[0], title=title),))


def refused(draft: Draft, *facets: Facet) -> Mapping[Facet, KnownFacet]:
    return {f: KnownFacet(refused_digest=digest(facet_value(draft, f))) for f in facets}


def test_a_product_never_listed_is_created_whole() -> None:
    plan = compare(RUG, Known())
    assert (plan.action, set(plan.facets)) == (Action.CREATE, set(ALL_FACETS))
    assert list(changes(plan)) == [Phase.CONTENT]


def test_what_the_marketplace_shows_already_needs_nothing() -> None:
    plan = compare(RUG, accepted(RUG))
    assert (plan.action, dict(plan.facets), changes(plan)) == (Action.NOTHING, {}, {})


def test_a_stock_change_sends_stock_alone() -> None:
    plan = compare(selling(0), accepted(RUG))
    assert plan.facets == {Facet.STOCK: (Difference("BO-001", 1, 0),)}
    sent = changes(plan)
    assert {phase: change.facets for phase, change in sent.items()} == {
        Phase.LESS_STOCK: {Facet.STOCK}
    }


def test_more_stock_waits_behind_less() -> None:
    assert list(changes(compare(selling(5), accepted(RUG)))) == [Phase.MORE_STOCK]


def test_a_price_change_sends_the_price_alone_and_says_both() -> None:
    plan = compare(costing("900.00"), accepted(RUG))
    assert plan.facets == {Facet.PRICE: (Difference("BO-001", "920.00 USD", "900.00 USD"),)}
    assert list(changes(plan)) == [Phase.PRICE]


def test_stock_goes_first_when_everything_changes() -> None:
    draft = selling(0, costing("900.00", named("Tapis ancien")))
    sent = changes(compare(draft, accepted(RUG)))
    assert {phase: set(change.facets) for phase, change in sent.items()} == {
        Phase.LESS_STOCK: {Facet.STOCK},
        Phase.CONTENT: {Facet.PRICE, Facet.CONTENT},
    }


def test_a_new_variant_is_sent_with_the_whole_listing() -> None:
    other = replace(RUG.offers[0], sku="BO-001-L")
    plan = compare(replace(RUG, offers=(*RUG.offers, other)), accepted(RUG))
    assert set(plan.facets) == set(ALL_FACETS)
    assert list(changes(plan)) == [Phase.CONTENT]


def test_a_withdrawn_product_is_ended_and_nothing_else_is_sent() -> None:
    plan = compare(replace(selling(0, named("Autre")), present=False), accepted(RUG))
    assert plan.action is Action.END
    assert {phase: set(c.facets) for phase, c in changes(plan).items()} == {
        Phase.END: {Facet.PRESENCE}
    }


def test_an_ended_listing_that_comes_back_is_brought_up_to_date() -> None:
    ended = accepted(replace(RUG, present=False))
    plan = compare(costing("900.00"), ended)
    assert set(plan.facets) == {Facet.PRESENCE, Facet.PRICE}
    assert list(changes(plan)) == [Phase.MORE_STOCK, Phase.PRICE]


def test_nothing_is_listed_that_cannot_be_sold() -> None:
    assert compare(selling(0), Known()).action is Action.WAIT
    assert compare(replace(RUG, present=False), Known()).action is Action.WAIT


def test_a_create_that_was_begun_is_settled_even_if_it_sold_out_meanwhile() -> None:
    plan = compare(selling(0), Known(unsure=True))
    assert plan.action is Action.CREATE
    assert changes(plan)[Phase.CONTENT].unsure


def test_a_refused_create_is_not_tried_again_as_it_is() -> None:
    known = Known(facets=refused(RUG, Facet.CONTENT))
    assert compare(RUG, known).action is Action.REFUSED
    assert compare(selling(3), known).action is Action.REFUSED
    assert compare(named("Un autre titre"), known).action is Action.CREATE


def test_a_refused_facet_of_a_live_listing_keeps_nothing_else_back() -> None:
    bad = named("Interdit")
    known = accepted(RUG)
    content = replace(
        known.facet(Facet.CONTENT), refused_digest=digest(facet_value(bad, Facet.CONTENT))
    )
    known = replace(known, facets={**known.facets, Facet.CONTENT: content})
    assert compare(bad, known).action is Action.REFUSED
    assert set(compare(selling(0, bad), known).facets) == {Facet.STOCK}


@pytest.mark.parametrize(("draft", "held"), [(RUG, False), (costing("1.00"), True)])
def test_what_is_being_judged_is_not_sent_again(draft: Draft, held: bool) -> None:
    pending = digest(facet_value(RUG, Facet.PRICE))
    known = accepted(RUG, price=KnownFacet(pending_digest=pending))
    plan = compare(draft, known)
    assert (plan.action, plan.held, dict(plan.facets)) == (Action.WAIT, held, {})


def test_a_listing_is_looked_at_again_while_other_than_what_was_accepted_is_judged() -> None:
    zero = facet_value(selling(0), Facet.STOCK)
    one = facet_value(RUG, Facet.STOCK)
    known = accepted(RUG, stock=KnownFacet(digest(one), one, pending_digest=digest(zero)))
    plan = compare(RUG, known)
    assert (plan.action, plan.held, dict(plan.facets)) == (Action.WAIT, True, {})


def test_digests_are_the_same_on_every_machine() -> None:
    value: dict[str, Any] = {"b": [1, None], "a": "زربية"}
    assert digest(value) == digest(dict(reversed(value.items())))
    assert digest(value) == "be2f2718f6cab1b80a4aa0a10db113d2"
