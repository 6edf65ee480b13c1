import hashlib
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from connectors.clock import VirtualClock
from tests.connectors.sandbox.etsy.seller import Seller

VERIFIER = "a-verifier-that-only-the-application-knows-0123456789"
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
BACK = "http://localhost:8000/back"


def open_page(seller: Seller, **changes: str) -> httpx.Response:
    """Etsy's answer to the browser of a seller who agrees."""
    asked = {
        "response_type": "code",
        "client_id": seller.market.credentials["keystring"],
        "redirect_uri": BACK,
        "scope": "listings_r shops_r",
        "state": "our-own-state",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return httpx.get(f"{seller.url}/oauth/connect", params=asked | changes)


def consent(seller: Seller) -> dict[str, list[str]]:
    """What the seller's browser brings back from Etsy's page."""
    answer = open_page(seller)
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer.headers["location"]).query)


def ask_for_tokens(seller: Seller, **form: str) -> httpx.Response:
    client = {"client_id": seller.market.credentials["keystring"]}
    return httpx.post(f"{seller.url}/v3/public/oauth/token", data=client | form)


def exchange(seller: Seller, code: str, verifier: str = VERIFIER) -> httpx.Response:
    return ask_for_tokens(
        seller,
        grant_type="authorization_code",
        code=code,
        redirect_uri=BACK,
        code_verifier=verifier,
    )


def refresh(seller: Seller, token: str) -> httpx.Response:
    return ask_for_tokens(seller, grant_type="refresh_token", refresh_token=token)


def use(seller: Seller, tokens: Any) -> None:
    seller.headers["authorization"] = f"Bearer {tokens['access_token']}"


def test_a_seller_who_consents_gives_tokens_that_work(seller: Seller) -> None:
    brought = consent(seller)
    tokens = exchange(seller, brought["code"][0]).json()
    use(seller, tokens)

    assert brought["state"] == ["our-own-state"]
    assert tokens["expires_in"] == 3600
    assert seller.told("GET", "/users/me")["user_id"] == int(tokens["access_token"].split(".")[0])


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "somebody-else"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"redirect_uri": ""}, "invalid_request"),
        ({"scope": "everything"}, "invalid_scope"),
    ],
)
def test_a_request_for_consent_is_checked(
    seller: Seller, changes: dict[str, str], error: str
) -> None:
    answer = open_page(seller, **changes)

    assert (answer.status_code, answer.json()["error"]) == (400, error)


@pytest.mark.parametrize("verifier", ["", "another-verifier"])
def test_a_code_is_worth_nothing_without_its_verifier(seller: Seller, verifier: str) -> None:
    code = consent(seller)["code"][0]

    assert exchange(seller, code, verifier).json()["error"] == "invalid_grant"


def test_a_code_is_good_once(seller: Seller) -> None:
    code = consent(seller)["code"][0]

    assert [exchange(seller, code).status_code for _ in range(2)] == [200, 400]


def test_a_refresh_token_is_good_once_and_its_follower_works(seller: Seller) -> None:
    first = seller.market.credentials["refresh_token"]
    second = refresh(seller, first).json()["refresh_token"]
    used_again, followed = refresh(seller, first), refresh(seller, second)

    assert (used_again.status_code, used_again.json()) == (
        400,
        {"error": "invalid_grant", "error_description": "refresh_token is revoked"},
    )
    assert followed.status_code == 200


def test_a_refresh_token_dies_after_ninety_days(seller: Seller, clock: VirtualClock) -> None:
    clock.sleep(90 * 24 * 3600)

    assert refresh(seller, seller.market.credentials["refresh_token"]).status_code == 400


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_id": "somebody-else"}, 401, "invalid_client"),
    ],
)
def test_nobody_else_gets_tokens(
    seller: Seller, form: dict[str, str], status: int, error: str
) -> None:
    answer = ask_for_tokens(seller, **form)

    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_token_that_was_never_given_is_refused(seller: Seller) -> None:
    seller.headers["authorization"] = "Bearer 77510044.invented"

    assert seller.asks("GET", "/users/me").json()["error_description"] == "access token is invalid"


def test_an_access_token_dies_after_an_hour(seller: Seller, clock: VirtualClock) -> None:
    clock.sleep(3600)
    answer = seller.asks("GET", "/users/me")

    assert (answer.status_code, answer.json()) == (
        401,
        {"error": "invalid_token", "error_description": "access token is expired"},
    )


def test_a_token_opens_only_what_it_was_given_for(seller: Seller) -> None:
    use(seller, exchange(seller, consent(seller)["code"][0]).json())
    shop = seller.shop

    assert seller.refused("GET", f"{shop}/receipts") == (403, "insufficient_scope")


@pytest.mark.parametrize("key", ["practicekeystring0000000", "practicekeystring0000000:wrong"])
def test_a_keystring_without_its_secret_is_refused(seller: Seller, key: str) -> None:
    seller.headers["x-api-key"] = key

    assert seller.refused("GET", "/users/me")[0] == 403


def test_a_strangers_shop_is_closed(seller: Seller) -> None:
    assert seller.refused("GET", "/shops/12345/receipts")[0] == 403
    assert seller.refused("GET", "/shops/12345")[0] == 404
