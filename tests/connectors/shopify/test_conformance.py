from collections.abc import Callable

import pytest
from starlette.types import ASGIApp

from connectors.clock import VirtualClock
from connectors.conformance import ConnectorConformance
from connectors.sandbox.shopify import ShopifyMarket
from connectors.shopify import MARKETPLACE


class TestShopify(ConnectorConformance):
    marketplace = MARKETPLACE
    other_language = "es"
    price_operations = frozenset({"productVariantsBulkUpdate"})

    @pytest.fixture
    def market(self, clock: VirtualClock) -> ShopifyMarket:
        return ShopifyMarket(clock)

    @pytest.fixture
    def base_url(self, market: ShopifyMarket, serve_judged: Callable[[str, ASGIApp], str]) -> str:
        return serve_judged("shopify", market.app())
