"""The SDK behind one account: what Amazon's answers mean, rates obeyed, nothing swallowed."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from connectors.amazon.client import (
    Feeds,
    Listings,
    Participations,
    SellerApi,
    TokenRefused,
    trouble,
)
from connectors.amazon.limits import RATES
from connectors.amazon.sites import MARKETS
from connectors.clock import VirtualClock
from connectors.conformance.ground import MemoryVault
from connectors.errors import CredentialsRejected, Refused, Throttled, Unavailable
from connectors.protocol import Account
from connectors.quotas import LocalBuckets
from connectors.sandbox.amazon import AmazonMarket
from connectors.sandbox.faults import Fault, FaultKind
from connectors.sandbox.server import serve
from tests.connectors.amazon.conftest import Seller


def error(code: str, message: str) -> bytes:
    return json.dumps({"errors": [{"code": code, "message": message}]}).encode()


@pytest.mark.parametrize(
    ("status", "content", "kind", "words"),
    [
        # These four the SDK hands on as data.
        (503, b"<html>Service Unavailable</html>", Unavailable, "answers getFeed with 503"),
        (500, b"{}", Unavailable, "answers getFeed with 500"),
        (429, b"", Throttled, "getFeed: no reason"),
        (403, b'{"message": "Forbidden"}', TokenRefused, "getFeed (Forbidden)"),
        (429, error("QuotaExceeded", "Too fast."), Throttled, "getFeed: Too fast."),
        (401, error("Unauthorized", "Who?"), TokenRefused, "getFeed (Who?)"),
        (400, error("InvalidInput", "No."), Refused, "getFeed: No."),
        (404, b'[{"code": "NOT_FOUND", "message": "None."}]', Refused, "getFeed: None."),
        (413, b"null", Refused, "getFeed: no reason"),
    ],
)
def test_an_answer_that_is_no_success_is_an_error_named_by_what_to_do(
    status: int, content: bytes, kind: type[Exception], words: str
) -> None:
    found = trouble("getFeed", status, content)
    assert isinstance(found, kind)
    assert words in str(found)


def test_the_wait_after_a_throttled_call_is_that_of_the_rate_it_tells() -> None:
    told = [trouble("getFeed", 429, b"", limit) for limit in (0.5, 0)]
    assert [each.retry_after for each in told if isinstance(each, Throttled)] == [2.0, None]


@dataclass
class OddAmazon:
    """A server that grants any token and answers everything else the same way."""

    status: int = 200
    content: bytes = b"{}"
    content_type: str = "application/json"
    limit: str = ""
    calls: int = 0

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        granted = scope["path"] == "/auth/o2/token"
        self.calls += not granted
        content = b'{"access_token": "t", "expires_in": 3600}' if granted else self.content
        headers = [
            (b"content-type", b"application/json" if granted else self.content_type.encode()),
            (b"x-amzn-ratelimit-limit", self.limit.encode()),
            (b"content-length", str(len(content)).encode()),
        ]
        status = 200 if granted else self.status
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})


def opened(account: Account, address: str) -> AbstractContextManager[SellerApi]:
    """The account's API at that address."""
    return closing(SellerApi(replace(account, base_url=address), MARKETS["US"]))


def asked(odd: OddAmazon, account: Account) -> SellerApi:
    """Ask for the seller's stores."""
    with serve(odd) as address, opened(account, address) as api:
        api.call(
            "getMarketplaceParticipations",
            Participations,
            lambda client: client.get_marketplace_participation(),
        )
        return api


@pytest.mark.parametrize(
    ("odd", "kind", "calls"),
    [
        (OddAmazon(503, b"<html>", "text/html"), Unavailable, 5),
        (OddAmazon(200, b"<html>", "text/html"), Unavailable, 5),
        (OddAmazon(429, b""), Throttled, 5),
        (OddAmazon(400, error("InvalidInput", "No.")), Refused, 1),
        (OddAmazon(200, error("InvalidInput", "No.")), Refused, 1),
        # Once with another token: the first may have ended.
        (OddAmazon(403, b'{"message": "Forbidden"}'), CredentialsRejected, 2),
    ],
    ids=["503", "a page", "429", "400", "errors in a success", "403"],
)
def test_what_the_sdk_would_swallow_is_raised_and_what_may_be_repeated_is(
    odd: OddAmazon, kind: type[Exception], calls: int, account: Account
) -> None:
    with pytest.raises(kind):
        asked(odd, account)
    assert odd.calls == calls


