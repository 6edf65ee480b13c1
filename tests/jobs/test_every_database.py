"""A day of selling on each database and each marketplace, over HTTP."""

from collections.abc import Callable

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine
from sqlmodel import select
from starlette.types import ASGIApp

from catalog.models import Variant
from catalog.pricing.rates import load_rates
from connectors.clock import VirtualClock
from connectors.conformance.ground import PlainPhotos
from connectors.protocol import Connector
from connectors.registry import marketplace
from connectors.sandbox.registry import SANDBOXES
from jobs import channels
from jobs.models import Channel, Listing, ListingFacet, Order
from jobs.sync import Workshop, sync
from tests.jobs.conftest import Atelier
from trade_ma.security import Sealer

CRAFT = "rug-beni-ourain"
# Enough for a market that judges later, at a minute each.
PASSES = 10


@pytest.mark.parametrize("code", sorted(SANDBOXES))
def test_a_day_of_selling(
    engine: Engine, clock: VirtualClock, code: str, serve_judged: Callable[[str, ASGIApp], str]
) -> None:
    atelier = Atelier(engine, clock)
    for number in range(3):
        rug(atelier, f"TIF-{number}")
    market = SANDBOXES[code](clock)
    sealer = Sealer(Fernet.generate_key())
    with atelier.session() as session:
        channel = channels.add(
            session,
            sealer,
            code=code,
            marketplace_code=code,
            site_code=None,
            credentials=market.credentials,
            settings={**market.settings, "base_url": serve_judged(code, market.app())},
        )
        channel.created_at = clock.now()
        session.commit()

    def connect(channel: Channel) -> Connector:
        account = channels.account_of(
            channel,
            sessions=atelier.session,
            sealer=sealer,
            clock=clock,
            locks=atelier.locks,
        )
        return marketplace(code).connect(account, PlainPhotos())

    shop = Workshop(
        atelier.session, lambda _: marketplace(code), connect, sealer, load_rates(), clock
    )
    settle(shop, atelier)
    [first, *_] = [one for one in market.shown() if one.present]
    market.buy({first.offers[0].sku: 1}, "US")
    settle(shop, atelier)

    with atelier.session() as session:
        assert len(session.exec(select(Listing)).all()) == 3
        assert len(session.exec(select(Order)).all()) == 1
    assert atelier.available(first.offers[0].sku) == 1
    stock = {o.sku: o.available for one in market.shown() for o in one.offers}
    assert stock[first.offers[0].sku] == 1


def rug(atelier: Atelier, sku: str) -> None:
    """A rug of which every market is told what it asks for."""
    atelier.product(sku, title=f"Handwoven wool rug {sku}", stock=2)
    words = {"language": "en", "craft": CRAFT, "materials": ["wool"], "colours": ["ivory"]}
    atelier.edit(sku, **words)
    with atelier.session() as session:
        variant = session.exec(select(Variant).where(Variant.sku == sku)).one()
        variant.length_cm, variant.width_cm, variant.weight_g = 300, 200, 14_500
        session.commit()


def settle(shop: Workshop, atelier: Atelier) -> None:
    """Passes until nothing is judged any more."""
    for _ in range(PASSES):
        with atelier.session() as session:
            found = channels.find(session)
            session.expunge_all()
        assert [one.trouble for one in sync(shop, found)] == [None]
        with atelier.session() as session:
            facets = session.exec(select(ListingFacet)).all()
        if not any(facet.pending_operation for facet in facets):
            return
        shop.clock.sleep(60)
    raise AssertionError("a market is still judging")
