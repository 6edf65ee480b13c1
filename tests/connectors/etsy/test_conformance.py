"""Etsy's connector passes what every connector passes, and Etsy's contract judges each exchange."""

from collections.abc import Callable

import pytest
from starlette.types import ASGIApp

from connectors.clock import VirtualClock
from connectors.conformance import ConnectorConformance
from connectors.etsy import MARKETPLACE
from connectors.sandbox.control import ServedMarket
from connectors.sandbox.etsy.market import EtsyMarket


class TestEtsy(ConnectorConformance):
    marketplace = MARKETPLACE
    other_language = "es"
    price_operations = frozenset({"updateListingInventory"})
    # A partial refund tells an amount, and no units.
    tells_returns = False
    tells_delivery = False

    @pytest.fixture
    def market(self, clock: VirtualClock) -> EtsyMarket:
        return EtsyMarket(clock)

    @pytest.fixture
    def base_url(self, market: ServedMarket, serve_judged: Callable[[str, ASGIApp], str]) -> str:
        return serve_judged("etsy", market.app())
