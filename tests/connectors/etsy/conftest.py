"""A shop on the sandbox whose every exchange Etsy's contract judges, and drafts for it."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from moneyed import Money
from starlette.types import ASGIApp

from connectors.clock import VirtualClock
from connectors.conformance.ground import MemoryVault, PlainPhotos
from connectors.errors import Refused
from connectors.etsy.connector import EtsyConnector
from connectors.protocol import (
    ALL_FACETS,
    Accepted,
    Account,
    Change,
    Draft,
    Facet,
    Issue,
    Maker,
    Measures,
    Offer,
    Outcome,
    Photo,
    Remote,
    Rendition,
    Text,
)
from connectors.quotas import LocalBuckets
from connectors.sandbox.control import ShownListing
from connectors.sandbox.etsy.market import EtsyMarket
from images.rules import ImageRule
from tests.contracts.plugin import judge_of
from tests.contracts.recorder import Exchange, Judge


@dataclass
class Photos(PlainPhotos):
    """Plain photos, some of which cannot be read."""

    refused: set[str] = field(default_factory=set)

    def rendition(self, photo: Photo, rule: ImageRule) -> Rendition:
        if photo.sha256 in self.refused:
            raise Refused([Issue("unreadable", "The photo cannot be read", field="photos")])
        return super().rendition(photo, rule)


@dataclass
class Stall:
    """One shop on the sandbox, and connectors on its account."""

    market: EtsyMarket
    clock: VirtualClock
    base_url: str
    settings: dict[str, str] = field(default_factory=dict)
    currency: str = "USD"
    photos: Photos = field(default_factory=Photos)

    def __post_init__(self) -> None:
        self.vault = MemoryVault(self.market.credentials)
        self.buckets = LocalBuckets(self.clock.now)

    @property
    def account(self) -> Account:
        return Account(
            channel="etsy",
            site="world",
            currency=self.currency,
            locales=("en-US",),
            vault=self.vault,
            buckets=self.buckets,
            settings=self.settings,
            base_url=self.base_url,
            clock=self.clock,
        )

    def connect(self) -> EtsyConnector:
        """A new worker on the account."""
        return EtsyConnector(self.account, self.photos)

    def push(self, draft: Draft, facets: frozenset[Facet], remote: Remote | None) -> list[Outcome]:
        """What comes of one change, by a worker of its own."""
        with closing(self.connect()) as connector:
            return list(connector.push([Change(draft, facets, remote)]))

    def listed(self, draft: Draft) -> Remote:
        """Where a new listing stands."""
        return self.changed(draft, ALL_FACETS, None)

    def changed(self, draft: Draft, facets: frozenset[Facet], remote: Remote | None) -> Remote:
        """Where a listing stands after a change that was accepted."""
        *_, accepted = self.push(draft, facets, remote)
        assert isinstance(accepted, Accepted), accepted
        assert accepted.facets == facets
        return accepted.remote

    def months_pass(self) -> None:
        """More than the four for which a listing is on sale; tokens are renewed meanwhile."""
        for _ in range(2):
            self.clock.sleep(timedelta(days=65).total_seconds())
            self.connect().check()

    def shown(self, sku: str) -> ShownListing:
        """What a buyer sees of the listing that sells `sku`."""
        [found] = [one for one in self.market.shown() if sku in {o.sku for o in one.offers}]
        return found


@dataclass
class Contract:
    """What Etsy's description says of a body that was never sent."""

    judge: Judge

    def faults(self, operation: str, body: dict[str, Any]) -> list[str]:
        """What it says against `body`, a form of texts or a JSON document."""
        is_form = all(isinstance(value, str) for value in body.values())
        kind = "application/x-www-form-urlencoded" if is_form else "application/json"
        method, path = operation.split()
        exchange = Exchange(
            method,
            f"/v3/application{path}",
            "",
            {"content-type": kind},
            (urlencode(body) if is_form else json.dumps(body)).encode(),
            400,
            {"content-type": "application/json"},
            b'{"error": "never sent"}',
        )
        assert self.judge.operation(exchange)
        return self.judge.faults(exchange)


@pytest.fixture
def contract() -> Contract:
    judge = judge_of("etsy")
    if judge is None:
        pytest.skip("Etsy's contract is not beside this checkout")
    return Contract(judge)


@pytest.fixture
def stall(clock: VirtualClock, serve_judged: Callable[[str, ASGIApp], str]) -> Stall:
    market = EtsyMarket(clock)
    return Stall(market, clock, serve_judged("etsy", market.app()))


@pytest.fixture
def rug() -> Draft:
    """One Beni Ourain rug, in English and French."""
    return Draft(
        key="BO-001",
        craft="rug-beni-ourain",
        maker=Maker("Coopérative Tifawin", is_cooperative=True, region="Azilal"),
        texts=(
            Text(
                "en-US",
                "Beni Ourain rug, 300 x 200 cm",
                "A pile rug of undyed wool.",
                ("Undyed wool", "Knotted by hand"),
                ("rug", "wool rug", "Berber rug"),
                materials=("wool", "cotton (warp)"),
            ),
            Text("fr", "Tapis Beni Ourain, 300 x 200 cm", "Un tapis de laine.", tags=("tapis",)),
            Text("ar", "زربية بني ورين", "زربية من الصوف"),
        ),
        offers=(
            Offer(
                "BO-001",
                Money("1250.00", "USD"),
                1,
                measures=Measures(length_cm=300, width_cm=200, weight_g=14500),
            ),
        ),
        photos=(Photo("a" * 64, "The rug"), Photo("b" * 64, "Its fringe")),
        made_in_year=2025,
        hs_code="570110",
    )


@pytest.fixture
def babouches() -> Draft:
    """Slippers in two sizes and two colours, each with a price and a stock of its own."""
    offers = tuple(
        Offer(
            f"BA-{size}-{colour}",
            Money(price, "USD"),
            available,
            options=(("Size (EU)", size), ("Colour", colour)),
            photo=Photo(sha * 64, f"{colour} babouches"),
        )
        for size, colour, price, available, sha in (
            ("38", "yellow", "45.00", 3, "c"),
            ("38", "red", "45.00", 0, "d"),
            ("39", "yellow", "48.00", 2, "c"),
            ("39", "red", "48.00", 5, "d"),
        )
    )
    return Draft(
        key="BA",
        craft="babouches",
        maker=Maker("Brahim", is_cooperative=False),
        texts=(Text("en", "Leather babouches", "Soft slippers."),),
        offers=offers,
        photos=(Photo("c" * 64, "yellow babouches"), Photo("d" * 64, "red babouches")),
        made_to_order=True,
        lead_time_days=14,
    )
