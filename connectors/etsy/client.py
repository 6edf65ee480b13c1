"""Etsy's SDK with its flaws mended, and its answers turned into answers or errors of ours.

etsyv3 0.0.7 repeats a call with an expired token as a GET, returns a 429 or 503 as data, sends
JSON where the contract wants a form, False and 0 as null, queries unencoded, no shared secret and
no time-out. All of that happens in one method, which is replaced here.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from etsyv3 import etsy_api
from etsyv3.etsy_api import EtsyAPI, Includes, ListingState, Method
from pydantic.alias_generators import to_camel
from urllib3.exceptions import NewConnectionError

from connectors.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    Refused,
    Throttled,
    Unavailable,
)
from connectors.etsy import auth
from connectors.etsy.inventory import Document
from connectors.etsy.issues import issue_of, speaks_of_credentials
from connectors.etsy.limits import BASE_URL, PAGE
from connectors.etsy.quota import Quota
from connectors.etsy.transport import SDK_HOST, BaseUrlAdapter
from connectors.protocol import Account, Rendition
from connectors.retry import repeat, repeat_create


class NoAnswer(Unavailable):
    """The request was sent, and no answer came that tells what became of it.

    A 500 is none: listings were made under it (github.com/etsy/open-api, issue 162).
    """


class Conflict(Refused):
    """There is such a thing already: `existing_id` where Etsy says which."""

    existing_id: int | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A body of the media type application/x-www-form-urlencoded."""

    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Json:
    """A body of the media type application/json."""

    document: Document


@dataclass(frozen=True, slots=True)
class Upload:
    """A body of the media type multipart/form-data, with a picture."""

    fields: Mapping[str, str]
    image: Rendition


