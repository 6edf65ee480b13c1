"""The SDK's flaws are mended, and every odd answer is an error of ours."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
import requests
import responses
from etsyv3.etsy_api import ListingState

from connectors.clock import VirtualClock
from connectors.conformance.ground import MemoryVault
from connectors.errors import (
    ConnectorError,
    CredentialsRejected,
    OutcomeUnknown,
    Refused,
    Throttled,
    Unavailable,
)
from connectors.etsy.client import Client, Conflict, Form, Json
from connectors.etsy.quota import Quota
from connectors.protocol import Account
from connectors.quotas import LocalBuckets
from connectors.sandbox.faults import Fault, FaultKind
from tests.connectors.etsy.conftest import Stall

SERVER = "https://openapi.etsy.com/v3/application"
CREDENTIALS = {
    "keystring": "key",
    "shared_secret": "shh",
    "access_token": "1.abc",
    "refresh_token": "1.def",
    "expires_at": "2027-01-01T00:00:00+00:00",
}


@pytest.fixture
def account(clock: VirtualClock) -> Account:
    """An account on Etsy's own address."""
    return Account(
        "etsy",
        "world",
        "USD",
        ("en-US",),
        MemoryVault(CREDENTIALS),
        LocalBuckets(clock.now),
        clock=clock,
    )


@pytest.fixture
def client(account: Account) -> Iterator[Client]:
    client = Client(account, Quota(account))
    yield client
    client.session.close()


@pytest.fixture
def etsy() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as answers:
        yield answers


def test_a_form_is_sent_as_a_form_with_its_zeros_and_its_false(
    client: Client, etsy: responses.RequestsMock
) -> None:
    fields = {"should_auto_renew": "false", "featured_rank": "0", "title": "A & B"}
    keys = {"x-api-key": "key:shh", "Authorization": "Bearer 1.abc"}
    etsy.patch(
        f"{SERVER}/shops/1/listings/2",
        json={},
        match=[
            responses.matchers.urlencoded_params_matcher(fields),
            responses.matchers.header_matcher(keys),
        ],
    )
    assert client.ask(client.update_listing, 1, 2, Form(fields)) == {}
    assert dict(client.calls) == {"updateListing": 1}


def test_a_query_is_encoded_and_its_booleans_are_etsys(
    client: Client, etsy: responses.RequestsMock
) -> None:
    query = {"keywords": "rug & x", "limit": "5", "was_paid": "true"}
    etsy.get(
        f"{SERVER}/shops/1/receipts",
        json={"results": []},
        match=[responses.matchers.query_param_matcher(query)],
    )
    uri = "https://api.etsy.com/v3/application/shops/1/receipts"
    told = client._issue_request(uri, keywords="rug & x", limit=5, was_paid=True, offset=None)
    assert told == {"results": []}


def test_a_call_with_an_expired_token_stays_the_call_that_it_was(stall: Stall) -> None:
    stall.market.faults.arm(Fault(kind=FaultKind.EXPIRED_TOKEN, operation="createShopSection"))
    before = stall.vault.read()["refresh_token"]
    with closing(stall.connect()) as connector:
        client, shop_id = connector._client, int(connector.check().id)
        made = client.create(client.create_shop_section, shop_id, Form({"title": "Rugs"}))
    assert made["title"] == "Rugs"
    assert [one["title"] for one in stall.market.shop.sections.values()] == ["Rugs"]
    assert stall.vault.read()["refresh_token"] != before


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, '{"error": "There was a problem with /title : no"}', Refused),
        (400, '[{"path": "/images", "message": "cannot be less than 1 items"}]', Refused),
        (401, '{"error": "invalid_token"}', CredentialsRejected),
        (403, '{"error": "User 1 does not own Listing 2"}', Refused),
        (403, '{"error": "insufficient_scope"}', CredentialsRejected),
        (404, '{"error": "Could not find a Listing"}', Refused),
        (404, "<html>", Refused),
        (409, '{"error": "There is one already"}', Conflict),
        (422, '{"error": "no"}', Refused),
        (429, '{"error": "Exceeded rate limit"}', Throttled),
        (500, '{"error": "Server Error"}', Unavailable),
        (502, "<html>Bad gateway</html>", Unavailable),
        (503, "", Unavailable),
        (200, "<html>Maintenance</html>", Unavailable),
    ],
)
def test_what_is_no_answer_is_never_taken_for_one(
    client: Client,
    etsy: responses.RequestsMock,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    body: str,
    kind: type[ConnectorError],
) -> None:
    # A new token for the 401, which is as unwelcome as the first.
    monkeypatch.setattr("connectors.etsy.auth.renewed", lambda _account, known: known)
    etsy.get(f"{SERVER}/shops/1", body=body, status=status)
    with pytest.raises(kind) as trouble:
        client.ask(client.get_shop, 1)
    assert isinstance(trouble.value, ConnectorError)


