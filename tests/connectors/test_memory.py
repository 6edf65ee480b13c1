"""The reference connector is the first to pass the conformance class."""

import pytest

from connectors.clock import VirtualClock
from connectors.conformance import ConnectorConformance
from connectors.conformance.ground import MemoryVault
from connectors.errors import CredentialsRejected
from connectors.memory import MemoryConnector, MemoryMarket, memory_marketplace
from connectors.protocol import Account, Shop
from connectors.quotas import LocalBuckets


class Stranger(MemoryConnector):
    """Nobody knows it."""

    def check(self) -> Shop:
        raise CredentialsRejected("nobody knows you")


class TestMemory(ConnectorConformance):
    @pytest.fixture
    def market(self, clock: VirtualClock) -> MemoryMarket:
        # It is called in this process, and has no app to serve.
        return MemoryMarket(clock)

    @pytest.fixture
    def account(self, market: MemoryMarket) -> Account:
        buckets = LocalBuckets(market.clock.now)
        return Account(
            "memory", "world", "USD", ("en",), MemoryVault({}), buckets, clock=market.clock
        )

    @pytest.fixture
    def connector(self, market: MemoryMarket, account: Account) -> MemoryConnector:
        return MemoryConnector(market, account)

    @pytest.fixture
    def another(self, market: MemoryMarket, account: Account) -> MemoryConnector:
        return MemoryConnector(market, account)

    @pytest.fixture
    def stranger(self, market: MemoryMarket, account: Account) -> MemoryConnector:
        return Stranger(market, account)

    other_language = "es"
    price_operations = frozenset({"price"})
    marketplace = memory_marketplace(MemoryMarket())
