"""How long it takes from a sale on one practice market until the others show the lower stock.

Prints one line of JSON: median and longest time in seconds, in real time and over real HTTP,
- poll: a daemon that pulls orders every INTERVAL seconds; at most that and 2 s is wanted
- webhook: a sale on Shopify, whose notification brings the pull forward; at most 2 s is wanted
- baseline: the naive loop, `trade-ma sync --every INTERVAL`: a whole pass each time

Usage: sale_to_stock.py [SKUS [INTERVAL [SALES]]]. Of the catalog a few products are really on the
markets, published by passes as always, and are the ones that are sold. All others stand in our
database alone, copied from those with all that we remember of a listing that was accepted.
"""

import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, col, select

from catalog.models import Maker, MovementKind, Photo, Product, Variant
from catalog.stock import Movement, move_all
from connectors.clock import SystemClock
from connectors.sandbox.amazon import AmazonMarket
from connectors.sandbox.amazon.feed_desk import Pace
from connectors.sandbox.control import ServedMarket
from connectors.sandbox.etsy.market import EtsyMarket
from connectors.sandbox.server import serve
from connectors.sandbox.shopify import ShopifyMarket
from jobs import channels
from jobs.models import Channel, Listing, ListingFacet
from jobs.sync import sync
from jobs.work_queue import RUNNING, WAITING, open_queue, queue_url
from tests.trade_ma.small_catalog import photo
from trade_ma.installation import App, open_app
from trade_ma.settings import Settings
from trade_ma.workshop import workshop_of

SKUS, INTERVAL, SALES = (
    int(sys.argv[n]) if len(sys.argv) > n else usual for n, usual in ((1, 20_000), (2, 10), (3, 6))
)
# Each is sold once: Amazon is not sent another figure of a SKU while it judges the last one.
HOT = 3 * SALES
# Where sales are found by asking. Amazon's quota allows that every three minutes, so that there
# they are only seen to arrive.
POLLED = ["etsy", "shopify"]
STOCK = 50
TRADE_MA = Path(sys.executable).parent / "trade-ma"
# A daemon that pulls orders when it is told to, and hardly of its own accord.
NEVER = 86_400
CHUNK = 5_000
# What stands in our database alone is missing on its market, and no comparison is to make it.
LEFT_ALONE = {"drift": dict.fromkeys(("price", "stock", "presence"), "report")}


@dataclass
class House:
    """An installation with a channel on each practice market."""

    app: App
    markets: Mapping[str, ServedMarket]

    def available(self, code: str, sku: str) -> int:
        """What a market shows of a SKU."""
        shown = self.markets[code].shown()
        return next(o.available for one in shown for o in one.offers if o.sku == sku)

    def publish(self) -> None:
        """Passes until all is accepted and nothing is judged any more."""
        while True:
            with self.app.session() as session:
                found = channels.find(session)
                session.expunge_all()
            for one in sync(workshop_of(self.app), found):
                if one.trouble:
                    raise RuntimeError(one.trouble)
            with self.app.session() as session:
                judged = col(ListingFacet.pending_operation).is_not(None)
                if not session.exec(select(ListingFacet).where(judged)).first():
                    return
            time.sleep(0.5)

    def sell(self, code: str, sku: str) -> float:
        """Sell a unit on a market; seconds until all others show one less."""
        wanted = self.available(code, sku) - 1
        begun = time.monotonic()
        self.markets[code].buy({sku: 1}, "US")
        others = [other for other in self.markets if other != code]
        while any(self.available(other, sku) != wanted for other in others):
            if time.monotonic() - begun > 10 * INTERVAL + 60:
                raise RuntimeError(f"a sale of {sku} on {code} was never seen elsewhere")
            time.sleep(0.02)
        return time.monotonic() - begun

    @contextmanager
    def process(self, *words: str, orders_every: int = NEVER) -> Iterator[None]:
        """A verb of ours that stays, as an operator starts it."""
        settings = {
            "DATA_DIR": str(self.app.settings.data_dir),
            "MEDIA_URL": self.app.settings.media_url or "",
            "ORDERS_EVERY": str(orders_every),
            "RATES_SOURCE": "file",
        }
        environment = {**os.environ, **{f"TRADE_MA_{name}": is_ for name, is_ in settings.items()}}
        command: list[str | Path] = [TRADE_MA, *words]
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            yield
            process.terminate()

    def wait_until_idle(self) -> None:
        """Wait until the daemon that was just started has done all that was due then."""
        begun = datetime.now(UTC) - timedelta(seconds=2)
        url = queue_url(self.app.settings.sqlalchemy_url)
        with closing(open_queue(url, self.app.locks)) as queue:
            while True:
                newest = [one.tick.subject for one in queue.entries() if one.created_at > begun]
                if set(newest) >= set(self.markets) and not queue.entries(WAITING, RUNNING):
                    return
                time.sleep(0.2)


def skus(first: int, number: int) -> list[str]:
    """So many SKUs."""
    return [f"RUG-{n:06}" for n in range(first, first + number)]


def add_products(session: Session, maker: int, codes: list[str], sha256: str) -> None:
    """Products of one variant, with a photo and stock."""
    about = {"craft": "rug-beni-ourain", "language": "en", "description": "Knotted by hand."}
    of = {"maker_id": maker, "materials": ["wool"], "colours": ["ivory"]}
    products = [{"code": c, "title": f"Beni Ourain rug {c}", **about, **of} for c in codes]
    session.execute(insert(Product), products)
    found = select(Product.code, Product.id).where(col(Product.code) >= codes[0])
    ids = {code: id_ or 0 for code, id_ in session.exec(found)}
    size = {"length_cm": 300, "width_cm": 200, "weight_g": 14_500, "price_minor": 850_000}
    session.execute(insert(Variant), [{"product_id": ids[c], "sku": c, **size} for c in codes])
    session.execute(
        insert(Photo), [{"product_id": ids[c], "name": "1.png", "sha256": sha256} for c in codes]
    )
    variants = session.exec(select(Variant.sku, Variant.id).where(col(Variant.sku) >= codes[0]))
    moved = [Movement(id_ or 0, STOCK, sku) for sku, id_ in variants]
    for start in range(0, len(moved), CHUNK):
        move_all(session, moved[start : start + CHUNK], MovementKind.COUNT, source="first")


