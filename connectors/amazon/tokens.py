"""Access tokens of one account: kept in its vault, so that all its workers share one.

The SDK keeps tokens in a cache of the whole process, keyed by the refresh token alone and never
emptied when a token is refused; this client keeps none there.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx
from sp_api.auth import AccessTokenClient, AccessTokenResponse
from sp_api.auth.exceptions import AuthorizationError
from sp_api.base._transport_httpx import HttpxTransport

from connectors.errors import CredentialsRejected, Unavailable
from connectors.protocol import Account

# A token is renewed this long before it ends, so that no call carries one that ends on the way.
MARGIN = timedelta(minutes=1)
SERVER_ERROR = 500


class AccountTokens(AccessTokenClient):  # type: ignore[misc]  # the SDK is published without types
    """Login with Amazon for one account. The SDK asks `get_auth` before each call."""

    def __init__(self, account: Account, http: httpx.Client) -> None:
        self._account = account
        self._transport = HttpxTransport(client=http)
        self._credentials: Mapping[str, str] = {}
        self._refused: str | None = None
        if account.base_url:
            self.scheme, self.host = f"{httpx.URL(account.base_url).scheme}://", _host(account)

    def get_auth(self) -> AccessTokenResponse:
        """A token that is good by our own clock, and was not refused.

        Raises:
            CredentialsRejected: Amazon does not know the account or the application any more.
            Unavailable: Login with Amazon cannot answer now.
        """
        if not self._is_good(self._credentials):
            self._credentials = self._account.vault.read()
        if not self._is_good(self._credentials):
            self._credentials = self._account.vault.renew(self._credentials, self._exchange)
        return AccessTokenResponse(access_token=self._credentials["access_token"])

    def refuse(self) -> None:
        """The present token was refused, whatever the clocks say: the next one is a new one."""
        self._refused = self._credentials.get("access_token")

    def _is_good(self, credentials: Mapping[str, str]) -> bool:
        token, ends = credentials.get("access_token"), credentials.get("access_token_ends")
        if not token or not ends or token == self._refused:
            return False
        return self._account.clock.now() < datetime.fromisoformat(ends) - MARGIN

    def _exchange(self, credentials: Mapping[str, str]) -> Mapping[str, str]:
        asked_at = self._account.clock.now()
        answer = self._ask(
            {
                "grant_type": self.grant_type,
                "refresh_token": credentials["refresh_token"],
                "client_id": credentials["lwa_app_id"],
                "client_secret": credentials["lwa_client_secret"],
            }
        )
        # Amazon tells a duration, so only our own clock is asked when it has passed.
        ends = asked_at + timedelta(seconds=int(answer["expires_in"]))
        told = {
            name: str(answer[name]) for name in ("access_token", "refresh_token") if name in answer
        }
        return {**credentials, **told, "access_token_ends": ends.isoformat()}

    def _ask(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        address = f"{self.scheme}{self.host}{self.path}"
        try:
            answer: Mapping[str, Any] = self._request(address, dict(form), self.headers)
        except AuthorizationError as error:
            if error.status_code >= SERVER_ERROR:
                raise Unavailable("Login with Amazon cannot answer now") from error
            raise CredentialsRejected(
                f"Amazon does not accept the account's credentials ({error.error_code}): "
                "authorise the application again and enter the new ones"
            ) from error
        except (httpx.RequestError, ValueError) as error:
            raise Unavailable("Login with Amazon cannot be reached") from error
        return answer


def _host(account: Account) -> str:
    return httpx.URL(account.base_url or "").netloc.decode()
