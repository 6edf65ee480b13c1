"""Shopify's OAuth: the owner of a shop installs the app in a browser, for a token of its own.

Source: shopify.dev, "Implement authorization code grant manually" (install, verify, exchange).
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests

from connectors.clock import Clock
from connectors.errors import CredentialsRejected, Unavailable
from connectors.protocol import Consent
from connectors.shopify.client import domain_of

# What the operations of this connector need.
SCOPES = (
    "read_orders",
    "write_fulfillments",
    "write_inventory",
    "write_merchant_managed_fulfillment_orders",
    "write_products",
    "write_publications",
    "write_translations",
)
TIMEOUT = 30.0

Credentials = Mapping[str, str]


class ShopifyConsent:
    """Consent in a browser, by the client id of the app in the credentials."""

    asks = ("shop", "client_id", "client_secret")

    def start(self, credentials: Credentials, redirect_uri: str) -> Consent:
        """The owner opens `url`, and Shopify sends the browser to `redirect_uri` with a code."""
        state = secrets.token_urlsafe(32)
        asked = {
            "client_id": credentials["client_id"],
            "scope": ",".join(SCOPES),
            "redirect_uri": redirect_uri,
            "state": state,
        }
        address = f"https://{domain_of(credentials['shop'])}/admin/oauth/authorize"
        return Consent(f"{address}?{urlencode(asked)}", redirect_uri, {"state": state})

    def finish(
        self,
        credentials: Credentials,
        consent: Consent,
        came_back: str,
        *,
        clock: Clock,
        base_url: str | None = None,
    ) -> Credentials:
        """`credentials` with the token for the code in the address that the browser ended at.

        Raises:
            CredentialsRejected: it answers another question, or Shopify refuses it.
            Unavailable: Shopify does not answer.
        """
        del clock  # the token does not end
        answer = dict(parse_qsl(urlsplit(came_back).query, keep_blank_values=True))
        host = domain_of(credentials["shop"])
        if not (
            _signed(answer, credentials["client_secret"])
            and hmac.compare_digest(answer.get("state", ""), consent.proof["state"])
            and answer.get("shop") == host
            and "code" in answer
        ):
            raise CredentialsRejected("this is no answer to this request for consent: begin again")
        base = base_url or f"https://{host}"
        # An earlier token that ended may have left its end behind.
        kept = {name: value for name, value in credentials.items() if name != "expires_at"}
        return {**kept, "access_token": _token(base, credentials, answer["code"])}


def _signed(answer: Mapping[str, str], secret: str) -> bool:
    """Whether Shopify signed these values: by the app's secret, over all but the signature."""
    rest = sorted((name, value) for name, value in answer.items() if name != "hmac")
    text = "&".join(f"{name}={value}" for name, value in rest)
    ours = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(answer.get("hmac", ""), ours)


def _token(base: str, credentials: Credentials, code: str) -> str:
    asked = {
        "client_id": credentials["client_id"],
        "client_secret": credentials["client_secret"],
        "code": code,
    }
    try:
        answer = requests.post(f"{base}/admin/oauth/access_token", json=asked, timeout=TIMEOUT)
    except requests.RequestException as error:
        raise Unavailable("Shopify does not answer the request for a token") from error
    if answer.status_code >= requests.codes.server_error:
        raise Unavailable(f"Shopify answers {answer.status_code} to the request for a token")
    if not answer.ok:
        raise CredentialsRejected("Shopify refuses the code: ask for consent again")
    return str(answer.json()["access_token"])
