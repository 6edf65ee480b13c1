"""The client against a server that answers whatever a test has prepared."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from connectors.clock import VirtualClock
from connectors.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    Refused,
    Throttled,
    Unavailable,
)
from connectors.sandbox.server import serve
from connectors.shopify.client import Client
from connectors.shopify.documents import API_VERSION, FULFILLMENT_CREATE, PRODUCT, SHOP
from tests.connectors.shopify.conftest import KeptVault, account_at

STATIC = {"shop": "tifawin.myshopify.com", "access_token": "shpat_invented"}
GRANT = {"shop": "tifawin.myshopify.com", "client_id": "id", "client_secret": "invented"}
DONE: dict[str, Any] = {"data": {"done": True}}
DROPPED = 0


def cost(asked: int, left: int) -> dict[str, Any]:
    status = {"maximumAvailable": 2000.0, "currentlyAvailable": left, "restoreRate": 100.0}
    return {"cost": {"requestedQueryCost": asked, "throttleStatus": status}}


@dataclass
class Answering:
    """Gives its prepared (status, body) answers in order, the last for ever; keeps requests."""

    answers: list[tuple[int, Any]]
    heard: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.heard.append((scope["path"], headers))
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        content = body if isinstance(body, bytes) else _json(body)
        length = len(content) if status != DROPPED else 1000
        answer_headers = [(b"content-length", str(length).encode()), (b"retry-after", b"2")]
        await send(
            {"type": "http.response.start", "status": status or 200, "headers": answer_headers}
        )
        await send({"type": "http.response.body", "body": content})


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()


@dataclass
class Shop:
    """A client of a shop that answers as prepared."""

    client: Client
    server: Answering
    clock: VirtualClock
    vault: KeptVault

    def slept(self) -> float:
        return (self.clock.now() - START).total_seconds()


START = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def answering() -> Iterator[Any]:
    """Starts shops that answer as prepared."""
    with ExitStack() as servers:

        def start(*answers: tuple[int, Any], credentials: dict[str, str] = STATIC) -> Shop:
            server = Answering(list(answers))
            clock = VirtualClock(START)
            account = account_at(servers.enter_context(serve(server)), clock, credentials)
            assert isinstance(account.vault, KeptVault)
            return Shop(Client(account), server, clock, account.vault)

        yield start


def test_a_document_goes_to_the_shops_own_address_with_its_token(answering: Any) -> None:
    shop = answering((200, DONE))
    assert shop.client.call(SHOP) == {"done": True}
    ((path, headers),) = shop.server.heard
    assert path == f"/admin/api/{API_VERSION}/graphql.json"
    assert headers["x-shopify-access-token"] == "shpat_invented"
    assert shop.client.calls == Counter(shop=1)


def test_two_accounts_in_one_process_keep_to_their_own_tokens(answering: Any) -> None:
    one = answering((200, DONE))
    two = answering((200, DONE), credentials=STATIC | {"access_token": "shpat_other"})
    for shop in (one, two, one):
        shop.client.call(SHOP)
    tokens = [
        [headers["x-shopify-access-token"] for _, headers in shop.server.heard]
        for shop in (one, two)
    ]
    assert tokens == [["shpat_invented"] * 2, ["shpat_other"]]


def test_a_call_that_would_not_fit_waits_for_its_points(answering: Any) -> None:
    shop = answering((200, DONE | {"extensions": cost(asked=500, left=100)}))
    shop.client.call(PRODUCT)
    assert shop.slept() == 0
    shop.client.call(SHOP)
    assert shop.slept() == 0
    shop.client.call(PRODUCT)
    assert shop.slept() == 4


def test_a_throttled_call_waits_for_its_cost_at_the_restore_rate(answering: Any) -> None:
    throttled = {"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]}
    shop = answering(
        (200, throttled | {"extensions": cost(asked=700, left=200)}),
        (200, DONE | {"extensions": cost(asked=700, left=1000)}),
    )
    assert shop.client.call(PRODUCT) == {"done": True}
    assert shop.slept() == 5
    assert shop.client.calls == Counter(product=2)


def test_too_many_requests_are_waited_for_as_told(answering: Any) -> None:
    shop = answering((429, b""), (200, DONE))
    assert shop.client.call(SHOP) == {"done": True}
    assert shop.slept() == 2


def test_a_shop_that_stays_busy_is_told_as_throttled(answering: Any) -> None:
    shop = answering((429, b""))
    with pytest.raises(Throttled):
        shop.client.call(SHOP)


@pytest.mark.parametrize("status", [401, 402, 403, 404, 423])
def test_what_a_person_must_see_to_is_told_at_once(answering: Any, status: int) -> None:
    shop = answering((status, b"<html>no</html>"))
    with pytest.raises(CredentialsRejected):
        shop.client.call(SHOP)
    assert shop.client.calls == Counter(shop=1)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("ACCESS_DENIED", CredentialsRejected),
        ("SHOP_INACTIVE", CredentialsRejected),
        ("INTERNAL_SERVER_ERROR", Unavailable),
        ("MAX_COST_EXCEEDED", Refused),
        (None, Refused),
    ],
)
def test_errors_in_an_answer_become_ours(
    answering: Any, code: str | None, error: type[Exception]
) -> None:
    told = {"message": "Something", "extensions": {"code": code} if code else {}}
    with pytest.raises(error):
        answering((200, {"errors": [told]})).client.call(SHOP)


@pytest.mark.parametrize("answer", [(503, b"<html>"), (500, b"{}"), (DROPPED, b""), (200, b"<a>")])
def test_a_read_outlasts_a_bad_moment(answering: Any, answer: tuple[int, bytes]) -> None:
    shop = answering(answer, (200, DONE))
    assert shop.client.call(SHOP) == {"done": True}


def test_a_lost_answer_to_a_create_is_not_asked_for_again(answering: Any) -> None:
    shop = answering((DROPPED, b""))
    with pytest.raises(OutcomeUnknown):
        shop.client.create(FULFILLMENT_CREATE)
    assert shop.client.calls == Counter(fulfillmentCreate=1)


@pytest.mark.parametrize(("status", "error"), [(500, OutcomeUnknown), (503, Unavailable)])
def test_a_create_that_failed_inside_may_have_been_done(
    answering: Any, status: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        answering((status, b"")).client.create(FULFILLMENT_CREATE)


def test_a_create_that_never_left_was_not_done(clock: VirtualClock) -> None:
    client = Client(account_at("http://127.0.0.1:1", clock, STATIC))
    with pytest.raises(Unavailable):
        client.create(FULFILLMENT_CREATE)


def test_a_status_that_means_nothing_to_us_is_a_refusal(answering: Any) -> None:
    with pytest.raises(Refused, match="301"):
        answering((301, b"")).client.call(SHOP)


def test_a_token_is_fetched_once_and_kept(answering: Any) -> None:
    shop = answering(
        (200, {"access_token": "shpat_1", "expires_in": 86399}), (200, DONE), credentials=GRANT
    )
    shop.client.call(SHOP)
    shop.client.call(SHOP)
    assert [path for path, _ in shop.server.heard] == [
        "/admin/oauth/access_token",
        *[f"/admin/api/{API_VERSION}/graphql.json"] * 2,
    ]
    assert shop.vault.kept == GRANT | {
        "access_token": "shpat_1",
        "expires_at": "2026-11-24T11:59:59+00:00",
    }


def test_a_token_that_ends_soon_is_renewed_before_use(answering: Any) -> None:
    ending = GRANT | {"access_token": "shpat_0", "expires_at": "2026-11-23T12:04:00+00:00"}
    shop = answering(
        (200, {"access_token": "shpat_1", "expires_in": 86399}), (200, DONE), credentials=ending
    )
    shop.client.call(SHOP)
    assert shop.server.heard[1][1]["x-shopify-access-token"] == "shpat_1"


def test_a_token_that_is_refused_is_renewed_once(answering: Any) -> None:
    refused = GRANT | {"access_token": "shpat_0", "expires_at": "2026-11-24T12:00:00+00:00"}
    shop = answering(
        (401, b""),
        (200, {"access_token": "shpat_1", "expires_in": 86399}),
        (401, b""),
        credentials=refused,
    )
    with pytest.raises(CredentialsRejected):
        shop.client.call(SHOP)
    assert shop.client.calls == Counter(shop=2, access_token=1)


def test_a_secret_that_shopify_does_not_know_is_told(answering: Any) -> None:
    shop = answering((400, b'{"error": "invalid_client"}'), credentials=GRANT)
    with pytest.raises(CredentialsRejected) as told:
        shop.client.call(SHOP)
    assert "invented" not in str(told.value)
