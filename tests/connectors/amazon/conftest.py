"""A rug, a pair of slippers in three sizes, and a seller on Amazon's practice market."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from io import BytesIO

import pytest
from moneyed import Money
from PIL import Image
from starlette.types import ASGIApp

from connectors.amazon.connector import AmazonConnector
from connectors.amazon.mapper import Page
from connectors.amazon.sites import MARKETS
from connectors.clock import VirtualClock
from connectors.conformance.ground import MemoryVault
from connectors.protocol import (
    ALL_FACETS,
    Account,
    Change,
    Draft,
    Facet,
    Maker,
    Measures,
    Offer,
    Outcome,
    Pending,
    Photo,
    Receipt,
    Remote,
    Rendition,
    Text,
)
from connectors.quotas import LocalBuckets
from connectors.sandbox.amazon import AmazonMarket
from images.rules import ImageRule


def address(photo: Photo, rule: ImageRule) -> str:
    """Where a photo is served."""
    return f"https://media.example/{photo.sha256[:4]}-{rule.role}.jpg"


@dataclass
class ServedPhotos:
    """Photos that stand at an address; nobody asks for their bytes."""

    addresses: Callable[[Photo, ImageRule], str | None] = address

    def rendition(self, photo: Photo, rule: ImageRule) -> Rendition:
        raise NotImplementedError

    def url(self, photo: Photo, rule: ImageRule) -> str | None:
        return self.addresses(photo, rule)


@pytest.fixture
def page() -> Page:
    """Amazon.com, with photos served."""
    return Page(MARKETS["US"], address)


@pytest.fixture
def rug() -> Draft:
    """One rug, as it is sold in the United States."""
    return Draft(
        key="TIF-BO-101",
        craft="rug-beni-ourain",
        maker=Maker("Coopérative Tifawin", region="Azrou"),
        texts=(
            Text(
                "en-US",
                "Beni Ourain rug “Adfel”, black lozenges",
                "Knotted by hand on an upright loom.",
                ("Undyed wool", "150 x 250 cm"),
                ("berber rug", "wool carpet"),
                materials=("Wool",),
                colours=("Ivory white",),
            ),
            Text("fr-FR", "Tapis Beni Ourain « Adfel »", "Noué à la main."),
        ),
        offers=(
            Offer(
                "TIF-BO-101",
                Money("489.00", "USD"),
                1,
                measures=Measures(length_cm=250, width_cm=150, weight_g=9500),
            ),
        ),
        photos=(Photo("aaaa" + "0" * 60), Photo("bbbb" + "0" * 60)),
    )


@pytest.fixture
def slippers(rug: Draft) -> Draft:
    """Slippers in three sizes."""
    offers = tuple(
        Offer(f"BAB-{size}", Money("39.90", "USD"), stock, (("Pointure", size),))
        for size, stock in (("38", 4), ("39", 0), ("40", 2))
    )
    text = Text(
        "en",
        "Leather slippers",
        "Sewn by hand in Fez.",
        materials=("Leather",),
        colours=("Ivory white",),
    )
    return replace(rug, key="BAB", craft="babouches", texts=(text,), offers=offers)


@dataclass
class Seller:
    """A seller's account on the practice market, and whoever works on it."""

    market: AmazonMarket
    account: Account
    closing: ExitStack
    photos: ServedPhotos = field(default_factory=ServedPhotos)
    connector: AmazonConnector = field(init=False)

    def __post_init__(self) -> None:
        self.connector = self.worker()

    def worker(self, **settings: str) -> AmazonConnector:
        """Another connector on the same account."""
        account = replace(self.account, settings={**self.account.settings, **settings})
        connector = AmazonConnector(account, self.photos)
        self.closing.callback(connector.close)
        return connector

    def push(
        self, *drafts: Draft, facets: frozenset[Facet] = ALL_FACETS, remote: Remote | None = None
    ) -> list[Outcome]:
        """Push, and poll until nothing is pending; all but the receipts."""
        outcomes = list(self.connector.push([Change(d, facets, remote) for d in drafts]))
        waiting: list[Receipt] = [o.receipt for o in outcomes if isinstance(o, Pending)]
        told: list[Outcome] = [outcome for outcome in outcomes if not isinstance(outcome, Pending)]
        for _ in range(60):
            if not waiting:
                return told
            self.market.clock.sleep(60)
            answers = list(self.connector.poll(waiting))
            known = {o.key for o in answers if not isinstance(o, Pending)}
            waiting = [receipt for receipt in waiting if receipt.key not in known]
            told += answers
        raise AssertionError(f"still pending: {waiting}")


@pytest.fixture
def market(clock: VirtualClock) -> AmazonMarket:
    """The practice market; its pictures come from nowhere else."""
    picture = BytesIO()
    Image.new("RGB", (1000, 1000), "white").save(picture, "JPEG")
    return AmazonMarket(clock, fetch=lambda _url: picture.getvalue())


@pytest.fixture
def account(
    market: AmazonMarket, serve_judged: Callable[[str, ASGIApp], str], clock: VirtualClock
) -> Account:
    """The seller's account in the United States."""
    return Account(
        channel="amazon-us",
        site="US",
        currency="USD",
        locales=("en-US",),
        vault=MemoryVault(market.credentials),
        buckets=LocalBuckets(clock.now),
        base_url=serve_judged("amazon", market.app()),
        clock=clock,
    )


@pytest.fixture
def seller(market: AmazonMarket, account: Account) -> Iterator[Seller]:
    """Whoever sells there."""
    with ExitStack() as closing:
        yield Seller(market, account, closing)
