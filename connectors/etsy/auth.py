"""Etsy's OAuth 2 with PKCE: consent once in a browser, and tokens renewed before they expire.

Source: developers.etsy.com, "Authentication", and the contract's security scheme oauth2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from etsyv3.util.auth import AuthHelper
from oauthlib.oauth2 import OAuth2Error

from connectors.clock import Clock
from connectors.errors import CredentialsRejected, Unavailable
from connectors.etsy.limits import BASE_URL, RENEW_BEFORE
from connectors.etsy.transport import SDK_HOST, BaseUrlAdapter
from connectors.protocol import Account

TOKEN_URL = f"{SDK_HOST}/v3/public/oauth/token"
# What the operations of this connector need, by the contract.
SCOPES = ("listings_r", "listings_w", "shops_r", "shops_w", "transactions_r", "transactions_w")

Credentials = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent that was asked for: the page to open, and what finishing it needs."""

    url: str
    state: str
    code_verifier: str
    redirect_uri: str


def start(keystring: str, redirect_uri: str) -> Consent:
    """Begin: the seller opens `url`, and Etsy sends the browser to `redirect_uri` with a code."""
    helper = AuthHelper(keystring, redirect_uri, list(SCOPES))
    url, state = helper.get_auth_code()
    return Consent(url, state, helper.code_verifier, redirect_uri)


def finish(
    keystring: str, consent: Consent, code: str, state: str, clock: Clock, base_url: str = BASE_URL
) -> dict[str, str]:
    """The tokens for the `code` that came back, as credentials to store beside the app's own.

    Raises:
        CredentialsRejected: the answer belongs to another consent, or Etsy refuses the code.
        Unavailable: Etsy does not answer.
    """
    if state != consent.state:
        raise CredentialsRejected("this answer belongs to another request for consent: begin again")
    helper = AuthHelper(
        keystring, consent.redirect_uri, list(SCOPES), consent.code_verifier, consent.state
    )
    helper.oauth.mount(SDK_HOST, BaseUrlAdapter(base_url))
    helper.set_authorisation_code(code, state)
    try:
        with helper.oauth:
            return _tokens(helper.get_access_token(), clock.now())
    except OAuth2Error as error:
        raise CredentialsRejected(f"Etsy refuses the code: {error}") from error
    except requests.RequestException as error:
        raise Unavailable("Etsy does not answer the request for tokens") from error


def fresh(account: Account, credentials: Credentials) -> Credentials:
    """`credentials`, renewed where they are about to expire, by whichever worker comes first.

    Raises:
        CredentialsRejected: Etsy does not renew them.
        Unavailable: Etsy, or the worker that renews them, does not answer.
    """
    soon = account.clock.now() + RENEW_BEFORE
    if credentials.get("access_token") and _expiry(credentials) > soon:
        return credentials
    return renewed(account, credentials)


def _expiry(credentials: Credentials) -> datetime:
    """When the access token expires; long ago where that was not told, or not as a time."""
    try:
        return datetime.fromisoformat(credentials.get("expires_at", "")).astimezone(UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def renewed(account: Account, stale: Credentials) -> Credentials:
    """The credentials that follow `stale`. Raises as `fresh` does."""
    return account.vault.renew(stale, lambda current: _exchange(account, current))


def _exchange(account: Account, credentials: Credentials) -> Credentials:
    form = {
        "grant_type": "refresh_token",
        "client_id": credentials["keystring"],
        "refresh_token": credentials["refresh_token"],
    }
    with requests.Session() as session:
        session.mount(SDK_HOST, BaseUrlAdapter(account.base_url or BASE_URL))
        try:
            answer = session.post(TOKEN_URL, data=form)
        except requests.RequestException as error:
            raise Unavailable("Etsy does not answer the request for a new token") from error
    if answer.status_code in {400, 401, 403}:
        raise CredentialsRejected(
            "Etsy does not renew the token any more: let the shop's owner give consent again"
        )
    if not answer.ok:
        raise Unavailable(f"Etsy answers {answer.status_code} to the request for a new token")
    return {**credentials, **_tokens(answer.json(), account.clock.now())}


def _tokens(answer: Mapping[str, Any], now: datetime) -> dict[str, str]:
    expires_at = now + timedelta(seconds=int(answer["expires_in"]))
    return {
        "access_token": answer["access_token"],
        "refresh_token": answer["refresh_token"],
        "expires_at": expires_at.astimezone(UTC).isoformat(),
    }
