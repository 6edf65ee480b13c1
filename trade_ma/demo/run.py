"""The whole way, once: photos, files, catalog, markets, orders, and the figures read back."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path

from sqlalchemy import func
from sqlmodel import Session, col, select

from catalog.importing.report import RowReport
from catalog.models import Maker, Variant
from catalog.pricing import history
from connectors.clock import VirtualClock
from connectors.protocol import Severity
from jobs import channels, suggestions
from jobs.importing import FileImport, import_file
from jobs.models import Channel, ListingFacet
from jobs.rates import current
from jobs.status import OpenIssue, status
from jobs.sync import Progress, pull_orders, sync
from trade_ma.demo.aftermath import compared, ship_everything
from trade_ma.demo.books import accepted_since, books
from trade_ma.demo.figures import Figure, Morning, Seen, figures, prices_shown, repricings
from trade_ma.demo.markets import PracticeMarket
from trade_ma.demo.photos import draw_all, sketches
from trade_ma.demo.scenario import (
    LAST_PIECES,
    MOVES,
    PIECE,
    POLICY,
    SITES,
    WORKSHOPS,
    Workshop,
    baskets,
    moved,
)
from trade_ma.demo.windows import Window, windows
from trade_ma.installation import App, open_app
from trade_ma.settings import Settings
from trade_ma.workshop import workshop_of

# The installation's data, in the demo's folder.
DATA = "data"
# How often a step's pass is repeated while a market still judges or was too busy, and the seconds
# of the demo's clock between.
PASSES, PAUSE = 60, 300.0


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the way: its seconds, and the calls that the markets answered meanwhile."""

    name: str
    seconds: float
    calls: Counter[str]


@dataclass(frozen=True, slots=True)
class Remark:
    """What a maker is told of one row: why it was refused, or what to look at."""

    row: int
    sku: str
    message: str
    refused: bool


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one maker's file: its rows, and what is to be said of some."""

    workshop: Workshop
    accepted: int
    rejected: int
    remarks: tuple[Remark, ...]


