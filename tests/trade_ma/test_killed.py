"""`trade-ma sync` killed with -9 at ten moments: run again, it ends where it would have ended."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlmodel import col, select
from starlette.types import ASGIApp, Receive, Scope, Send

from catalog.models import Product, Variant
from catalog.stock import levels
from connectors.clock import SystemClock
from connectors.sandbox.server import serve
from connectors.sandbox.shopify import ShopifyMarket
from jobs import channels
from jobs.models import Listing, ListingFacet, Order
from tests.trade_ma.small_catalog import PRODUCTS, count, fill
from trade_ma.installation import App, open_app
from trade_ma.settings import Settings

TRADE_MA = Path(sys.executable).parent / "trade-ma"
KEY = Fernet.generate_key().decode()


@dataclass
class Killer:
    """ASGI middleware that kills a process at its n-th call, before or after it is carried out."""

    app: ASGIApp
    victim: int | None = None
    at: int = 0
    after: float | None = None
    seen: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen += scope["type"] == "http"
        doomed = self.victim is not None and self.seen == self.at
        if doomed and self.after is None:
            self._kill()
            return
        await self.app(scope, receive, send)
        if doomed:
            await asyncio.sleep(self.after or 0)
            self._kill()

    def _kill(self) -> None:
        assert self.victim
        os.kill(self.victim, signal.SIGKILL)


@dataclass
class Shop:
    """A data folder with a catalog, and the market that its channel sells on."""

    app: App
    market: ShopifyMarket
    killer: Killer

    def start(self) -> "subprocess.Popen[str]":
        folder = str(self.app.settings.data_dir)
        return subprocess.Popen(
            [TRADE_MA, "sync", "--once", "--json"],
            env={**os.environ, "TRADE_MA_DATA_DIR": folder, "TRADE_MA_KEY": KEY},
            stdout=subprocess.PIPE,
            text=True,
        )

    def sync(self) -> int:
        """An undisturbed pass; the calls it took."""
        self.killer.victim, self.killer.seen = None, 0
        with self.start() as process:
            told, _ = process.communicate()
        assert process.returncode == 0, told
        return self.killer.seen

    def killed_sync(self, at: int, after: float | None) -> None:
        """A pass that is killed at its n-th call, or `after` so many seconds."""
        with self.start() as process:
            self.killer.at, self.killer.after = at, after
            self.killer.seen, self.killer.victim = 0, process.pid
            process.communicate()
        assert process.returncode == -signal.SIGKILL

    def live_through_a_day(self) -> None:
        """A sale there, a count here."""
        self.market.buy({"T-0": 1}, "US")
        with self.app.session() as session:
            count(session, "T-1", -2, "evening")
            session.commit()

    def state(self) -> Mapping[str, Any]:
        """All that a buyer sees, and all that we remember, but for ids and moments."""
        with self.app.session() as session:
            variants = session.exec(select(Variant).order_by(Variant.sku)).all()
            stock = levels(session, [v.id for v in variants if v.id])
            facets = session.exec(
                select(Product.code, ListingFacet)
                .join(Listing, col(Listing.product_id) == col(Product.id))
                .join(ListingFacet, col(ListingFacet.listing_id) == col(Listing.id))
            ).all()
            orders = [(o.status, o.total_minor) for o in session.exec(select(Order))]
        return {
            "shown": sorted(
                (
                    s.title,
                    s.present,
                    len(s.photos),
                    [(o.sku, o.price, o.available) for o in s.offers],
                )
                for s in self.market.shown()
            ),
            "stock": {v.sku: stock[v.id or 0] for v in variants},
            "accepted": sorted((code, f.facet, f.accepted_digest) for code, f in facets),
            "orders": orders,
        }


@contextmanager
def open_shop(folder: Path) -> Iterator[Shop]:
    """A shop with a catalog of its own; all are alike."""
    market = ShopifyMarket(SystemClock())
    killer = Killer(market.app())
    app = open_app(Settings(data_dir=folder, key=KEY))
    with serve(killer) as address:
        with app.session() as session:
            fill(app, session)
            channels.add(
                session,
                app.sealer,
                code="shopify-us",
                marketplace_code="shopify",
                site_code=None,
                credentials=market.credentials,
                settings={**market.settings, "base_url": address},
            )
            session.commit()
        yield Shop(app, market, killer)
    app.engine.dispose()


@dataclass(frozen=True, slots=True)
class CalmPass:
    """What an undisturbed pass ends with, and the calls it took."""

    calls: int
    state: Mapping[str, Any]


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, CalmPass]:
    with open_shop(tmp_path_factory.mktemp("calm")) as shop:
        morning = CalmPass(shop.sync(), shop.state())
        shop.live_through_a_day()
        return {"morning": morning, "evening": CalmPass(shop.sync(), shop.state())}


# In which pass, at which part of its calls, and how many seconds after that call was answered;
# None is before it is carried out.
MOMENTS = [
    ("morning", 0.0, None),
    ("morning", 0.0, 0.0),
    ("morning", 0.2, None),
    ("morning", 0.35, 0.0),
    ("morning", 0.5, 0.01),
    ("morning", 0.7, None),
    ("morning", 0.85, 0.0),
    ("morning", 1.0, 0.0),
    ("evening", 0.0, 0.0),
    ("evening", 0.5, 0.0),
    ("evening", 1.0, None),
]


# The same all along a pass, by make chaos.
ALL_ALONG = [
    pytest.param(which, part / 20, after, marks=pytest.mark.chaos)
    for which in ("morning", "evening")
    for part in range(21)
    for after in (None, 0.005)
]


@pytest.mark.parametrize(("which", "part", "after"), [*MOMENTS, *ALL_ALONG])
def test_killed_at_any_moment_it_ends_where_it_would_have_ended(
    calm: Mapping[str, CalmPass], tmp_path: Path, which: str, part: float, after: float | None
) -> None:
    with open_shop(tmp_path) as shop:
        if which == "evening":
            shop.sync()
            shop.live_through_a_day()
        shop.killed_sync(max(1, round(part * calm[which].calls)), after)
        shop.sync()
        assert shop.state() == calm[which].state


def test_an_undisturbed_day_is_worth_comparing_with(calm: Mapping[str, CalmPass]) -> None:
    evening = calm["evening"].state
    assert len(evening["shown"]) == PRODUCTS
    assert [evening["stock"][sku].available for sku in ("T-0", "T-1")] == [2, 2]
    assert len(evening["orders"]) == 1
