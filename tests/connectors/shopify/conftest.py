"""Drafts for a shop, and the official schema as a judge of inputs."""

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLSchema, assert_input_type, build_client_schema
from graphql.utilities import validate_input_value
from moneyed import Money

from connectors.clock import Clock
from connectors.protocol import Account, Draft, Maker, Measures, Offer, Photo, Text
from connectors.quotas import LocalBuckets
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
        currency=settings.pop("currency", "EUR"),
        locales=("fr",),
        vault=KeptVault(credentials),
        buckets=LocalBuckets(clock.now),
        settings=settings,
        base_url=base_url,
        clock=clock,
    )


@pytest.fixture
def rug() -> Draft:
    """A rug of which there is one."""
    return Draft(
        key="TIF-1",
        craft="rug_beni_ourain",
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
                Money("1249.90", "EUR"),
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
            Offer("BAB-38", Money("35.00", "EUR"), 4, (("Size", "38"), ("Colour", "red"))),
            Offer(
                "BAB-39", Money("36.50", "EUR"), 0, (("Size", "39"), ("Colour", "blue")), photo=BLUE
            ),
        ),
        photos=(RED,),
    )
