"""Etsy's OAuth 2 with PKCE: consent once in a browser, and tokens renewed before they expire.

Source: developers.etsy.com, "Authentication", and the contract's security scheme oauth2.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from etsyv3.util.auth import AuthHelper
from oauthlib.oauth2 import OAuth2Error

from connectors.clock import Clock
from connectors.errors import CredentialsRejected, Unavailable
from connectors.etsy.limits import BASE_URL, RENEW_BEFORE
from connectors.etsy.transport import SDK_HOST, BaseUrlAdapter
from connectors.protocol import Account, Consent

TOKEN_URL = f"{SDK_HOST}/v3/public/oauth/token"
# What the operations of this connector need, by the contract.
SCOPES = ("listings_r", "listings_w", "shops_r", "shops_w", "transactions_r", "transactions_w")

Credentials = Mapping[str, str]


class EtsyConsent:
    """Consent in a browser, by the keystring of the app in the credentials."""

    asks = ("keystring", "shared_secret")

    def start(self, credentials: Credentials, redirect_uri: str) -> Consent:
        """The seller opens `url`, and Etsy sends the browser to `redirect_uri` with a code."""
        helper = AuthHelper(credentials["keystring"], redirect_uri, list(SCOPES))
        url, state = helper.get_auth_code()
        return Consent(url, redirect_uri, {"state": state, "code_verifier": helper.code_verifier})

    def finish(
        self,
        credentials: Credentials,
        consent: Consent,
        came_back: str,
        *,
        clock: Clock,
        base_url: str | None = None,
    ) -> Credentials:
        """`credentials` with the tokens for the code in the address that the browser ended at.

        Raises:
            CredentialsRejected: it answers another question, or Etsy refuses it.
            Unavailable: Etsy does not answer.
        """
        answer = parse_qs(urlsplit(came_back).query)
        state, verifier = consent.proof["state"], consent.proof["code_verifier"]
        if answer.get("state") != [state] or "code" not in answer:
            raise CredentialsRejected("this is no answer to this request for consent: begin again")
        app, back = credentials["keystring"], consent.redirect_uri
        helper = AuthHelper(app, back, list(SCOPES), verifier, state)
        helper.oauth.mount(SDK_HOST, BaseUrlAdapter(base_url or BASE_URL))
        helper.set_authorisation_code(answer["code"][0], state)
        try:
            with helper.oauth:
                return {**credentials, **_tokens(helper.get_access_token(), clock.now())}
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
