"""The practice market: sandboxes in this process, and an installation of its own that sells there.

Nothing of it is the real one's: products are copied into a database that ends with the process,
so that what is bought here moves no real stock, stands in no real figure, and no real channel
can be reached from it.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from sqlmodel import Session, col, select
from starlette.staticfiles import StaticFiles

from catalog.copying import copy_products
from catalog.models import Product, Variant
from connectors.clock import Clock, SystemClock
from connectors.errors import Refused
from connectors.protocol import Severity
from connectors.sandbox.control import ServedMarket, ShownListing
from connectors.sandbox.registry import SANDBOXES
from connectors.sandbox.server import serve
from jobs import channel_care, channels
from jobs.models import Channel
from jobs.order_book import OrderSummary, recent
from jobs.parcels import pack
from jobs.push import Desk
from jobs.shipping import tell, withdraw
from jobs.status import OpenIssue, status
from jobs.sync import ORDERS, SYNC, sync
from trade_ma.installation import App, open_app
from trade_ma.passes import Passes
from trade_ma.workshop import connector_of, workshop_of

# What a channel for practice is set to: machine's words may be looked at, prices carry a margin.
POLICY: Mapping[str, object] = {"text": "machine", "price": {"margin": "15"}}
# Where practice buyers live, and the site of a marketplace that has several.
COUNTRY, SITE = "FR", "FR"
PICTURE_TIMEOUT = 10.0
# Seconds until it is asked again what a market judges: here they judge quickly.
JUDGED_AFTER = 1.5
NEWEST = 20


@dataclass(frozen=True, slots=True)
class Stall:
    """A running practice market, at a loopback address."""

    code: str
    market: ServedMarket
    address: str


@dataclass
class Practice:
    """The practice market as a whole: `app` is the real installation, `house` the practice one."""

    app: App
    house: App
    stalls: Mapping[str, Stall]
    passes: Passes = field(init=False)

    def __post_init__(self) -> None:
        self.passes = Passes(self.house, JUDGED_AFTER)

    def publish(self, maker_id: int | None) -> int:
        """Copy the products of a maker, or all, and begin to list them; how many."""
        with self.app.session() as source, self.house.session() as target:
            count = copy_products(source, target, maker_id)
            for stall in self.stalls.values():
                self._open(target, stall)
            target.commit()
        self.passes.start(self._channels(), lambda _session: None)
        return count

    def _open(self, session: Session, stall: Stall) -> None:
        """A channel on that market, made on first use."""
        if channel_care.named(session, stall.code):
            return
        channels.add(
            session,
            self.house.sealer,
            code=stall.code,
            marketplace_code=stall.code,
            site_code=SITE if stall.code == "amazon" else None,
            credentials=stall.market.credentials,
            settings={**stall.market.settings, "base_url": stall.address, "practice": "yes"},
            policy=POLICY,
        )

    def _channels(self, *codes: str) -> list[Channel]:
        with self.house.session() as session:
            found = channels.find(session, codes)
            session.expunge_all()
        return found

    def is_open(self, code: str) -> bool:
        """Whether something was published there."""
        with self.house.session() as session:
            return channel_care.named(session, code) is not None

    def shown(self, code: str, maker_id: int | None) -> list[ShownListing]:
        """What buyers see on that market, of one maker or all.

        Raises:
            LookupError: there is no such market.
        """
        listings = [one for one in self.stalls[code].market.shown() if one.present]
        if maker_id is None:
            return listings
        ours = self._skus(maker_id)
        return [one for one in listings if any(offer.sku in ours for offer in one.offers)]

    def _skus(self, maker_id: int) -> frozenset[str]:
        with self.house.session() as session:
            return frozenset(
                session.exec(
                    select(Variant.sku)
                    .join(Product, col(Product.id) == col(Variant.product_id))
                    .where(Product.maker_id == maker_id)
                )
            )

    def complaints(self, maker_id: int | None) -> list[tuple[str, OpenIssue]]:
        """Why products are not for sale there: markets' codes and complaints."""
        with self.house.session() as session:
            found = [
                (channel.code, issue)
                for channel in channels.find(session)
                for issue in status(session, channel).issues
                if issue.severity == Severity.ERROR
            ]
            ours = self._codes(session, maker_id)
        return [(code, issue) for code, issue in found if issue.key in ours]

    @staticmethod
    def _codes(session: Session, maker_id: int | None) -> frozenset[str]:
        wanted = select(Product.code)
        if maker_id is not None:
            wanted = wanted.where(Product.maker_id == maker_id)
        return frozenset(session.exec(wanted))

    def buy(self, code: str, sku: str, maker_id: int | None) -> None:
        """Place an order for one piece, as a buyer would, and fetch it.

        Raises:
            LookupError: there is no such market, or the SKU is not for sale there.
            ValueError: none is left.
        """
        if not any(sku in _skus_of(one) for one in self.shown(code, maker_id)):
            raise LookupError(f"{sku} is not for sale")
        self.stalls[code].market.buy({sku: 1}, COUNTRY)
        sync(workshop_of(self.house), self._channels(code), ORDERS)

    def orders(self, maker_id: int | None) -> list[OrderSummary]:
        """The newest practice orders; of those with a maker's products alone, with `maker_id`."""
        with self.house.session() as session:
            found = recent(session, limit=NEWEST)
            session.expunge_all()
        if maker_id is None:
            return found
        ours = self._skus(maker_id)
        return [one for one in found if any(line.sku in ours for line in one.lines)]

    def ship(self, code: str, number: str, tracking: str, maker_id: int | None) -> None:
        """Hand a practice order to a carrier, and tell its market.

        Raises:
            LookupError: there is no such order, or it is another maker's.
            ValueError: it cannot be shipped now.
            ConnectorError: the market does not take it.
        """
        if not any(number == one.order.number for one in self.orders(maker_id)):
            raise LookupError(f"there is no practice order {number}")
        clock: Clock = SystemClock()
        [channel] = self._channels(code)
        with self.house.session() as session:
            parcel = pack(
                session,
                channel,
                number,
                carrier="DHL",
                tracking_number=tracking,
                shipped_at=clock.now(),
            )
            session.commit()
            parcel_id = parcel.id or 0
        self._tell(channel, parcel_id, clock)
        sync(workshop_of(self.house), [channel], SYNC)

    def _tell(self, channel: Channel, parcel_id: int, clock: Clock) -> None:
        with closing(connector_of(self.house, channel)) as connector:
            try:
                tell(Desk(self.house.session, clock), connector, parcel_id)
            except Refused:
                with self.house.session() as session:
                    withdraw(session, parcel_id)
                    session.commit()
                raise

    def picture(self, code: str, remote_id: str, number: int) -> tuple[bytes, str] | None:
        """A picture of a listing, with its media type; None where there is none.

        Only what a listing shows is fetched, and that from loopback alone.
        """
        for one in self.stalls[code].market.shown():
            if one.remote_id == remote_id and number < len(one.photos):
                return _fetched(self.stalls[code].address, one.photos[number])
        return None


