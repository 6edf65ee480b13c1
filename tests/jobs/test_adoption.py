"""What stands on a market already is taken over, and never made a second time."""

import pytest
from moneyed import Money
from sqlalchemy import Engine
from sqlmodel import select

from catalog.models import Variant
from connectors.clock import VirtualClock
from connectors.memory import MemoryMarket
from connectors.protocol import Draft, Maker, Offer, Text
from connectors.sandbox.faults import Fault, FaultKind
from jobs import adoption_decisions
from jobs.adoption import Adopted, adopt
from jobs.drift_models import Adoption, AdoptionState
from jobs.models import Channel
from jobs.reconcile import reconcile
from tests.jobs.conftest import Atelier

GTIN = "4006381333931"


def draft(*skus: str, title: str = "By hand", gtin: str | None = None) -> Draft:
    """A listing that somebody makes by hand."""
    offers = tuple(Offer(sku, Money("1", "USD"), 1, gtin=gtin) for sku in skus)
    return Draft("hand", None, Maker("Someone"), (Text("fr", title, "Par nous"),), offers)


def adopted(atelier: Atelier, *, dry_run: bool = False) -> Adopted:
    with atelier.session() as session:
        channel = session.exec(select(Channel)).one()
        session.expunge(channel)
    return adopt(atelier.workshop(), channel, dry_run=dry_run)


def said(result: Adopted) -> list[tuple[str | None, str, int, str]]:
    assert result.trouble is None
    return [(one.product, one.likeness, one.score, one.state) for one in result.matched]


@pytest.fixture
def market(atelier: Atelier) -> MemoryMarket:
    market = atelier.channel("us")
    atelier.product("BO-001", stock=3, title="Tapis Beni Ourain en laine")
    atelier.product("BO-002", stock=5, title="Lanterne en laiton")
    return market


def test_listings_with_our_skus_are_changed_and_never_made_again(
    atelier: Atelier, market: MemoryMarket
) -> None:
    ids = [market.create(draft("BO-001")), market.create(draft("BO-002"))]
    market.calls.clear()
    assert said(adopted(atelier)) == [
        ("BO-001", "sku", 100, "adopted"),
        ("BO-002", "sku", 100, "adopted"),
    ]
    assert dict(market.calls) == {"listings": 1}
    atelier.sync()
    assert ("create" in market.calls, list(market.listings)) == (False, ids)
    assert [one.title for one in market.shown()] == [
        "Tapis Beni Ourain en laine",
        "Lanterne en laiton",
    ]
    atelier.sync()
    assert dict(market.calls) == {"orders": 1}


def test_a_second_look_finds_nothing_new(atelier: Atelier, market: MemoryMarket) -> None:
    market.create(draft("BO-001"))
    adopted(atelier)
    assert said(adopted(atelier)) == []


def test_a_listing_is_known_by_its_gtin_however_many_zeros_lead_it(
    atelier: Atelier, market: MemoryMarket
) -> None:
    with atelier.session() as session:
        variant = session.exec(select(Variant).where(Variant.sku == "BO-001")).one()
        variant.gtin = f"0{GTIN}"
        session.commit()
    market.create(draft("THEIRS", gtin=GTIN))
    assert said(adopted(atelier)) == [("BO-001", "gtin", 100, "adopted")]
    atelier.sync()
    assert market.calls["create"] == 1  # of the other product
    assert {offer.sku for one in market.shown() for offer in one.offers} == {"BO-001", "BO-002"}


def test_a_listing_of_several_products_is_for_a_person_to_decide(
    atelier: Atelier, market: MemoryMarket
) -> None:
    market.create(draft("BO-001", "BO-002"))
    [one] = adopted(atelier).matched
    assert (one.state, one.score, one.why) == (
        "proposed",
        50,
        "it sells several products of ours",
    )


def test_a_listing_that_sells_more_than_ours_is_for_a_person_to_decide(
    atelier: Atelier, market: MemoryMarket
) -> None:
    market.create(draft("BO-001", "X-1"))
    [one] = adopted(atelier).matched
    assert (one.product, one.state, one.why) == (
        "BO-001",
        "proposed",
        "it sells what is not ours: X-1",
    )


def test_of_two_listings_of_one_product_the_second_is_proposed(
    atelier: Atelier, market: MemoryMarket
) -> None:
    market.create(draft("BO-001"))
    market.create(draft("BO-001"))
    result = adopted(atelier)
    assert said(result) == [
        ("BO-001", "sku", 100, "adopted"),
        ("BO-001", "sku", 100, "proposed"),
    ]
    with atelier.session() as session, pytest.raises(ValueError, match="listed on us already"):
        adoption_decisions.accept(session, 2, "lalla")


