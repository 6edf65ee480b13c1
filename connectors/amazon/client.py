"""The SDK's clients for one account: their transport, rates, tokens and errors.

The SDK answers a 503 page, an empty 429 or a 403 without an error list as if they were data, so
every answer is read here first, in a hook of the transport, and what is no success is raised.
"""

import json
import logging
import ssl
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, cached_property, partial
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

import httpx
from sp_api.api import (
    FeedsV20210630,
    FinancesV20240619,
    ListingsItemsV20210801,
    ListingsRestrictions,
    OrdersV0,
    OrdersV20260101,
    ProductTypeDefinitions,
    Sellers,
)
from sp_api.api import Tokens as RestrictedTokens
from sp_api.base import (
    ApiResponse,
    Client,
    SellingApiException,
    fill_query_params,
    sp_endpoint,
)
from sp_api.base._transport_httpx import HttpxTransport
from sp_api.base.credential_provider import FromCodeCredentialProvider

from connectors.amazon.limits import RATES
from connectors.amazon.sites import Market
from connectors.amazon.tokens import AccountTokens
from connectors.errors import CredentialsRejected, Refused, Throttled, Unavailable
from connectors.protocol import Account, Issue
from connectors.quotas import Rate
from connectors.retry import repeat

# Seconds. Searches of twenty listings with all their data take long at times.
TIMEOUT = 60.0
# httpx writes every address at INFO, and a presigned one is a secret while it lasts.
logging.getLogger("httpx").setLevel(logging.WARNING)


class _Exact(Client):  # type: ignore[misc]  # the SDK is published without types
    """An SDK client that sends what it is given.

    The SDK adds marketplace ids under four names, and its own path, to the bodies it sends.
    """

    def _request(self, path: str, *, data: Any = None, **rest: Any) -> ApiResponse:
        sent = {k: v for k, v in data.items() if k != "path"} if isinstance(data, dict) else data
        return super()._request(path, data=sent, **rest | {"add_marketplace": False})


class Listings(_Exact, ListingsItemsV20210801):  # type: ignore[misc]
    """Listings Items 2021-08-01."""


class Feeds(_Exact, FeedsV20210630):  # type: ignore[misc]
    """Feeds 2021-06-30. The SDK uploads and downloads documents with a client of its own."""

    @sp_endpoint("/feeds/2021-06-30/documents/{}", method="GET")  # type: ignore[untyped-decorator]
    def where_is_document(self, document_id: str, **kwargs: Any) -> ApiResponse:
        """The address of a document, and how it is compressed."""
        return self._request(fill_query_params(kwargs.pop("path"), document_id), params=kwargs)


class Orders(_Exact, OrdersV20260101):  # type: ignore[misc]
    """Orders 2026-01-01."""


class OldOrders(_Exact, OrdersV0):  # type: ignore[misc]
    """Orders v0: shipments are confirmed here still, and orders read where that is set."""


class Definitions(_Exact, ProductTypeDefinitions):  # type: ignore[misc]
    """Product Type Definitions 2020-09-01."""


class Restrictions(_Exact, ListingsRestrictions):  # type: ignore[misc]
    """Listings Restrictions 2021-08-01."""


class Books(_Exact, FinancesV20240619):  # type: ignore[misc]
    """Finances 2024-06-19."""


class Participations(_Exact, Sellers):  # type: ignore[misc]
    """Sellers v1."""


class RestrictedData(_Exact, RestrictedTokens):  # type: ignore[misc]
    """Tokens 2021-03-01."""


class _Ear:
    """Hears every answer: the rate that Amazon tells, and what is no success."""

    def __init__(self) -> None:
        self.rates = dict(RATES)
        self.operation = ""

    def hear(self, response: httpx.Response) -> None:
        """Raises what an answer that is no success means for the caller."""
        told = _rate_told(response.headers.get("x-amzn-RateLimit-Limit", ""))
        if told:
            rate = self.rates[self.operation]
            self.rates[self.operation] = replace(rate, per_second=told)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            response.read()
            raise trouble(self.operation, response.status_code, response.content, told)
        if "json" not in response.headers.get("content-type", "json"):
            raise Unavailable(f"{self.operation}: something that is not Amazon answers")


def _rate_told(header: str) -> float:
    """Calls a second; nothing where the header is no number."""
    try:
        return float(header)
    except ValueError:
        return 0


class TokenRefused(CredentialsRejected):
    """A call's token was refused: a new one may be taken."""


def trouble(operation: str, status: int, content: bytes, limit: float = 0) -> Exception:
    """What an answer of that status means, `limit` being the rate it told, in calls a second."""
    told = _told(content)
    words = f"{operation}: {told.message}"
    match status:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return TokenRefused(
                f"Amazon refuses this account {operation} ({told.message}): authorise the "
                "application again, or give it the role that this needs"
            )
        case HTTPStatus.TOO_MANY_REQUESTS:
            return Throttled(words, retry_after=1 / limit if limit else None)
        case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return Unavailable(f"Amazon answers {operation} with {status}")
        case _:
            return Refused([replace(told, message=words)])