class Client(EtsyAPI):  # type: ignore[misc]  # published without types
    """One account's calls. `calls` counts requests by the operation's official name."""

    def __init__(self, account: Account, quota: Quota) -> None:
        self._account, self._quota = account, quota
        self._credentials: auth.Credentials = {}
        self._operation = ""
        self.calls: Counter[str] = Counter()
        # Keys and tokens are set with each request: the SDK's own handling of them is not reached.
        super().__init__("", "", "", None)
        self.session.mount(SDK_HOST, BaseUrlAdapter(account.base_url or BASE_URL))

    def ask(self, operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """The answer of a read or of an absolute write, tried again while Etsy is down.

        `operation` is a method of this client; its name in camel case is the official one.

        Raises:
            Refused: Etsy does not do it, and says why.
            Throttled, Unavailable, CredentialsRejected: trouble with the account.
        """
        return repeat(self._account.clock, lambda: self._call(operation, args, kwargs))

    def create(self, operation: Callable[..., Any], *args: Any) -> Any:
        """The answer of a write that makes one more each time: sent once.

        Raises:
            OutcomeUnknown: it was sent, and nobody heard what came of it.
            Refused, Throttled, Unavailable, CredentialsRejected: nothing was made.
        """
        try:
            return repeat_create(self._account.clock, lambda: self._call(operation, args, {}))
        except NoAnswer as error:
            raise OutcomeUnknown(str(error)) from error

    def _call(
        self, operation: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        self._operation = to_camel(operation.__name__)
        return operation(*args, **kwargs)

    def _issue_request(
        self, uri: str, method: Method = Method.GET, request_payload: Any = None, **query: Any
    ) -> Any:
        request = requests.Request(
            method.name, uri, params=_parameters(query), **_body(request_payload)
        )
        known = self._credentials or self._account.vault.read()
        self._credentials = auth.fresh(self._account, known)
        answer = self._send(request)
        if answer.status_code == requests.codes.unauthorized:
            # Expired before its time, or renewed by another worker. A 401 was not carried out.
            self._credentials = auth.renewed(self._account, self._credentials)
            answer = self._send(request)
        return _understood(answer)

    def _send(self, request: requests.Request) -> requests.Response:
        mine = self._credentials
        self.session.headers["x-api-key"] = f"{mine['keystring']}:{mine['shared_secret']}"
        self.session.headers["Authorization"] = f"Bearer {mine['access_token']}"
        self._quota.wait()
        self.calls[self._operation] += 1
        try:
            answer: requests.Response = self.session.send(self.session.prepare_request(request))
        except requests.RequestException as error:
            raise _lost(error, self._operation) from error
        self._quota.learn(answer.headers)
        return answer

    # Operations that the SDK has not, or has with another method or body.

    def get_me(self) -> Any:
        """Who the token belongs to."""
        return self._issue_request(f"{etsy_api.ETSY_API_BASEURL}/users/me")

    def get_listings_by_shop(self, shop_id: int, state: ListingState, offset: int) -> Any:
        """A page of the shop's listings in one state, with inventory and images."""
        page: Any = super().get_listings_by_shop(
            shop_id, state, PAGE, offset, includes=[Includes.INVENTORY, Includes.IMAGES]
        )
        return page

    def create_listing_translation(
        self, shop_id: int, listing_id: int, language: str, form: Form
    ) -> Any:
        """Add a language to a listing."""
        return self._translate(Method.POST, shop_id, listing_id, language, form)

    def update_listing_translation(
        self, shop_id: int, listing_id: int, language: str, form: Form
    ) -> Any:
        """Replace a listing's words in a language."""
        return self._translate(Method.PUT, shop_id, listing_id, language, form)

    def _translate(
        self, method: Method, shop_id: int, listing_id: int, language: str, form: Form
    ) -> Any:
        path = f"listings/{listing_id}/translations/{language}"
        return self._issue_request(_shop(shop_id, path), method, form)

    def create_shop_shipping_profile(self, shop_id: int, form: Form) -> Any:
        """Add a shipping profile."""
        return self._issue_request(_shop(shop_id, "shipping-profiles"), Method.POST, form)

    def get_shop_return_policies(self, shop_id: int) -> Any:
        """The shop's return policies."""
        return self._issue_request(_shop(shop_id, "policies/return"))

    def create_shop_return_policy(self, shop_id: int, form: Form) -> Any:
        """Add a return policy."""
        return self._issue_request(_shop(shop_id, "policies/return"), Method.POST, form)

    def get_shop_readiness_state_definitions(self, shop_id: int) -> Any:
        """The shop's processing profiles."""
        return self._issue_request(_shop(shop_id, "readiness-state-definitions"), limit=PAGE)

    def create_shop_readiness_state_definition(self, shop_id: int, form: Form) -> Any:
        """Add a processing profile."""
        return self._issue_request(_shop(shop_id, "readiness-state-definitions"), Method.POST, form)


def _shop(shop_id: int, path: str) -> str:
    return f"{etsy_api.ETSY_API_BASEURL}/shops/{shop_id}/{path}"


def _parameters(query: Mapping[str, Any]) -> dict[str, str]:
    return {name: _word(value) for name, value in query.items() if value is not None}


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _body(payload: Form | Json | Upload | None) -> dict[str, Any]:
    match payload:
        case Form(fields):
            return {"data": dict(fields)}
        case Json(document):
            return {"json": document}
        case Upload(fields, image):
            picture = (image.filename, image.content, image.media_type)
            return {"data": dict(fields), "files": {"image": picture}}
        case None:
            return {}


def _lost(error: requests.RequestException, operation: str) -> Unavailable:
    reason = error.args[0] if error.args else None
    never_sent = isinstance(error, requests.ConnectTimeout) or isinstance(
        getattr(reason, "reason", None), NewConnectionError
    )
    kind = Unavailable if never_sent else NoAnswer
    return kind(f"Etsy does not answer {operation}: {type(error).__name__}")


def _understood(answer: requests.Response) -> Any:
    """The answer's JSON, or the error that its status calls for."""
    status = answer.status_code
    if status == requests.codes.no_content:
        return None
    if status >= requests.codes.server_error:
        raise NoAnswer(f"Etsy answers with status {status}")
    try:
        told = answer.json()
    except requests.JSONDecodeError as error:
        if answer.ok:
            raise NoAnswer("Etsy's answer is no JSON") from error
        told = {}
    if answer.ok:
        return told
    # Sellers have met lists of complaints where the contract has one: issue 472 of etsy/open-api.
    words = told.get("error") if isinstance(told, dict) else json.dumps(told)
    raise _refusal(answer, words or f"status {status}")


def _refusal(answer: requests.Response, error: str) -> Exception:
    match answer.status_code:
        case 401:
            return CredentialsRejected(f"Etsy does not know us: {error}. Give consent again")
        case 403 if speaks_of_credentials(error):
            return CredentialsRejected(f"Etsy does not let us do this: {error}")
        case 429:
            wait = answer.headers.get("retry-after", "")
            return Throttled(f"Etsy: {error}", float(wait) if wait.isdigit() else None)
        case 409:
            conflict = Conflict([issue_of(409, error)])
            place = answer.headers.get("content-location", "").rpartition("/")[2]
            conflict.existing_id = int(place) if place.isdigit() else None
            return conflict
        case status:
            return Refused([issue_of(status, error)])
