"""Shopify's Admin GraphQL over HTTP: its auth, its points, its errors turned into ours."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final

import requests
import shopify
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from connectors.errors import (
    ConnectorError,
    CredentialsRejected,
    OutcomeUnknown,
    Refused,
    Throttled,
    Unavailable,
)
from connectors.protocol import Account, Issue
from connectors.retry import repeat, repeat_create
from connectors.shopify.documents import API_VERSION
from connectors.shopify.limits import TIMEOUT, TOKEN_MARGIN
from connectors.shopify.points import Points

Json = dict[str, Any]

# ShopifyAPI keeps the active session in its classes: one account at a time may open one.
_SDK = Lock()
_OPERATION = re.compile(r"\s*(?:query|mutation) (\w+)")

# What a person must see to before the shop answers again.
# Source: shopify.dev/docs/api/usage/response-codes.
_CLOSED: Final[Mapping[int, str]] = {
    401: "Shopify does not accept the access token: enter the app's credentials again",
    402: "The shop is frozen: its owner must settle its account with Shopify",
    403: "Shopify forbids this: check that the app is installed, with all its access scopes",
    404: "Shopify knows no such shop: check the shop's myshopify.com name",
    423: "Shopify has locked this shop: its owner must ask Shopify why",
}
_CLOSED_CODES = {"ACCESS_DENIED": _CLOSED[403], "SHOP_INACTIVE": _CLOSED[402]}


class Client:
    """One account's calls. Not shared between threads."""

    def __init__(self, account: Account) -> None:
        self.calls: Counter[str] = Counter()
        self.clock = account.clock
        self.points = Points(account.clock)
        self._account = account
        self._http = requests.Session()
        self._graphql: shopify.GraphQL | None = None
        self._credentials: Mapping[str, str] = {}

    def call(self, document: str, **variables: Any) -> Json:
        """The data of a read or of a write that may be repeated, repeated while it must be.

        Raises:
            Refused: Shopify does not take the document with these variables.
            ConnectorError: trouble with the channel.
        """
        return repeat(self.clock, lambda: self._ask(document, variables))

    def create(self, document: str, **variables: Any) -> Json:
        """The data of a create that is not idempotent, sent again only where it was throttled.

        Raises:
            OutcomeUnknown: it may have been carried out.
            Refused: Shopify does not take the document with these variables.
            ConnectorError: trouble with the channel.
        """
        return repeat_create(self.clock, lambda: self._ask(document, variables, creates=True))

    def upload(
        self, target: Mapping[str, Any], filename: str, content: bytes, media_type: str
    ) -> None:
        """Put a file where a staged upload wants it; putting it again changes nothing.

        Raises:
            Unavailable: it could not be stored.
        """
        fields = {parameter["name"]: parameter["value"] for parameter in target["parameters"]}
        files = {"file": (filename, content, media_type)}
        self.calls["upload"] += 1
        self._stored("POST", target["url"], data=fields, files=files)

    def download(self, url: str) -> bytes:
        """The file at a temporary address that Shopify gave.

        Raises:
            Unavailable: it could not be had.
        """
        self.calls["download"] += 1
        return self._stored("GET", url)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _stored(self, method: str, url: str, **content: Any) -> bytes:
        def exchange() -> bytes:
            answer = self._send(method, url, **content)
            if not answer.ok:
                raise Unavailable(f"Shopify's file store answered {answer.status_code}")
            return answer.content

        return repeat(self.clock, exchange)

    def _ask(self, document: str, variables: Json, *, creates: bool = False) -> Json:
        answer = self._post(document, variables, creates=creates)
        if answer.status_code == requests.codes.unauthorized and self._renew():
            answer = self._post(document, variables, creates=creates)
        return self._data(operation_of(document), answer, creates=creates)

    def _post(self, document: str, variables: Json, *, creates: bool) -> requests.Response:
        operation = operation_of(document)
        graphql = self._graphql or self._open()
        self.points.wait_for(operation)
        self.calls[operation] += 1
        body = {"query": document, "variables": variables}
        return self._send(
            "POST", graphql.endpoint, json=body, headers=graphql.headers, creates=creates
        )

    def _send(
        self, method: str, url: str, *, creates: bool = False, **content: Any
    ) -> requests.Response:
        try:
            return self._http.request(
                method, url, timeout=TIMEOUT, allow_redirects=False, **content
            )
        except requests.RequestException as error:
            if creates and not _never_sent(error):
                raise OutcomeUnknown("Shopify's answer was lost") from error
            raise Unavailable(f"Shopify cannot be reached ({type(error).__name__})") from error

    def _data(self, operation: str, answer: requests.Response, *, creates: bool) -> Json:
        _raise_for_status(answer, creates=creates)
        try:
            told = answer.json()
        except ValueError as error:
            raise Unavailable("Shopify answered with something that is no JSON") from error
        self.points.learn(operation, told.get("extensions", {}).get("cost"))
        for complaint in told.get("errors", ()):
            raise self._error_of(operation, complaint)
        data: Json = told["data"]
        return data

    def _error_of(self, operation: str, complaint: Json) -> ConnectorError:
        code = complaint.get("extensions", {}).get("code", "")
        if code == "THROTTLED":
            return Throttled("Shopify's points are spent", self.points.lacking_for(operation))
        if code == "INTERNAL_SERVER_ERROR":
            return Unavailable("Shopify failed inside")
        if code in _CLOSED_CODES:
            return CredentialsRejected(_CLOSED_CODES[code])
        return Refused([Issue(code.lower() or "graphql", complaint["message"])])

    def _open(self) -> shopify.GraphQL:
        """Where to call and with which token, the token being good for a while."""
        if not self._credentials:
            self._credentials = self._account.vault.read()
        if _stale(self._credentials, self.clock.now()):
            self._credentials = self._account.vault.renew(self._credentials, self._exchange)
        shop, token = self._credentials["shop"], self._credentials["access_token"]
        self._graphql = _opened(shop, token, self._account.base_url)
        return self._graphql

    def _renew(self) -> bool:
        """Whether there is another token to try after one was refused."""
        if "client_id" not in self._credentials or "expires_at" not in self._credentials:
            return False
        self._credentials = self._account.vault.renew(self._credentials, self._exchange)
        self._graphql = None
        return True

    def _exchange(self, stale: Mapping[str, str]) -> Mapping[str, str]:
        """Credentials with a new token, by the client credentials grant.

        Source: shopify.dev, "Using the client credentials grant".
        """
        base = self._account.base_url or f"https://{domain_of(stale['shop'])}"
        grant = {
            "grant_type": "client_credentials",
            "client_id": stale["client_id"],
            "client_secret": stale["client_secret"],
        }
        self.calls["access_token"] += 1
        answer = self._send("POST", f"{base}/admin/oauth/access_token", data=grant)
        if answer.status_code == requests.codes.bad_request:
            raise CredentialsRejected(_CLOSED[401])
        _raise_for_status(answer, creates=False)
        told = answer.json()
        expires_at = self.clock.now() + timedelta(seconds=told["expires_in"])
        return {
            **stale,
            "access_token": told["access_token"],
            "expires_at": expires_at.isoformat(),
        }


