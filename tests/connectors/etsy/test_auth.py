"""Consent is given once in a browser; tokens are renewed by whichever worker comes first."""

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from threading import Lock
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from connectors.clock import VirtualClock
from connectors.conformance.ground import MemoryVault
from connectors.errors import CredentialsRejected, Unavailable
from connectors.etsy import auth
from connectors.etsy.auth import EtsyConsent
from connectors.protocol import Consent
from connectors.sandbox.faults import Fault, FaultKind
from tests.connectors.etsy.conftest import Stall

REDIRECT = "https://example.com/etsy"


def consent(stall: Stall) -> tuple[Consent, str]:
    """A seller agrees in the browser: the consent, and the address where it ends."""
    asked = EtsyConsent().start(stall.market.credentials, REDIRECT)
    page = f"{stall.base_url}/oauth/connect?{urlsplit(asked.url).query}"
    answer = requests.get(page, allow_redirects=False, timeout=10)
    return asked, answer.headers["location"]


def finish(stall: Stall, asked: Consent, came_back: str, clock: VirtualClock) -> Mapping[str, str]:
    app = {name: stall.market.credentials[name] for name in ("keystring", "shared_secret")}
    return EtsyConsent().finish(app, asked, came_back, clock=clock, base_url=stall.base_url)


def test_a_seller_who_agrees_gives_tokens_that_open_the_shop(
    stall: Stall, clock: VirtualClock
) -> None:
    credentials = finish(stall, *consent(stall), clock)
    assert credentials["expires_at"] == "2026-11-23T13:00:00+00:00"
    stall.vault = MemoryVault(credentials)
    with closing(stall.connect()) as connector:
        assert connector.check().currency == "USD"


@pytest.mark.parametrize("came_back", [f"{REDIRECT}?code=c&state=another", REDIRECT, "nonsense"])
def test_an_answer_to_another_request_for_consent_is_refused(
    stall: Stall, clock: VirtualClock, came_back: str
) -> None:
    asked, _ = consent(stall)
    with pytest.raises(CredentialsRejected, match="begin again"):
        finish(stall, asked, came_back, clock)


def test_a_code_is_good_once(stall: Stall, clock: VirtualClock) -> None:
    asked, came_back = consent(stall)
    finish(stall, asked, came_back, clock)
    with pytest.raises(CredentialsRejected, match="refuses the code"):
        finish(stall, asked, came_back, clock)


def test_consent_asks_for_what_is_needed_and_no_more(stall: Stall) -> None:
    asked, _ = consent(stall)
    query = parse_qs(urlsplit(asked.url).query)
    assert query["scope"] == ["listings_r listings_w shops_r shops_w transactions_r transactions_w"]
    assert query["code_challenge_method"] == ["S256"]
    assert asked.proof["code_verifier"] not in asked.url + repr(asked)


def test_a_token_is_renewed_before_it_expires(stall: Stall, clock: VirtualClock) -> None:
    with closing(stall.connect()) as connector:
        connector.check()
        first = stall.vault.read()
        clock.sleep(54 * 60)
        connector.check()
        assert stall.vault.read() == first
        clock.sleep(2 * 60)
        list(connector.listings())
    assert stall.vault.read()["access_token"] != first["access_token"]
    assert stall.market.calls["getListingsByShop"] == 5


@dataclass
class SharedVault(MemoryVault):
    """A vault for several workers at once, which counts how often they exchange."""

    exchanged: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def renew(
        self,
        stale: Mapping[str, str],
        exchange: Callable[[Mapping[str, str]], Mapping[str, str]],
    ) -> Mapping[str, str]:
        def counted(current: Mapping[str, str]) -> Mapping[str, str]:
            self.exchanged["times"] += 1
            return exchange(current)

        with self.lock:
            return super().renew(stale, counted)


def test_of_several_workers_one_renews_for_all(stall: Stall, clock: VirtualClock) -> None:
    vault = SharedVault(stall.market.credentials)
    stall.vault = vault
    clock.sleep(3600)

    def work(_: int) -> str:
        with closing(stall.connect()) as connector:
            return connector.check().name

    with ThreadPoolExecutor(4) as workers:
        names = set(workers.map(work, range(4)))
    assert (len(names), vault.exchanged["times"]) == (1, 1)


def test_a_token_that_is_not_renewed_any_more_asks_for_a_person(
    stall: Stall, clock: VirtualClock
) -> None:
    clock.sleep(91 * 24 * 3600)
    with closing(stall.connect()) as connector, pytest.raises(CredentialsRejected, match="consent"):
        connector.check()


def test_a_token_endpoint_that_is_away_is_no_lost_consent(
    stall: Stall, clock: VirtualClock
) -> None:
    clock.sleep(3600)
    away = replace(stall.account, base_url="http://127.0.0.1:1")
    with pytest.raises(Unavailable):
        auth.fresh(away, stall.vault.read())


def test_a_token_that_expires_too_early_is_renewed_and_the_call_repeated(stall: Stall) -> None:
    stall.market.faults.arm(Fault(kind=FaultKind.EXPIRED_TOKEN, operation="getMe", times=1))
    with closing(stall.connect()) as connector:
        assert connector.check().name
    assert stall.market.calls["getMe"] == 2