def copy_listings(session: Session) -> None:
    """A listing on every channel of every product that has none, as if it had been accepted."""
    for channel in session.exec(select(Channel)):
        listed = select(Listing.product_id).where(Listing.channel_id == channel.id)
        new = session.exec(
            select(Product.id, Product.code, Product.revision, Product.stock_revision).where(
                col(Product.id).not_in(listed)
            )
        ).all()
        pattern = session.exec(select(Listing).where(Listing.channel_id == channel.id)).first()
        assert pattern  # noqa: S101 - some products were published before
        rows = [
            plain(pattern)
            | {"product_id": product, "remote_id": f"copy-{code}"}
            | {"seen_product": revision, "seen_stock": stock}
            for product, code, revision, stock in new
        ]
        session.execute(insert(Listing), rows)
        copies = select(Listing.id).where(
            Listing.channel_id == channel.id, col(Listing.remote_id).startswith("copy-")
        )
        ids = session.exec(copies).all()
        of_pattern = select(ListingFacet).where(ListingFacet.listing_id == pattern.id)
        for facet in session.exec(of_pattern).all():
            session.execute(
                insert(ListingFacet), [plain(facet) | {"listing_id": one} for one in ids]
            )


def plain(row: SQLModel) -> dict[str, object]:
    """The columns of a row, but for a number that the database gives."""
    return row.model_dump(exclude={"id"})


@contextmanager
def opened(folder: Path) -> Iterator[House]:
    """A house whose catalog has `SKUS` products, accepted on all three markets."""
    clock = SystemClock()
    at_once = Pace(*[timedelta(0)] * 4)
    markets: dict[str, ServedMarket] = {
        "amazon": AmazonMarket(clock, fetch=lambda _address: photo(1), pace=at_once),
        "etsy": EtsyMarket(clock),
        "shopify": ShopifyMarket(clock),
    }
    app = open_app(Settings(data_dir=folder, media_url="https://media.example"))
    with ExitStack() as stack:
        with app.session() as session:
            maker = Maker(slug="tifawin", name="Cooperative Tifawin", region="Azilal")
            session.add(maker)
            session.flush()
            maker_id, sha256 = maker.id or 0, app.photos.add(large_photo())
            add_products(session, maker_id, skus(0, HOT), sha256)
            for code, market in markets.items():
                address = stack.enter_context(serve(market.app()))
                settings = {**market.settings, "base_url": address}
                channels.add(
                    session,
                    app.sealer,
                    code=code,
                    marketplace_code=code,
                    site_code=None,
                    credentials=market.credentials,
                    settings=settings,
                    policy=LEFT_ALONE,
                )
            session.commit()
        house = House(app, markets)
        house.publish()
        with app.session() as session:
            add_products(session, maker_id, skus(HOT, SKUS - HOT), sha256)
            copy_listings(session)
            session.commit()
        yield house
        app.engine.dispose()


def large_photo() -> bytes:
    """A photo that every market takes."""
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (2000, 2000), (200, 180, 150)).save(buffer, "JPEG")
    return buffer.getvalue()


def figures(times: list[float]) -> dict[str, float]:
    """Median and longest."""
    return {"median_s": round(statistics.median(times), 2), "longest_s": round(max(times), 2)}


def measured(house: House, sellers: list[str], first: int) -> dict[str, float]:
    """Sales at moments that chance chooses, on these markets in turn, from that SKU on."""
    chance = random.Random(SKUS)
    times = []
    for number, sku in enumerate(skus(first, SALES)):
        time.sleep(chance.uniform(0, INTERVAL / 2))
        times.append(house.sell(sellers[number % len(sellers)], sku))
    print(sellers, [round(one, 2) for one in times], file=sys.stderr)
    return figures(times)


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def main() -> None:
    """Measure the three ways, one after the other, in one house."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as house:
        with house.process("daemon", "--port=0", orders_every=INTERVAL):
            house.wait_until_idle()
            poll = measured(house, POLLED, 0)
        with house.process("daemon", "--webhooks", f"--port={port}"):
            house.wait_until_idle()
            subscribe(house, f"http://127.0.0.1:{port}/webhooks/shopify")
            webhook = measured(house, ["shopify"], SALES)
        with house.process("sync", f"--every={INTERVAL}"):
            time.sleep(INTERVAL)
            baseline = measured(house, POLLED, 2 * SALES)
    line = {
        "benchmark": "sale_to_stock",
        "skus": SKUS,
        "interval_s": INTERVAL,
        "sales": SALES,
        "poll": poll,
        "webhook": webhook,
        "baseline": {"name": "trade-ma sync --every", **baseline},
    }
    print(json.dumps(line))


def subscribe(house: House, address: str) -> None:
    """Have the shop tell us, as `trade-ma channels check` does."""
    with house.app.session() as session:
        [channel] = channels.find(session, ["shopify"])
        channel.settings = {**channel.settings, "webhooks": address}
        session.commit()
        session.refresh(channel)
        session.expunge(channel)
    with closing(workshop_of(house.app).connect(channel)) as connector:
        connector.check()


if __name__ == "__main__":
    main()
