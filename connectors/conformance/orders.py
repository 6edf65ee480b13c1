"""Orders: paged, overlapping, cancelled, returned, shipped."""

from datetime import datetime, timedelta

import pytest

from connectors.clock import VirtualClock
from connectors.conformance.ground import Ground
from connectors.errors import Refused
from connectors.protocol import (
    Account,
    Connector,
    Draft,
    OrderStatus,
    RemoteOrder,
    Shipment,
)
from connectors.sandbox.control import ServedMarket


class Orders(Ground):
    """What the core relies on when orders come back."""

    def test_an_order_tells_what_was_bought(
        self, connector: Connector, market: ServedMarket, rug: Draft, clock: VirtualClock
    ) -> None:
        self.listed(connector, market, rug)
        began = clock.now()
        market.buy({rug.offers[0].sku: 2}, "US")
        [order] = self.orders(connector, began)
        assert [
            (li.sku, li.quantity, li.unit_price, li.cancelled, li.returned) for li in order.lines
        ] == [(rug.offers[0].sku, 2, rug.offers[0].price, 0, 0)]
        assert order.status in {OrderStatus.PAID, OrderStatus.PENDING}
        assert order.total.currency == rug.offers[0].price.currency

    def orders(self, connector: Connector, since: datetime) -> list[RemoteOrder]:
        """The orders changed since then; all of them can be read."""
        told = list(connector.orders(since))
        readable = [order for order in told if isinstance(order, RemoteOrder)]
        assert readable == told
        return readable

    def test_orders_on_several_pages_come_each_and_in_order(
        self, connector: Connector, market: ServedMarket, account: Account, clock: VirtualClock
    ) -> None:
        draft = self.draft("CONF-MANY", account.currency, available=self.orders_on_two_pages)
        self.listed(connector, market, draft)
        began, bought = clock.now(), []
        for _ in range(self.orders_on_two_pages):
            clock.sleep(1)
            bought.append(market.buy({draft.offers[0].sku: 1}, "US"))
        told = self.orders(connector, began)
        assert list(dict.fromkeys(order.id for order in told)) == bought
        assert [o.updated_at for o in told] == sorted(o.updated_at for o in told)

    def test_an_order_of_the_very_moment_is_not_missed(
        self, connector: Connector, market: ServedMarket, rug: Draft, clock: VirtualClock
    ) -> None:
        self.listed(connector, market, rug)
        market.buy({rug.offers[0].sku: 1}, "US")
        clock.sleep(3600)
        last = market.buy({rug.offers[0].sku: 1}, "US")
        [*_, newest] = self.orders(connector, clock.now() - timedelta(hours=2))
        assert last in {order.id for order in self.orders(connector, newest.updated_at)}

    def test_a_cancelled_order_gives_its_units_back(
        self, connector: Connector, market: ServedMarket, rug: Draft, clock: VirtualClock
    ) -> None:
        self.listed(connector, market, rug)
        order_id = market.buy({rug.offers[0].sku: 2}, "US")
        clock.sleep(60)
        since = clock.now()
        market.cancel(order_id, None, restock=True)
        [order] = self.orders(connector, since)
        assert (order.id, order.status) == (order_id, OrderStatus.CANCELLED)
        assert [line.cancelled + line.returned for line in order.lines] == [2]

    def test_a_returned_unit_is_told(
        self, connector: Connector, market: ServedMarket, rug: Draft, clock: VirtualClock
    ) -> None:
        if not self.tells_returns:
            pytest.skip("this marketplace's order API tells of no returns")
        self.listed(connector, market, rug)
        order_id = market.buy({rug.offers[0].sku: 2}, "US")
        clock.sleep(60)
        since = clock.now()
        market.refund(order_id, {rug.offers[0].sku: 1}, restock=True)
        [order] = self.orders(connector, since)
        assert [line.returned for line in order.lines] == [1]

    def test_a_shipped_order_says_so(
        self, connector: Connector, market: ServedMarket, rug: Draft, clock: VirtualClock
    ) -> None:
        self.listed(connector, market, rug)
        began = clock.now()
        market.buy({rug.offers[0].sku: 1}, "US")
        clock.sleep(3600)
        [order] = self.orders(connector, began)
        lines = {line.id: line.quantity for line in order.lines}
        connector.ship(Shipment(order.id, lines, "DHL", "JD014600003", clock.now()))
        [shipped] = self.orders(connector, began)
        assert shipped.status is OrderStatus.SHIPPED

    def test_shipping_what_nobody_ordered_is_refused(
        self, connector: Connector, clock: VirtualClock
    ) -> None:
        with pytest.raises(Refused):
            connector.ship(Shipment("999999", {"1": 1}, "DHL", "JD014600003", clock.now()))