def _skus_of(listing: ShownListing) -> set[str]:
    return {offer.sku for offer in listing.offers}


def _fetched(base: str, address: str) -> tuple[bytes, str] | None:
    url = httpx.URL(base).join(address)
    if url.host != httpx.URL(base).host:
        return None
    try:
        answer = httpx.get(url, timeout=PICTURE_TIMEOUT)
    except httpx.HTTPError:
        return None
    kind = answer.headers.get("content-type", "")
    return (answer.content, kind) if answer.is_success and kind.startswith("image/") else None


@contextmanager
def practising(app: App, markets: Collection[str] = tuple(SANDBOXES)) -> Iterator[Practice]:
    """The practice market of an installation, until the block ends."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="trade-ma-practice-")))
        renditions = app.settings.photos_dir / "renditions"
        renditions.mkdir(parents=True, exist_ok=True)
        media = stack.enter_context(serve(StaticFiles(directory=renditions)))
        apart = {"data_dir": folder, "database_url": None, "key": None, "media_url": media}
        house = replace(open_app(app.settings.model_copy(update=apart)), photos=app.photos)
        stack.callback(house.engine.dispose)
        yield Practice(app, house, {code: _started(stack, code) for code in markets})


def _started(stack: ExitStack, code: str) -> Stall:
    market = SANDBOXES[code](SystemClock())
    return Stall(code, market, stack.enter_context(serve(market.app())))