def test_what_is_for_sale_is_taken_over_before_what_was_ended(
    atelier: Atelier, market: MemoryMarket
) -> None:
    ended, sold = market.create(draft("BO-001")), market.create(draft("BO-001"))
    market.listings[ended].present = False
    adopted(atelier)
    assert atelier.listing("BO-001", "us").remote_id == sold


def test_a_withdrawn_product_takes_nothing_over(atelier: Atelier, market: MemoryMarket) -> None:
    atelier.edit("BO-001", withdrawn=True)
    market.create(draft("BO-001"))
    assert said(adopted(atelier)) == [("BO-001", "sku", 100, "proposed")]


def test_a_create_whose_answer_was_lost_is_taken_over(
    atelier: Atelier, market: MemoryMarket
) -> None:
    market.faults.arm(Fault(kind=FaultKind.LOST_ANSWER, operation="create", times=1))
    atelier.sync()
    assert len(market.listings) == 1
    adopted(atelier)
    atelier.sync()
    # The other product's create was announced as well, and is looked for.
    assert (market.calls["find"], len(market.listings)) == (1, 2)


def test_a_title_that_is_like_ours_is_proposed_with_its_score(
    atelier: Atelier, market: MemoryMarket
) -> None:
    market.create(draft("HAND-1", title="TAPIS béni ourain, en laine"))
    market.create(draft("HAND-2", title="Something else"))
    assert said(adopted(atelier)) == [
        ("BO-001", "looks", 100, "proposed"),
        (None, "none", 0, "proposed"),
    ]


def test_a_person_accepts_a_proposal_or_names_another_product(
    atelier: Atelier, market: MemoryMarket
) -> None:
    first = market.create(draft("HAND-1", title="Tapis Beni Ourain laine"))
    second = market.create(draft("HAND-2", title="Something else"))
    adopted(atelier)
    with atelier.session() as session:
        one, other = adoption_decisions.proposals(session)
        with pytest.raises(ValueError, match="say which product it is"):
            adoption_decisions.accept(session, other.adoption.id or 0, "lalla")
        adoption_decisions.accept(session, one.adoption.id or 0, "lalla")
        adoption_decisions.accept(session, other.adoption.id or 0, "lalla", "BO-002")
        with pytest.raises(ValueError, match="was adopted before"):
            adoption_decisions.decline(session, one.adoption.id or 0, "lalla")
        session.commit()
    atelier.sync()
    assert ("create" in market.calls, list(market.listings)) == (False, [first, second])
    assert atelier.listing("BO-002", "us").remote_id == second


def test_what_was_declined_is_not_asked_about_again(atelier: Atelier, market: MemoryMarket) -> None:
    market.create(draft("HAND-1"))
    adopted(atelier)
    with atelier.session() as session:
        adoption_decisions.decline(session, 1, "lalla")
        session.commit()
    assert said(adopted(atelier)) == []
    with atelier.session() as session:
        [row] = session.exec(select(Adoption))
    assert (row.state, row.decided_by) == (AdoptionState.DECLINED, "lalla")


def test_a_rehearsal_takes_nothing_over(atelier: Atelier, market: MemoryMarket) -> None:
    market.create(draft("BO-001"))
    market.create(draft("HAND-1"))
    assert [state for *_, state in said(adopted(atelier, dry_run=True))] == [
        "adopted",
        "proposed",
    ]
    with atelier.session() as session:
        assert session.exec(select(Adoption)).all() == []


def test_trouble_with_the_market_is_told(atelier: Atelier, market: MemoryMarket) -> None:
    market.faults.arm(Fault(kind=FaultKind.ERROR, operation="listings", times=99))
    assert adopted(atelier).trouble == "Unavailable: out of order"


def test_every_database_adopts_and_compares(engine: Engine, clock: VirtualClock) -> None:
    atelier = Atelier(engine, clock)
    market = atelier.channel("us", drift={"stock": "accept", "price": "accept"})
    atelier.product("BO-001", stock=3)
    remote_id = market.create(draft("BO-001"))
    market.create(draft("HAND-1"))
    assert [one.state for one in adopted(atelier).matched] == ["adopted", "proposed"]
    with atelier.session() as session:
        adoption_decisions.decline(session, 2, "lalla")
        session.commit()
    atelier.sync()
    listing = market.listings[remote_id]
    listing.stock["BO-001"], listing.prices["BO-001"] = 7, Money("12.00", "USD")
    with atelier.session() as session:
        channel = session.exec(select(Channel)).one()
        session.expunge(channel)
    found = reconcile(atelier.workshop(), channel).found
    assert [(one.kind, one.answer) for one in found] == [
        ("price", "accepted"),
        ("stock", "accepted"),
    ]
    atelier.sync()
    assert reconcile(atelier.workshop(), channel).found == []
    assert (listing.stock["BO-001"], listing.prices["BO-001"]) == (7, Money("12.00", "USD"))
