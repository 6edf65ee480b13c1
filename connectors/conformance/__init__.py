"""The test class that every connector passes, ours and other people's.

Subclass it in your own tests, name your marketplace, and give a sandbox of it:

    pytest.register_assert_rewrite("connectors.conformance")  # in conftest.py: readable failures

    class TestMyMarket(ConnectorConformance):
        marketplace = MARKETPLACE

        @pytest.fixture
        def market(self, clock):
            return MyMarketSandbox(clock)

Everything is asked through connectors.protocol and connectors.sandbox.control; no call waits in
real time, since sandbox and connector share a virtual clock.
"""

from connectors.conformance.listings import Listings
from connectors.conformance.orders import Orders
from connectors.conformance.trouble import Trouble

__all__ = ["ConnectorConformance"]


class ConnectorConformance(Listings, Trouble, Orders):
    """All of it: what a connector must pass before it may sell."""
