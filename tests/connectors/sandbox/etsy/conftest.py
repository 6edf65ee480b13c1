"""Sellers whose every call is judged by Etsy's description, and one who is let be."""

from collections.abc import Callable, Iterator

import pytest
from starlette.types import ASGIApp

from connectors.clock import VirtualClock
from connectors.sandbox.etsy.market import EtsyMarket
from connectors.sandbox.server import serve
from tests.connectors.sandbox.etsy.seller import Seller


@pytest.fixture
def market(clock: VirtualClock) -> EtsyMarket:
    """Etsy on this machine, with a new shop."""
    return EtsyMarket(clock)


@pytest.fixture
def seller(
    market: EtsyMarket, clock: VirtualClock, serve_judged: Callable[[str, ASGIApp], str]
) -> Iterator[Seller]:
    """A seller whose calls Etsy's description judges."""
    seller = Seller(market, clock, serve_judged("etsy", market.app()))
    with seller.http:
        yield seller


@pytest.fixture
def clumsy_seller(market: EtsyMarket, clock: VirtualClock) -> Iterator[Seller]:
    """A seller who sends what Etsy's description forbids: nobody judges those calls."""
    with serve(market.app()) as url:
        seller = Seller(market, clock, url)
        with seller.http:
            yield seller
