"""Orders read and parcels told, on the practice market over real HTTP."""

from datetime import datetime, timedelta

import pytest
from moneyed import Money

from connectors.clock import VirtualClock
from connectors.protocol import Draft, OrderStatus, RemoteOrder, Shipment
from tests.connectors.amazon.conftest import Seller

APIS = pytest.mark.parametrize("api", ["2026-01-01", "v0"])


@pytest.fixture
def since(seller: Seller, slippers: Draft, clock: VirtualClock) -> datetime:
    """The moment after which slippers can be bought."""
    seller.push(slippers)
    return clock.now()


def orders(seller: Seller, since: datetime, **settings: str) -> list[RemoteOrder]:
    told = list(seller.worker(**settings).orders(since))
    assert all(isinstance(order, RemoteOrder) for order in told), told
    return [order for order in told if isinstance(order, RemoteOrder)]


@APIS
def test_both_apis_tell_the_same_order(seller: Seller, since: datetime, api: str) -> None:
    bought = seller.market.buy({"BAB-38": 2, "BAB-40": 1}, "US")
    [order] = orders(seller, since, orders_api=api)
    lines = [(line.sku, line.quantity, line.unit_price) for line in order.lines]
    assert (order.id, order.status, order.ship_to) == (bought, OrderStatus.PAID, None)
    assert lines == [("BAB-38", 2, Money("39.90", "USD")), ("BAB-40", 1, Money("39.90", "USD"))]


@APIS
def test_units_cancelled_before_shipping_are_told(
    seller: Seller, since: datetime, api: str, clock: VirtualClock
) -> None:
    bought = seller.market.buy({"BAB-38": 3}, "US")
    clock.sleep(60)
    seller.market.cancel(bought, {"BAB-38": 1}, restock=True)
    [order] = orders(seller, since, orders_api=api)
    # The old API counts a cancelled unit no more; the new one tells both figures.
    assert sum(line.quantity - line.cancelled for line in order.lines) == 2
    assert order.status is OrderStatus.PAID


@APIS
def test_an_address_is_asked_for_only_where_a_parcel_has_to_leave(
    seller: Seller, since: datetime, api: str, clock: VirtualClock
) -> None:
    gone, waiting = (seller.market.buy({"BAB-38": 1}, "CA") for _ in range(2))
    lines = {line.id: 1 for o in orders(seller, since) if o.id == gone for line in o.lines}
    seller.connector.ship(Shipment(gone, lines, "DHL", "JD014600003", clock.now()))
    worker = seller.worker(orders_api=api, addresses="yes")
    told = {o.id: o.ship_to for o in worker.orders(since) if isinstance(o, RemoteOrder)}
    ship_to = told[waiting]
    assert ship_to
    assert (told[gone], ship_to.country) == (None, "CA")
    opened = {"v0": 1, "2026-01-01": 0}[api]
    assert worker.calls["createRestrictedDataToken"] == opened


def test_without_the_setting_no_buyer_is_asked_about(
    seller: Seller, since: datetime, clock: VirtualClock
) -> None:
    seller.market.buy({"BAB-38": 1}, "US")
    clock.sleep(60)
    worker = seller.worker(orders_api="v0")
    list(worker.orders(since))
    assert worker.calls == {"getOrders": 1, "getOrderItems": 1}


def test_a_parcel_told_twice_is_one_package(
    seller: Seller, since: datetime, clock: VirtualClock
) -> None:
    bought = seller.market.buy({"BAB-38": 2}, "US")
    [order] = orders(seller, since)
    shipment = Shipment(bought, {order.lines[0].id: 1}, "DHL", "JD014600003", clock.now())
    for _ in range(2):
        seller.connector.ship(shipment)
    [order] = orders(seller, since)
    assert order.status is OrderStatus.PARTLY_SHIPPED


@APIS
def test_pages_are_read_to_the_last(
    seller: Seller, since: datetime, api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.amazon.orders.ORDERS_PAGE", 1)
    bought = [seller.market.buy({"BAB-38": 1}, "US") for _ in range(3)]
    assert {order.id for order in orders(seller, since, orders_api=api)} == set(bought)


def test_orders_before_the_moment_are_not_told(
    seller: Seller, since: datetime, clock: VirtualClock
) -> None:
    seller.market.buy({"BAB-38": 1}, "US")
    clock.sleep(3600)
    assert orders(seller, since + timedelta(minutes=30)) == []
