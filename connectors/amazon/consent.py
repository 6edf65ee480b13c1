"""Amazon's website authorisation: a seller lets the application in, in Seller Central.

Source: developer-docs.amazon.com/sp-api, "Website authorization workflow".
"""

import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from connectors.clock import Clock
from connectors.errors import CredentialsRejected, Unavailable
from connectors.protocol import Consent

SELLER_CENTRAL = "https://sellercentral.amazon.com"
LOGIN = "https://api.amazon.com"
TIMEOUT = 30.0

Credentials = Mapping[str, str]


class AmazonConsent:
    """Consent in a browser, by the application id, which is not the one of Login with Amazon.

    Seller Central of North America asks; a seller elsewhere is sent on by Amazon's own sign-in.
    """

    asks = ("application_id", "lwa_app_id", "lwa_client_secret")

    def start(self, credentials: Credentials, redirect_uri: str) -> Consent:
        """The seller opens `url`, and Amazon sends the browser to `redirect_uri` with a code."""
        state = secrets.token_urlsafe(32)
        asked = {
            "application_id": credentials["application_id"],
            "redirect_uri": redirect_uri,
            "state": state,
        }
        address = f"{SELLER_CENTRAL}/apps/authorize/consent?{urlencode(asked)}"
        return Consent(address, redirect_uri, {"state": state})

    def finish(
        self,
        credentials: Credentials,
        consent: Consent,
        came_back: str,
        *,
        clock: Clock,
        base_url: str | None = None,
    ) -> Credentials:
        """`credentials` with the seller's id and a refresh token.

        Raises:
            CredentialsRejected: it answers another question, or Amazon refuses it.
            Unavailable: Amazon does not answer.
        """
        del clock  # the refresh token does not end by the clock
        answer = dict(parse_qsl(urlsplit(came_back).query))
        seller, code = answer.get("selling_partner_id"), answer.get("spapi_oauth_code")
        is_ours = hmac.compare_digest(answer.get("state", ""), consent.proof["state"])
        if not (is_ours and seller and code):
            raise CredentialsRejected("this is no answer to this request for consent: begin again")
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": consent.redirect_uri,
            "client_id": credentials["lwa_app_id"],
            "client_secret": credentials["lwa_client_secret"],
        }
        token = _refresh_token(base_url or LOGIN, form)
        return {**credentials, "seller_id": seller, "refresh_token": token}


def _refresh_token(base: str, form: Mapping[str, str]) -> str:
    try:
        answer = httpx.post(f"{base}/auth/o2/token", data=dict(form), timeout=TIMEOUT)
    except httpx.RequestError as error:
        raise Unavailable("Login with Amazon cannot be reached") from error
    if answer.is_server_error:
        raise Unavailable("Login with Amazon cannot answer now")
    if answer.is_error:
        raise CredentialsRejected("Amazon refuses the code: ask for consent again")
    return str(answer.json()["refresh_token"])
