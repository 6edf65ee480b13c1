"""The ground under the conformance tests: a sandbox, an account on it, drafts, and pushing."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import ClassVar, TypeVar

import pytest
from babel.numbers import get_currency_precision
from moneyed import Money
from PIL import Image
from starlette.types import Receive, Scope, Send

from connectors.clock import VirtualClock
from connectors.protocol import (
    ALL_FACETS,
    Accepted,
    Account,
    Change,
    Claimed,
    Connector,
    Draft,
    Facet,
    Maker,
    Marketplace,
    Measures,
    Offer,
    Outcome,
    Pending,
    Photo,
    Remote,
    Rendition,
    Text,
)
from connectors.quotas import LocalBuckets
from connectors.sandbox.control import ServedMarket, ShownListing
from connectors.sandbox.server import serve
from images.rules import ImageRule

Outcomes = TypeVar("Outcomes", bound=Outcome)

# How long the slowest asynchronous answer may take, in steps of the virtual clock.
POLL_EVERY = 300.0
POLLS = 200
PHOTO_SHA = "a" * 64
OTHER_PHOTO_SHA = "b" * 64


@dataclass
class PlainPhotos:
    """Photos of one colour, as large as the rule likes them; `base_url` serves them, if any."""

    base_url: str | None = None
    rendered: int = 0

    def rendition(self, photo: Photo, rule: ImageRule) -> Rendition:
        """A picture whose colour is told by the photo's name."""
        self.rendered += 1
        return Rendition(picture(photo.sha256, rule), rule.media_type, f"{photo.sha256[:8]}.jpg")

    def url(self, photo: Photo, rule: ImageRule) -> str | None:
        """Where the same picture is served."""
        side = max(rule.min_side, min(rule.max_side, 1000))
        return self.base_url and f"{self.base_url}/{photo.sha256}/{side}.jpg"


def picture(sha256: str, rule: ImageRule) -> bytes:
    """A JPEG that satisfies `rule`, its colour taken from `sha256`."""
    return _jpeg(sha256[:6], max(rule.min_side, min(rule.max_side, 1000)))


@lru_cache(maxsize=64)
def _jpeg(hex_colour: str, side: int) -> bytes:
    colour = tuple(bytes.fromhex(hex_colour))
    file = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(file, "JPEG")
    return file.getvalue()


@dataclass
class MemoryVault:
    """Credentials of one account, in memory."""

    credentials: Mapping[str, str]

    def read(self) -> Mapping[str, str]:
        """The credentials now."""
        return self.credentials

    def renew(
        self,
        stale: Mapping[str, str],
        exchange: Callable[[Mapping[str, str]], Mapping[str, str]],
    ) -> Mapping[str, str]:
        """Exchange them, once for each stale set."""
        if dict(stale) == dict(self.credentials):
            self.credentials = exchange(stale)
        return self.credentials


@dataclass
class Pushed:
    """What came of a push and of asking again until nothing was pending."""

    outcomes: list[Outcome] = field(default_factory=list)

    def of(self, key: str, kind: type[Outcomes]) -> list[Outcomes]:
        """The outcomes of one kind for one listing, in order."""
        return [o for o in self.outcomes if isinstance(o, kind) and _key(o) == key]

    def remote(self, key: str) -> Remote:
        """Where the listing stands now, as last told."""
        told = [
            o.remote for o in self.outcomes if isinstance(o, Accepted | Claimed) and o.key == key
        ]
        return told[-1]

    def facets(self, key: str) -> frozenset[Facet]:
        """All facets accepted of a listing."""
        return frozenset[Facet]().union(*(o.facets for o in self.of(key, Accepted)))


def _key(outcome: Outcome) -> str:
    return outcome.receipt.key if isinstance(outcome, Pending) else outcome.key


