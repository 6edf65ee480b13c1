"""A marketplace that tells what a test wants it to, and keeps what it was told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from moneyed import Money
from sqlmodel import select

from connectors.errors import ConnectorError
from connectors.memory import MemoryConnector
from connectors.protocol import (
    Address,
    OrderStatus,
    RemoteOrder,
    RemoteOrderLine,
    Settlement,
    SettlementKind,
    Shipment,
    UnreadableOrder,
)
from jobs import orders
from jobs.models import Channel, Order
from jobs.push import Desk
from tests.conftest import NOON
from tests.jobs.conftest import Atelier

BUYER = Address("Jane Roe", ("1 High Street",), "York", "YO1 7EP", "GB", phone="+44 1904 000000")


def dollars(amount: str | int) -> Money:
    return Money(Decimal(amount), "USD")


def line(quantity: int = 2, sku: str | None = "CS-101", **units: int) -> RemoteOrderLine:
    return RemoteOrderLine("1", sku, "A bowl", quantity, dollars(50), **units)


def order(*lines: RemoteOrderLine, **facts: Any) -> RemoteOrder:
    """A paid order of noon, unless `facts` say otherwise."""
    told = RemoteOrder(
        "O1",
        "#1001",
        OrderStatus.PAID,
        NOON,
        NOON,
        dollars(100),
        lines or (line(),),
        BUYER,
    )
    return replace(told, **facts)


def booking(
    number: int, kind: SettlementKind, gross: str, fees: str, order_id: str | None = "O1"
) -> Settlement:
    return Settlement(f"B{number}", order_id, kind, NOON, dollars(gross), dollars(fees))


class Telling(MemoryConnector):
    """The connector of the channel `us`, with nothing to tell yet.

    `troubles` are raised by the next calls of `ship`, in turn.
    """

    def __init__(self, atelier: Atelier) -> None:
        connector = atelier.connect(channel_of(atelier))
        assert isinstance(connector, MemoryConnector)
        super().__init__(atelier.markets["us"], connector._account)
        self.told: list[RemoteOrder | UnreadableOrder] = []
        self.books: list[Settlement] = []
        self.readable: dict[str, RemoteOrder] = {}
        self.parcels: list[Shipment] = []
        self.troubles: list[ConnectorError] = []
        self.asked: list[datetime] = []

    def orders(self, since: datetime) -> Iterator[RemoteOrder | UnreadableOrder]:
        self.asked.append(since)
        yield from self.told

    def settlements(self, since: datetime) -> Iterator[Settlement]:
        self.asked.append(since)
        yield from self.books

    def reread(self, raw: str) -> RemoteOrder | UnreadableOrder:
        return self.readable.get(raw) or UnreadableOrder(raw, NOON, "odd", raw)

    def ship(self, shipment: Shipment) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.parcels.append(shipment)


def channel_of(atelier: Atelier) -> Channel:
    with atelier.session() as session:
        channel = session.exec(select(Channel).where(Channel.code == "us")).one()
        session.expunge(channel)
    return channel


def opened(atelier: Atelier, *told: RemoteOrder | UnreadableOrder) -> Telling:
    """The channel `us` and ten of CS-101, and what its marketplace tells."""
    atelier.channel("us")
    atelier.product("CS-101", stock=10)
    connector = Telling(atelier)
    connector.told = list(told)
    return connector


def pull(atelier: Atelier, connector: Telling, *told: RemoteOrder | UnreadableOrder) -> Desk:
    """A pull, of `told` where there are any, a minute after the one before."""
    atelier.clock.sleep(60)
    connector.told = list(told) or connector.told
    desk = Desk(atelier.session, atelier.clock)
    orders.pull(desk, connector, channel_of(atelier), atelier.sealer)
    return desk


def kept(atelier: Atelier) -> Order:
    """The one order that is known."""
    with atelier.session() as session:
        return session.exec(select(Order)).one()


def later(told: RemoteOrder, **facts: Any) -> RemoteOrder:
    """The same order a second on, as `facts` have it."""
    changed: RemoteOrder = replace(told, updated_at=told.updated_at + timedelta(seconds=1))
    return replace(changed, **facts)
