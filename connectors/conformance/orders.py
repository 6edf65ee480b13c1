"""Orders: paged, overlapping, cancelled, returned, shipped."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from moneyed import Money

from connectors.clock import VirtualClock
from connectors.conformance.ground import Ground
from connectors.errors import Refused
from connectors.protocol import (
    Account,
    Connector,
    Draft,
    OrderStatus,
    RemoteOrder,
    SettlementKind,
    Shipment,
    UnreadableOrder,
)
from connectors.sandbox.control import POISON, ServedMarket
from connectors.sandbox.faults import Fault, FaultKind


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
        self, connector: Connector, market: ServedMarket, account: Account
    ) -> None:
        began, bought = self.many_orders(connector, market, account.currency)
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
        market.buy({rug.offers[0].sku: 2}, "US")
        clock.sleep(3600)
        [order] = self.orders(connector, began)
        lines = {line.id: line.quantity for line in order.lines}
        connector.ship(Shipment(order.id, lines, "DHL", "JD014600003", clock.now()))
        [shipped] = self.orders(connector, began)
        assert shipped.status is OrderStatus.SHIPPED
        assert [(li.quantity, li.shipped) for li in (*order.lines, *shipped.lines)] == [
            (2, 0),
            (2, 2),
        ]
        market.deliver(order.id)
        [arrived] = self.orders(connector, began)
        assert (arrived.delivered_at == clock.now()) is self.tells_delivery

    def test_telling_a_parcel_twice_tells_it_once(
        self, connector: Connector, market: ServedMarket, rug: Draft, clock: VirtualClock
    ) -> None:
        self.listed(connector, market, rug)
        began = clock.now()
        market.buy({rug.offers[0].sku: 2}, "US")
        clock.sleep(3600)
        [order] = self.orders(connector, began)
        [line] = order.lines
        parcel = Shipment(order.id, {line.id: 1}, "DHL", "JD014600003", clock.now())
        connector.ship(parcel)
        [once] = self.orders(connector, began)
        connector.ship(parcel)
        [twice] = self.orders(connector, began)
        assert (twice.status, twice.lines) == (once.status, once.lines)
        connector.ship(replace(parcel, tracking_number="JD014600004"))
        [whole] = self.orders(connector, began)
        assert [li.shipped for li in whole.lines] == [2]

    def test_a_partial_refund_is_money_and_changes_no_state(
        self, connector: Connector, market: ServedMarket, rug: Draft, clock: VirtualClock
    ) -> None:
        if not self.tells_refunds:
            pytest.skip("an order of this marketplace tells no money given back")
        self.listed(connector, market, rug)
        began, [offer] = clock.now(), rug.offers
        order_id = market.buy({offer.sku: 2}, "US")
        [paid] = self.orders(connector, began)
        market.refund(order_id, {offer.sku: 1}, restock=False)
        [refunded] = self.orders(connector, began)
        nothing = Money(0, offer.price.currency)
        assert [(order.status, order.refunded) for order in (paid, refunded)] == [
            (paid.status, nothing),
            (paid.status, offer.price),
        ]

    def test_an_order_that_cannot_be_read_is_kept_whole_and_blocks_no_other(
        self, connector: Connector, market: ServedMarket, rug: Draft, clock: VirtualClock
    ) -> None:
        self.listed(connector, market, rug)
        began, sku = clock.now(), rug.offers[0].sku
        bad, good = (market.buy({sku: 1}, "US") for _ in range(2))
        [kept] = [order for order in self.orders(connector, began) if order.id == bad]
        market.poison(bad)
        told = {order.id: order for order in connector.orders(began)}
        poison = told[bad]
        assert isinstance(poison, UnreadableOrder)
        assert isinstance(told[good], RemoteOrder)
        again = connector.reread(poison.raw)
        assert isinstance(again, UnreadableOrder)
        assert (again.id, again.raw) == (bad, poison.raw)
        # As if the connector had learned to read it since.
        readable = connector.reread(poison.raw.replace(POISON, kept.total.currency.code))
        assert isinstance(readable, RemoteOrder)
        assert (readable.id, readable.lines, readable.total) == (bad, kept.lines, kept.total)
        market.heal(bad)
        assert bad in {order.id for order in self.orders(connector, began)}

    def test_no_order_is_missed_when_pages_come_again_or_out_of_order(
        self, connector: Connector, market: ServedMarket, account: Account
    ) -> None:
        began, bought = self.many_orders(connector, market, account.currency)
        for kind in (FaultKind.DUPLICATE_PAGE, FaultKind.SHUFFLED):
            market.faults.arm(Fault(kind=kind, every=2, times=None))
        assert {order.id for order in self.orders(connector, began)} == set(bought)

    def test_an_order_that_a_page_leaves_out_comes_with_the_next_pull(
        self, connector: Connector, market: ServedMarket, account: Account
    ) -> None:
        began, bought = self.many_orders(connector, market, account.currency)
        market.faults.arm(Fault(kind=FaultKind.MISSED_ITEM))
        first = {order.id for order in self.orders(connector, began)}
        assert len(set(bought) - first) <= 1
        assert {order.id for order in self.orders(connector, began)} == set(bought)

    def test_no_order_is_missed_when_another_changes_while_they_are_read(
        self, connector: Connector, market: ServedMarket, account: Account, clock: VirtualClock
    ) -> None:
        began, bought = self.many_orders(connector, market, account.currency)
        clock.sleep(60)
        market.faults.arm(Fault(kind=FaultKind.MOVED_ITEM))
        told = self.orders(connector, began)
        assert {order.id for order in told} == set(bought)
        # What moved comes again, at the latest with the next pull.
        told += self.orders(connector, clock.now())
        market.faults.clear()
        latest = {order.id: order.updated_at for order in sorted(told, key=_changed)}
        truth = {order.id: order.updated_at for order in self.orders(connector, began)}
        assert latest == truth

    def many_orders(
        self, connector: Connector, market: ServedMarket, currency: str
    ) -> tuple[datetime, list[str]]:
        """When they began, and the ids of more orders than one page holds, a second apart."""
        draft = self.draft("CONF-MANY", currency, available=self.orders_on_two_pages)
        self.listed(connector, market, draft)
        began, bought = market.clock.now(), []
        for _ in range(self.orders_on_two_pages):
            market.clock.sleep(1)
            bought.append(market.buy({draft.offers[0].sku: 1}, "US"))
        return began, bought

    def test_bookings_tell_what_was_paid_and_given_back_and_keep_their_ids(
        self, connector: Connector, market: ServedMarket, rug: Draft, clock: VirtualClock
    ) -> None:
        if not self.tells_settlements:
            pytest.skip("this marketplace keeps no books")
        self.listed(connector, market, rug)
        began, [offer] = clock.now(), rug.offers
        market.buy({offer.sku: 2}, "US")
        [order] = self.orders(connector, began)
        lines = {line.id: line.quantity for line in order.lines}
        connector.ship(Shipment(order.id, lines, "DHL", "JD014600003", clock.now()))
        clock.sleep(3600)
        market.refund(order.id, {offer.sku: 1}, restock=False)
        clock.sleep(3600)
        told = {booking.id: booking for booking in connector.settlements(began)}
        again = {booking.id: booking for booking in connector.settlements(began)}
        assert again == told
        of = [booking for booking in told.values() if booking.order_id == order.id]
        sales = [booking for booking in of if booking.kind is SettlementKind.SALE]
        refunds = [booking for booking in of if booking.kind is SettlementKind.REFUND]
        assert ([b.gross for b in sales], [b.gross for b in refunds]) == (
            [order.total],
            [-offer.price],
        )
        assert all(b.fees.amount > 0 for b in sales)
        assert all(b.fees.amount <= 0 for b in refunds)
        assert list(connector.settlements(clock.now())) == []

    def test_shipping_what_nobody_ordered_is_refused(
        self, connector: Connector, clock: VirtualClock
    ) -> None:
        with pytest.raises(Refused):
            connector.ship(Shipment("999999", {"1": 1}, "DHL", "JD014600003", clock.now()))


def _changed(order: RemoteOrder) -> datetime:
    return order.updated_at