def _told(content: bytes) -> Issue:
    """The first error that an answer tells, in whichever of its shapes."""
    try:
        answer = json.loads(content)
    except ValueError:
        answer = None
    match answer:
        case {"errors": [dict() as error, *_]} | [dict() as error, *_] | (dict() as error):
            words = " ".join(filter(None, (error.get("message"), error.get("details"))))
            return Issue(str(error.get("code") or "unnamed"), words or "no reason")
        case _:
            return Issue("unnamed", "no reason")


@cache
def _trusted() -> ssl.SSLContext:
    """Whom TLS believes. Reading it takes 30 ms, and every pass opens every account anew."""
    return ssl.create_default_context()


class SellerApi:
    """One account's Selling Partner API. Every call waits for its turn by the published rate."""

    def __init__(self, account: Account, market: Market) -> None:
        self.account, self.market = account, market
        self.calls: Counter[str] = Counter()
        self._ear = _Ear()
        self._http = httpx.Client(
            verify=_trusted(), timeout=TIMEOUT, event_hooks={"response": [self._ear.hear]}
        )
        # Documents and tokens are no calls of the API: no rate, no header of ours.
        self.web = httpx.Client(verify=_trusted(), timeout=TIMEOUT)
        self._tokens = AccountTokens(account, self.web)
        self._clients: dict[type, Any] = {}

    def close(self) -> None:
        """Let go of connections."""
        self._http.close()
        self.web.close()

    @cached_property
    def seller_id(self) -> str:
        """Amazon's id of the seller."""
        return self.account.vault.read()["seller_id"]

    def rate(self, operation: str) -> Rate:
        """The rate of that operation, as Amazon last told it."""
        return self._ear.rates[operation]

    def call(
        self,
        operation: str,
        of: type,
        send: Callable[[Any], ApiResponse],
        *,
        plan: str | None = None,
        restricted_token: str | None = None,
    ) -> ApiResponse:
        """The answer of `operation`, asked by `send` of the SDK client `of`, tried again.

        All that we ask may be repeated: reads, absolute writes, and feeds of absolute writes; so
        an answer that nobody heard is no more than an answer to ask for again. `plan` names the
        usage plan where it is not the operation's own.

        Raises:
            Throttled, Unavailable: still so after the last try.
            Refused: Amazon refuses this call, with its reason.
            CredentialsRejected: the account, or its role, does not allow it.
        """

        def once() -> ApiResponse:
            self._wait(self.rate(plan or operation))
            self.calls[operation] += 1
            return self._send(plan or operation, self._client(of, restricted_token), send)

        def authorised() -> ApiResponse:
            try:
                return once()
            except TokenRefused:
                # It may have ended early by Amazon's clock; a new one tells.
                self._tokens.refuse()
                return once()

        return repeat(self.account.clock, authorised)

    def _wait(self, rate: Rate) -> None:
        if (seconds := self.account.buckets.reserve(rate)) > 0:
            self.account.clock.sleep(seconds)

    def _send(self, operation: str, client: Any, send: Callable[[Any], ApiResponse]) -> ApiResponse:
        # Asked for before the call, lest its own refusal be taken for the operation's.
        client.auth  # noqa: B018 - the SDK fetches the token when it is read
        self._ear.operation = operation
        try:
            return send(client)
        except httpx.RequestError as error:
            raise Unavailable(f"Amazon did not answer {operation}") from error
        except SellingApiException as error:
            # The SDK's own: a success that carries errors.
            raise Refused([Issue(str(error.amzn_code), f"{operation}: {error.message}")]) from error

    def _client(self, of: type, restricted_token: str | None) -> Any:
        if of not in self._clients:
            self._clients[of] = self._new_client(of)
        client = self._clients[of]
        client.restricted_data_token = restricted_token
        return client

    def _new_client(self, of: type) -> Any:
        endpoint = self.account.base_url or self.market.endpoint
        place = SimpleNamespace(
            endpoint=endpoint, marketplace_id=self.market.site.remote_id, region=""
        )
        client = of(
            place,
            refresh_token="in the vault",  # noqa: S106 - AccountTokens reads the real one
            credentials={"lwa_app_id": "in the vault", "lwa_client_secret": "in the vault"},
            credential_providers=(FromCodeCredentialProvider,),
            auth_token_client_class=partial(_given, self._tokens),
            verify=_trusted(),
        )
        # An environment variable of the SDK may have put another market in the place of ours.
        client.endpoint, client.marketplace_id = endpoint, self.market.site.remote_id
        client._transport = HttpxTransport(client=self._http)  # noqa: SLF001 - no public seam
        return client


def iso(moment: datetime) -> str:
    """A moment as Amazon's queries and bodies want it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _given(tokens: AccountTokens, **_: Any) -> AccountTokens:
    return tokens
