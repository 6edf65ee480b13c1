"""Login with Amazon, access tokens that expire, and restricted data tokens."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from connectors.clock import Clock
from connectors.sandbox.amazon.answers import Refusal, invalid
from connectors.sandbox.faults import FaultKind, Faults

# Source: https://developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api
LIFE = timedelta(hours=1)
# The application as Seller Central knows it.
APPLICATION_ID = "amzn1.sp.solution.sandbox"


@dataclass(frozen=True, slots=True)
class RestrictedResource:
    """What a restricted data token opens: a method, paths, and kinds of personal data."""

    method: str
    path: re.Pattern[str]
    data: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Token:
    expires: datetime
    opens: tuple[RestrictedResource, ...] = ()


@dataclass
class Tokens:
    """The tokens that are out, for the one account that this sandbox has."""

    clock: Clock
    faults: Faults
    credentials: Mapping[str, str]
    _out: dict[str, _Token] = field(default_factory=dict)
    _codes: dict[str, str] = field(default_factory=dict)

    def grant(self, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Login with Amazon's answer to a form: its status and body."""
        known = self.credentials
        if form.get("grant_type") not in {"refresh_token", "authorization_code"}:
            return 400, _oauth_error("unsupported_grant_type", "The grant type is not supported")
        asked = (form.get("client_id"), form.get("client_secret"))
        if asked != (known["lwa_app_id"], known["lwa_client_secret"]):
            return 400, _oauth_error("invalid_client", "Client authentication failed")
        if not self._is_granted(form):
            return 400, _oauth_error("invalid_grant", "The request has an invalid grant parameter")
        return 200, {
            "access_token": self._issue("Atza|"),
            "refresh_token": known["refresh_token"],
            "token_type": "bearer",
            "expires_in": int(LIFE.total_seconds()),
        }

    def _is_granted(self, form: Mapping[str, str]) -> bool:
        if form["grant_type"] == "refresh_token":
            return form.get("refresh_token") == self.credentials["refresh_token"]
        # A code is good once, and for the address that it was sent to.
        back = self._codes.pop(form.get("code", ""), None)
        return back is not None and back == form.get("redirect_uri")

    def authorize(self, asked: Mapping[str, str]) -> str | None:
        """Where the browser of a seller who agrees goes; None where the application is not ours.

        Source: developer-docs.amazon.com/sp-api, "Website authorization workflow".
        """
        back = asked.get("redirect_uri")
        if asked.get("application_id") != APPLICATION_ID or not back:
            return None
        code = secrets.token_hex(10)
        self._codes[code] = back
        told = {
            "state": asked.get("state", ""),
            "selling_partner_id": self.credentials["seller_id"],
            "spapi_oauth_code": code,
        }
        return f"{back}?{urlencode(told)}"

    def restrict(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A restricted data token for the resources of `body`."""
        resources = body.get("restrictedResources")
        if not isinstance(resources, list) or not resources:
            raise invalid("Missing or empty 'restrictedResources'.")
        opens = tuple(
            RestrictedResource(
                resource["method"],
                re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(resource["path"]))),
                frozenset(resource.get("dataElements", ())),
            )
            for resource in resources
        )
        return {
            "restrictedDataToken": self._issue("Atz.sprdt|", opens),
            "expiresIn": int(LIFE.total_seconds()),
        }

    def _issue(self, prefix: str, opens: tuple[RestrictedResource, ...] = ()) -> str:
        token = prefix + secrets.token_urlsafe(32)
        self._out[token] = _Token(self.clock.now() + LIFE, opens)
        return token

    def check(self, token: str | None, operation: str) -> None:
        """Let a caller in. Raises Refusal as Amazon does, where the token is missing or stale."""
        if token is None:
            raise _unauthorized("Access token is missing in the request header.")
        if self.faults.strike(operation, FaultKind.EXPIRED_TOKEN):
            self._out.pop(token, None)
            raise _unauthorized("The access token you provided has expired.")
        known = self._out.get(token)
        if known is None:
            raise _unauthorized("The access token you provided is revoked, malformed or invalid.")
        if known.expires <= self.clock.now():
            raise _unauthorized("The access token you provided has expired.")

    def opened(self, token: str | None, method: str, path: str) -> frozenset[str] | None:
        """The personal data that `token` opens at that address; None for a plain access token."""
        known = self._out.get(token or "")
        if known is None:
            return None
        for resource in known.opens:
            if resource.method == method and resource.path.fullmatch(path):
                return resource.data
        return None


def _unauthorized(details: str) -> Refusal:
    return Refusal(403, "Unauthorized", "Access to requested resource is denied.", details)


def _oauth_error(code: str, description: str) -> dict[str, Any]:
    return {"error": code, "error_description": description}
