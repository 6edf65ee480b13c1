"""Access tokens: the one that does not end, and those of the client credentials grant."""

from collections.abc import Mapping
from datetime import datetime
from itertools import count

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
        self._numbers = count(1)

    @property
    def credentials(self) -> Mapping[str, str]:
        """What opens the shop."""
        return {"shop": SHOP, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}

    def issue(self, given: Mapping[str, str]) -> dict[str, str | int] | None:
        """A token of the client credentials grant; None where the credentials are not ours."""
        wanted = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        wanted["grant_type"] = "client_credentials"
        if any(given.get(name) != value for name, value in wanted.items()):
            return None
        token = f"shpat_practice_{next(self._numbers)}"
        self._ends[token] = self._clock.now() + TOKEN_LIFE
        seconds = int(TOKEN_LIFE.total_seconds()) - 1
        return {"access_token": token, "scope": SCOPES, "expires_in": seconds}

    def are_good(self, token: str | None) -> bool:
        """Whether `token` opens the shop now."""
        ends = self._ends.get(token or "")
        return token == STATIC_TOKEN or (ends is not None and self._clock.now() < ends)

    def expire(self) -> None:
        """End all that can end."""
        self._ends.clear()
