"""How long the first publish of a catalog takes on each practice market, beside what quotas allow.

Prints one line of JSON. Catalog, passes, connectors and markets are the real ones, over real HTTP;
only the clock is virtual, so that days of quotas pass in minutes. For each marketplace:
- virtual_s: the market's time from the first pass until every listing is accepted
- bound_s: the least that its published quotas allow for the calls that a listing needs; where a
  market works in batches, the time that the practice market takes for them
- ratio: the first by the second
- stock: calls, and passes' time, of a change of stock of every listing afterwards
"""

import io
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path

from PIL import Image
from sqlalchemy import func
from sqlmodel import Session, col, select
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from catalog.models import Maker, MovementKind, Photo, Product, Variant
from catalog.pricing.rates import load_rates
from catalog.stock import move
from connectors.amazon.limits import FEED_MESSAGES
from connectors.clock import VirtualClock
from connectors.etsy.limits import REQUESTS_PER_DAY, REQUESTS_PER_SECOND
from connectors.protocol import Connector, Rendition
from connectors.protocol import Photo as DraftPhoto
from connectors.registry import marketplace
from connectors.sandbox.amazon import AmazonMarket
from connectors.sandbox.amazon.feed_desk import Pace
from connectors.sandbox.control import ServedMarket
from connectors.sandbox.etsy.market import EtsyMarket
from connectors.sandbox.server import serve
from connectors.sandbox.shopify import ShopifyMarket
from connectors.shopify.limits import BULK_OPERATIONS, BULK_RATE
from images.rules import ImageRule
from jobs import channels
from jobs.locks import ThreadLocks
from jobs.models import Channel, Listing, ListingFacet
from jobs.sync import Workshop, sync
from trade_ma.database import open_engine, upgrade
from trade_ma.security import Sealer

SKUS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
# Between passes, while a market judges. Each asks for orders, which Amazon allows 20 times at once.
PAUSE = 8.0
DAY = timedelta(days=1).total_seconds()


def _picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (1000, 1000), "white").save(buffer, "JPEG")
    return buffer.getvalue()


PICTURE = _picture()


