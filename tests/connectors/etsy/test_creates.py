"""Etsy makes one more listing for each create it hears: none is made twice, whatever is lost."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select
from starlette.types import ASGIApp

from catalog.models import Maker, MovementKind, Photo, Product, Variant
from catalog.stock import Movement, move_all
from connectors.clock import VirtualClock
from connectors.conformance.ground import PlainPhotos
from connectors.errors import OutcomeUnknown, Unavailable
from connectors.etsy.connector import EtsyConnector
from connectors.protocol import (
    ALL_FACETS,
    Accepted,
    Account,
    Change,
    Claimed,
    Draft,
    Facet,
    Outcome,
    Rejected,
)
from connectors.quotas import LocalBuckets
from connectors.sandbox.etsy.market import EtsyMarket
from connectors.sandbox.faults import Fault, FaultKind
from jobs.models import Channel, Listing
from tests.connectors.etsy.conftest import Stall
from tests.jobs.conftest import Atelier

THOUSAND = 1000


@pytest.fixture
def atelier(sqlite: Engine, clock: VirtualClock) -> Atelier:
    """A catalog of a thousand rugs, and an Etsy channel."""
    atelier = Atelier(sqlite, clock)
    with atelier.session() as session:
        _add_rugs(session)
        session.commit()
    return atelier


def _add_rugs(session: Session) -> None:
    maker = Maker(slug="tifawin", name="Tifawin")
    session.add(maker)
    session.flush()
    rugs = [
        Product(maker_id=maker.id or 0, code=sku, title=f"Rug {sku}", craft="rug")
        for sku in (f"T-{number:04}" for number in range(THOUSAND))
    ]
    session.add_all(rugs)
    session.flush()
    variants = [Variant(product_id=r.id or 0, sku=r.code, price_minor=1000_00) for r in rugs]
    photos = [
        Photo(product_id=rug.id or 0, name=f"{rug.code}.jpg", sha256=f"{number:064x}")
        for number, rug in enumerate(rugs)
    ]
    session.add_all([*variants, *photos])
    session.flush()
    counts = [Movement(variant.id or 0, 1, variant.sku) for variant in variants]
    move_all(session, counts, MovementKind.COUNT, source="test")


def _etsy_channel(atelier: Atelier, market: EtsyMarket) -> None:
    with atelier.session() as session:
        session.add(
            Channel(
                code="etsy",
                marketplace="etsy",
                site="world",
                account="etsy",
                currency="USD",
                locales=["en-US"],
                created_at=atelier.clock.now(),
                sealed_credentials=atelier.sealer.seal_json(market.credentials),
            )
        )
        session.commit()


def test_a_thousand_creates_with_every_third_answer_lost_make_a_thousand_listings(
    atelier: Atelier, serve_judged: Callable[[str, ASGIApp], str]
) -> None:
    market = EtsyMarket(atelier.clock)
    base_url = serve_judged("etsy", market.app())
    _etsy_channel(atelier, market)
    lost = Fault(kind=FaultKind.LOST_ANSWER, operation="createDraftListing", every=3, times=None)
    market.faults.arm(lost)

    def connect(channel: Channel) -> EtsyConnector:
        buckets = LocalBuckets(atelier.clock.now)
        account = Account(
            "etsy",
            "world",
            "USD",
            ("en-US",),
            atelier.vault(channel),
            buckets,
            base_url=base_url,
            clock=atelier.clock,
        )
        return EtsyConnector(account, PlainPhotos())

    [one] = atelier.sync(connect)
    assert (one.trouble, one.desk.tally) == (None, {"accepted": THOUSAND})
    assert market.calls["createDraftListing"] == THOUSAND
    assert len(market.shop.listings) == THOUSAND
    assert sorted(offer.sku for shown in market.shown() for offer in shown.offers) == [
        f"T-{number:04}" for number in range(THOUSAND)
    ]
    with atelier.session() as session:
        known = func.count(func.distinct(col(Listing.remote_id)))
        assert session.exec(select(known)).one() == THOUSAND


def push(stall: Stall, *changes: Change) -> list[Outcome]:
    with closing(stall.connect()) as connector:
        return list(connector.push(changes))


def rugs(rug: Draft, count: int) -> list[Draft]:
    """So many rugs, all with the same words."""
    return [
        replace(rug, key=f"R-{n}", offers=(replace(rug.offers[0], sku=f"R-{n}-sku"),))
        for n in range(count)
    ]


@pytest.mark.parametrize("kind", [FaultKind.LOST_CALL, FaultKind.ERROR])
def test_a_create_that_left_no_trace_is_repeated_by_the_next_pass_and_not_by_this(
    stall: Stall, rug: Draft, kind: FaultKind
) -> None:
    stall.market.faults.arm(Fault(kind=kind, operation="createDraftListing"))
    with pytest.raises(OutcomeUnknown):
        push(stall, Change(rug, ALL_FACETS))
    assert stall.market.shop.listings == {}
    claimed, accepted = push(stall, Change(rug, ALL_FACETS, unsure=True))
    assert isinstance(claimed, Claimed)
    assert isinstance(accepted, Accepted)
    assert len(stall.market.shop.listings) == 1


def test_an_outcome_stays_unknown_while_nobody_can_look(stall: Stall, rug: Draft) -> None:
    faults = stall.market.faults
    faults.arm(Fault(kind=FaultKind.LOST_ANSWER, operation="createDraftListing"))
    faults.arm(Fault(kind=FaultKind.ERROR, operation="getListingsByShop", times=None))
    with pytest.raises(OutcomeUnknown):
        push(stall, Change(rug, ALL_FACETS))
    faults.clear()
    push(stall, Change(rug, ALL_FACETS, unsure=True))
    assert (len(stall.market.shop.listings), stall.shown("BO-001").present) == (1, True)


def test_a_draft_is_known_by_its_mark_among_others_of_the_same_words(
    stall: Stall, rug: Draft
) -> None:
    first, second, third = rugs(rug, 3)
    fault = Fault(kind=FaultKind.LOST_ANSWER, operation="createDraftListing", every=2, times=1)
    stall.market.faults.arm(fault)
    push(stall, *(Change(draft, ALL_FACETS) for draft in (first, second, third)))
    shown = {offer.sku: one.description for one in stall.market.shown() for offer in one.offers}
    assert sorted(shown) == ["R-0-sku", "R-1-sku", "R-2-sku"]
    assert not [words for words in shown.values() if "Ref." in words]


def test_many_unsure_creates_read_the_shop_once(stall: Stall, rug: Draft) -> None:
    drafts = rugs(rug, 4)
    push(stall, *(Change(draft, ALL_FACETS) for draft in drafts[:3]))
    before = stall.market.calls["getListingsByShop"]
    outcomes = push(stall, *(Change(draft, ALL_FACETS, unsure=True) for draft in drafts))
    assert [type(one) for one in outcomes] == [Claimed, Accepted] * 4
    # One page of each of Etsy's five states.
    assert stall.market.calls["getListingsByShop"] - before == 5
    assert len(stall.market.shop.listings) == 4


def test_pages_that_come_again_hide_no_listing(stall: Stall, rug: Draft) -> None:
    shop = stall.market.shop
    remote = stall.listed(rug)
    one = shop.listings[int(remote.id)]
    for number in range(1, 251):
        shop.listings[number] = replace(one, id=number)
    for kind in (FaultKind.DUPLICATE_PAGE, FaultKind.SHUFFLED):
        stall.market.faults.arm(Fault(kind=kind, every=2, times=None))
    with closing(stall.connect()) as connector:
        told = [listing.remote.id for listing in connector.listings()]
    assert sorted(map(int, told)) == sorted(shop.listings)


def test_what_sold_out_before_it_was_found_is_not_made(stall: Stall, rug: Draft) -> None:
    sold_out = replace(rug, offers=(replace(rug.offers[0], available=0),))
    [rejected] = push(stall, Change(sold_out, ALL_FACETS, unsure=True))
    assert isinstance(rejected, Rejected)
    assert [issue.field for issue in rejected.issues] == ["available"]
    assert stall.market.shop.listings == {}


def test_what_sold_out_before_it_was_found_stays_a_draft(stall: Stall, rug: Draft) -> None:
    stall.market.faults.arm(Fault(kind=FaultKind.ERROR, operation="uploadListingImage", times=None))
    with pytest.raises(Unavailable):
        push(stall, Change(rug, ALL_FACETS))
    stall.market.faults.clear()
    sold_out = replace(rug, offers=(replace(rug.offers[0], available=0),))
    _, accepted = push(stall, Change(sold_out, ALL_FACETS, unsure=True))
    assert isinstance(accepted, Accepted)
    restocked = stall.changed(rug, frozenset({Facet.STOCK}), accepted.remote)
    assert (stall.shown("BO-001").present, restocked.parts["state"]) == (True, "active")