class Ground:
    """What a conformance test asks for. Subclasses name a marketplace and give its sandbox."""

    marketplace: ClassVar[Marketplace]
    site: ClassVar[str | None] = None
    craft: ClassVar[str] = "rug"
    # False where the marketplace's order API does not tell of refunds.
    tells_returns: ClassVar[bool] = True
    # False where an order does not tell the money given back, its arrival, or the order's books.
    tells_refunds: ClassVar[bool] = True
    tells_delivery: ClassVar[bool] = True
    tells_settlements: ClassVar[bool] = True
    # A language that the sandbox's account takes beside its own, and a site whose currency has no
    # minor unit; None where the marketplace has no such thing.
    other_language: ClassVar[str | None] = None
    whole_currency_site: ClassVar[str | None] = None
    # The only operations that may be called for a price; none where one operation does all.
    price_operations: ClassVar[frozenset[str]] = frozenset()
    # More than the marketplace's largest page of orders.
    orders_on_two_pages: ClassVar[int] = 120

    @pytest.fixture
    def clock(self) -> VirtualClock:
        """The moment that sandbox and connector share."""
        return VirtualClock(datetime(2026, 11, 23, 12, tzinfo=UTC))

    @pytest.fixture
    def market(self, clock: VirtualClock) -> ServedMarket:
        """A sandbox of the marketplace on `clock`."""
        raise NotImplementedError("give a sandbox of your marketplace")

    @pytest.fixture
    def base_url(self, market: ServedMarket) -> Iterator[str]:
        """Where the sandbox is served."""
        with serve(market.app()) as address:
            yield address

    @pytest.fixture
    def photos(self) -> Iterator[PlainPhotos]:
        """Where the connector gets its photos. Served too: some marketplaces fetch them."""
        with photo_server() as address:
            yield PlainPhotos(address)

    @pytest.fixture
    def account(self, market: ServedMarket, base_url: str) -> Account:
        """The sandbox's account."""
        site = self.marketplace.site(self.site) if self.site else self.marketplace.sites[0]
        return Account(
            channel="conformance",
            site=site.code,
            currency=site.currency,
            locales=(site.locale,),
            vault=MemoryVault(market.credentials),
            buckets=LocalBuckets(market.clock.now),
            settings=market.settings,
            base_url=base_url,
            clock=market.clock,
        )

    @pytest.fixture
    def connector(self, account: Account, photos: PlainPhotos) -> Iterator[Connector]:
        """The connector on the sandbox's account."""
        with closing(self.marketplace.connect(account, photos)) as connector:
            yield connector

    @pytest.fixture
    def another(self, account: Account, photos: PlainPhotos) -> Iterator[Connector]:
        """A second worker's connector, which remembers nothing of the first."""
        with closing(self.marketplace.connect(account, photos)) as connector:
            yield connector

    @pytest.fixture
    def stranger(self, account: Account, photos: PlainPhotos) -> Iterator[Connector]:
        """A connector whose credentials nobody knows."""
        wrong = {name: f"{value}x" for name, value in account.vault.read().items()}
        unknown = replace(account, vault=MemoryVault(wrong))
        with closing(self.marketplace.connect(unknown, photos)) as connector:
            yield connector

    @pytest.fixture
    def rug(self, account: Account) -> Draft:
        """One piece, in two photos."""
        return self.draft("CONF-RUG", account.currency)

    def draft(self, key: str, currency: str, *, available: int = 5, price: str = "120.50") -> Draft:
        """A product of one variant."""
        decimals = get_currency_precision(currency)
        amount = Money(round(Decimal(price), decimals), currency)
        return Draft(
            key=key,
            craft=self.craft,
            maker=Maker("Coopérative Tifawin", region="Azilal"),
            texts=(
                Text(
                    "en-US",
                    f"Handwoven Beni Ourain wool rug {key}",
                    "A pile rug of undyed wool, knotted by hand in the Middle Atlas.",
                    ("Undyed wool", "Knotted by hand"),
                    ("rug", "wool rug"),
                    materials=("wool",),
                    colours=("ivory",),
                ),
            ),
            offers=(
                Offer(
                    f"{key}-1",
                    amount,
                    available,
                    measures=Measures(length_cm=300, width_cm=200, weight_g=14500),
                ),
            ),
            photos=(Photo(PHOTO_SHA, "The rug"), Photo(OTHER_PHOTO_SHA, "Its fringe")),
            hs_code="570110",
        )

    def in_sizes(self, draft: Draft, sizes: Sequence[str]) -> Draft:
        """The same product in several sizes."""
        [offer] = draft.offers
        return replace(
            draft,
            offers=tuple(
                replace(offer, sku=f"{draft.key}-{size}", options=(("Size", size),), available=n)
                for n, size in enumerate(sizes, start=1)
            ),
        )

    def push(self, connector: Connector, market: ServedMarket, *changes: Change) -> Pushed:
        """Push, and ask again until nothing is pending."""
        pushed = Pushed()
        waiting = []
        for outcome in connector.push(changes):
            pushed.outcomes.append(outcome)
            if isinstance(outcome, Pending):
                waiting.append(outcome.receipt)
        for _ in range(POLLS):
            if not waiting:
                return pushed
            market.clock.sleep(POLL_EVERY)
            answered = list(connector.poll(waiting))
            pushed.outcomes += answered
            waiting = [r for r in waiting if not any(_key(o) == r.key for o in answered)]
            waiting += [o.receipt for o in answered if isinstance(o, Pending)]
        raise AssertionError(f"still pending: {waiting}")

    def listed(self, connector: Connector, market: ServedMarket, *drafts: Draft) -> list[Remote]:
        """Create these listings."""
        pushed = self.push(connector, market, *(Change(d, ALL_FACETS) for d in drafts))
        assert [pushed.facets(d.key) for d in drafts] == [ALL_FACETS] * len(drafts)
        return [pushed.remote(d.key) for d in drafts]

    def shown(self, market: ServedMarket, draft: Draft) -> ShownListing:
        """The one listing that sells the draft's first SKU."""
        [found] = [s for s in market.shown() if draft.offers[0].sku in {o.sku for o in s.offers}]
        return found

    def on_sale(self, market: ServedMarket, draft: Draft) -> bool:
        """Whether a buyer can buy the draft's first SKU."""
        skus = {o.sku for s in market.shown() if s.present for o in s.offers if o.available}
        return draft.offers[0].sku in skus

    def reworded(self, draft: Draft) -> Draft:
        """The same draft under another title."""
        return replace(draft, texts=(replace(draft.texts[0], title="Another name for the rug"),))


def photo_server() -> AbstractContextManager[str]:
    """A server of what PlainPhotos.url names; its address."""
    return serve(_photo_app)


async def _photo_app(scope: Scope, _receive: Receive, send: Send) -> None:
    """Serve what PlainPhotos.url names: /{sha256}/{side}.jpg."""
    _, sha256, name = scope["path"].split("/")
    body = _jpeg(sha256[:6], int(name.removesuffix(".jpg")))
    headers = [(b"content-type", b"image/jpeg"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
