"""A small catalog, a market in memory, and a workshop that joins them."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine
from sqlmodel import Session, select

from catalog.models import Maker, MovementKind, Photo, Product, Variant
from catalog.pricing.rates import Rate, load_rates
from catalog.stock import Levels, levels, move
from connectors.clock import VirtualClock
from connectors.memory import MemoryConnector, MemoryMarket, memory_marketplace
from connectors.protocol import Account, Connector, Marketplace
from connectors.quotas import LocalBuckets
from connectors.registry import marketplace
from jobs.channels import ChannelVault
from jobs.locks import Locks, ThreadLocks
from jobs.models import Channel, Listing
from jobs.sync import ChannelPass, Workshop, sync
from trade_ma.security import Sealer


@dataclass
class Atelier:
    """A catalog with channels on markets in memory, and the passes between them."""

    engine: Engine
    clock: VirtualClock
    sealer: Sealer = field(default_factory=lambda: Sealer(Fernet.generate_key()))
    locks: Locks = field(default_factory=ThreadLocks)
    markets: dict[str, MemoryMarket] = field(default_factory=dict)
    rates: Mapping[str, Rate] = field(default_factory=load_rates)

    def session(self) -> Session:
        return Session(self.engine)

    def channel(self, code: str, currency: str = "USD", **policy: object) -> MemoryMarket:
        """A new channel on a market of its own; its prices are plainly the maker's at the rate."""
        plain = {"price": {"charm": "none"}}
        self.markets[code] = MemoryMarket(self.clock)
        with self.session() as session:
            session.add(
                Channel(
                    code=code,
                    marketplace="memory",
                    site="world",
                    account=code,
                    currency=currency,
                    locales=["fr"],
                    policy=plain | policy,
                    created_at=self.clock.now(),
                )
            )
            session.commit()
        return self.markets[code]

    def product(self, sku: str, *, stock: int = 1, price: int = 100_00, title: str = "") -> None:
        """A product of one variant, with a photo, and so many units on hand."""
        with self.session() as session:
            maker = session.exec(select(Maker)).first() or Maker(slug="tifawin", name="Tifawin")
            session.add(maker)
            session.flush()
            product = Product(maker_id=maker.id or 0, code=sku, title=title or f"Tapis {sku}")
            session.add(product)
            session.flush()
            variant = Variant(product_id=product.id or 0, sku=sku, price_minor=price)
            sha256 = hashlib.sha256(sku.encode()).hexdigest()
            photo = Photo(product_id=product.id or 0, name=f"{sku}.jpg", sha256=sha256)
            session.add_all([variant, photo])
            session.flush()
            count = MovementKind.COUNT
            move(session, variant, stock, count, source="test", reference=f"{sku}:first")
            session.commit()

    def edit(self, sku: str, **values: object) -> None:
        """Change a product as an import does: its revision tells."""
        with self.session() as session:
            product = session.exec(select(Product).where(Product.code == sku)).one()
            variant = session.exec(select(Variant).where(Variant.sku == sku)).one()
            for name, value in values.items():
                setattr(variant if name in {"price_minor", "options"} else product, name, value)
            product.revision += 1
            session.commit()

    def count(self, sku: str, figure: int, reference: str) -> None:
        """A stock-taking."""
        with self.session() as session:
            variant = session.exec(select(Variant).where(Variant.sku == sku)).one()
            delta = levels(session, [variant.id or 0])[variant.id or 0].counted(figure)
            move(session, variant, delta, MovementKind.COUNT, source="test", reference=reference)
            session.commit()

    def levels(self, sku: str) -> Levels:
        with self.session() as session:
            variant = session.exec(select(Variant).where(Variant.sku == sku)).one()
            return levels(session, [variant.id or 0])[variant.id or 0]

    def available(self, sku: str) -> int:
        return self.levels(sku).available

    def sync(self, connect: Callable[[Channel], Connector] | None = None) -> list[ChannelPass]:
        """One pass over all channels."""
        with self.session() as session:
            channels = session.exec(select(Channel).order_by(Channel.code)).all()
            session.expunge_all()
        for market in self.markets.values():
            market.calls.clear()
        return sync(self.workshop(connect), channels)

    def workshop(self, connect: Callable[[Channel], Connector] | None = None) -> Workshop:
        return Workshop(
            sessions=self.session,
            market=self.market,
            connect=connect or self.connect,
            sealer=self.sealer,
            rates=self.rates,
            clock=self.clock,
            locks=self.locks,
        )

    def market(self, channel: Channel) -> Marketplace:
        """The marketplace that is registered, or the channel's own in memory."""
        if channel.marketplace != "memory":
            return marketplace(channel.marketplace)
        return memory_marketplace(self.markets[channel.code])

    def connect(self, channel: Channel) -> Connector:
        vault = self.vault(channel)
        account = Account(
            channel.code,
            channel.site,
            channel.currency,
            tuple(channel.locales),
            vault,
            LocalBuckets(self.clock.now),
            clock=self.clock,
        )
        return MemoryConnector(self.markets[channel.code], account)

    def vault(self, channel: Channel) -> ChannelVault:
        """Where the channel's credentials are."""
        session, sealer = self.session, self.sealer
        code = channel.account
        return ChannelVault(session, channel.id or 0, code, sealer, self.clock, self.locks)

    def listing(self, sku: str, channel: str) -> Listing:
        with self.session() as session:
            return session.exec(
                select(Listing)
                .join(Product)
                .join(Channel)
                .where(Product.code == sku, Channel.code == channel)
            ).one()


@pytest.fixture
def atelier(sqlite: Engine, clock: VirtualClock) -> Atelier:
    return Atelier(sqlite, clock)
