"""Drafts for a shop, and the official schema as a judge of inputs."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLSchema, assert_input_type, build_client_schema
from graphql.utilities import validate_input_value
from moneyed import Money
from starlette.types import ASGIApp

from connectors.clock import Clock, VirtualClock
from connectors.conformance.ground import PlainPhotos
from connectors.protocol import (
    ALL_FACETS,
    Accepted,
    Account,
    Change,
    Draft,
    Maker,
    Measures,
    Offer,
    Photo,
    Remote,
    Text,
)
from connectors.quotas import LocalBuckets
from connectors.sandbox.control import ShownListing
from connectors.sandbox.shopify import ShopifyMarket
from connectors.shopify.connector import ShopifyConnector
from connectors.shopify.documents import API_VERSION

RED, BLUE = Photo("a" * 64, "Tapis rouge"), Photo("b" * 64, "Tapis bleu")


@pytest.fixture(scope="session")
def official(shared: Path) -> GraphQLSchema:
    described = shared / "contracts" / "shopify" / f"admin_{API_VERSION}.json.gz"
    with gzip.open(described) as file:
        answer = json.load(file)
    return build_client_schema(answer.get("data", answer), assume_valid=True)


@pytest.fixture
def faults_of(official: GraphQLSchema) -> Callable[[str, Any], list[str]]:
    """What the official schema says against a value of one of its input types."""

    def judge(type_name: str, value: Any) -> list[str]:
        faults: list[str] = []

        def on_error(error: GraphQLError, path: list[str | int]) -> None:
            faults.append(f"{path}: {error.message}")

        validate_input_value(value, assert_input_type(official.type_map[type_name]), on_error)
        return faults

    return judge


@dataclass
class KeptVault:
    """Credentials in memory."""

    kept: Mapping[str, str]

    def read(self) -> Mapping[str, str]:
        return dict(self.kept)

    def renew(
        self,
        stale: Mapping[str, str],
        exchange: Callable[[Mapping[str, str]], Mapping[str, str]],
    ) -> Mapping[str, str]:
        if dict(stale) == dict(self.kept):
            self.kept = exchange(stale)
        return dict(self.kept)


def account_at(
    base_url: str, clock: Clock, credentials: Mapping[str, str], **settings: str
) -> Account:
    """An account of a shop that is served at `base_url`."""
    return Account(
        channel="boutique",
        site="shop",
        currency=settings.pop("currency", "USD"),
        locales=("fr",),
        vault=KeptVault(credentials),
        buckets=LocalBuckets(clock.now),
        settings=settings,
        base_url=base_url,
        clock=clock,
    )


@dataclass
class PracticeShop:
    """The sandbox's shop, served, and an account of it."""

    market: ShopifyMarket
    account: Account
    photos: PlainPhotos = field(default_factory=PlainPhotos)
    opened: list[ShopifyConnector] = field(default_factory=list)

    def connector(self, **settings: str) -> ShopifyConnector:
        """A connector that remembers nothing."""
        connector = ShopifyConnector(replace(self.account, settings=settings), self.photos)
        self.opened.append(connector)
        return connector

    def listed(self, *drafts: Draft) -> list[Remote]:
        """Create these listings; their places."""
        changes = [Change(draft, ALL_FACETS) for draft in drafts]
        outcomes = list(self.connector().push(changes))
        return [outcome.remote for outcome in outcomes if isinstance(outcome, Accepted)]

    def shown(self, sku: str) -> ShownListing:
        """The listing that sells `sku`."""
        found = (s for s in self.market.shown() if sku in {offer.sku for offer in s.offers})
        return next(found)


@pytest.fixture
def shop(
    clock: VirtualClock, serve_judged: Callable[[str, ASGIApp], str]
) -> Iterator[PracticeShop]:
    market = ShopifyMarket(clock)
    base_url = serve_judged("shopify", market.app())
    shop = PracticeShop(market, account_at(base_url, clock, market.credentials))
    yield shop
    for connector in shop.opened:
        connector.close()


@pytest.fixture
def rug() -> Draft:
    """A rug of which there is one."""
    return Draft(
        key="TIF-1",
        craft="rug-beni-ourain",
        maker=Maker("Coopérative Tifawin", region="Khénifra"),
        texts=(
            Text(
                "fr-MA",
                "Tapis Beni Ouraïn <écru> 'A & B'",
                "Laine filée à la main.\nNouée à Khénifra.\n\n200 × 300 cm",
                bullets=("Laine", "Pièce unique"),
                tags=("tapis", "berbère"),
            ),
            Text("ar", "زربية بني وراين", "صوف"),
        ),
        offers=(
            Offer(
                "TIF-1",
                Money("1249.90", "USD"),
                1,
                measures=Measures(length_cm=300, width_cm=200, weight_g=14500),
                gtin="6111234567898",
            ),
        ),
        photos=(RED, BLUE),
        hs_code="5701.10",
    )


@pytest.fixture
def slippers() -> Draft:
    """Slippers in two sizes, one of them with a photo of its own."""
    return Draft(
        key="BAB-1",
        craft="babouches",
        maker=Maker("Atelier Fassi", is_cooperative=False),
        texts=(Text("en", "Babouches", "Leather slippers"),),
        offers=(
            Offer("BAB-38", Money("35.00", "USD"), 4, (("Size", "38"), ("Colour", "red"))),
            Offer(
                "BAB-39", Money("36.50", "USD"), 0, (("Size", "39"), ("Colour", "blue")), photo=BLUE
            ),
        ),
        photos=(RED,),
    )