def test_a_rate_that_amazon_tells_is_obeyed_from_then_on(
    account: Account, clock: VirtualClock
) -> None:
    began = clock.now()
    with serve(OddAmazon(limit="0.5")) as address, opened(account, address) as api:
        for _ in range(20):
            api.call("getFeed", Feeds, lambda client: client.get_feed("1"))
    rate = api.rate("getFeed")
    # Two a second until the first answer; then every two seconds, after a burst of 15.
    waited = (clock.now() - began).total_seconds()
    assert (rate.per_second, rate.burst) == (0.5, 15)
    assert waited == pytest.approx(8.5)


def test_a_rate_that_is_no_number_changes_nothing(account: Account) -> None:
    api = asked(OddAmazon(content=b'{"payload": []}', limit="soon"), account)
    name = "getMarketplaceParticipations"
    assert api.rate(name) == RATES[name]


def test_calls_wait_for_their_turn_and_are_never_throttled(
    seller: Seller, clock: VirtualClock
) -> None:
    api = seller.connector._api
    began = clock.now()
    for _ in range(30):
        api.call(
            "searchListingsItems",
            Listings,
            lambda client: client.search_listings_items(
                api.seller_id, marketplaceIds="ATVPDKIKX0DER"
            ),
        )
    # A burst of 5, then 5 a second.
    assert (clock.now() - began).total_seconds() == pytest.approx(5, abs=0.3)
    assert api.calls == {"searchListingsItems": 30}


def test_the_environment_of_the_sdk_does_not_move_us_to_another_market(
    seller: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SP_API_DEFAULT_MARKETPLACE", "DE")
    assert seller.connector.check().currency == "USD"


def test_a_market_where_the_seller_has_no_store_is_told(seller: Seller) -> None:
    with pytest.raises(CredentialsRejected, match="no store on Amazon United States"):
        asked_for_stores(seller, b'{"payload": []}')


def asked_for_stores(seller: Seller, content: bytes) -> None:
    with serve(OddAmazon(content=content)) as address:
        account = replace(seller.account, base_url=address)
        replace(seller, account=account).connector.check()


def test_a_token_is_exchanged_once_for_all_workers_of_an_account(
    seller: Seller, count_grants: Callable[[], int]
) -> None:
    for worker in (seller.connector, seller.worker(), seller.worker()):
        worker.check()
    assert count_grants() == 1


def test_a_token_is_renewed_before_it_ends(
    seller: Seller, clock: VirtualClock, count_grants: Callable[[], int]
) -> None:
    seller.connector.check()
    clock.sleep(3600 - 30)
    seller.connector.check()
    assert count_grants() == 2


def test_a_token_that_amazon_ended_early_is_renewed_once(
    seller: Seller, market: AmazonMarket, count_grants: Callable[[], int]
) -> None:
    market.faults.arm(Fault(kind=FaultKind.EXPIRED_TOKEN))
    assert seller.connector.check().name == "Sandbox Crafts"
    assert count_grants() == 2


def test_accounts_never_share_a_token(
    seller: Seller, account: Account, clock: VirtualClock
) -> None:
    """Two sellers whose refresh tokens are the same text, as after a copied configuration."""
    other = AmazonMarket(clock)
    with serve(other.app()) as address:
        stranger = replace(
            account,
            vault=MemoryVault(account.vault.read()),
            buckets=LocalBuckets(clock.now),
            base_url=address,
        )
        stores = [
            replace(seller, account=one).connector.check().name for one in (account, stranger)
        ]
    tokens = {one.vault.read()["access_token"] for one in (account, stranger)}
    assert (stores, len(tokens)) == (["Sandbox Crafts"] * 2, 2)


@pytest.fixture
def count_grants(market: AmazonMarket, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How often Login with Amazon gave a token."""
    granted: list[object] = []
    grant = market.tokens.grant

    def counted(form: dict[str, str]) -> tuple[int, dict[str, object]]:
        granted.append(form)
        return grant(form)

    monkeypatch.setattr(market.tokens, "grant", counted)
    return lambda: len(granted)


def test_a_login_that_cannot_be_reached_is_no_refusal(account: Account) -> None:
    # Nothing listens at the port of "discard".
    with (
        opened(account, "http://127.0.0.1:9") as api,
        pytest.raises(Unavailable, match="Login with Amazon cannot be reached"),
    ):
        api.call("getFeed", Participations, lambda client: client.get_account())


def test_presigned_addresses_are_not_logged() -> None:
    assert not httpx._client.logger.isEnabledFor(20)
