"""Access tokens: those that do not end, and those of the client credentials grant."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from itertools import count
from urllib.parse import urlencode

from connectors.clock import Clock
from connectors.sandbox.shopify.limits import TOKEN_LIFE

STATIC_TOKEN = "shpat_practice"  # noqa: S105 - opens nothing but this sandbox
SHOP = "practice-souk"
CLIENT_ID = "practice-app"
CLIENT_SECRET = "shpss_practice"  # noqa: S105 - likewise
SCOPES = "read_orders,write_inventory,write_products,write_publications,write_translations"


class Tokens:
    """The tokens in force."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ends: dict[str, datetime] = {}
        self._codes: set[str] = set()
        self._lasting = {STATIC_TOKEN}
        self._numbers = count(1)

    @property
    def credentials(self) -> Mapping[str, str]:
        """What opens the shop."""
        return {"shop": SHOP, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}

    def issue(self, given: Mapping[str, str]) -> dict[str, str | int] | None:
        """A token, for a code or by client credentials; None where these are not ours."""
        wanted = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        if any(given.get(name) != value for name, value in wanted.items()):
            return None
        token = f"shpat_practice_{next(self._numbers)}"
        if given.get("code") in self._codes:
            self._codes.remove(given["code"])
            self._lasting.add(token)
            return {"access_token": token, "scope": SCOPES}
        if given.get("grant_type") != "client_credentials":
            return None
        self._ends[token] = self._clock.now() + TOKEN_LIFE
        seconds = int(TOKEN_LIFE.total_seconds()) - 1
        return {"access_token": token, "scope": SCOPES, "expires_in": seconds}

    def authorize(self, asked: Mapping[str, str]) -> str | None:
        """Where the browser of an owner who agrees goes; None where the app is not ours.

        Source: shopify.dev, "Implement authorization code grant manually".
        """
        if asked.get("client_id") != CLIENT_ID or not asked.get("redirect_uri"):
            return None
        code = secrets.token_hex(16)
        self._codes.add(code)
        told = {
            "code": code,
            "host": "practice",
            "shop": f"{SHOP}.myshopify.com",
            "state": asked.get("state", ""),
            "timestamp": str(int(self._clock.now().timestamp())),
        }
        # Over the values as they are, in the order of their names.
        text = "&".join(f"{name}={told[name]}" for name in sorted(told))
        told["hmac"] = hmac.new(CLIENT_SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
        return f"{asked['redirect_uri']}?{urlencode(told)}"

    def are_good(self, token: str | None) -> bool:
        """Whether `token` opens the shop now."""
        ends = self._ends.get(token or "")
        return token in self._lasting or (ends is not None and self._clock.now() < ends)

    def expire(self) -> None:
        """End all that can end."""
        self._ends.clear()