async def _media(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve the picture under any address."""
    await Response(PICTURE, media_type="image/jpeg")(scope, receive, send)


@dataclass(frozen=True)
class OnePicture:
    """The same picture for every photo, and its address, where markets fetch."""

    address: str

    def rendition(self, photo: DraftPhoto, rule: ImageRule) -> Rendition:
        """The picture."""
        del photo
        return Rendition(PICTURE, rule.media_type, "rug.jpg")

    def url(self, photo: DraftPhoto, rule: ImageRule) -> str | None:
        """Its address."""
        del photo, rule
        return self.address


@dataclass
class Publishing:
    """A catalog of `SKUS` products, and one channel on a practice market."""

    code: str
    market: ServedMarket
    clock: VirtualClock
    folder: Path
    address: str
    calls: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.engine = open_engine(f"sqlite:///{self.folder / self.code}.db")
        upgrade(self.engine)
        self.locks = ThreadLocks()
        self.sealer = Sealer(b"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")

    def session(self) -> Session:
        """A new session."""
        return Session(self.engine)

    def run(self, base_url: str) -> dict[str, float]:
        """Publish all, then change all stock."""
        with self.session() as session:
            self._fill(session)
            self._open(session, base_url)
            session.commit()
        begun, real = self.clock.now(), time.monotonic()
        self._settle()
        virtual = (self.clock.now() - begun).total_seconds()
        told = {"virtual_s": virtual, "real_s": time.monotonic() - real}
        told |= {"calls": self.calls.total(), "listings": self._live()}
        return told

    def change_stock(self) -> Mapping[str, int]:
        """One unit more of everything; the calls that it takes."""
        self.calls.clear()
        with self.session() as session:
            for variant in session.exec(select(Variant)).all():
                self._move(session, variant, 1, "second")
            session.commit()
        self._settle()
        return dict(self.calls)

    def _settle(self) -> None:
        """Passes until nothing is left to send or to be judged."""
        while True:
            with self.session() as session:
                found = channels.find(session)
                session.expunge_all()
            for one in sync(self._shop(), found):
                self.calls += one.calls
                if one.trouble:
                    raise RuntimeError(one.trouble)
            wait = self._wait()
            if wait is None:
                return
            self.clock.sleep(wait)

    def _wait(self) -> float | None:
        """Seconds until the next pass is worth making; None where none is."""
        with self.session() as session:
            pending = col(ListingFacet.pending_operation).is_not(None)
            if session.exec(select(func.count()).select_from(ListingFacet).where(pending)).one():
                return PAUSE
            until = session.exec(select(func.min(Listing.deferred_until))).one()
        return None if until is None else (until - self.clock.now()).total_seconds() + 1

    def _live(self) -> int:
        return sum(one.present for one in self.market.shown())

    def _shop(self) -> Workshop:
        return Workshop(
            sessions=self.session,
            market=lambda _: marketplace(self.code),
            connect=self._connect,
            sealer=self.sealer,
            rates=load_rates(),
            clock=self.clock,
        )

    def _connect(self, channel: Channel) -> Connector:
        account = channels.account_of(
            channel,
            sessions=self.session,
            sealer=self.sealer,
            clock=self.clock,
            locks=self.locks,
        )
        return marketplace(self.code).connect(account, OnePicture(self.address))

    def _open(self, session: Session, base_url: str) -> None:
        channel = channels.add(
            session,
            self.sealer,
            code=self.code,
            marketplace_code=self.code,
            site_code=None,
            credentials=self.market.credentials,
            settings={**self.market.settings, "base_url": base_url},
        )
        channel.created_at = self.clock.now()

    def _fill(self, session: Session) -> None:
        maker = Maker(slug="tifawin", name="Cooperative Tifawin", region="Azilal")
        session.add(maker)
        session.flush()
        for number in range(SKUS):
            self._add(session, maker.id or 0, number)

    def _add(self, session: Session, maker_id: int, number: int) -> None:
        product = Product(
            maker_id=maker_id,
            code=f"RUG-{number:05}",
            craft="rug-beni-ourain",
            language="en",
            title=f"Beni Ourain rug no. {number}",
            description="A pile rug of undyed wool, knotted by hand in the Middle Atlas.",
            materials=["wool"],
            colours=["ivory"],
        )
        session.add(product)
        session.flush()
        variant = Variant(
            product_id=product.id or 0,
            sku=product.code,
            price_minor=850_000,
            length_cm=300,
            width_cm=200,
            weight_g=14_500,
        )
        sha256 = f"{number:064x}"
        session.add_all([variant, Photo(product_id=product.id or 0, name="1.jpg", sha256=sha256)])
        session.flush()
        self._move(session, variant, 3, "first")

    def _move(self, session: Session, variant: Variant, units: int, reference: str) -> None:
        kind = MovementKind.COUNT
        move(session, variant, units, kind, source=reference, reference=variant.sku)


def amazon_bound(calls: Mapping[str, int]) -> float:
    """The feeds are fewer than their burst, so the market's own work on one is the bound."""
    pace = Pace()
    messages = min(FEED_MESSAGES, ceil(SKUS / max(1, calls["createFeed"])))
    return (pace.queue + pace.feed + pace.message * messages).total_seconds()


def etsy_bound(calls: Mapping[str, int]) -> float:
    """A listing needs four calls: create, picture, inventory, publish. A day has 10,000."""
    needed = 4 * SKUS + sum(n for name, n in calls.items() if name.startswith(("get", "create")))
    needed -= calls["createDraftListing"]
    days, rest = divmod(needed, REQUESTS_PER_DAY)
    return days * DAY + rest / REQUESTS_PER_SECOND


def shopify_bound(calls: Mapping[str, int]) -> float:
    """Two rounds of bulk operations, set and publish, as many at once as a shop may have."""
    del calls
    return 2 * SKUS / (BULK_RATE * BULK_OPERATIONS)


MARKETS: Mapping[str, Callable[[VirtualClock], ServedMarket]] = {
    "amazon": lambda clock: AmazonMarket(clock, fetch=lambda _address: PICTURE),
    "etsy": EtsyMarket,
    "shopify": ShopifyMarket,
}
BOUNDS = {"amazon": amazon_bound, "etsy": etsy_bound, "shopify": shopify_bound}


def measured(code: str, folder: Path) -> dict[str, object]:
    """One marketplace's figures."""
    clock = VirtualClock(datetime(2026, 11, 23, 12, tzinfo=UTC))
    market = MARKETS[code](clock)
    with serve(market.app()) as base_url, serve(_media) as media_url:
        publishing = Publishing(code, market, clock, folder, f"{media_url}/rug.jpg")
        told = publishing.run(base_url)
        bound = BOUNDS[code](publishing.calls)
        stock = publishing.change_stock() if code != "etsy" else None
    publishing.engine.dispose()
    rounded = {name: round(value, 1) for name, value in told.items()}
    ratio = round(told["virtual_s"] / bound, 3)
    return rounded | {"bound_s": round(bound, 1), "ratio": ratio, "stock": stock}


def main() -> None:
    """Measure all markets, or the ones named after the number of SKUs."""
    with tempfile.TemporaryDirectory() as folder:
        told = {code: measured(code, Path(folder)) for code in sys.argv[2:] or MARKETS}
    line = {"benchmark": "first_publish", "baseline": "published quotas", "skus": SKUS}
    print(json.dumps(line | told))


if __name__ == "__main__":
    main()