@pytest.mark.parametrize(
    "trouble",
    [
        requests.ReadTimeout("too slow"),
        requests.ConnectionError("Connection aborted"),
        requests.exceptions.ChunkedEncodingError("cut"),
    ],
)
def test_a_create_that_nobody_heard_of_is_unknown_and_sent_once(
    client: Client, etsy: responses.RequestsMock, trouble: Exception
) -> None:
    etsy.post(f"{SERVER}/shops/1/listings", body=trouble)
    with pytest.raises(OutcomeUnknown):
        client.create(client.create_draft_listing, 1, Form({"title": "A rug"}))
    assert dict(client.calls) == {"createDraftListing": 1}


def test_a_create_that_was_never_sent_is_no_unknown_outcome(account: Account) -> None:
    nobody = replace(account, base_url="http://127.0.0.1:1")
    client = Client(nobody, Quota(nobody))
    with pytest.raises(Unavailable):
        client.create(client.create_draft_listing, 1, Form({"title": "A rug"}))
    client.session.close()


def test_a_create_that_was_throttled_is_sent_again_as_late_as_etsy_asks(
    client: Client, etsy: responses.RequestsMock, clock: VirtualClock
) -> None:
    began = clock.now()
    too_fast = {"error": "Exceeded rate limit"}
    etsy.post(f"{SERVER}/shops/1/listings", json=too_fast, status=429, headers={"retry-after": "7"})
    etsy.post(f"{SERVER}/shops/1/listings", json={"listing_id": 2}, status=201)
    assert client.create(client.create_draft_listing, 1, Form({})) == {"listing_id": 2}
    assert (clock.now() - began).total_seconds() == pytest.approx(7, abs=1)


def test_an_absolute_write_is_repeated_while_etsy_is_down(
    client: Client, etsy: responses.RequestsMock
) -> None:
    etsy.put(f"{SERVER}/listings/2/inventory", status=503)
    etsy.put(f"{SERVER}/listings/2/inventory", body=requests.ReadTimeout("too slow"))
    etsy.put(f"{SERVER}/listings/2/inventory", json={"products": []})
    told = client.ask(client.update_listing_inventory, 2, Json({"products": []}))
    assert told == {"products": []}
    assert dict(client.calls) == {"updateListingInventory": 3}


def test_no_call_is_without_a_time_out(client: Client, etsy: responses.RequestsMock) -> None:
    etsy.get(f"{SERVER}/shops/1", json={})
    client.ask(client.get_shop, 1)
    # The recorder's own memory of how a request was sent; its stubs do not know it.
    assert vars(etsy.calls[0].request)["req_kwargs"]["timeout"] == 30


def test_a_conflict_tells_what_is_there_already(
    client: Client, etsy: responses.RequestsMock
) -> None:
    place = "/v3/application/shops/1/readiness-state-definitions/77"
    etsy.post(
        f"{SERVER}/shops/1/readiness-state-definitions",
        json={"error": "A matching definition already exists"},
        status=409,
        headers={"content-location": place},
    )
    with pytest.raises(Conflict) as conflict:
        client.ask(client.create_shop_readiness_state_definition, 1, Form({}))
    assert conflict.value.existing_id == 77


def test_requests_are_spread_evenly_and_as_many_as_etsy_says(
    client: Client, etsy: responses.RequestsMock, clock: VirtualClock
) -> None:
    etsy.get(f"{SERVER}/shops/1", json={}, headers={"x-limit-per-second": "100"})
    moments: list[datetime] = []
    for _ in range(4):
        client.ask(client.get_shop, 1)
        moments.append(clock.now().astimezone(UTC))
    gaps = [(b - a).total_seconds() for a, b in pairwise(moments)]
    assert gaps == pytest.approx([0.1, 0.01, 0.01], abs=0.011)


def test_pages_of_listings_bring_inventory_and_images(
    client: Client, etsy: responses.RequestsMock
) -> None:
    query = {"state": "draft", "limit": "100", "offset": "200", "includes": "Inventory,Images"}
    etsy.get(
        f"{SERVER}/shops/1/listings",
        json={"count": 0, "results": []},
        match=[responses.matchers.query_param_matcher(query)],
    )
    page = client.ask(client.get_listings_by_shop, 1, ListingState.DRAFT, 200)
    assert page["results"] == []