@dataclass(slots=True)
class Result:
    """What the demo did, and what its two witnesses say."""

    reports: list[FileReport] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    refusals: dict[str, list[OpenIssue]] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether every figure agrees, and no channel was in trouble."""
        return not self.troubles and all(figure.agrees for figure in self.figures)


@dataclass(slots=True)
class Demo:
    """A fresh installation in `folder`, and the practice markets it sells on.

    All of them live on one clock of their own, so that nobody waits for a quota to come back.
    `media_url` is where `renditions` of that folder are served.
    """

    folder: Path
    media_url: str
    markets: Sequence[PracticeMarket]
    clock: VirtualClock
    progress: Progress
    result: Result = field(default_factory=Result)

    def run(self) -> Result:
        """Go the whole way."""
        # Only defaults: what an operator has set for the real shop must not reach the demo.
        app = open_app(
            Settings.model_construct(data_dir=self.folder / DATA, media_url=self.media_url)
        )
        photos = self.folder / "photos"
        with self._step("photos drawn"):
            self._draw(photos)
        with self._step("files imported"):
            self.import_files(app, photos)
        with self._step("words accepted"):
            self._accept_suggestions(app)
        self._open_stalls(app)
        with self._step("first sync"):
            self._sync(app)
        with self._step("buyers"):
            self._buy()
        with self._step("second sync"):
            self._sync(app)
        third = self._calls()
        with self._step("third sync"):
            self._sync(app)
        pulled = self._calls()
        with self._step("orders pulled"):
            pull_orders(workshop_of(app, clock=self.clock), self._channels(app))
        seen = [(b - a, c - b) for a, b, c in zip(third, pulled, self._calls(), strict=True)]
        self.result.windows = list(windows(app, PIECE, self._many_sited(), self._channels(app)))
        repriced = self._move_rates(app)
        self.result.figures = [*self._figures(app, seen), *repriced]
        shop = workshop_of(app, self.progress, self.clock)
        with self._step("parcels told"):
            ship_everything(shop, self._channels(app))
        self.clock.sleep(PAUSE)
        with self._step("compared with the markets"):
            self.result.figures += compared(shop, self._channels(app))
        app.engine.dispose()
        return self.result

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        before, started = self._all_calls(), time.monotonic()
        yield
        seconds = time.monotonic() - started
        self.result.steps.append(Step(name, seconds, self._all_calls() - before))

    def _calls(self) -> list[Counter[str]]:
        return [market.calls() for market in self.markets]

    def _all_calls(self) -> Counter[str]:
        return sum(self._calls(), Counter())

    def _draw(self, photos: Path) -> None:
        self.progress.stage("photos", "drawn", len(sketches()))
        draw_all(photos, lambda: self.progress.advance("photos"))

    def import_files(self, app: App, photos: Path) -> None:
        """Import every maker's file, with the photos that lie in a folder."""
        self.progress.stage("files", "imported", len(WORKSHOPS))
        with app.session() as session:
            session.add_all(
                Maker(slug=w.slug, name=w.name, region=w.region, is_cooperative=w.is_cooperative)
                for w in WORKSHOPS
            )
            session.commit()
        for workshop in WORKSHOPS:
            self.result.reports.append(_import_file(app, workshop, photos))
            self.progress.advance("files")

    def _accept_suggestions(self, app: App) -> None:
        """What the vocabulary finds in the makers' own words becomes materials, motifs ..."""
        with app.session() as session:
            for one in suggestions.suggested(session):
                suggestions.accept(one)
            session.commit()

    def _open_stalls(self, app: App) -> None:
        with app.session() as session:
            for market in self.markets:
                channels.add(
                    session,
                    app.sealer,
                    code=market.stall.channel,
                    marketplace_code=market.stall.marketplace,
                    site_code=market.stall.site,
                    credentials=market.credentials,
                    settings={**market.settings, "base_url": market.url},
                    policy=POLICY,
                )
            session.commit()

    def _channels(self, app: App) -> list[Channel]:
        with app.session() as session:
            found = channels.find(session)
            session.expunge_all()
        return found

    def _sync(self, app: App) -> None:
        """A pass over all stalls, repeated until no market has anything left to judge."""
        for _ in range(PASSES):
            shop = workshop_of(app, self.progress, self.clock)
            passes = sync(shop, self._channels(app))
            troubles = [f"{one.channel.code}: {one.trouble}" for one in passes if one.trouble]
            if not troubles and not _judged(app):
                return
            self.clock.sleep(PAUSE)
        self.result.troubles += troubles or ["a market is still judging"]

    def _buy(self) -> None:
        by_channel = {market.stall.channel: market for market in self.markets}
        for basket in baskets({code: market.for_sale() for code, market in by_channel.items()}):
            by_channel[basket.channel].buy(basket.lines)

    def _many_sited(self) -> list[PracticeMarket]:
        return [market for market in self.markets if market.stall.marketplace in SITES]

    def _move_rates(self, app: App) -> list[Figure]:
        """Rates move overnight: the prices that follow, by the database and by the markets."""
        self.clock.sleep(PAUSE)
        moment = self.clock.now()
        before = self._mornings(app)
        with app.session() as session:
            history.keep(session, moved(current(session), MOVES, moment.date()), moment)
            session.commit()
        with self._step("rates moved"):
            self._sync(app)
        after = self._mornings(app)
        with app.session() as session:
            return [
                figure
                for channel in channels.find(session)
                for figure in repricings(
                    channel.code,
                    before[channel.code],
                    after[channel.code],
                    accepted_since(session, channel, moment),
                )
            ]

    def _mornings(self, app: App) -> dict[str, Morning]:
        """What is for sale and for how much, by channel, before or after the rates move."""
        shown = {one.stall.channel: prices_shown(one.listings()) for one in self.markets}
        with app.session() as session:
            return {
                channel.code: Morning(books(session, channel).prices, shown[channel.code])
                for channel in channels.find(session)
            }

    def _figures(self, app: App, seen: list[tuple[Counter[str], Counter[str]]]) -> Iterator[Figure]:
        with app.session() as session:
            accepted = sum(report.accepted for report in self.result.reports)
            stored = session.exec(select(func.count()).select_from(Variant)).one()
            yield Figure("files", "SKUs", str(stored), str(accepted))
            found = {channel.code: channel for channel in channels.find(session)}
            for market, (synced, pulled) in zip(self.markets, seen, strict=True):
                channel = found[market.stall.channel]
                told = books(session, channel)
                self.result.refusals[channel.code] = _refusals(session, channel)
                witness = Seen(
                    listings=market.listings(),
                    orders=frozenset(market.orders),
                    sync_calls=synced,
                    order_calls=pulled,
                )
                yield from figures(channel.code, told, witness, LAST_PIECES)


def _judged(app: App) -> int:
    """How many facets of listings the markets still judge."""
    with app.session() as session:
        pending = col(ListingFacet.pending_operation).is_not(None)
        return session.exec(select(func.count()).select_from(ListingFacet).where(pending)).one()


def _import_file(app: App, workshop: Workshop, photos: Path) -> FileReport:
    told = _Remarks()
    with as_file(files("trade_ma.demo") / "data" / workshop.file) as path:
        wanted = FileImport(path, maker=workshop.slug, photos=photos)
        totals = import_file(wanted, app.session, app.photos, told)
    return FileReport(workshop, totals.accepted, totals.rejected, tuple(told.remarks))


def _refusals(session: Session, channel: Channel) -> list[OpenIssue]:
    return [i for i in status(session, channel).issues if i.severity == Severity.ERROR]


class _Remarks:
    """Keeps what an import says of single rows."""

    def __init__(self) -> None:
        self.remarks: list[Remark] = []

    def photos(self, done: int, total: int) -> None:
        """Photos are not counted here."""

    def row(self, report: RowReport) -> None:
        """Keep what is said of the row."""
        refused = bool(report.errors)
        for problem in (*report.errors, *report.warnings):
            message = problem.to_json("en")["message"]
            remark = Remark(report.row.number, report.row.sku, message, refused)
            self.remarks.append(remark)
