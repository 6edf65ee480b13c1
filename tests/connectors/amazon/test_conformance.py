"""Amazon's connector by the rules that every connector passes."""

from collections.abc import Callable

import pytest
from starlette.types import ASGIApp

from connectors.amazon import MARKETPLACE
from connectors.clock import VirtualClock
from connectors.conformance import ConnectorConformance
from connectors.sandbox.amazon import AmazonMarket
from connectors.sandbox.control import ServedMarket


class TestAmazon(ConnectorConformance):
    marketplace = MARKETPLACE
    other_language = "es-US"
    whole_currency_site = "JP"
    # Refunds are told by the Finances API.
    tells_returns = False
    tells_refunds = False

    @pytest.fixture
    def market(self, clock: VirtualClock) -> ServedMarket:
        return AmazonMarket(clock)

    @pytest.fixture
    def base_url(self, market: ServedMarket, serve_judged: Callable[[str, ASGIApp], str]) -> str:
        return serve_judged("amazon", market.app())