def operation_of(document: str) -> str:
    """The name of a document's operation."""
    found = _OPERATION.match(document)
    assert found, "documents are ours, and all of them are named"  # noqa: S101 - an invariant
    return found[1]


def domain_of(shop: str) -> str:
    """A shop's myshopify.com name, written in full or without its end."""
    return shop if "." in shop else f"{shop}.myshopify.com"


def _opened(shop: str, token: str, base_url: str | None) -> shopify.GraphQL:
    with _SDK:
        session = shopify.Session(domain_of(shop), API_VERSION, token)
        shopify.ShopifyResource.activate_session(session)
        if base_url:
            shopify.ShopifyResource.set_site(session.version.api_path(base_url))
        graphql = shopify.GraphQL()
        # A snapshot: the SDK hands out its own dictionary, and the next session changes it.
        graphql.headers = dict(graphql.headers)
        shopify.ShopifyResource.clear_session()
    return graphql


def _stale(credentials: Mapping[str, str], now: datetime) -> bool:
    """Whether a token must be fetched first. One without an end is an older custom app's."""
    if not credentials.get("access_token"):
        return True
    expires_at = credentials.get("expires_at")
    return bool(expires_at) and datetime.fromisoformat(expires_at or "") <= now + TOKEN_MARGIN


def _raise_for_status(answer: requests.Response, *, creates: bool) -> None:
    status = answer.status_code
    if status in _CLOSED:
        raise CredentialsRejected(_CLOSED[status])
    if status == requests.codes.too_many_requests:
        wait = answer.headers.get("retry-after")
        raise Throttled("Shopify asks to slow down", float(wait) if wait else None)
    if status >= requests.codes.internal_server_error:
        surely_undone = not creates or status == requests.codes.service_unavailable
        raise (Unavailable if surely_undone else OutcomeUnknown)(f"Shopify answered {status}")
    if status != requests.codes.ok:
        raise Refused([Issue(f"http_{status}", f"Shopify answered {status}")])


def _never_sent(error: requests.RequestException) -> bool:
    """Whether a connection failed before anything went over it."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)
